// Package calibrate simulates how often a claim's checks result in reproduced if the paper is right
// and if there is no effect, with the judge of the runs and fixed seeds. Committed has the results,
// which take minutes to compute; a test recomputes them.
package calibrate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// calibrationFile is calibration.json.
type calibrationFile struct {
	Claims   map[string]rule.Calibration `json:"claims"`
	Coverage []Coverage                  `json:"coverage"`
}

//go:embed calibration.json
var calibrationData []byte

// Committed returns the embedded calibration.json, and panics if it is malformed.
var Committed = sync.OnceValue(func() calibrationFile {
	var f calibrationFile
	if err := json.Unmarshal(calibrationData, &f); err != nil {
		panic("calibrate: calibration.json: " + err.Error())
	}
	return f
})

// Runs is the number of simulated replicates per arm.
const Runs = 40

// Calibrate simulates a claim in trips worlds of each kind; ok is false if its checks rest on no
// runs.
func Calibrate(l *ledger.Ledger, c *ledger.Claim, trips int) (out rule.Calibration, ok bool) {
	if c.Rule == "construction" || !slices.ContainsFunc(c.Checks,
		func(k ledger.Check) bool { return k.Op != "data" && k.Op != "theory" }) {
		return rule.Calibration{}, false
	}
	out.Trips, out.Basis = trips, "the printed means and deviations"
	for _, kind := range []string{"paper", "none"} {
		w := newWorld(l, c, kind == "paper")
		if !w.printed {
			out.Basis = "an effect of one standard deviation, since nothing is printed,"
		}
		hits := 0
		for trip := range trips {
			w.rng = bench.NewStream(1, "calibration", c.ID, kind, trip).Rand()
			w.samples = map[string]sample.Sample{}
			j := &rule.Judge{Ledger: l, Source: w, Bare: true}
			if row := j.Claim(c); row.Verdict == rule.Reproduced {
				hits++
			}
		}
		share := float64(hits) / float64(trips)
		if kind == "paper" {
			out.Paper = share
		} else {
			out.None = share
		}
	}
	return out, true
}

// world draws the runs of a claim's quantities from normal distributions, with levels at which its
// comparisons have the effect that the paper prints, or none.
type world struct {
	ledger  *ledger.Ledger
	effect  float64 // in standard deviations, if nothing is printed: 1 or 0
	printed bool    // all levels are printed ones
	levels  map[string]level
	like    map[string]string // of trend: the key of the counterpart
	rng     *rand.Rand
	samples map[string]sample.Sample
}

// level of a quantity: its runs are normal; if late > 0, that share of them is late.
type level struct {
	mean, sd, late, factor float64
}

func key(o *ledger.Operand, arm, dataset, at string) string {
	return fmt.Sprintf("%s|%s|%s|%s|%s", o.Metric, arm, dataset, at, o.Name)
}

// Quantity draws a quantity's runs, once per simulated experiment.
func (w *world) Quantity(o *ledger.Operand, arm, dataset, at string) sample.Sample {
	k := key(o, arm, dataset, at)
	if s, ok := w.samples[k]; ok {
		return s
	}
	v, ok := w.levels[k]
	if !ok {
		panic("calibrate: no level of " + k)
	}
	if w.like != nil {
		v.mean = w.trendLevel(k)
	}
	s := sample.Sample{}
	for i := range Runs {
		x := v.mean + v.sd*w.rng.NormFloat64()
		if v.late > 0 && w.rng.Float64() < v.late {
			x = 2 * v.factor * v.mean
		}
		s.Keys, s.Values = append(s.Keys, sample.Replicate{Data: 1, Train: uint64(i)}),
			append(s.Values, x)
	}
	w.samples[k] = s
	return s
}

