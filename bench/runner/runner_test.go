package runner

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
)

// good is a plan in which every cell succeeds.
func good() bench.Plan {
	p := plan([]string{"a", "b"}, []string{"learns", "static"}, 3)
	for i, c := range p.Cells {
		switch i % 3 {
		case 1:
			c.Cell.Noise = bench.Noise{Miss: 0.3, Alarm: 0.1}
			c.Cell.Budget = bench.Budget{Rule: "anomalies"}
		case 2:
			c.Cell.Checkpoints = []int{0, 10, 500}
			c.Cell.Budget = bench.Budget{Rule: "all"}
			c.Cell.K = bench.K{Below: 100, Then: 3, Else: 10}
		}
		p.Cells[i] = planned(c.Cell)
	}
	return p
}

// A cell that Begin refuses is left for the next run, which ends with the same results.
func TestBegin(t *testing.T) {
	noGoroutines(t)
	want := must(t, config(t, good()))
	c := config(t, good())
	c.Begin = func(x *bench.PlannedCell) bool { return x.Cell.Dataset.ID == "a" }
	s := must(t, c)
	if s.Done != 6 || s.NotRun != 6 || s.Interrupted || s.Failed > 0 {
		t.Errorf("%+v", s)
	}
	c.Begin = nil
	if s = must(t, c); s.Done != 12 || s.Ran != 6 || s.Digest != want.Digest {
		t.Errorf("%+v, want %s", s, want.Digest)
	}
}

func TestSameDigestWhateverTheOrder(t *testing.T) {
	noGoroutines(t)
	var want string
	for _, jobs := range []int{1, 2, 8} {
		for _, procs := range []int{1, 4} {
			for shuffle := range 2 {
				c := config(t, good())
				c.Jobs = jobs
				if shuffle == 1 {
					c.order = func(o []int) { rand.Shuffle(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] }) }
				}
				before := runtime.GOMAXPROCS(procs)
				s := must(t, c)
				runtime.GOMAXPROCS(before)
				if s.Done != 12 || s.Ran != 12 || s.Planned != 12 || s.Interrupted || s.Failures != nil {
					t.Fatalf("%+v", s)
				}
				run := read(t, c.Dir)
				if want == "" {
					want = s.Digest
				}
				if s.Digest != want || run.Digest() != want {
					t.Errorf("-j %d, GOMAXPROCS %d, shuffled %d: digest %s, on disk %s, want %s", jobs, procs, shuffle, s.Digest, run.Digest(), want)
				}
				nothingLeft(t, c.Dir)
			}
		}
	}
}

