package claims

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/runlog"
)

// sample is a quantity of some cells: one value a run, by seed, or one for all.
type sample struct {
	Values map[uint64]float64
	One    *float64 // the same whatever the seed: published, or of the dataset
	Cells  []string // that it rests on, done or not
	Notes  []string
	Failed []string // cells that failed
	Wait   []string // cells that are planned or running
	Why    string   // why there is nothing: what would have to be run
}

// all the values, in the order of the seeds.
func (s sample) all() []float64 {
	if s.One != nil {
		return []float64{*s.One}
	}
	var out []float64
	for _, seed := range slices.Sorted(maps.Keys(s.Values)) {
		out = append(out, s.Values[seed])
	}
	return out
}

func (s sample) empty() bool { return s.One == nil && len(s.Values) == 0 }

// join takes over what another sample says of its cells.
func (s *sample) join(o sample) {
	for _, c := range o.Cells {
		if !slices.Contains(s.Cells, c) {
			s.Cells = append(s.Cells, c)
		}
	}
	for _, c := range o.Failed {
		if !slices.Contains(s.Failed, c) {
			s.Failed = append(s.Failed, c)
		}
	}
	for _, n := range o.Notes {
		if !slices.Contains(s.Notes, n) {
			s.Notes = append(s.Notes, n)
		}
	}
	for _, c := range o.Wait {
		if !slices.Contains(s.Wait, c) {
			s.Wait = append(s.Wait, c)
		}
	}
	if s.Why == "" {
		s.Why = o.Why
	}
}

// of evaluates a quantity of a result for each run of an arm on a dataset. get returns an error where a result does not hold the
// quantity. Of several series that hold it, or failed, the one with the most planned runs counts, then the one with the most
// failed, so that none of them hides behind another, then the one with the most done.
func (m *measured) of(arm *Arm, dataset string, get func(*runlog.Result) (float64, error)) sample {
	best, bestRank := sample{Why: fmt.Sprintf("no run has %s on %s as the paper has it", arm.Title, dataset)}, [4]int{}
	for _, s := range m.series(arm, dataset) {
		got := sample{Values: map[uint64]float64{}}
		why := ""
		for _, r := range s.records {
			got.Cells = append(got.Cells, r.ID)
			switch {
			case r.noData():
				got.Wait = append(got.Wait, r.ID)
				why = "data missing"
			case r.failed():
				got.Failed = append(got.Failed, r.ID+" "+failure(r))
			case !r.done():
				got.Wait = append(got.Wait, r.ID)
			default:
				v, err := get(r.Result)
				if err != nil {
					why = err.Error()
					continue
				}
				got.Values[r.Cell.Seed] = v
			}
		}
		first := s.records[0]
		if k := m.k(first); !first.Cell.Halved() && k != m.paperK(first) && m.usesK(arm) {
			got.Notes = append(got.Notes, fmt.Sprintf("%s on %s with k = %d, a declared approximation", arm.Title, dataset, k))
		}
		for _, name := range arm.Free {
			v, ok := first.Cell.Method.Params[name]
			if p := param(m.catalog, arm.Method, name); ok && p != nil && showParam(v) != showParam(p.Default) && (len(arm.FreeOn) == 0 || slices.Contains(arm.FreeOn, dataset)) {
				got.Notes = append(got.Notes, fmt.Sprintf("%s on %s with %s = %s", arm.Title, dataset, name, showParam(v)))
			}
		}
		if len(got.Values) == 0 && len(got.Failed) == 0 {
			got.Why = fmt.Sprintf("%s on %s: %s", arm.Title, dataset, why)
			if why == "" {
				got.Why = fmt.Sprintf("%s on %s: planned, not run", arm.Title, dataset)
			}
		}
		answers := 0
		if len(got.Values)+len(got.Failed) > 0 {
			answers = 1
		}
		if rank := [4]int{answers, len(s.records), len(got.Failed), len(got.Values)}; slices.Compare(rank[:], bestRank[:]) > 0 {
			best, bestRank = got, rank
		}
	}
	return best
}

func failure(r *record) string {
	if r.conflict {
		return "differs between two runs"
	}
	if n := len(r.Status.Attempts); n > 0 {
		line, _, _ := strings.Cut(r.Status.Attempts[n-1].Error, "\n")
		if l := []rune(line); len(l) > 100 {
			line = string(l[:100]) + "…"
		}
		return fmt.Sprintf("%s: %s", r.Status.State, line)
	}
	return string(r.Status.State)
}

// ofDataset evaluates a quantity of the dataset itself: every cell that has it must agree for one recipe, and the first recipe counts.
func (m *measured) ofDataset(dataset string, get func(*runlog.Result) (float64, error)) sample {
	out := sample{Why: fmt.Sprintf("no run has %s as the paper has it", dataset)}
	recipe := ""
	var wait, failed []string
	for _, r := range m.records {
		if r.Cell.Halved() || !m.isDataset(r.Cell.Dataset, dataset) || recipe != "" && r.Cell.Dataset.Key() != recipe {
			continue
		}
		if !r.done() {
			switch {
			case r.noData():
				out.Why = dataset + ": data missing"
			case r.failed():
				failed = append(failed, r.ID+" "+failure(r))
			default:
				wait = append(wait, r.ID)
			}
			continue
		}
		v, err := get(r.Result)
		if err != nil {
			if out.One == nil {
				out.Why = fmt.Sprintf("%s: %v", dataset, err)
			}
			continue
		}
		if out.One == nil {
			recipe = r.Cell.Dataset.Key()
			out.One, out.Why, out.Cells = &v, "", []string{r.ID}
		} else if *out.One != v {
			out.Failed = append(out.Failed, fmt.Sprintf("%s has %g of %s, %s has %g", r.ID, v, dataset, out.Cells[0], *out.One))
		}
	}
	if out.One == nil {
		out.Failed, out.Wait = failed, wait
		if len(wait) > 0 {
			out.Why = dataset + ": planned, not run"
		}
	}
	return out
}
