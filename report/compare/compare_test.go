package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// night is a run of simulated cells.
type night struct {
	run *runlog.Run
}

func newNight(path string) *night {
	return &night{&runlog.Run{Path: path, Plan: bench.Plan{Name: "x"}, Envs: []runlog.Env{{Arch: "amd64", Commit: "0123456789abcdef"}}}}
}

// add appends a cell that found anomalies, of 10, at the given audits, of 20; with nil found it
// failed.
func (n *night) add(c bench.Cell, label string, found []int) *night {
	rec := runlog.CellRecord{PlannedCell: bench.PlannedCell{ID: c.ID(), Cell: c, Label: label}}
	if found == nil {
		rec.Status = runlog.Status{State: runlog.Failed, Attempts: []runlog.Attempt{{State: runlog.Failed, Error: "it broke\nbadly"}}}
	} else {
		r := runlog.Result{ID: c.ID(), Cell: c, Rows: 100, K: 1}
		truth := make([]bool, 20)
		for _, j := range found {
			truth[j-1] = true
		}
		r.Measure(truth, 10, 20)
		rec.Result = &r
		rec.Status = runlog.Status{State: runlog.Done, Digest: fmt.Sprint(c.ID(), found), Attempts: []runlog.Attempt{{State: runlog.Done}}}
	}
	n.run.Cells = append(n.run.Cells, rec)
	return n
}

func cell(method string, version int, seed uint64) bench.Cell {
	return bench.Cell{Dataset: bench.DatasetRef{ID: "toy", Version: 1}, Method: bench.MethodRef{ID: method, Version: version, Params: bench.Params{"rate": 0.5}}, Seed: seed}
}

func outcomesOf(c *Comparison) map[string]Outcome {
	out := map[string]Outcome{}
	for _, g := range c.Groups {
		for _, p := range g.Pairs {
			out[fmt.Sprintf("%s %d", g.Method, p.Seed)] = p.Outcome
		}
	}
	return out
}

func TestOutcomes(t *testing.T) {
	planned := func(n *night, c bench.Cell) {
		n.run.Cells = append(n.run.Cells, runlog.CellRecord{PlannedCell: bench.PlannedCell{ID: c.ID(), Cell: c, Label: "unrun"}, Status: runlog.Status{State: runlog.Planned}})
	}
	old, now := newNight("old"), newNight("new")
	old.add(cell("a", 1, 1), "A", []int{1, 2}).add(cell("a", 1, 2), "A", []int{1, 2}).add(cell("b", 1, 1), "B", []int{3}).
		add(cell("b", 1, 2), "B", nil).add(cell("b", 1, 3), "B", nil).add(cell("c", 1, 1), "C", []int{4}).add(cell("c", 1, 2), "C", []int{4}).
		add(cell("d", 1, 1), "D", []int{5}).add(cell("u", 1, 1), "unrun", []int{5})
	now.add(cell("a", 1, 1), "A", []int{1, 2}).add(cell("a", 1, 2), "A", []int{1, 3}).add(cell("b", 1, 1), "B", nil).
		add(cell("b", 1, 2), "B", []int{6}).add(cell("b", 1, 3), "B", nil).add(cell("c", 2, 1), "C", []int{4}).add(cell("c", 2, 2), "C", []int{4, 5}).
		add(cell("e", 1, 1), "E", []int{5})
	planned(now, cell("u", 1, 1))
	c := Compare(old.run, now.run, Settings{})
	want := map[string]Outcome{"A 1": Equal, "A 2": Moved, "B 1": FailsNow, "B 2": WorksNow, "B 3": NotDone, "C 1": Same, "C 2": Moved, "D 1": Gone, "E 1": New, "unrun 1": NotRunNow}
	if diff := cmp.Diff(want, outcomesOf(c)); diff != "" {
		t.Error(diff)
	}
	i := slices.IndexFunc(c.Groups, func(g Group) bool { return g.Method == "C" })
	if diff := cmp.Diff([]string{"method.version: 1 -> 2"}, c.Groups[i].Pairs[1].Recipe); diff != "" {
		t.Error(diff)
	}
	if c.Groups[i].Metrics[0].N != 2 || c.Groups[i].Metrics[0].Mean != 0.5 { // 1 and 1, then 1 and 2
		t.Errorf("%+v", c.Groups[i].Metrics[0])
	}
	crossed := strings.Join(c.Crossed, "\n")
	for _, want := range []string{"A on toy, seed 2: different bytes from the same recipe", "B on toy, seed 1: fails now: it broke", "D on toy, seed 1: gone", "unrun on toy, seed 1: not run now"} {
		if !strings.Contains(crossed, want) {
			t.Errorf("%q is not among %q", want, c.Crossed)
		}
	}
	// A changed recipe is no violation by itself; nor is what is allowed.
	if strings.Contains(crossed, "C on toy, seed") || len(Compare(old.run, now.run, Settings{Allow: []Outcome{Moved, FailsNow, Gone, NotRunNow}, MaxDrop: map[string]float64{}}).Crossed) != 0 {
		t.Error(c.Crossed)
	}
	same := Compare(old.run, old.run, Settings{})
	if same.Verdict() != "of 9 cells: 2 done in neither, 7 equal" || len(same.Crossed) != 0 || len(same.tables()) != 1 {
		t.Error(same.Verdict(), same.Crossed)
	}
}

