package claims

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
)

// replicate is a pair of draws: of the data, and of the training.
type replicate struct{ data, train uint64 }

func (a replicate) compare(b replicate) int {
	return cmp.Or(cmp.Compare(a.data, b.data), cmp.Compare(a.train, b.train))
}

// sample is a quantity of an arm on a dataset, one value a replicate, in the replicates' order. It
// ends before the first replicate whose cell failed or has not run to its end, so that a run that
// is under way, or broke, leaves what is complete as it was.
type sample struct {
	keys   []replicate
	xs     []float64
	ended  bool     // no seed changes the method: there is one replicate a draw of the data
	cells  []string // that it rests on
	failed string   // the cell that broke and ends the sample; "": none did
	wait   int      // cells that are planned or running
	notes  []string
	drawn  bool   // its data is drawn from images
	why    string // why there are no values
}

// first are the first n values, or all that there are.
func (s sample) first(n int) []float64 { return s.xs[:min(n, len(s.xs))] }

// draws are how many draws of the data the values rest on.
func (s sample) draws() int {
	var seen []uint64
	for _, k := range s.keys {
		if !slices.Contains(seen, k.data) {
			seen = append(seen, k.data)
		}
	}
	return len(seen)
}

// source gives the samples of simple quantities: of one arm on one dataset at one number of audits.
// The runs are one, worlds that are made up for the calibration are others.
type source interface {
	quantity(o *Operand, arm, dataset, at string) sample
}

// quantity evaluates the metric on each run of the arm.
func (m *evaluator) quantity(o *Operand, arm, dataset, at string) sample {
	key := fmt.Sprintf("%s|%s|%s|%s|%s|%g|%s", o.Metric, arm, dataset, at, o.Against, o.Level, o.Name)
	if s, ok := m.samples[key]; ok {
		return s
	}
	var s sample
	if o.Metric == "crossover" {
		s = m.crossover(m.ledger.arm(arm), m.ledger.arm(o.Against), dataset)
	} else {
		s = m.of(m.ledger.arm(arm), dataset, m.getter(o, dataset, at))
	}
	m.samples[key] = s
	return s
}

// getter evaluates an operand's metric on a result as the paper ran it: a metric of the whole run
// needs the paper's budget.
func (m *evaluator) getter(o *Operand, dataset, at string) func(*runlog.Result) (float64, error) {
	metric := registry.Get(o.Metric)
	args := registry.Args{At: registry.At(at), Level: o.Level, Count: o.Name}
	whole := slices.Contains([]string{"recall_seen_trend", "audits_to", "work_growth", "work_fit", "work_exponent"}, metric.Name)
	return func(r *runlog.Result) (float64, error) {
		if need := m.fullBudget(r, dataset); whole && r.Budget < need && r.Full == nil && !r.StoppedEarly {
			return 0, fmt.Errorf("the budget of %d is below the paper's %d", r.Budget, need)
		}
		return metric.Of(r, args)
	}
}

// fullBudget is the paper's: 5,000 audits of an image set (Figures 6 to 8), else N, of which two per
// cent may be missing (Figure 4 ends at 24,000 of 24,319).
func (m *evaluator) fullBudget(r *runlog.Result, dataset string) int {
	if m.ledger.tables().Drawn(dataset) {
		return min(zoom, r.Rows)
	}
	return int(math.Ceil(0.98 * float64(r.Anomalies)))
}

const zoom = 5000 // App. B.1: audits of Figures 6 to 8

// of evaluates a metric of an arm on a dataset. Of several configurations the one counts that has
// values or failed cells at all, then the one with the most replicates planned, the most failed, the
// most values: no failure hides behind another configuration.
func (m *evaluator) of(arm *Arm, dataset string, get func(*runlog.Result) (float64, error)) sample {
	best := sample{why: fmt.Sprintf("no run has %s on %s as the paper has it", arm.Title, dataset)}
	var bestRank []int
	for _, c := range m.configurations(arm, dataset) {
		s, planned := m.replicates(c, arm, dataset, get)
		rank := []int{0, planned, 0, len(s.xs)}
		if len(s.xs) > 0 || s.failed != "" {
			rank[0] = 1
		}
		if s.failed != "" {
			rank[2] = 1
		}
		if bestRank == nil || slices.Compare(rank, bestRank) > 0 {
			best, bestRank = s, rank
		}
	}
	best.drawn = m.ledger.tables().Drawn(dataset)
	return best
}

