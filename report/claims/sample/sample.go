// Package sample finds the ledger's quantities in runs: an Evaluator gives the values of a metric
// of an arm on a dataset, one per replicate, from the cells that have the paper's configuration.
//
// A replicate is a pair of a data seed and a training seed. A sample ends before the first
// replicate that failed or has not run, so that a run in progress changes nothing.
package sample

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Replicate is a pair of seeds: of the data, and of the training.
type Replicate struct{ Data, Train uint64 }

func (a Replicate) compare(b Replicate) int {
	return cmp.Or(cmp.Compare(a.Data, b.Data), cmp.Compare(a.Train, b.Train))
}

// Sample is a quantity of an arm on a dataset, one value per replicate, in the replicates' order.
// It ends before the first replicate whose cell failed or has not finished, so that a run in
// progress, or one that failed, does not change the replicates before it.
type Sample struct {
	Keys   []Replicate
	Values []float64
	Ended  bool     // deterministic method: one replicate per draw of the data
	Cells  []string // that it rests on
	Failed string   // the first failed cell, which ends the sample; "": none
	Wait   int      // cells that are planned or running
	Notes  []string
	Drawn  bool   // its data is drawn from images
	Why    string // why there are no values
}

// First returns the first n values, or all if there are fewer.
func (s Sample) First(n int) []float64 { return s.Values[:min(n, len(s.Values))] }

// Draws returns the number of distinct data seeds among the values.
func (s Sample) Draws() int {
	var seen []uint64
	for _, k := range s.Keys {
		if !slices.Contains(seen, k.Data) {
			seen = append(seen, k.Data)
		}
	}
	return len(seen)
}

// Source gives the samples of simple quantities: of one arm on one dataset at one number of audits.
// Implementations are the runs and the simulated worlds of the calibration.
type Source interface {
	Quantity(o *ledger.Operand, arm, dataset, at string) Sample
}

// Quantity evaluates the operand's metric on each run of the arm.
func (m *Evaluator) Quantity(o *ledger.Operand, arm, dataset, at string) Sample {
	key := fmt.Sprintf("%s|%s|%s|%s|%s|%g|%s", o.Metric, arm, dataset, at, o.Against, o.Level,
		o.Name)
	if s, ok := m.samples[key]; ok {
		return s
	}
	var s Sample
	if o.Metric == "crossover" {
		s = m.crossover(m.ledger.Arm(arm), m.ledger.Arm(o.Against), dataset)
	} else {
		s = m.of(m.ledger.Arm(arm), dataset, m.getter(o, dataset, at))
	}
	m.samples[key] = s
	return s
}

// wholeRun are the metrics that need all audits of the paper's run.
var wholeRun = []string{"recall_seen_trend", "audits_to", "work_growth", "work_fit",
	"work_exponent"}

// getter is a quantity of a result.
type getter func(*runlog.Result) (float64, error)

// getter evaluates an operand's metric on a result; a metric in wholeRun needs the paper's budget.
func (m *Evaluator) getter(o *ledger.Operand, dataset, at string) getter {
	metric := registry.Get(o.Metric)
	args := registry.Args{At: registry.At(at), Level: o.Level, Count: o.Name}
	whole := slices.Contains(wholeRun, metric.Name)
	return func(r *runlog.Result) (float64, error) {
		if need := m.fullBudget(r, dataset); whole && r.Budget < need && r.Full == nil &&
			!r.StoppedEarly {
			return 0, fmt.Errorf("the budget of %d is below the paper's %d", r.Budget, need)
		}
		return metric.Of(r, args)
	}
}

// fullBudget returns the paper's: 5,000 audits of an image set (Figures 6 to 8), otherwise N less
// at most two per cent (Figure 4 ends at 24,000 of 24,319).
func (m *Evaluator) fullBudget(r *runlog.Result, dataset string) int {
	if m.ledger.Tables().Drawn(dataset) {
		return min(zoom, r.Rows)
	}
	return int(math.Ceil(0.98 * float64(r.Anomalies)))
}

const zoom = 5000 // App. B.1: audits of Figures 6 to 8