// A cell of a split dataset has only its F1.
func TestSplit(t *testing.T) {
	old, now := newNight("old"), newNight("new")
	for seed := range uint64(3) {
		old.add(cell("a", 1, seed), "A", []int{})
		now.add(cell("a", 2, seed), "A", []int{})
		*old.run.Cells[seed].Result = runlog.Result{Holdout: &runlog.Holdout{PRF: metric.PRF{F1: 0.5}}}
		*now.run.Cells[seed].Result = runlog.Result{Holdout: &runlog.Holdout{PRF: metric.PRF{F1: 0.25}}}
	}
	c := Compare(old.run, now.run, Settings{})
	if m := c.Groups[0].Metrics; c.Counts[Moved] != 3 || len(m) != 1 || m[0].Metric != "split_f1" || m[0].Mean != -0.25 || len(c.Crossed) != 1 {
		t.Errorf("%+v", c)
	}
	if h := Past([]*runlog.Run{old.run, now.run}); h.lines[0].mean[0] != 50 || h.lines[0].mean[1] != 25 {
		t.Errorf("%+v", h)
	}
	var b bytes.Buffer
	if err := Write(&b, c, Setting{}, "text"); err != nil || !strings.Contains(b.String(), "F1 0.5000 → F1 0.2500") {
		t.Error(b.String(), err)
	}
	now.run.Cells[0].Result.Holdout.F1, now.run.Cells[1].Result.Holdout.F1, now.run.Cells[2].Result.Holdout.F1 = 0.5, 0.5, 0.5
	if c := Compare(old.run, now.run, Settings{}); c.Counts[Same] != 3 {
		t.Errorf("%+v", c.Counts)
	}
}