// trendLevel returns the level of a trend's quantity: four fifths of its counterpart's or, without
// an effect, one of its own.
func (w *world) trendLevel(k string) float64 {
	id, scale := k, 1.0
	if like, ok := w.like[k]; ok && w.effect > 0 {
		id, scale = like, 0.8
	}
	s, ok := w.samples["level "+id]
	if !ok {
		s = sample.Sample{Values: []float64{w.rng.NormFloat64()}}
		w.samples["level "+id] = s
	}
	return scale * s.Values[0]
}

// newWorld sets the levels of a claim's quantities, in the paper's world or in one without an
// effect.
func newWorld(l *ledger.Ledger, c *ledger.Claim, paper bool) *world {
	w := &world{ledger: l, printed: true, levels: map[string]level{}}
	if paper {
		w.effect = 1
	}
	j := &rule.Judge{Ledger: l, Source: w, Bare: true}
	for range 4 { // comparisons chain: 2,000 audits beat 250, and 250 beat 0
		for i := range c.Checks {
			switch k := &c.Checks[i]; k.Op {
			case "data", "theory":
			case "trend":
				w.trend(k)
			case "widest":
				w.widest(k)
			default:
				for _, p := range j.Points(k) {
					w.set(p, j)
				}
			}
		}
	}
	return w
}

// operands returns the keys of an operand at a point and their printed levels; printed is false if
// any has none.
func (w *world) operands(j *rule.Judge, o *ledger.Operand, arm, dataset,
	at string) (keys []string, levels []level, printed bool) {
	arms, on := []string{arm}, []string{dataset}
	if o.Pick != "" {
		arms = o.Arms
	}
	if len(o.WorstOf) > 0 {
		on = j.Ledger.Second.Datasets(o.WorstOf)
	} else if o.Dataset != "" {
		on = []string{o.Dataset}
	}
	printed = true
	for _, a := range arms {
		for _, d := range on {
			v, ok := w.published(o, a, d)
			printed = printed && ok
			keys, levels = append(keys, key(o, a, d, at)), append(levels, v)
		}
	}
	return keys, levels, printed
}

// published returns the printed level of an arm's F1 on a dataset. If its deviation is not printed,
// it is the median of the arm's printed ones.
func (w *world) published(o *ledger.Operand, arm, dataset string) (level, bool) {
	t := w.ledger.Tables()
	if o.Metric == "crossover" {
		return level{sd: 1000}, false // in audits; delta is 100
	}
	if o.Metric != "f1" {
		return level{sd: 1}, false
	}
	v, ok := t.Value("table1.f1", arm, dataset)
	if row := t.Scores(arm, dataset, "run"); row != nil {
		v.Mean, v.SD, ok = row.F1, row.F1SD, true
	}
	if !ok {
		return level{sd: 1}, false
	}
	if v.SD != nil {
		return level{mean: v.Mean, sd: *v.SD}, true
	}
	var sds []float64
	for _, r := range t.Table3.Rows {
		if r.Arm == arm && r.F1SD != nil {
			sds = append(sds, *r.F1SD)
		}
	}
	return level{mean: v.Mean, sd: rule.Median(sds)}, len(sds) > 0
}

// worstOfFour is the standard deviation of the minimum of four standard normal values.
const worstOfFour = 0.7012