// The files on disk follow from the audit logs, and from running a cell again.
func TestReplayAndRerunGiveTheSameBytes(t *testing.T) {
	c := config(t, good())
	must(t, c)
	run := read(t, c.Dir)
	stopped := 0
	for _, cell := range run.Cells {
		queries, err := cell.Audits(run)
		if err != nil {
			t.Fatal(err)
		}
		bare := *cell.Result
		bare.Audited, bare.StoppedEarly, bare.Found, bare.Metrics = 0, false, nil, runlog.Metrics{}
		replayed, err := verify.Replay(bare, queries)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runlog.Digest(replayed, queries); err != nil || got != cell.Status.Digest {
			t.Errorf("cell %s replays to %s, %v; want %s", cell.ID, got, err, cell.Status.Digest)
		}
		if cell.Result.StoppedEarly {
			stopped++
		}
		ds, err := toy(t.Context(), cell.Cell.Dataset)
		if err != nil {
			t.Fatal(err)
		}
		l, err := makeUp(cell.Cell)
		if err != nil {
			t.Fatal(err)
		}
		if cell.Cell.Noise != (bench.Noise{}) {
			noisy := bench.Noisy(bench.Truth(ds.Truth), cell.Cell.Noise, bench.NewStream(cell.Cell.Seed, "oracle"))
			for _, q := range queries {
				if a, err := noisy.Audit(t.Context(), []int{q.Row}); err != nil || a[0] != q.Label {
					t.Errorf("cell %s: row %d is answered %v, want %v, %v", cell.ID, q.Row, q.Label, a, err)
				}
			}
		}
		result, queries, err := Measure(t.Context(), cell.Cell, ds, l, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := runlog.Digest(result, queries); err != nil || got != cell.Status.Digest {
			t.Errorf("cell %s run again gives %s, %v; want %s", cell.ID, got, err, cell.Status.Digest)
		}
	}
	if stopped == 0 {
		t.Error("no cell of the test plan stops early")
	}
}

// The paper's way of counting, by hand, on 10 rows of which 3 are anomalies.
func TestMeasureByHand(t *testing.T) {
	ds := &bench.Dataset{Name: "ten", Data: bench.Data{X: bench.NewMatrix(10, 1)}, Truth: make([]bool, 10)}
	ds.Truth[2], ds.Truth[5], ds.Truth[6] = true, true, true
	cell := bench.Cell{Budget: bench.Budget{Audits: 8}, K: bench.K{Audits: 3}, Checkpoints: []int{3}}
	// The static ranking is 9, 5, 0 | 2, 1, 3 | 6, …: found at audits 2, 4 and 7.
	place := []float64{7, 5, 6, 4, 1, 8, 3, 2, 0, 9}
	l := static{&learner{chance: place, pause: func(context.Context) error { return nil }}}
	l.learner.mean = [2][2]float64{}
	var seen []Progress
	r, queries, err := Measure(t.Context(), cell, ds, l, func(p Progress) { seen = append(seen, p) })
	if err != nil {
		t.Fatal(err)
	}
	// Rounds of three: the third one completes the anomalies with row 6 as its first (audit 7),
	// and is cut to the two audits that are left of the budget.
	if diff := cmp.Diff([]Progress{{3, 1, 8}, {6, 2, 8}, {8, 3, 8}}, seen); diff != "" {
		t.Error(diff)
	}
	var rows, found []int
	for _, q := range queries {
		rows, found = append(rows, q.Row), append(found, q.Found)
	}
	if diff := cmp.Diff([]int{9, 5, 0, 2, 1, 3, 6, 7}, rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1, 1, 2, 2, 2, 3, 3}, found); diff != "" {
		t.Error(diff)
	}
	// ROC-AUC: of 3*7 pairs, row 5 beats 6 normals, row 2 beats 5, row 6 beats 3: 14/21.
	// AP: (1/2 + 2/4 + 3/7)/3. Area to b = 8: 7 + 5 + 2 = 14 of the ideal 1+2+3*6 = 21.
	roc, ap := 14.0/21, (1.0/2+2.0/4+3.0/7)/3
	third := 1.0 / 3
	want := runlog.Result{
		Format: 1, ID: cell.ID(), Cell: cell, Rows: 10, Features: 1, Anomalies: 3, Budget: 8, K: 3,
		Audited: 8, Found: metric.RecallCurve{2, 4, 7}, Full: metric.RecallCurve{2, 4, 7},
		Metrics:     runlog.Metrics{AtAnomalies: &metric.PRF{Precision: third, Recall: third, F1: third}, Area: 14.0 / 21},
		Unlabelled:  &runlog.RankMetrics{ROCAUC: &roc, AveragePrecision: &ap},
		Checkpoints: []runlog.Checkpoint{{At: 3, Audited: 3, Head: "trained", Ranks: runlog.RankMetrics{ROCAUC: &roc, AveragePrecision: &ap}, Counts: map[string]int64{"steps": 0}}},
		Counts:      map[string]int64{"steps": 0},
	}
	near := cmp.Comparer(func(a, b float64) bool { return a == b || a-b < 1e-15 && b-a < 1e-15 })
	if diff := cmp.Diff(want, r, near); diff != "" {
		t.Error(diff)
	}
}

