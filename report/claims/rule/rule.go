// Package rule judges a claim: a check becomes comparisons on each of its datasets (Judge.Claim),
// decided by the looks of package stats, and the claim's rule (every, usually, most, …) combines
// them into one verdict.
//
// It takes samples from any Source: the runs', or the simulated ones by which package calibrate
// estimates how reliable a verdict is.
package rule

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// Row is a claim with its verdict.
type Row struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Where     string `json:"where"`
	Statement string `json:"statement"` // the paper's
	Plain     string `json:"plain"`     // in plain words
	Weight    string `json:"weight"`    // headline, detail
	Rule      string `json:"rule"`

	Verdict   Verdict      `json:"verdict"`
	ByRuns    Verdict      `json:"by_runs,omitempty"` // if the verdict is NotDecidable
	Reason    string       `json:"reason"`            // counts of outcomes, and why
	Telling   *Comparison  `json:"telling,omitempty"`
	Aggregate *Aggregate   `json:"aggregate,omitempty"`
	Record    stats.Record `json:"record"` // comparisons won, tied within delta, lost
	N         [2]int       `json:"n"`      // fewest and most replicates judged
	Scope     string       `json:"scope"`
	Alpha     float64      `json:"alpha"` // spent so far, over all looks
	OneDraw   bool         `json:"one_draw,omitempty"`

	Paper       string       `json:"paper_value,omitempty"`
	Calibration *Calibration `json:"calibration,omitempty"`
	Specs       []string     `json:"specs,omitempty"`
	Comparisons []Comparison `json:"comparisons"`
	Cells       []string     `json:"cells,omitempty"` // that the verdict rests on
}

// Claim judges one claim.
func (j *Judge) Claim(c *ledger.Claim) Row {
	row := Row{ID: c.ID, Plain: c.Plain, Weight: c.Weight, Rule: c.Rule, Paper: c.Paper}
	if f := j.Ledger.Sentence(c.ID); f != nil {
		row.Kind, row.Where, row.Statement, row.Specs = f.Kind, f.Where, f.Statement, f.Specs
	}
	j.claim = c.ID
	var points []Point
	short := j.Bare && !j.Whole && c.Rule == "every" // one comparison that does not hold is enough
	for i := range c.Checks {
		k := &c.Checks[i]
		switch k.Op {
		case "data":
			row.Comparisons = append(row.Comparisons, j.data(k)...)
		case "plan":
			row.Comparisons = append(row.Comparisons, j.plan(k)...)
		case "printed":
			row.Comparisons = append(row.Comparisons, j.printed(k)...)
		case "theory":
			row.Comparisons = append(row.Comparisons, j.theory(k)...)
		case "widest":
			row.Comparisons = append(row.Comparisons, j.widest(k)...)
		case "trend":
			g, comps := j.trend(k)
			row.Aggregate, row.Comparisons = g, append(row.Comparisons, comps...)
		default:
			points = append(points, j.Points(k)...)
		}
	}
	switch c.Rule {
	case "comparable":
		g, all := j.comparable(points, j.Ledger.Second.Delta(c.Checks[0].Delta))
		row.Aggregate, row.Comparisons = g,
			j.shown(g, points, all, "difference of means", meanDifference)
	case "most":
		g, all := j.most(points, c.Need)
		row.Aggregate, row.Comparisons = g,
			j.shown(g, points, all, "ratio of deviations",
				func(b block) stats.Interval { return stats.SDRatio(b.a, b.b, 0.95) })
	default:
		if c.Rule == "usually" {
			row.Aggregate = j.usually(points)
		}
		if c.Rule != "usually" || !j.Bare {
			for _, p := range points {
				x := j.compare(p)
				row.Comparisons = append(row.Comparisons, x)
				if short && x.Outcome != Holds {
					break
				}
			}
		}
	}
	j.verdict(c, &row)
	if !j.Bare {
		row.summarize(j)
	}
	return row
}

