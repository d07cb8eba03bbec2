package model

import (
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/stats"
)

// Pairs are a setting's cells paired with the default's by seed.
type Pairs struct {
	Planned, Failed int
	Default, Other  []*runlog.Result // of the seeds for which both are done and comparable
	Same            bool             // both are the same cells under two names
	Notes           []string
}

// Pair pairs the cells of a setting with the default's.
func Pair(def, other *Setting) Pairs {
	p := Pairs{Same: true}
	for _, o := range other.Cells {
		i := slices.IndexFunc(def.Cells,
			func(d Cell) bool { return d.Cell.Seed == o.Cell.Seed })
		p.Planned++
		if i < 0 {
			p.note("the default is not planned for every seed")
			continue
		}
		d := def.Cells[i]
		p.Same = p.Same && d.ID == o.ID
		if Lost(d.State) || Lost(o.State) {
			p.Failed++
		}
		switch {
		case d.State != runlog.Done || o.State != runlog.Done:
		case d.Result.Anomalies != o.Result.Anomalies || d.Result.Rows != o.Result.Rows:
			p.note("not comparable: other rows or anomalies than the default's")
		default:
			p.Default, p.Other = append(p.Default, d.Result), append(p.Other, o.Result)
			if d.Result.Budget != o.Result.Budget {
				p.note("compared at the smaller of the two budgets")
			}
		}
	}
	return p
}

func (p *Pairs) note(s string) {
	if !slices.Contains(p.Notes, s) {
		p.Notes = append(p.Notes, s)
	}
}

// Lost reports whether a cell failed or timed out.
func Lost(s runlog.State) bool { return s == runlog.Failed || s == runlog.TimedOut }

// Measure is a metric by which settings are compared. More is better.
type Measure struct {
	Name  string // of its table
	Title string
	*registry.Metric
}

// Measures are the measures of every comparison of settings.
var Measures = []Measure{
	{"paired", "anomalies found at the budget", registry.Get("found")},
	{"paired_area", "area under found(j)/N to the budget", registry.Get("area")},
}

// Values returns a measure of both and their differences, pair by pair, at the lesser budget. Pairs
// without a value are omitted.
func (p Pairs) Values(of Measure) (def, other, d []float64) {
	for i := range p.Default {
		b := registry.At(strconv.Itoa(min(p.Default[i].Budget, p.Other[i].Budget)))
		x, err := of.Of(p.Default[i], registry.Args{At: b})
		y, err2 := of.Of(p.Other[i], registry.Args{At: b})
		if err != nil || err2 != nil { // there is no area without anomalies
			continue
		}
		def, other, d = append(def, x), append(other, y), append(d, y-x)
	}
	return def, other, d
}

// level is the confidence level of intervals, Alpha the level of tests.
const (
	level = 0.95
	Alpha = 0.05
)

// Comparison summarises paired differences.
type Comparison struct {
	Mean, Low, High float64 // with Student's interval; for one difference all are equal to it
	Exact           float64 // two-sided p of the sign-flip test; NaN: too many pairs
	T               float64 // two-sided p of the paired t-test; without spread, Exact
	Detectable      float64
	Constant        bool // all differences are equal
}

// Compare summarises the paired differences d, which must not be empty.
func Compare(d []float64) Comparison {
	m, sd := stats.MeanSD(d)
	c := Comparison{Mean: m, Low: m, High: m, Exact: 1, T: 1}
	if len(d) < 2 {
		return c
	}
	if c.Constant = slices.Min(d) == slices.Max(d); c.Constant {
		if c.Mean = d[0]; d[0] != 0 {
			c.Exact = stats.LeastSignFlip(len(d))
		}
		c.T = c.Exact
		return c
	}
	if p, ok := stats.SignFlip(d); ok {
		c.Exact = p
	} else {
		c.Exact = math.NaN()
	}
	h := stats.StudentHalf(sd, len(d), level)
	c.Low, c.High = m-h, m+h
	_, c.T, _ = stats.PairedT(d, 0)
	c.Detectable = detectable(len(d)) * sd
	return c
}

// detectable is stats.Detectable at level Alpha, cached.
func detectable(n int) float64 {
	if v, ok := detected.Load(n); ok {
		return v.(float64)
	}
	v := stats.Detectable(n, Alpha)
	detected.Store(n, v)
	return v
}

var detected sync.Map
