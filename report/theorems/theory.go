package theorems

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/internal/folder"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Formats that WriteTheory knows.
var Formats = []string{"json", "md", "svg", "png"}

// Write writes theory.json, theory.md, and plots of each bound against the exact value into dir, as formats says (nil:
// all), and returns the paths written. The same result gives the same bytes.
func Write(r *theory.Result, dir string, formats []string) ([]string, error) {
	if formats == nil {
		formats = Formats
	}
	for _, f := range formats {
		if !slices.Contains(Formats, f) {
			return nil, fmt.Errorf("report: format %q is not one of %s", f, strings.Join(Formats, ", "))
		}
	}
	to := &folder.Folder{Dir: dir, Formats: formats}
	if to.Wants("json") {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return to.Paths, fmt.Errorf("report: theory.json: %w", err)
		}
		if err := to.Put("theory.json", append(data, '\n')); err != nil {
			return to.Paths, err
		}
	}
	figures := theoryFigures(r)
	if to.Wants("md") {
		data, err := theoryMarkdown(r, figures, to.Image())
		if err != nil {
			return to.Paths, err
		}
		if err := to.Put("theory.md", data); err != nil {
			return to.Paths, err
		}
	}
	err := to.Plots(figures)
	return to.Paths, err
}

func theoryMarkdown(r *theory.Result, figures []*plot.Drawing, image string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Theorems 1 to 3 by numbers\n\nSimulated with seed %d. p+ = (1-λ) p1 + λ p2 on a finite alphabet; TV is the total variation distance.\n\n", r.Seed)
	for i, t := range []*table.Table{statementTable(r), posteriorTable(r), upperTable(r), lowerTable(r)} {
		if err := t.WriteMarkdown(&b); err != nil {
			return nil, err
		}
		b.WriteString("\n")
		if image != "" && i > 0 {
			f := figures[i-1]
			fmt.Fprintf(&b, "![%s](plots/%s.%s)\n\n", text.Markdown(f.Title), f.Slug, image)
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

func statementTable(r *theory.Result) *table.Table {
	t := &table.Table{
		Name: "statements", Title: "What holds",
		Columns: []table.Column{{Name: "statement"}, {Name: "says"}, {Name: "holds"}, {Name: "why"}},
	}
	for _, s := range r.Statements {
		holds := table.Str("yes")
		if !s.Holds {
			holds = table.Str("no").Marked()
		}
		t.Add(table.Str(s.Name), table.Str(s.Says), holds, table.Str(s.Why))
	}
	return t
}

func posteriorTable(r *theory.Result) *table.Table {
	t := &table.Table{
		Name: "theorem1", Title: "Theorem 1: what the mixture says about the anomalies",
		Caption: "The posterior of p2 with p1 ~ Dirichlet(5, …, 5), on a grid of the simplex, against uniform on the admissible set P2.",
		Columns: []table.Column{
			{Name: "p+"},
			{Name: "λ", Kind: table.Number, Decimals: 3},
			{Name: "TV", Kind: table.Number, Decimals: 4, Help: "of the posterior from uniform"},
			{Name: "coarser grid", Kind: table.Number, Decimals: 4, Help: "the same with half as many steps a side"},
			{Name: "TV/λ", Kind: table.Number, Decimals: 2},
			{Name: "volume of P2", Kind: table.Number, Decimals: 4, Help: "share of the simplex"},
			{Name: "diameter of P1", Kind: table.Number, Decimals: 4, Help: "in L1"},
			{Name: "2λ/(1-λ)", Kind: table.Number, Decimals: 4},
		},
	}
	for _, p := range r.Posterior {
		t.Add(table.Str(mixtureName(p.Mixture)), table.Num(p.Lambda), table.Num(p.TV), table.Num(p.TVCoarse), table.Num(p.TV/p.Lambda), table.Num(p.Volume), table.Num(p.Diameter), table.Num(p.DiameterBound))
	}
	return t
}

func mixtureName(p []float64) string {
	var parts []string
	for _, v := range p {
		parts = append(parts, text.Thousands(v, 2))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func upperTable(r *theory.Result) *table.Table {
	pairs := 0
	if len(r.Upper) > 0 {
		pairs = r.Upper[0].Pairs
	}
	t := &table.Table{
		Name: "theorem2", Title: "Theorem 2: how far the mixture can be from the normal rows",
		Caption: fmt.Sprintf("Over %s random pairs of p1 and p2 and as many without a common symbol, on 2 to 1,000 symbols, at each λ.", text.Comma(pairs)),
		Columns: []table.Column{
			{Name: "λ", Kind: table.Number, Decimals: 4},
			{Name: "bound of TV", Kind: table.Number, Decimals: 4, Help: "sqrt(½ ln 1/(1-λ))"},
			{Name: "exact maximum", Kind: table.Number, Decimals: 4, Help: "λ, where p1 and p2 have no common symbol"},
			{Name: "random pairs, most", Kind: table.Number, Decimals: 4},
			{Name: "bound/exact", Kind: table.Number, Decimals: 2},
			{Name: "1/sqrt(2λ)", Kind: table.Number, Decimals: 2},
			{Name: "bound of KL", Kind: table.Number, Decimals: 4, Help: "ln 1/(1-λ)"},
			{Name: "KL, most", Kind: table.Number, Decimals: 4},
			{Name: "violations", Kind: table.Count, Help: "of the bounds of TV, L1 and KL"},
		},
	}
	for _, u := range r.Upper {
		t.Add(table.Num(u.Lambda), table.Num(u.Bound), table.Num(u.Exact), table.Num(u.Random), table.Num(u.Ratio), table.Num(u.Small), table.Num(u.KLBound), table.Num(u.KL), table.Int(u.Broken+u.KLBroken))
	}
	return t
}

func lowerTable(r *theory.Result) *table.Table {
	t := &table.Table{
		Name: "theorem3", Title: "Theorem 3: how far the mixture is from some normal rows at least",
		Caption: "The most that TV(p+, p1) is over p1, for random p2 (the least of them) and for uniform p2.",
		Columns: []table.Column{
			{Name: "symbols", Kind: table.Count},
			{Name: "λ", Kind: table.Number, Decimals: 3},
			{Name: "bound of TV", Kind: table.Number, Decimals: 4, Help: "λ (|A|-1)/|A|"},
			{Name: "uniform p2", Kind: table.Number, Decimals: 4},
			{Name: "random p2, least", Kind: table.Number, Decimals: 4},
			{Name: "L1 norm, uniform p2", Kind: table.Number, Decimals: 4},
			{Name: "violations", Kind: table.Count},
		},
	}
	for _, l := range r.Lower {
		t.Add(table.Int(l.Symbols), table.Num(l.Lambda), table.Num(l.Bound), table.Num(l.Uniform), table.Num(l.Least), table.Num(l.L1), table.Int(l.Broken+l.Interior))
	}
	return t
}