// A change of a parameter's default, or a new parameter, is listed by name.
func TestRecipe(t *testing.T) {
	a, b := cell("a", 1, 1), cell("a", 1, 1)
	b.Method.Params = bench.Params{"rate": 0.25, "depth": []int{3, 4}, "act": "relu"}
	b.Budget = bench.Budget{Rule: "anomalies"}
	want := []string{"budget: 0 -> \"anomalies\"", "method.params.act: none -> \"relu\"", "method.params.depth: none -> [3,4]", "method.params.rate: 0.5 -> 0.25"}
	got := recipe(&runlog.CellRecord{PlannedCell: bench.PlannedCell{Cell: a}}, &runlog.CellRecord{PlannedCell: bench.PlannedCell{Cell: b}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGateOnDrop(t *testing.T) {
	old, now := newNight("old"), newNight("new")
	for seed := range uint64(5) {
		old.add(cell("a", 1, seed), "A", []int{1, 2, 3, 4, 5})
		now.add(cell("a", 2, seed), "A", []int{1, 2, 3, 4})
	}
	for _, c := range []struct {
		drop map[string]float64
		want int
	}{{nil, 3}, {map[string]float64{"found": 0.05}, 1}, {map[string]float64{"found": 0.1}, 0}, {map[string]float64{}, 0}, {map[string]float64{"f1": 0.09, "found": 1}, 1}} {
		got := Compare(old.run, now.run, Settings{MaxDrop: c.drop}).Crossed
		if len(got) != c.want {
			t.Errorf("%v: %q", c.drop, got)
		}
	}
	got := Compare(old.run, now.run, Settings{}).Crossed[0]
	if want := "A on toy: found fell by 1.0 on average over 5 seeds, more than 0.2 (0.02 of 10.0)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if up := Compare(now.run, old.run, Settings{}).Crossed; len(up) != 0 {
		t.Errorf("a rise stops: %q", up)
	}
}

// Across architectures the same recipe may give different bytes, within a tolerance.
func TestArchitectures(t *testing.T) {
	old, now := newNight("old"), newNight("new")
	now.run.Envs = []runlog.Env{{Arch: "arm64"}}
	old.add(cell("a", 1, 1), "A", []int{1, 2, 3}).add(cell("a", 1, 2), "A", []int{1, 2, 3})
	now.add(cell("a", 1, 1), "A", []int{1, 2, 4}).add(cell("a", 1, 2), "A", []int{1})
	c := Compare(old.run, now.run, Settings{Tolerance: 0.1})
	if diff := cmp.Diff(map[string]Outcome{"A 1": Tolerated, "A 2": Moved}, outcomesOf(c)); diff != "" {
		t.Error(diff)
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "different architectures (amd64, arm64)") || !strings.Contains(c.Notes[0], "tolerance of 0.1") {
		t.Error(c.Notes)
	}
	if !slices.ContainsFunc(c.Crossed, func(s string) bool { return strings.Contains(s, "seed 2: differs by more than the tolerance") }) {
		t.Error(c.Crossed)
	}
	now.run.Envs = old.run.Envs
	if c := Compare(old.run, now.run, Settings{Tolerance: 0.1}); c.Tolerance != 0 || c.Counts[Moved] != 2 {
		t.Error("a tolerance within one architecture")
	}
}

// SciPy 1.10: ttest_rel, and permutation_test with permutation_type="samples", n_resamples=inf.
func TestPairedAgainstScipy(t *testing.T) {
	d := paired([]float64{555, 568, 44, 560.5, 571, 549, 566}, []float64{557, 561, 47, 560.5, 575, 541, 550})
	for name, v := range map[string][2]float64{
		"mean": {d.Mean, -3.142857142857143}, "t p": {*d.TP, 0.30428682074280905},
		"t low": {d.T.Low, -9.98980969637903}, "t high": {d.T.High, 3.704095410664745}, "flip p": {d.FlipP, 0.34375},
	} {
		if math.Abs(v[0]-v[1]) > 1e-7 { // gonum's quantile is accurate to 1e-8
			t.Errorf("%s is %v, want %v", name, v[0], v[1])
		}
	}
}

// By hand: the differences 1, 2, 3. Of 8 sign patterns two give |sum| = 6; the subset means are 1,
// 1.5, 2, 2, 2, 2.5, 3, and of 8 pieces at least one is cut off at each end.
func TestPairedByHand(t *testing.T) {
	d := paired([]float64{0, 0, 0}, []float64{1, 2, 3})
	if d.FlipP != 0.25 || d.LeastP != 0.25 || *d.Flip != (Interval{1, 3, 0.75}) {
		t.Errorf("%+v %+v", d, d.Flip)
	}
	if five := paired(make([]float64, 5), []float64{1, 2, 3, 4, 5}); five.FlipP != 0.0625 || five.LeastP != 0.0625 || five.Flip.Confidence != 0.9375 {
		t.Errorf("%+v", five)
	}
	if one := paired([]float64{1}, []float64{3}); one.T != nil || one.TP != nil || one.Flip != nil || one.FlipP != 1 || one.Mean != 2 {
		t.Errorf("%+v", one)
	}
	if none := paired([]float64{1, 2}, []float64{1, 2}); *none.TP != 1 || none.FlipP != 1 || *none.T != (Interval{0, 0, 0.95}) {
		t.Errorf("%+v", none)
	}
	if all := paired([]float64{1, 2}, []float64{2, 3}); *all.TP != 0 {
		t.Errorf("%+v", all)
	}
}

// Over many draws of n symmetric differences around 0, the intervals contain 0 as often as stated,
// and p is at most 5 % in at most 5 %.
func TestIntervalsCover(t *testing.T) {
	rng := bench.NewStream(7, "coverage").Rand()
	for _, n := range []int{3, 5, 8} {
		const runs = 4000
		flip, student, rejected := 0, 0, 0
		var confidence float64
		for range runs {
			diff := make([]float64, n)
			for i := range diff {
				diff[i] = rng.NormFloat64()
			}
			d := paired(make([]float64, n), diff)
			confidence = d.Flip.Confidence
			if d.Flip.Low <= 0 && d.Flip.High >= 0 {
				flip++
			}
			if d.T.Low <= 0 && d.T.High >= 0 {
				student++
			}
			if d.FlipP <= 0.05 {
				rejected++
			}
		}
		within := func(what string, hits int, p float64) { // four standard errors
			if got := float64(hits) / runs; math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/runs) {
				t.Errorf("n = %d: %s %v, want %v", n, what, got, p)
			}
		}
		within("sign-flip interval", flip, confidence)
		within("t interval", student, Confidence)
		if limit := 0.05 + 4*math.Sqrt(0.05*0.95/runs); float64(rejected)/runs > limit || n < 6 && rejected > 0 {
			t.Errorf("n = %d: %d of %d rejected", n, rejected, runs)
		}
	}
}

// Beyond exactSeeds signs are random: p agrees with the exact test within the sampling error, and
// is reproducible.
func TestDrawnSigns(t *testing.T) {
	diff := make([]float64, exactSeeds+1)
	for i := range diff {
		diff[i] = float64(i%5) - 1.5
	}
	exact := 0
	for signs := range 1 << len(diff) {
		s, all := 0.0, 0.0
		for i, x := range diff {
			all += x
			if signs>>i&1 == 1 {
				x = -x
			}
			s += x
		}
		if math.Abs(s) >= math.Abs(all) {
			exact++
		}
	}
	want := float64(exact) / float64(int(1)<<len(diff))
	got := flipP(diff)
	if math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/draws) || got != flipP(diff) {
		t.Errorf("p %v, want %v", got, want)
	}
}