// of evaluates a metric of an arm on a dataset. Of several configurations it takes one with values
// or failed cells before others, then the one with the most planned replicates, then one with a
// failure, then the one with the most values, so that no configuration hides a failure.
func (m *Evaluator) of(arm *ledger.Arm, dataset string,
	get getter) Sample {
	best := Sample{Why: fmt.Sprintf("no run has %s on %s in the ledger's configuration", arm.Title,
		dataset)}
	var bestRank []int
	for _, c := range m.configurations(arm, dataset) {
		s, planned := m.replicates(c, arm, dataset, get)
		rank := []int{0, planned, 0, len(s.Values)}
		if len(s.Values) > 0 || s.Failed != "" {
			rank[0] = 1
		}
		if s.Failed != "" {
			rank[2] = 1
		}
		if bestRank == nil || slices.Compare(rank, bestRank) > 0 {
			best, bestRank = s, rank
		}
	}
	best.Drawn = m.ledger.Tables().Drawn(dataset)
	return best
}

// replicates returns the values of one configuration, and its number of replicates, planned ones
// included.
func (m *Evaluator) replicates(c *series, arm *ledger.Arm, dataset string,
	get getter) (Sample, int) {
	at := map[Replicate][]*record{}
	var order []Replicate
	for _, r := range c.records {
		k := Replicate{r.Cell.Dataset.Seed, r.Cell.Seed}
		if at[k] == nil {
			order = append(order, k)
		}
		at[k] = append(at[k], r)
	}
	slices.SortFunc(order, Replicate.compare)
	s := Sample{Notes: m.notes(c.records[0], arm, dataset)}
	var kept []*record
	gap := false // a replicate without data may get one later: no look may skip it
	for _, k := range order {
		v, r, err := best(at[k], get)
		switch {
		case r != nil && err == nil && s.Failed == "" && s.Wait == 0 && !gap:
			s.Keys, s.Values, kept = append(s.Keys, k), append(s.Values, v), append(kept, r)
		case r != nil && err == nil: // after a gap
		case r != nil && r.failed():
			s.Failed = cmp.Or(s.Failed, r.ID+" "+failure(r))
		case r != nil && r.noData():
			s.Why, gap = cmp.Or(s.Why, "data missing"), true
		case r != nil && !r.done():
			s.Wait++
		case err != nil:
			s.Why = cmp.Or(s.Why, err.Error())
		}
	}
	if !m.usesK(arm) {
		s.collapse(kept, arm)
	}
	for _, r := range kept {
		s.Cells = append(s.Cells, r.ID)
	}
	switch {
	case len(s.Values) > 0:
		s.Why = ""
	case s.Why == "" && s.Failed == "":
		s.Why = "planned, not run"
	}
	if s.Why != "" {
		s.Why = fmt.Sprintf("%s on %s: %s", arm.Title, dataset, s.Why)
	}
	return s, len(order)
}

// best returns a replicate's value by the cell with the largest budget that has it. Otherwise r is
// a failed cell if there is one, then one that has not finished; if r is nil, err is why the
// finished cells lack the value.
func best(cells []*record, get getter) (v float64, r *record,
	err error) {
	cells = slices.Clone(cells)
	slices.SortStableFunc(cells, func(a, b *record) int {
		return cmp.Compare(b.Cell.Budget.Audits, a.Cell.Budget.Audits)
	})
	for _, c := range cells {
		if c.failed() {
			return 0, c, fmt.Errorf("failed")
		}
	}
	var other *record
	for _, c := range cells {
		if !c.done() {
			other = c
			continue
		}
		x, e := get(c.Result)
		if e == nil {
			return x, c, nil
		}
		err = e
	}
	if other != nil {
		return 0, other, cmp.Or(err, fmt.Errorf("not run"))
	}
	return 0, nil, err
}

// collapse counts runs on one draw of the data once if no training seed changes the result: five
// identical runs of a kernel density estimate are one replicate.
func (s *Sample) collapse(kept []*record, arm *ledger.Arm) {
	first := map[uint64]int{}
	repeats := 0
	for i, k := range s.Keys {
		j, ok := first[k.Data]
		if !ok {
			first[k.Data] = i
			continue
		}
		if !sameResult(kept[i].Result, kept[j].Result) {
			return
		}
		repeats++
	}
	if repeats == 0 {
		return
	}
	s.Ended = true
	s.Notes = append(s.Notes, fmt.Sprintf("%s is deterministic: its replicates are draws of the data", arm.Title))
	keys, xs := s.Keys, s.Values
	s.Keys, s.Values = nil, nil
	for i, k := range keys {
		if first[k.Data] == i {
			s.Keys, s.Values = append(s.Keys, k), append(s.Values, xs[i])
		}
	}
}

