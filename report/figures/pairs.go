package figures

import (
	"slices"
	"sync"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
)

// pairs are a setting's cells beside the default's with the same seed.
type pairs struct {
	Planned, Failed int
	Default, Other  []*runlog.Result // of the seeds of which both are done and comparable
	Same            bool             // they are the same cells under another name
	Notes           []string
}

func pair(def, other *model.Setting) pairs {
	p := pairs{Same: true}
	for _, o := range other.Cells {
		i := slices.IndexFunc(def.Cells,
			func(d model.Cell) bool { return d.Cell.Seed == o.Cell.Seed })
		p.Planned++
		if i < 0 {
			p.note("the default is not planned for every seed")
			continue
		}
		d := def.Cells[i]
		p.Same = p.Same && d.ID == o.ID
		if broken(d.State) || broken(o.State) {
			p.Failed++
		}
		switch {
		case d.State != runlog.Done || o.State != runlog.Done:
		case d.Result.Anomalies != o.Result.Anomalies || d.Result.Rows != o.Result.Rows:
			p.note("not comparable: other rows or anomalies than the default's")
		default:
			p.Default, p.Other = append(p.Default, d.Result), append(p.Other, o.Result)
			if d.Result.Budget != o.Result.Budget {
				p.note("compared at the lesser of both budgets")
			}
		}
	}
	return p
}

func (p *pairs) note(s string) {
	if !slices.Contains(p.Notes, s) {
		p.Notes = append(p.Notes, s)
	}
}

func broken(s runlog.State) bool { return s == runlog.Failed || s == runlog.TimedOut }

// measure is what settings are compared by. More is better.
type measure struct {
	Name, Title, Words string
	Decimals           int
	Of                 func(r *runlog.Result, budget int) float64
}

var measures = []measure{
	{"paired", "anomalies found at the budget", "anomalies found", 1,
		func(r *runlog.Result, b int) float64 { return float64(r.Found.At(b)) }},
	{"paired_area", "area under found(j)/N to the budget", "area", 4,
		func(r *runlog.Result, b int) float64 { return r.Found.Area(b, r.Anomalies) }},
}

// values are a measure's of both, and their differences, seed by seed.
func (p pairs) values(of measure) (def, other, d []float64) {
	for i := range p.Default {
		b := min(p.Default[i].Budget, p.Other[i].Budget)
		def, other = append(def, of.Of(p.Default[i], b)), append(other, of.Of(p.Other[i], b))
		d = append(d, other[i]-def[i])
	}
	return def, other, d
}

// level of intervals, and of the tests that call a setting better or worse.
const (
	level = 0.95
	alpha = 0.05
)

// comparison of paired differences.
type comparison struct {
	Mean, Low, High float64 // Student's interval; of one difference it is that
	Exact, T        float64 // two-sided p; without spread T is Exact
	Detectable      float64
	Constant        bool // all are the same
}

func compared(d []float64) comparison {
	m, sd := stats.Mean(d)
	c := comparison{Mean: m, Low: m, High: m, Exact: 1, T: 1}
	if len(d) < 2 {
		return c
	}
	if p, ok := stats.SignFlip(d); ok {
		c.Exact = p
	}
	if c.Constant = slices.Min(d) == slices.Max(d); c.Constant {
		c.Mean, c.T = d[0], c.Exact
		return c
	}
	h := stats.StudentHalf(sd, len(d), level)
	c.Low, c.High = m-h, m+h
	_, c.T, _ = stats.PairedT(d, 0)
	c.Detectable = detectable(len(d)) * sd
	return c
}

// detectable keeps what it once computed.
func detectable(n int) float64 {
	if v, ok := detected.Load(n); ok {
		return v.(float64)
	}
	v := stats.Detectable(n, alpha)
	detected.Store(n, v)
	return v
}

var detected sync.Map