func threeNights() (*Comparison, *History) {
	var runs []*runlog.Run
	for i, found := range [][]int{{1, 2}, {1, 2}, {1, 3, 4}} {
		n := newNight(fmt.Sprintf("nights/2026-11-0%d.tar.gz", i+1))
		for seed := range uint64(5) {
			n.add(cell("a", 1, seed), "<A>", found)
		}
		n.add(cell("b", 1, 1), "B", nil)
		runs = append(runs, n.run)
	}
	return Compare(runs[1], runs[2], Settings{}), Past(runs)
}

func TestWrite(t *testing.T) {
	c, past := threeNights()
	for format, want := range map[string][]string{
		"text": {"of 6 cells: 5 moved, 1 done in neither", "found", "+1.0", "[+1.0, +1.0] at 93.75 %", "fails the gate: <A> on toy, seed 0", "the sign-flip test cannot have a p under 0.0625"},
		"md":   {"# of 6 cells: 5 moved", "| toy | &lt;A&gt; |", "| toy | &lt;A&gt; |  | found | 5 | 2.0 | 3.0 | +1.0 |", "2 → 3"},
		"html": {"&lt;A&gt;", "<svg", "2026-11-03", "<strong>3.0 (5/5)</strong>", "none (0/1)", `class="stop">fails the gate`},
	} {
		var b bytes.Buffer
		if err := Write(&b, c, Setting{Past: past}, format); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s lacks %q:\n%s", format, w, b.String())
			}
		}
		if format == "html" {
			if strings.Contains(b.String(), "<A>") || strings.Contains(b.String(), "http") {
				t.Error("html is not escaped, or asks for something")
			}
		}
	}
	if err := Write(&bytes.Buffer{}, c, Setting{}, "html"); err != nil {
		t.Error(err)
	}
	if err := Write(&bytes.Buffer{}, c, Setting{}, "pdf"); err == nil {
		t.Error("pdf is written")
	}
	data, err := json.Marshal(c)
	if err != nil || !bytes.Contains(data, []byte(`"sign_flip_least_p":0.0625`)) || !bytes.Contains(data, []byte(`"counts":{"done in neither":1,"moved":5}`)) {
		t.Errorf("%s %v", data, err)
	}
}