func TestDatasetsAreBuiltOnceAndReleased(t *testing.T) {
	c := config(t, plan([]string{"a", "b"}, []string{"learns", "static"}, 3))
	c.Jobs = 1
	var builds counting
	var first weak.Pointer[bench.Dataset]
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		d, err := builds.data(ctx, ref)
		if ref.ID == "a" {
			first = weak.Make(d)
		}
		return d, err
	}
	cells := 0
	c.Method = func(c bench.Cell) (bench.Learner, error) {
		cells++
		runtime.GC()
		if held := first.Value() != nil; held != (cells <= 6) {
			t.Errorf("at cell %d of 6 + 6 the first dataset is held: %v", cells, held)
		}
		return makeUp(c)
	}
	must(t, c)
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1}, builds.builds); diff != "" {
		t.Error(diff)
	}
}

// The seconds of a cell exclude the building of its dataset, which cells share.
func TestSecondsExcludeDatasets(t *testing.T) {
	c := config(t, plan([]string{"a", "missing"}, []string{"static"}, 1))
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		time.Sleep(time.Second)
		return toy(ctx, ref)
	}
	must(t, c)
	for _, cell := range read(t, c.Dir).Cells {
		if s := cell.Status.Attempts[0].Seconds; s < 0 || s > 0.9 {
			t.Errorf("%s on %s: %g s", cell.Label, cell.Cell.Dataset.ID, s)
		}
	}
}

func TestEvents(t *testing.T) {
	p := plan([]string{"a", "missing"}, []string{"learns", "errs"}, 2)
	c := config(t, p)
	rec := &recorder{}
	c.Events = rec.record
	must(t, c)
	rec.closed.Store(true)
	if rec.events[0].Kind != PlanReady || rec.events[0].Plan.Planned != 8 || len(rec.events[0].Plan.ToRun) != 8 {
		t.Fatalf("first event: %+v", rec.events[0])
	}
	got := map[string]string{}
	for _, e := range rec.events[1:] {
		name := ""
		if e.Dataset != nil {
			name = e.Dataset.ID
		} else {
			name = fmt.Sprintf("%s %s %d", e.Cell.Label, e.Cell.Cell.Dataset.ID, e.Cell.Cell.Seed)
			if p.Cells[e.Index].ID != e.Cell.ID {
				t.Error("index and cell disagree")
			}
		}
		if e.At.IsZero() {
			t.Error("an event without a time")
		}
		if last := string(e.Kind); !strings.HasSuffix(got[name], last+";") {
			got[name] += last + ";"
		}
	}
	want := map[string]string{"a": "dataset building;dataset built;", "missing": "dataset building;dataset failed;"}
	for _, seed := range []int{100, 101} {
		want[fmt.Sprintf("learns a %d", seed)] = "started;progress;done;"
		want[fmt.Sprintf("errs a %d", seed)] = "started;failed;"
		want[fmt.Sprintf("learns missing %d", seed)] = "failed;"
		want[fmt.Sprintf("errs missing %d", seed)] = "failed;"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestCheckpointBeforeLabels: at 0 audits the trained score has learned nothing, so the base score
// ranks.
func TestCheckpointBeforeLabels(t *testing.T) {
	p := plan([]string{"a"}, []string{"learns"}, 1)
	cell := p.Cells[0].Cell
	cell.Checkpoints = []int{0, 1}
	ds, err := toy(t.Context(), cell.Dataset)
	if err != nil {
		t.Fatal(err)
	}
	l, err := makeUp(cell)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := Measure(t.Context(), cell, ds, l, nil)
	if err != nil || len(r.Checkpoints) != 2 {
		t.Fatalf("%+v, %v", r.Checkpoints, err)
	}
	if r.Checkpoints[0].Head != "base" || r.Checkpoints[1].Head != "trained" {
		t.Errorf("heads %q and %q", r.Checkpoints[0].Head, r.Checkpoints[1].Head)
	}
}