// set assigns levels to a point's quantities.
func (w *world) set(p rule.Point, j *rule.Judge) {
	k := p.Check
	left, lv, printed := w.operands(j, k.Left, p.Left, p.Dataset, p.LeftAt)
	delta := w.ledger.Second.Delta(k.Delta)
	put := func(keys []string, lv []level, move func(*level)) {
		for i, id := range keys {
			v, ok := w.levels[id]
			if !ok {
				v = lv[i]
			}
			move(&v)
			w.levels[id] = v
		}
	}
	var right []string
	var rv []level
	top := math.Inf(-1) // the left side's opponent
	if k.Right != nil && k.Right.Metric != "published" {
		var ok bool
		right, rv, ok = w.operands(j, k.Right, p.Right, p.Dataset, p.RightAt)
		printed = printed && ok
		put(right, rv, func(v *level) { top = max(top, k.Times()*v.mean+k.Margin) })
	}
	w.printed = w.printed && printed
	if printed && w.effect > 0 && k.Op != "frequency" {
		put(left, lv, func(*level) {})
		return
	}
	size := w.effect // in standard deviations of the tested statistic
	switch {
	case printed:
		size = 0
	case k.Paired:
		size *= math.Sqrt2
	case len(k.Left.WorstOf) > 0:
		size *= worstOfFour
	}
	size *= max(1, k.Times()) * lv[0].sd
	switch k.Op {
	case "beats":
		put(left, lv, func(v *level) { v.mean = max(v.mean, top+size) })
		if printed {
			put(left, lv, func(v *level) { v.mean = top })
		}
	case "at_least", "mean_diff":
		if k.Right.Metric == "published" {
			v, _ := w.ledger.Tables().Value(k.Right.Name, "", p.Dataset)
			top = v.Mean
		}
		put(left, lv, func(v *level) { v.mean = top - delta + size })
	case "above":
		put(left, lv, func(v *level) { v.mean = max(v.mean, *k.Bound+size) })
	case "below":
		put(left, lv, func(v *level) { v.mean = *k.Bound - size })
	case "near": // without an effect, delta away
		want := k.Values[p.Dataset]
		put(left, lv, func(v *level) {
			if printed {
				v.mean = lv[0].mean + delta
			} else {
				v.mean, v.sd = want+delta*(1-w.effect), delta
			}
		})
	case "spread":
		put(left, lv, func(v *level) { v.sd = *k.Bound })
	case "steadier": // all as steady as the left arm
		put(right, rv, func(v *level) { v.sd = lv[0].sd })
		put(left, lv, func(*level) {})
	case "frequency":
		w.printed = false
		put(left, lv, func(v *level) {
			*v = level{mean: 1, sd: 0.1, late: k.Share * w.effect,
				factor: k.Times()}
		})
	}
}

// widest sets the printed levels. Without an effect the own dataset gets the levels of the one with
// the largest printed gap among the others.
func (w *world) widest(k *ledger.Check) {
	widestOther, most := "", math.Inf(-1)
	datasets := w.ledger.Second.Datasets(k.Datasets)
	for _, d := range append(datasets, k.Left.Dataset) {
		low, high := math.Inf(1), math.Inf(-1)
		for i, o := range []*ledger.Operand{k.Left, k.Right} {
			for _, arm := range o.Arms {
				v, ok := w.published(o, arm, d)
				w.printed = w.printed && ok
				w.levels[key(o, arm, d, "N")] = v
				if i == 0 {
					low = min(low, v.mean)
				} else {
					high = max(high, v.mean)
				}
			}
		}
		if d != k.Left.Dataset && low-high > most {
			widestOther, most = d, low-high
		}
	}
	if w.effect > 0 {
		return
	}
	for _, o := range []*ledger.Operand{k.Left, k.Right} {
		for _, arm := range o.Arms {
			w.levels[key(o, arm, k.Left.Dataset, "N")] = w.levels[key(o, arm, widestOther, "N")]
		}
	}
}

// trend gives each quantity a level that is drawn anew in each experiment, and which its
// counterpart shares.
func (w *world) trend(k *ledger.Check) {
	w.printed, w.like = false, map[string]string{}
	datasets, like := w.ledger.Second.Datasets(k.Datasets), w.ledger.Second.Datasets(k.Like)
	for i, d := range datasets {
		for _, at := range k.Left.At {
			for _, p := range k.Pairs {
				for _, arm := range p {
					w.levels[key(k.Left, arm, d, at)],
						w.levels[key(k.Left, arm, like[i], at)] = level{sd: 1}, level{sd: 1}
					w.like[key(k.Left, arm, d, at)] = key(k.Left, arm, like[i], at)
				}
			}
		}
	}
}
