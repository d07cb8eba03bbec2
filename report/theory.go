package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/theory"
)

// TheoryFormats that WriteTheory knows.
var TheoryFormats = []string{"json", "md", "svg", "png"}

// WriteTheory writes theory.json, theory.md, and plots of each bound against the exact value into dir, as formats says (nil:
// all), and returns the paths written. The same result gives the same bytes.
func WriteTheory(r *theory.Result, dir string, formats []string) ([]string, error) {
	if formats == nil {
		formats = TheoryFormats
	}
	for _, f := range formats {
		if !slices.Contains(TheoryFormats, f) {
			return nil, fmt.Errorf("report: format %q is not one of %s", f, strings.Join(TheoryFormats, ", "))
		}
	}
	to := &folder{Dir: dir, Formats: formats}
	if to.wants("json") {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return to.Paths, fmt.Errorf("report: theory.json: %w", err)
		}
		if err := to.put("theory.json", append(data, '\n')); err != nil {
			return to.Paths, err
		}
	}
	figures := theoryFigures(r)
	if to.wants("md") {
		data, err := theoryMarkdown(r, figures, to.image())
		if err != nil {
			return to.Paths, err
		}
		if err := to.put("theory.md", data); err != nil {
			return to.Paths, err
		}
	}
	err := to.plots(figures)
	return to.Paths, err
}

func theoryMarkdown(r *theory.Result, figures []*figure, image string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Theorems 1 to 3 by numbers\n\nSimulated with seed %d. p+ = (1-λ) p1 + λ p2 on a finite alphabet; TV is the total variation distance.\n\n", r.Seed)
	for i, t := range []*Table{statementTable(r), posteriorTable(r), upperTable(r), lowerTable(r)} {
		if err := t.WriteMarkdown(&b); err != nil {
			return nil, err
		}
		b.WriteString("\n")
		if image != "" && i > 0 {
			f := figures[i-1]
			fmt.Fprintf(&b, "![%s](plots/%s.%s)\n\n", markdown(f.Title), f.Slug, image)
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

func statementTable(r *theory.Result) *Table {
	t := &Table{
		Name: "statements", Title: "What holds",
		Columns: []Column{{Name: "statement"}, {Name: "says"}, {Name: "holds"}, {Name: "why"}},
	}
	for _, s := range r.Statements {
		holds := Str("yes")
		if !s.Holds {
			holds = Str("no").Marked()
		}
		t.Add(Str(s.Name), Str(s.Says), holds, Str(s.Why))
	}
	return t
}

func posteriorTable(r *theory.Result) *Table {
	t := &Table{
		Name: "theorem1", Title: "Theorem 1: what the mixture says about the anomalies",
		Caption: "The posterior of p2 with p1 ~ Dirichlet(5, …, 5), on a grid of the simplex, against uniform on the admissible set P2.",
		Columns: []Column{
			{Name: "p+"},
			{Name: "λ", Kind: Number, Decimals: 3},
			{Name: "TV", Kind: Number, Decimals: 4, Help: "of the posterior from uniform"},
			{Name: "coarser grid", Kind: Number, Decimals: 4, Help: "the same with half as many steps a side"},
			{Name: "TV/λ", Kind: Number, Decimals: 2},
			{Name: "volume of P2", Kind: Number, Decimals: 4, Help: "share of the simplex"},
			{Name: "diameter of P1", Kind: Number, Decimals: 4, Help: "in L1"},
			{Name: "2λ/(1-λ)", Kind: Number, Decimals: 4},
		},
	}
	for _, p := range r.Posterior {
		t.Add(Str(mixtureName(p.Mixture)), Num(p.Lambda), Num(p.TV), Num(p.TVCoarse), Num(p.TV/p.Lambda), Num(p.Volume), Num(p.Diameter), Num(p.DiameterBound))
	}
	return t
}

func mixtureName(p []float64) string {
	var parts []string
	for _, v := range p {
		parts = append(parts, thousands(v, 2))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func upperTable(r *theory.Result) *Table {
	pairs := 0
	if len(r.Upper) > 0 {
		pairs = r.Upper[0].Pairs
	}
	t := &Table{
		Name: "theorem2", Title: "Theorem 2: how far the mixture can be from the normal rows",
		Caption: fmt.Sprintf("Over %s random pairs of p1 and p2 and as many without a common symbol, on 2 to 1,000 symbols, at each λ.", comma(pairs)),
		Columns: []Column{
			{Name: "λ", Kind: Number, Decimals: 4},
			{Name: "bound of TV", Kind: Number, Decimals: 4, Help: "sqrt(½ ln 1/(1-λ))"},
			{Name: "exact maximum", Kind: Number, Decimals: 4, Help: "λ, where p1 and p2 have no common symbol"},
			{Name: "random pairs, most", Kind: Number, Decimals: 4},
			{Name: "bound/exact", Kind: Number, Decimals: 2},
			{Name: "1/sqrt(2λ)", Kind: Number, Decimals: 2},
			{Name: "bound of KL", Kind: Number, Decimals: 4, Help: "ln 1/(1-λ)"},
			{Name: "KL, most", Kind: Number, Decimals: 4},
			{Name: "violations", Kind: Count, Help: "of the bounds of TV, L1 and KL"},
		},
	}
	for _, u := range r.Upper {
		t.Add(Num(u.Lambda), Num(u.Bound), Num(u.Exact), Num(u.Random), Num(u.Ratio), Num(u.Small), Num(u.KLBound), Num(u.KL), Int(u.Broken+u.KLBroken))
	}
	return t
}

func lowerTable(r *theory.Result) *Table {
	t := &Table{
		Name: "theorem3", Title: "Theorem 3: how far the mixture is from some normal rows at least",
		Caption: "The most that TV(p+, p1) is over p1, for random p2 (the least of them) and for uniform p2.",
		Columns: []Column{
			{Name: "symbols", Kind: Count},
			{Name: "λ", Kind: Number, Decimals: 3},
			{Name: "bound of TV", Kind: Number, Decimals: 4, Help: "λ (|A|-1)/|A|"},
			{Name: "uniform p2", Kind: Number, Decimals: 4},
			{Name: "random p2, least", Kind: Number, Decimals: 4},
			{Name: "L1 norm, uniform p2", Kind: Number, Decimals: 4},
			{Name: "violations", Kind: Count},
		},
	}
	for _, l := range r.Lower {
		t.Add(Int(l.Symbols), Num(l.Lambda), Num(l.Bound), Num(l.Uniform), Num(l.Least), Num(l.L1), Int(l.Broken+l.Interior))
	}
	return t
}
