// Package comparison compares a run's methods: pairwise differences with intervals, wins, ties and
// losses, mean ranks over datasets with the tests of Demšar (2006), performance profiles, and the
// average effect of each value of a grid's axes.
//
//	if f := comparison.Of(m); f != nil {
//		fmt.Println(f.Answer())
//		for _, t := range f.Tables() { … }
//	}
//
// Only the default setting of a method is compared with other methods; a method's settings are
// compared elsewhere. The statistics are those of report/stats.
package comparison

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

const (
	level = 0.95 // of intervals
	alpha = 0.05 // of tests

	// least relevant difference in the share of anomalies; compare --gate tolerates as much
	least = 0.02

	// at most so many seeds give no interval: two have only four differences
	fewSeeds = 2
)

// Field has the methods of a run that can be compared, on its datasets.
type Field struct {
	Datasets []Dataset
	Arms     []*Arm // in the plan's order
	Baseline *Arm   // named by the spec; nil: none

	counts model.Counts
}

// Dataset is a dataset with results of at least two methods.
type Dataset struct {
	Title          string
	Budget         int // in audits, the smallest of all methods'
	Rows           int
	Anomalies      int
	Planned, Seeds int // of the method with the fewest results
}

// Arm is a method.
type Arm struct {
	Label string
	Style plot.Style
	ID    string
	// by dataset and seed: the share of anomalies found at the dataset's budget; nil on a dataset
	// without results
	Scores [][]float64
}

// Of returns the field of a run; nil if no two methods have results on the same dataset.
func Of(m *model.Model) *Field {
	f := &Field{counts: m.Counts}
	skip := map[*model.Series]bool{}
	for _, family := range m.Families() {
		for _, s := range family.Variants {
			skip[s.Series] = true
		}
	}
	for _, g := range m.Groups {
		var series []*model.Series
		d := Dataset{Title: g.Title}
		for _, s := range g.Series {
			results := s.Results()
			if skip[s] || len(results) == 0 || results[0].Anomalies == 0 {
				continue
			}
			for _, r := range results {
				if d.Budget == 0 || r.Budget < d.Budget {
					d.Budget = r.Budget
				}
			}
			if series == nil || len(results) < d.Seeds {
				d.Seeds, d.Planned = len(results), s.Counts.Planned
			}
			series = append(series, s)
			d.Rows, d.Anomalies = results[0].Rows, results[0].Anomalies
		}
		if len(series) < 2 {
			continue
		}
		f.Datasets = append(f.Datasets, d)
		for _, s := range series {
			a := f.arm(s)
			var found []float64
			for _, r := range s.Results() {
				found = append(found, float64(r.Found.At(d.Budget))/float64(r.Anomalies))
			}
			for len(a.Scores) < len(f.Datasets)-1 {
				a.Scores = append(a.Scores, nil)
			}
			a.Scores = append(a.Scores, found)
		}
	}
	for _, a := range f.Arms {
		for len(a.Scores) < len(f.Datasets) {
			a.Scores = append(a.Scores, nil)
		}
		if b := m.Run.Plan.Baseline; b != "" && f.Baseline == nil && (a.ID == b || a.Label == b) {
			f.Baseline = a
		}
	}
	if len(f.Datasets) == 0 {
		return nil
	}
	return f
}

// arm returns the arm with a series' label, adding it if it is new.
func (f *Field) arm(s *model.Series) *Arm {
	i := slices.IndexFunc(f.Arms, func(a *Arm) bool { return a.Label == s.Label })
	if i < 0 {
		i = len(f.Arms)
		style := s.Style
		style.Width = 0
		f.Arms = append(f.Arms, &Arm{Label: s.Label, ID: s.Method.ID, Style: style})
	}
	return f.Arms[i]
}

// mean returns the mean score over datasets, each with the same weight.
func (a *Arm) mean(sets []int) float64 { return stats.Mean(a.on(sets)) }

func (a *Arm) on(sets []int) [][]float64 {
	var out [][]float64
	for _, i := range sets {
		out = append(out, a.Scores[i])
	}
	return out
}

// shared returns the indices of the datasets on which all given arms have results.
func (f *Field) shared(arms ...*Arm) []int {
	var out []int
	for i := range f.Datasets {
		if !slices.ContainsFunc(arms, func(a *Arm) bool { return a.Scores[i] == nil }) {
			out = append(out, i)
		}
	}
	return out
}

// Pair is a comparison of two methods, A less B.
type Pair struct {
	A, B *Arm
	Sets []int // indices of the datasets with results of both

	Difference stats.Interval // of the shares found, averaged over datasets with equal weights
	Win        stats.Interval // probability that a run of A finds more, averaged likewise
	ByMeans    stats.Record   // datasets; a difference of means of at most least is a tie
	ByFindings stats.Record   // datasets by their findings; ties: neither better nor worse
	Findings   []stats.Finding
	P          float64 // Wilcoxon's signed-rank test over datasets; 1 for fewer than two
	Holm       float64 // P adjusted for all pairs
}