// replicates are the values of one configuration, and how many replicates it has or plans.
func (m *evaluator) replicates(c *series, arm *Arm, dataset string, get func(*runlog.Result) (float64, error)) (sample, int) {
	at := map[replicate][]*record{}
	var order []replicate
	for _, r := range c.records {
		k := replicate{r.Cell.Dataset.Seed, r.Cell.Seed}
		if at[k] == nil {
			order = append(order, k)
		}
		at[k] = append(at[k], r)
	}
	slices.SortFunc(order, replicate.compare)
	s := sample{notes: m.notes(c.records[0], arm, dataset)}
	var kept []*record
	for _, k := range order {
		v, r, err := best(at[k], get)
		switch {
		case r != nil && err == nil && s.failed == "" && s.wait == 0:
			s.keys, s.xs, kept = append(s.keys, k), append(s.xs, v), append(kept, r)
		case r != nil && err == nil: // after a gap
		case r != nil && r.failed():
			s.failed = cmp.Or(s.failed, r.ID+" "+failure(r))
		case r != nil && r.noData():
			s.why = cmp.Or(s.why, "data missing")
		case r != nil && !r.done():
			s.wait++
		case err != nil:
			s.why = cmp.Or(s.why, err.Error())
		}
	}
	if !m.usesK(arm) {
		s.collapse(kept, arm)
	}
	for _, r := range kept {
		s.cells = append(s.cells, r.ID)
	}
	switch {
	case len(s.xs) > 0:
		s.why = ""
	case s.why == "" && s.failed == "":
		s.why = "planned, not run"
	}
	if s.why != "" {
		s.why = fmt.Sprintf("%s on %s: %s", arm.Title, dataset, s.why)
	}
	return s, len(order)
}

// best is the value of a replicate by the cell with the largest budget that has it; else what is to
// be said of it: first a cell that failed, then one that waits, then one that ran less far (err).
func best(cells []*record, get func(*runlog.Result) (float64, error)) (v float64, r *record, err error) {
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

// collapse counts runs of one draw of the data once where no training seed changes anything: five
// identical runs of a kernel density are one replicate.
func (s *sample) collapse(kept []*record, arm *Arm) {
	first := map[uint64]int{}
	repeats := 0
	for i, k := range s.keys {
		j, ok := first[k.data]
		if !ok {
			first[k.data] = i
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
	s.ended = true
	s.notes = append(s.notes, fmt.Sprintf("%s is deterministic: its replicates are draws of the data", arm.Title))
	keys, xs := s.keys, s.xs
	s.keys, s.xs = nil, nil
	for i, k := range keys {
		if first[k.data] == i {
			s.keys, s.xs = append(s.keys, k), append(s.xs, xs[i])
		}
	}
}

// sameResult tells whether two results differ in nothing but the cell and the work.
func sameResult(a, b *runlog.Result) bool {
	x, y := *a, *b
	for _, r := range []*runlog.Result{&x, &y} {
		r.ID, r.Cell, r.Counts = "", bench.Cell{}, nil
	}
	return reflect.DeepEqual(x, y)
}

// notes say where a configuration is not the paper's to the letter.
func (m *evaluator) notes(r *record, arm *Arm, dataset string) []string {
	var out []string
	if k := m.k(r); !r.Cell.HasHoldout() && k != m.paperK(r) && m.usesK(arm) {
		out = append(out, fmt.Sprintf("%s on %s with k = %d, a declared approximation", arm.Title, dataset, k))
	}
	for _, name := range arm.Free {
		v, ok := r.Cell.Method.Params[name]
		free := len(arm.FreeOn) == 0 || slices.Contains(arm.FreeOn, dataset)
		if p := param(m.catalog, arm.Method, name); ok && free && p != nil && showParam(v) != showParam(p.Default) {
			out = append(out, fmt.Sprintf("%s on %s with %s = %s", arm.Title, dataset, name, showParam(v)))
		}
	}
	return out
}

// crossover is the number of audits from which arm has found no fewer than other, up to 5,000; +Inf,
// censored, where it is behind to the end.
func (m *evaluator) crossover(arm, other *Arm, dataset string) sample {
	curves := [2]map[replicate][]int{{}, {}}
	collect := func(i int, a *Arm) sample {
		return m.of(a, dataset, func(r *runlog.Result) (float64, error) {
			f, b, err := registry.CurveTo(r, registry.Args{At: "5000"})
			if err == nil {
				curves[i][replicate{r.Cell.Dataset.Seed, r.Cell.Seed}] = f[:f.At(b)]
			}
			return 0, err
		})
	}
	out := pair(collect(0, arm), collect(1, other), func(a, b float64) float64 { return 0 })
	for i, k := range out.keys {
		out.xs[i] = math.Inf(1)
		if last := lastBehind(curves[0][k], curves[1][k], zoom); last < zoom {
			out.xs[i] = float64(last + 1)
		}
	}
	return out
}

// lastBehind is the last number of audits, up to end, at which a has found fewer than b; 0: never.
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

// join takes over what another sample says of its cells.
func (s *sample) join(o sample) {
	for _, c := range o.cells {
		if !slices.Contains(s.cells, c) {
			s.cells = append(s.cells, c)
		}
	}
	for _, n := range o.notes {
		if !slices.Contains(s.notes, n) {
			s.notes = append(s.notes, n)
		}
	}
	s.failed, s.why = cmp.Or(s.failed, o.failed), cmp.Or(s.why, o.why)
	s.wait += o.wait
	s.drawn = s.drawn || o.drawn
}

// pair takes two samples together over the replicates that both have.
func pair(a, b sample, f func(x, y float64) float64) sample {
	out := sample{}
	out.join(a)
	out.join(b)
	out.ended = a.ended && b.ended
	for i, k := range a.keys {
		if j := slices.Index(b.keys, k); j >= 0 {
			out.keys, out.xs = append(out.keys, k), append(out.xs, f(a.xs[i], b.xs[j]))
		}
	}
	if len(out.xs) == 0 {
		out.why = cmp.Or(out.why, "the runs have no replicate in common")
	}
	return out
}