// shown returns the comparisons of an aggregate that does not test each of them.
func (j *Judge) shown(g *Aggregate, points []Point, all []block, measure string,
	of func(block) stats.Interval) []Comparison {
	var out []Comparison
	if j.Bare {
		return nil
	}
	for i, p := range points {
		c := Comparison{What: j.describe(p), Dataset: p.Dataset, P: 1, Holm: 1,
			Outcome: Undecided, Measure: measure, Delta: j.Ledger.Second.Delta(p.Check.Delta)}
		a := j.operand(p.Check.Left, p.Left, p.Dataset, p.LeftAt, mean)
		b := j.operand(p.Check.Right, p.Right, p.Dataset, p.RightAt, mean)
		if j.ready(&c, a, &b, g.fewest) {
			cut := all[i].first(j.Ledger.Second.Looks, math.MaxInt)
			c.N, c.Effect = [2]int{cut.n(), cut.n()}, effect(of(cut))
			c.Found = "counts in the aggregate"
		}
		out = append(out, c)
	}
	return out
}

func meanDifference(b block) stats.Interval {
	return stats.Bootstrap([][]float64{b.a, b.b},
		func(c [][]float64) float64 { return mean(c[0]) - mean(c[1]) }, 0.95)
}

// tally counts comparisons by their outcome.
type tally map[Outcome]int

func count(list []Comparison) tally {
	n := tally{}
	for _, c := range list {
		n[c.Outcome]++
	}
	return n
}

func (n tally) String() string {
	var out []string
	total := 0
	for _, k := range n {
		total += k
	}
	out = append(out, fmt.Sprintf("holds on %d of %d", n[Holds], total-n[Missing]-n[Built]))
	for _, o := range []struct {
		Outcome
		what string
	}{{Fails, "fails on"}, {Undecided, "open on"}, {CellFailed, "cells failed on"},
		{Built, "by construction on"}} {
		if n[o.Outcome] > 0 {
			out = append(out, fmt.Sprintf("%s %d", o.what, n[o.Outcome]))
		}
	}
	return strings.Join(out, ", ")
}

// verdict sets the row's verdict by the claim's rule.
func (j *Judge) verdict(c *ledger.Claim, row *Row) {
	g := row.Aggregate
	switch c.Rule {
	case "usually", "comparable", "most", "trend":
		row.Verdict = map[Outcome]Verdict{Holds: Reproduced, Fails: Contradicted, Undecided: Open,
			Missing: NotRun}[g.Outcome]
		if g.Outcome == Missing && slices.ContainsFunc(row.Comparisons,
			func(c Comparison) bool { return len(c.Cells) > 0 || c.Outcome == CellFailed }) {
			row.Verdict = Open
		}
		return
	}
	row.adjust()
	n := count(row.Comparisons)
	certain := 0
	for _, x := range row.Comparisons {
		if x.certain() {
			certain++
		}
	}
	evidence := len(row.Comparisons) - n[Missing] - n[Built]
	switch {
	case c.Rule == "construction" && certain == 0:
		row.Verdict = ByConstruction
	case evidence == 0 && n[Built] > 0:
		row.Verdict = ByConstruction
	case evidence == 0:
		row.Verdict = NotRun
	case certain > 0 && n[Holds] > 0:
		row.Verdict = Partly
	case certain > 0:
		row.Verdict = Contradicted
	case n[Holds] == evidence:
		row.Verdict = Reproduced
	default:
		row.Verdict = Open
	}
}

// adjust sets Holm's p of each comparison. The adjustment counts all of the claim's comparisons,
// also those not run, so that missing runs make no p smaller.
func (row *Row) adjust() {
	p := make([]float64, len(row.Comparisons))
	for i, c := range row.Comparisons {
		p[i] = c.P
	}
	for i, q := range stats.Holm(p) {
		row.Comparisons[i].Holm = q
	}
}

// certain reports whether a failure remains after Holm's adjustment. Counts and theorems have no
// look and no error.
func (c *Comparison) certain() bool {
	return c.Outcome == Fails && (c.Look.N == 0 || c.Holm <= c.Look.Alpha)
}
