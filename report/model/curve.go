package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// Curve is found(j) over the seeds of one method on one dataset: at each budget j the median,
// minimum and maximum number of anomalies found. It is a step function: entry i holds from At[i] up
// to the next entry, the last one up to End.
type Curve struct {
	plot.Steps // End is the last budget at which every seed's found(j) is known

	// seeds that found every anomaly before their budget ended: flat up to the last row
	Flat  int
	Short int // seeds known only up to their budget
}

// Known returns a result's found(j) and the last j at which it is known: all n for the full ranking
// of a method that does not learn and for a run that found everything, else the number of audits.
func Known(r *runlog.Result) (f metric.RecallCurve, end int) {
	switch {
	case r.Full != nil:
		return r.Full, r.Rows
	case r.StoppedEarly:
		return r.Found, r.Rows
	}
	return r.Found, r.Audited
}

// NewCurve combines the results of several seeds. Without results it returns the zero Curve.
func NewCurve(results []*runlog.Result) Curve {
	c := Curve{Steps: plot.Steps{Seeds: len(results)}}
	if len(results) == 0 {
		return c
	}
	c.End = math.MaxInt
	founds := make([]metric.RecallCurve, len(results))
	var places []int
	for i, r := range results {
		f, end := Known(r)
		founds[i] = f
		c.End = min(c.End, end)
		places = append(places, f...)
		switch {
		case r.Full != nil:
		case r.StoppedEarly:
			c.Flat++
		default:
			c.Short++
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	at := make([]int, len(founds))         // found so far, by seed
	values := make([]float64, len(founds)) // the same, sorted
	for _, j := range append([]int{0}, places...) {
		if j > c.End {
			break
		}
		for i, f := range founds {
			for at[i] < len(f) && f[at[i]] <= j {
				at[i]++
			}
			values[i] = float64(at[i])
		}
		slices.Sort(values)
		c.At = append(c.At, j)
		c.Median = append(c.Median, stats.MiddleSorted(values))
		c.Min = append(c.Min, values[0])
		c.Max = append(c.Max, values[len(values)-1])
	}
	return c
}

// Notes returns the notes on a curve shown up to xmax, of planned seeds.
func (c Curve) Notes(planned, xmax int) []string {
	var out []string
	if c.Seeds < planned {
		out = append(out, fmt.Sprintf("%d of %s", c.Seeds, text.Plural(planned, "seed")))
	}
	if c.Seeds == 0 {
		return out
	}
	if c.Seeds == 1 {
		out = append(out, "n = 1, no band")
	}
	if c.End < xmax {
		out = append(out, fmt.Sprintf("ends at its budget, %s audits", text.Comma(c.End)))
	}
	switch {
	case c.Flat > 0 && c.Flat == c.Seeds:
		out = append(out, "stopped early, every anomaly found; stays flat")
	case c.Flat > 0:
		out = append(out,
			fmt.Sprintf("%d of %d seeds stopped early, every anomaly found, and stay flat", c.Flat,
				c.Seeds))
	}
	return out
}
