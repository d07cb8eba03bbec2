package theorems

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// number is a column of numbers.
func number[R any](name, help string, decimals int, of func(R) float64) table.Col[R] {
	return table.Col[R]{Name: name, Kind: table.Number, Decimals: decimals, Help: help,
		Value: func(r R) table.Value { return table.Num(of(r)) }}
}

// count is a column of whole numbers.
func count[R any](name, help string, of func(R) int) table.Col[R] {
	return table.Col[R]{Name: name, Kind: table.Count, Help: help,
		Value: func(r R) table.Value { return table.Int(of(r)) }}
}

func statementTable(r *theory.Result) *table.Table {
	type row = theory.Statement
	return table.Build(
		table.Table{Name: "statements", Title: "What holds"},
		r.Statements,
		[]table.Col[row]{
			{Name: "statement", Value: func(s row) table.Value { return table.Str(s.Name) }},
			{Name: "says", Value: func(s row) table.Value { return table.Str(s.Text) }},
			{Name: "holds", Value: func(s row) table.Value {
				if s.Holds {
					return table.Str("yes")
				}
				return table.Str("no").Marked()
			}},
			{Name: "why", Value: func(s row) table.Value { return table.Str(s.Why) }},
		}...)
}

func posteriorTable(r *theory.Result) *table.Table {
	type row = theory.Posterior
	return table.Build(table.Table{
		Name: "theorem1", Title: "Theorem 1: what the mixture reveals about the anomalies",
		Caption: "The posterior of p2 with p1 ~ Dirichlet(5, …, 5), on a grid of the simplex, " +
			"against uniform on the admissible set P2.",
	}, r.Posterior, []table.Col[row]{
		{Name: "p+", Value: func(p row) table.Value { return table.Str(mixtureName(p.Mixture)) }},
		number("λ", "", 3, func(p row) float64 { return p.Lambda }),
		number("TV", "of the posterior from uniform", 4, func(p row) float64 { return p.TV }),
		number("coarser grid", "the same with half as many steps a side", 4,
			func(p row) float64 { return p.TVCoarse }),
		number("TV/λ", "", 2, func(p row) float64 { return p.TV / p.Lambda }),
		number("volume of P2", "share of the simplex", 4, func(p row) float64 { return p.Volume }),
		number("diameter of P1", "in L1", 4, func(p row) float64 { return p.Diameter }),
		number("2λ/(1-λ)", "", 4, func(p row) float64 { return p.DiameterBound }),
	}...)
}

func mixtureName(p []float64) string {
	var parts []string
	for _, v := range p {
		parts = append(parts, text.Thousands(v, 2))
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func upperTable(r *theory.Result) *table.Table {
	type row = theory.Upper
	pairs := 0
	if len(r.Upper) > 0 {
		pairs = r.Upper[0].Pairs
	}
	return table.Build(table.Table{
		Name: "theorem2", Title: "Theorem 2: how far the mixture can be from the normal rows",
		Caption: fmt.Sprintf(
			"Over %s random pairs of p1 and p2 and as many without a common symbol, "+
				"on 2 to 1,000 symbols, at each λ.",
			text.Comma(pairs),
		),
	}, r.Upper, []table.Col[row]{
		number("λ", "", 4, func(u row) float64 { return u.Lambda }),
		number("bound of TV", "sqrt(½ ln 1/(1-λ))", 4, func(u row) float64 { return u.Bound }),
		number("exact maximum", "λ, if p1 and p2 have no common symbol", 4,
			func(u row) float64 { return u.Exact }),
		number("random pairs, most", "", 4, func(u row) float64 { return u.Random }),
		number("bound/exact", "", 2, func(u row) float64 { return u.Ratio }),
		number("1/sqrt(2λ)", "", 2, func(u row) float64 { return u.Small }),
		number("bound of KL", "ln 1/(1-λ)", 4, func(u row) float64 { return u.KLBound }),
		number("KL, most", "", 4, func(u row) float64 { return u.KL }),
		count(
			"violations",
			"of the bounds of TV, L1 and KL",
			func(u row) int { return u.Broken + u.KLBroken },
		),
	}...)
}

func lowerTable(r *theory.Result) *table.Table {
	type row = theory.Lower
	return table.Build(table.Table{
		Name: "theorem3", Title: "Theorem 3: how far the mixture must be from some normal rows",
		Caption: "The maximum of TV(p+, p1) over p1, for random p2 (the least of them) and for " +
			"uniform p2.",
	}, r.Lower, []table.Col[row]{
		count("symbols", "", func(l row) int { return l.Symbols }),
		number("λ", "", 3, func(l row) float64 { return l.Lambda }),
		number("bound of TV", "λ (|A|-1)/|A|", 4, func(l row) float64 { return l.Bound }),
		number("uniform p2", "", 4, func(l row) float64 { return l.Uniform }),
		number("random p2, least", "", 4, func(l row) float64 { return l.Least }),
		number("L1 norm, uniform p2", "", 4, func(l row) float64 { return l.L1 }),
		count("violations", "", func(l row) int { return l.Broken + l.Interior }),
	}...)
}