// Pairs returns all pairs of methods with a common dataset, in each the one with the better mean
// first; with a baseline, each other method less the baseline. The largest difference comes first.
func (f *Field) Pairs() []Pair {
	var out []Pair
	var p []float64
	for i, a := range f.Arms {
		for _, b := range f.Arms[i+1:] {
			sets := f.shared(a, b)
			if len(sets) == 0 || f.Baseline != nil && a != f.Baseline && b != f.Baseline {
				continue
			}
			first, second := a, b
			if f.Baseline == a || f.Baseline == nil && b.mean(sets) > a.mean(sets) {
				first, second = b, a
			}
			out = append(out, newPair(first, second, sets))
			p = append(p, out[len(out)-1].P)
		}
	}
	for i, q := range stats.Holm(p) {
		out[i].Holm = q
	}
	slices.SortStableFunc(out, func(x, y Pair) int {
		return cmp.Compare(y.Difference.Estimate, x.Difference.Estimate)
	})
	return out
}

func newPair(a, b *Arm, sets []int) Pair {
	p := Pair{A: a, B: b, Sets: sets, P: 1}
	as, bs := a.on(sets), b.on(sets)
	intervals := stats.Bootstraps(slices.Concat(as, bs), level, func(cells [][]float64) float64 {
		return stats.Mean(cells[:len(sets)]) - stats.Mean(cells[len(sets):])
	}, stats.MeanWin)
	p.Difference, p.Win = intervals[0], intervals[1]
	d := p.differences()
	p.ByMeans = stats.WinsTiesLosses(d, make([]float64, len(d)), least)
	for i := range sets {
		c := stats.Comparison{A: as[i], B: bs[i], Delta: least}
		finding := c.Judge()
		p.Findings = append(p.Findings, finding)
		switch finding.Outcome {
		case stats.Better:
			p.ByFindings.Wins++
		case stats.Worse:
			p.ByFindings.Losses++
		default:
			p.ByFindings.Ties++
		}
	}
	if len(sets) > 1 {
		p.P = stats.SignedRankTest(d).Both
	}
	return p
}

// differences returns the differences of the means, one per dataset.
func (p Pair) differences() []float64 {
	var out []float64
	for _, i := range p.Sets {
		a, _ := stats.MeanSD(p.A.Scores[i])
		b, _ := stats.MeanSD(p.B.Scores[i])
		out = append(out, a-b)
	}
	return out
}

// Answer states in two sentences which method found most, by how much, and how certain that is; ""
// if no two methods have results on the same dataset.
func (f *Field) Answer() string {
	arms := slices.Clone(f.Arms)
	sets := f.shared(arms...)
	if len(sets) == 0 { // the two methods that share most datasets with all
		slices.SortStableFunc(arms, func(a, b *Arm) int {
			return len(f.shared(b)) - len(f.shared(a))
		})
		arms = arms[:2]
		if sets = f.shared(arms...); len(sets) == 0 {
			return ""
		}
	}
	slices.SortStableFunc(arms, func(a, b *Arm) int {
		return cmp.Compare(b.mean(sets), a.mean(sets))
	})
	best := newPair(arms[0], arms[1], sets)
	var b strings.Builder
	percent := func(x float64) string { return text.Thousands(100*x, 1) }
	if d := f.Datasets[sets[0]]; len(sets) == 1 {
		fmt.Fprintf(&b, "On %s %s found most: %s of %s anomalies in %s audits (mean of %s).",
			d.Title, arms[0].Label,
			strings.TrimSuffix(text.Thousands(arms[0].mean(sets)*float64(d.Anomalies), 1), ".0"),
			text.Comma(d.Anomalies), text.Comma(d.Budget),
			text.Plural(len(arms[0].Scores[sets[0]]), "seed"))
	} else {
		fmt.Fprintf(&b, "%s found most: %s %% of the anomalies within the budget, on average over "+
			"%s.", arms[0].Label, percent(arms[0].mean(sets)), text.Plural(len(sets), "dataset"))
	}
	iv := best.Difference
	fmt.Fprintf(&b, " That is %s points more than %s", percent(iv.Estimate), arms[1].Label)
	switch {
	case best.leastSeeds() <= fewSeeds:
		b.WriteString("; so few seeds do not show how certain that is.")
	case iv.Lo > 0:
		fmt.Fprintf(&b, " (95 %% interval %s to %s).", percent(iv.Lo), percent(iv.Hi))
	default:
		fmt.Fprintf(&b, " (95 %% interval %s to %s): the two cannot be told apart.", percent(iv.Lo),
			percent(iv.Hi))
	}
	return b.String()
}