// sameResult reports whether two results are equal apart from the cell and its work counts.
func sameResult(a, b *runlog.Result) bool {
	x, y := *a, *b
	for _, r := range []*runlog.Result{&x, &y} {
		r.ID, r.Cell, r.Counts = "", bench.Cell{}, nil
	}
	return reflect.DeepEqual(x, y)
}

// notes describe where a configuration departs from the paper's.
func (m *Evaluator) notes(r *record, arm *ledger.Arm, dataset string) []string {
	var out []string
	if k := m.k(r); !r.Cell.HasHoldout() && k != m.paperK(r) && m.usesK(arm) {
		out = append(out, fmt.Sprintf("%s on %s with k = %d, a declared approximation", arm.Title,
			dataset, k))
	}
	for _, name := range arm.Free {
		v, ok := r.Cell.Method.Params[name]
		free := len(arm.FreeOn) == 0 || slices.Contains(arm.FreeOn, dataset)
		if p := Param(m.catalog, arm.Method, name); ok && free && p != nil &&
			ShowParam(v) != ShowParam(p.Default) {
			out = append(out, fmt.Sprintf("%s on %s with %s = %s", arm.Title, dataset, name,
				ShowParam(v)))
		}
	}
	return out
}

// crossover is the number of audits from which arm has found at least as many as other up to 5,000;
// +Inf (censored) if it is behind at 5,000.
func (m *Evaluator) crossover(arm, other *ledger.Arm, dataset string) Sample {
	curves := [2]map[Replicate][]int{{}, {}}
	collect := func(i int, a *ledger.Arm) Sample {
		return m.of(a, dataset, func(r *runlog.Result) (float64, error) {
			f, b, err := registry.CurveTo(r, registry.Args{At: "5000"})
			if err == nil {
				curves[i][Replicate{r.Cell.Dataset.Seed, r.Cell.Seed}] = f[:f.At(b)]
			}
			return 0, err
		})
	}
	out := Pair(collect(0, arm), collect(1, other), func(a, b float64) float64 { return 0 })
	for i, k := range out.Keys {
		out.Values[i] = crossing(curves[0][k], curves[1][k])
	}
	return out
}

// crossing returns the first number of audits from which a has found at least as many as b; +Inf if
// it is behind at zoom.
func crossing(a, b []int) float64 {
	if last := lastBehind(a, b, zoom); last < zoom {
		return float64(last + 1)
	}
	return math.Inf(1)
}

// lastBehind returns the last number of audits, up to end, at which a has found fewer than b; 0 if
// never.
func lastBehind(a, b []int, end int) int {
	i, j, last := 0, 0, 0
	for n := 1; n <= end; n++ {
		for i < len(a) && a[i] <= n {
			i++
		}
		for j < len(b) && b[j] <= n {
			j++
		}
		if i < j {
			last = n
		}
	}
	return last
}

// Join adds o's cells, notes, failure and waiting cells to s; the values stay.
func (s *Sample) Join(o Sample) {
	for _, c := range o.Cells {
		if !slices.Contains(s.Cells, c) {
			s.Cells = append(s.Cells, c)
		}
	}
	for _, n := range o.Notes {
		if !slices.Contains(s.Notes, n) {
			s.Notes = append(s.Notes, n)
		}
	}
	s.Failed, s.Why = cmp.Or(s.Failed, o.Failed), cmp.Or(s.Why, o.Why)
	s.Wait += o.Wait
	s.Drawn = s.Drawn || o.Drawn
}

// Pair combines two samples by f over the replicates that both have.
func Pair(a, b Sample, f func(x, y float64) float64) Sample {
	out := Sample{}
	out.Join(a)
	out.Join(b)
	out.Ended = a.Ended && b.Ended
	for i, k := range a.Keys {
		if j := slices.Index(b.Keys, k); j >= 0 {
			out.Keys, out.Values = append(out.Keys, k),
				append(out.Values, f(a.Values[i], b.Values[j]))
		}
	}
	if len(out.Values) == 0 {
		out.Why = cmp.Or(out.Why, "the runs have no replicate in common")
	}
	return out
}

// Seeds keeps the replicates whose training seed lies in between (first, last); an empty range
// keeps all.
func (s Sample) Seeds(between []int) Sample {
	if len(between) != 2 {
		return s
	}
	out := s
	out.Keys, out.Values = nil, nil
	for i, k := range s.Keys {
		if seed := int(k.Train); between[0] <= seed && seed <= between[1] {
			out.Keys, out.Values = append(out.Keys, k), append(out.Values, s.Values[i])
		}
	}
	return out
}
