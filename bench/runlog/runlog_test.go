package runlog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
)

// testPlan has n cells that differ in their seed.
func testPlan(n int) bench.Plan {
	p := bench.Plan{Name: "test", Title: "A <test> & more"}
	for i := range n {
		c := bench.Cell{
			Dataset: bench.DatasetRef{ID: "toy", Version: 1, Params: bench.Params{"rows": 5, "spread": 0.1}, Seed: 1},
			Method:  bench.MethodRef{ID: "made_up", Version: 2, Params: bench.Params{"hidden": []int{8, 4}, "rate": 1e-3, "act": "relu", "bias": true}},
			Seed:    1<<63 + uint64(i),
			Budget:  bench.Budget{Audits: 3},
			K:       bench.K{Below: 100, Then: 3, Else: 10},
			Loop:    bench.LoopVersion,
		}
		p.Cells = append(p.Cells, bench.PlannedCell{ID: c.ID(), Cell: c, Label: "Made up"})
	}
	return p
}

// testResult is a run of 3 audits over 5 rows, of which rows 1 and 4 are anomalies.
func testResult(c bench.Cell) (Result, []Audit) {
	r := Result{ID: c.ID(), Cell: c, Format: FormatVersion, Rows: 5, Features: 2, K: 3, Counts: map[string]int64{"steps": 7, "rows_scored": 5}}
	r.Measure([]bool{false, true, false}, 2, 3)
	return r, []Audit{
		{Number: 1, Call: 1, Rank: 1, Row: 3, Score: 0.5, Head: "base"},
		{Number: 2, Call: 1, Rank: 2, Row: 1, Score: 0.25, Head: "base", Label: true, Truth: true, Found: 1},
		{Number: 3, Call: 1, Rank: 3, Row: 0, Score: -1e-7, Head: "base", Found: 1},
	}
}

func open(t *testing.T, dir string, p bench.Plan) *Writer {
	t.Helper()
	w, err := Open(dir, p, Env{Host: "here"}, Shard{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func finish(t *testing.T, w *Writer, c bench.PlannedCell) string {
	t.Helper()
	d, err := w.Begin(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, q := testResult(c.Cell)
	digest, err := d.Done(r, q, Attempt{Seed: c.Cell.Seed})
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func fail(t *testing.T, w *Writer, c bench.PlannedCell, state State, msg string) {
	t.Helper()
	d, err := w.Begin(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Fail(Attempt{State: state, Seed: c.Cell.Seed, Error: msg}); err != nil {
		t.Fatal(err)
	}
}

// hidden lists the hidden entries of cells/, which are no cells.
func hidden(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, CellsName))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestWriteAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "a[b*") // a name, not a pattern
	plan := testPlan(4)
	w := open(t, dir, plan)
	digest := finish(t, w, plan.Cells[0])
	fail(t, w, plan.Cells[1], Failed, "it broke")
	d, err := w.Begin(plan.Cells[3].ID)
	if err != nil {
		t.Fatal(err)
	}
	// a shard that died has left a draft of the cell that the other works on
	left := filepath.Join(dir, CellsName, stagedPrefix+Shard{I: 2, N: 3}.holder()+"."+plan.Cells[3].ID)
	if err := os.Mkdir(left, 0o755); err != nil {
		t.Fatal(err)
	}

	run, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(left); err != nil {
		t.Fatal(err)
	}
	var states []State
	for _, c := range run.Cells {
		states = append(states, c.Status.State)
	}
	if diff := cmp.Diff([]State{Done, Failed, Planned, Running}, states); diff != "" {
		t.Error(diff)
	}
	if got := run.Plan.Digest(); got != plan.Digest() {
		t.Errorf("plan digest %s, want %s", got, plan.Digest())
	}
	wantResult, wantQueries := testResult(plan.Cells[0].Cell)
	got := *run.Cells[0].Result
	if got.Cell.ID() != wantResult.Cell.ID() {
		t.Error("the cell reads back as another one")
	}
	got.Cell, wantResult.Cell = bench.Cell{}, bench.Cell{} // numbers in Params are float64 when read
	if diff := cmp.Diff(wantResult, got); diff != "" {
		t.Error(diff)
	}
	queries, err := run.Cells[0].Audits(run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantQueries, queries); diff != "" {
		t.Error(diff)
	}
	if _, err := run.Cells[1].Audits(run); err == nil {
		t.Error("a failed cell has an audit log")
	}
	if got := run.Cells[1].Status.Attempts[0].Error; got != "it broke" {
		t.Errorf("error %q", got)
	}
	if run.Cells[0].Status.Digest != digest {
		t.Error("Done returned another digest than it wrote")
	}
	if got, want := run.Digest(), RunDigest(map[string]string{plan.Cells[0].ID: digest}); got != want || got != w.Digest() {
		t.Errorf("run digest %s, want %s", got, want)
	}
	if len(run.Envs) != 1 || run.Envs[0].Host != "here" {
		t.Errorf("env.json: %+v", run.Envs)
	}
	if err := d.Discard(); err != nil {
		t.Fatal(err)
	}
	if left := hidden(t, dir); left != nil {
		t.Errorf("left over: %v", left)
	}
}

func TestFailedCellIsReplacedAndHistoryKept(t *testing.T) {
	dir := t.TempDir()
	plan := testPlan(1)
	w := open(t, dir, plan)
	fail(t, w, plan.Cells[0], Failed, "first")
	fail(t, w, plan.Cells[0], TimedOut, "second")
	w.Close()
	w = open(t, dir, plan)
	finish(t, w, plan.Cells[0])
	run, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range run.Cells[0].Status.Attempts {
		got = append(got, fmt.Sprintf("%s %s", a.State, a.Error))
	}
	if diff := cmp.Diff([]string{"failed first", "timed out second", "done "}, got); diff != "" {
		t.Error(diff)
	}
	if len(run.Envs) != 2 {
		t.Errorf("%d invocations in env.json", len(run.Envs))
	}
	if left := hidden(t, dir); left != nil {
		t.Errorf("left over: %v", left)
	}
	if _, err := w.Begin(plan.Cells[0].ID); err == nil {
		t.Error("a done cell can be begun again")
	}
}

func TestSameBytesSameDigest(t *testing.T) {
	// sha256 of "3" as 8 bytes little endian, "abc", "0" as 8 bytes: computed with coreutils.
	if got, want := CellDigest([]byte("abc"), nil), "3e2f8940c3a0e0fd6f6e07bbf07f015dd7c147431e5fa14bf3f225d782641540"; got != want {
		t.Errorf("CellDigest %s, want %s", got, want)
	}
	if got, want := RunDigest(map[string]string{"b": "2", "a": "1"}), "2951835de33689a441bfa61bc7af99b1f0305ca8ec0ab4dd508f14f57b27ca23"; got != want {
		t.Errorf("RunDigest %s, want %s", got, want)
	}
	if CellDigest([]byte("ab"), []byte("c")) == CellDigest([]byte("a"), []byte("bc")) {
		t.Error("the digest does not tell the files apart")
	}
}
