package runlog

import (
	"errors"
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
func testResult(c bench.Cell) (Result, []Query) {
	r := Result{ID: c.ID(), Cell: c, Format: FormatVersion, Rows: 5, Features: 2, K: 3, Counts: map[string]int64{"steps": 7, "rows_scored": 5}}
	r.Measure([]bool{false, true, false}, 2, 3)
	return r, []Query{
		{Audit: 1, Call: 1, Rank: 1, Row: 3, Score: 0.5, Head: "base"},
		{Audit: 2, Call: 1, Rank: 2, Row: 1, Score: 0.25, Head: "base", Anomaly: true, Truth: true, Found: 1},
		{Audit: 3, Call: 1, Rank: 3, Row: 0, Score: -1e-7, Head: "base", Found: 1},
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
	if err := d.Fail(Attempt{State: state, Error: msg}); err != nil {
		t.Fatal(err)
	}
}

// hidden lists what is in cells/ besides cells.
func hidden(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, cellsName))
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
	dir := filepath.Join(t.TempDir(), "runs", "a[b*") // no pattern, a name
	plan := testPlan(4)
	w := open(t, dir, plan)
	digest := finish(t, w, plan.Cells[0])
	fail(t, w, plan.Cells[1], Failed, "it broke")
	d, err := w.Begin(plan.Cells[3].ID)
	if err != nil {
		t.Fatal(err)
	}

	run, err := Read(dir)
	if err != nil {
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
	queries, err := run.Cells[0].Queries(run)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantQueries, queries); diff != "" {
		t.Error(diff)
	}
	if _, err := run.Cells[1].Queries(run); err == nil {
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

// A process can die between any two steps of a replacement.
func TestReplacementCutShort(t *testing.T) {
	for _, cut := range []string{"stepped aside", "successor in place"} {
		t.Run(cut, func(t *testing.T) {
			dir := t.TempDir()
			plan := testPlan(1)
			id := plan.Cells[0].ID
			w := open(t, dir, plan)
			fail(t, w, plan.Cells[0], Failed, "first")
			if err := os.Rename(cellDir(dir, id), filepath.Join(dir, cellsName, oldPrefix+id)); err != nil {
				t.Fatal(err)
			}
			want := Failed
			if cut == "successor in place" {
				w.statuses = map[string]Status{}
				finish(t, w, plan.Cells[0])
				if err := os.MkdirAll(filepath.Join(dir, cellsName, oldPrefix+id), 0o755); err != nil {
					t.Fatal(err)
				}
				want = Done
			}
			if _, err := w.Begin("0123"); err != nil { // dies while working on another
				t.Fatal(err)
			}
			w.Close()
			w = open(t, dir, plan)
			if got := w.Status(id).State; got != want {
				t.Errorf("state %s, want %s", got, want)
			}
			if left := hidden(t, dir); left != nil {
				t.Errorf("left over: %v", left)
			}
		})
	}
}

func TestDamageIsFoundNamedAndSetAside(t *testing.T) {
	change := map[string]func(dir string) error{
		"result.json":  func(d string) error { return edit(d, "result.json", `"audited": 3`, `"audited": 4`) },
		"queries.json": func(d string) error { return edit(d, "queries.jsonl", `"label":true`, `"label":false`) },
		"status.json":  func(d string) error { return edit(d, "status.json", `"digest": "`, `"digest": "0`) },
		"cut":          func(d string) error { return os.Truncate(filepath.Join(d, "result.json"), 100) },
		"empty":        func(d string) error { return os.Truncate(filepath.Join(d, "status.json"), 0) },
		"missing":      func(d string) error { return os.Remove(filepath.Join(d, "queries.jsonl")) },
		"no status":    func(d string) error { return os.Remove(filepath.Join(d, "status.json")) },
		"other state":  func(d string) error { return edit(d, "status.json", `"done"`, `"running"`) },
		"swapped": func(d string) error {
			other := filepath.Join(filepath.Dir(d), testPlan(2).Cells[1].ID)
			if err := os.RemoveAll(d); err != nil {
				return err
			}
			return os.CopyFS(d, os.DirFS(other))
		},
	}
	named := map[string]string{
		"result.json": "result.json has changed", "queries.json": "queries.jsonl has changed", "status.json": "status.json: the cell's digest",
		"cut": "result.json has changed", "empty": "status.json:1: byte 0 of 0", "missing": "queries.jsonl is missing", "no status": "status.json is missing",
		"other state": `status.json: state "running"`, "swapped": "result.json is the result of another cell",
	}
	for name, f := range change {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			plan := testPlan(2)
			w := open(t, dir, plan)
			finish(t, w, plan.Cells[0])
			finish(t, w, plan.Cells[1])
			whole := w.Digest()
			w.Close()
			if err := f(cellDir(dir, plan.Cells[0].ID)); err != nil {
				t.Fatal(err)
			}
			run, err := Read(dir)
			if run != nil || err == nil || !strings.Contains(err.Error(), named[name]) {
				t.Fatalf("Read: %v, want %q", err, named[name])
			}
			if d, ok := errors.AsType[*Damage](err); !ok || d.ID != plan.Cells[0].ID {
				t.Errorf("Read's error is no Damage of the cell: %v", err)
			}
			w = open(t, dir, plan)
			if len(w.Damaged) != 1 || w.Damaged[0].ID != plan.Cells[0].ID {
				t.Fatalf("Open: damaged %v", w.Damaged)
			}
			if _, err := os.Stat(w.Damaged[0].Kept); err != nil {
				t.Error("what was damaged is not kept:", err)
			}
			if w.Status(plan.Cells[0].ID).State != Planned || w.Status(plan.Cells[1].ID).State != Done {
				t.Error("the damaged cell is not to be run again, or the other one is")
			}
			finish(t, w, plan.Cells[0])
			if run, err := Read(dir); err != nil || run.Digest() != whole {
				t.Errorf("run again: %v", err)
			}
		})
	}
}

func edit(dir, name, old, new string) error {
	file := filepath.Join(dir, name)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	changed := strings.Replace(string(data), old, new, 1)
	if changed == string(data) {
		return fmt.Errorf("%s does not hold %s", file, old)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

func TestChangedPlanKeepsCells(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, testPlan(3))
	for _, c := range testPlan(3).Cells {
		finish(t, w, c)
	}
	w.Close()
	next := testPlan(5)
	next.Cells = next.Cells[2:]
	w = open(t, dir, next)
	if !w.Replaced || w.NotInPlan != 2 {
		t.Errorf("replaced %v, %d cells not in the plan; want true, 2", w.Replaced, w.NotInPlan)
	}
	if w.Status(next.Cells[0].ID).State != Done || w.Status(next.Cells[1].ID).State != Planned {
		t.Error("the cell that both plans have was not kept")
	}
	w.Close()
	run, err := Read(dir)
	if err != nil || run.NotInPlan != 2 || len(run.Cells) != 3 {
		t.Errorf("Read: %+v, %v", run, err)
	}
	w = open(t, dir, testPlan(3))
	if w.NotInPlan != 0 {
		t.Error("the first plan's cells are gone")
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		make       func(t *testing.T, dir string)
	}{
		{"nothing", "there is no run directory", func(t *testing.T, dir string) { os.Remove(dir) }},
		{"empty", "is not a run directory: it has no plan.json", func(*testing.T, string) {}},
		{"format", "has format 2; this program reads format 1", func(t *testing.T, dir string) { put(t, dir, `{"format": 2, "plan": "unheard of"}`) }},
		{"broken", "plan.json:2: byte 20 of 20: invalid character", func(t *testing.T, dir string) { put(t, dir, "{\"format\": 1,\n  \"p}\n") }},
		{"cut", "plan.json:1: byte 5 of 5: unexpected end of JSON", func(t *testing.T, dir string) { put(t, dir, `{"for`) }},
		{"edited seed", "its contents make it", func(t *testing.T, dir string) { editPlan(t, dir, `"seed": 9223372036854775808`, `"seed": 7`) }},
		{"removed cell", "the digest of its cells is", func(t *testing.T, dir string) { editPlan(t, dir, `"digest": "`, `"digest": "0`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.make(t, dir)
			run, err := Read(dir)
			if run != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Read: %v, want %q", err, c.want)
			}
		})
	}
}

func put(t *testing.T, dir, plan string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, planName), []byte(plan), 0o644); err != nil {
		t.Fatal(err)
	}
}

func editPlan(t *testing.T, dir, old, new string) {
	t.Helper()
	open(t, dir, testPlan(2)).Close()
	if err := edit(dir, planName, old, new); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path  string
		shard Shard
		want  string
	}{
		{dir, Shard{}, "not a run directory: it holds other things (thesis.tex)"},
		{filepath.Join(dir, "thesis.tex", "run"), Shard{}, "not a directory"},
		{filepath.Join(dir, "thesis.tex"), Shard{}, "not a directory"},
		{filepath.Join(dir, "run"), Shard{3, 2}, "no shard 3 of 2"},
		{filepath.Join(dir, "run"), Shard{0, 2}, "no shard 0 of 2"},
	} {
		if _, err := Open(c.path, testPlan(1), Env{}, c.shard); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Open(%s): %v, want %q", c.path, err, c.want)
		}
	}
	// A process that died at once leaves only the locks: that is ours to go on with.
	young := filepath.Join(dir, "young")
	if err := os.MkdirAll(filepath.Join(young, locksName), 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, young, testPlan(1))
	broken := filepath.Join(dir, "broken")
	if err := os.Mkdir(broken, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, broken, "{")
	if _, err := Open(broken, testPlan(1), Env{}, Shard{}); err == nil || !strings.Contains(err.Error(), "plan.json:1") {
		t.Errorf("Open of a directory with a broken plan.json: %v", err)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	plan := testPlan(4)
	whole := open(t, dir, plan)
	me := fmt.Sprintf("process %d on ", os.Getpid())
	refused := func(s Shard, by string) {
		t.Helper()
		w, err := Open(dir, plan, Env{}, s)
		if err == nil {
			w.Close()
			t.Fatalf("shard %v opened", s)
		}
		if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), me) || !strings.Contains(err.Error(), by) {
			t.Errorf("shard %v: %v, want %q", s, err, by)
		}
	}
	refused(Shard{}, "whole run")
	refused(Shard{1, 2}, "whole run")
	whole.Close()

	first, err := Open(dir, plan, Env{}, Shard{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(dir, plan, Env{}, Shard{2, 2})
	if err != nil {
		t.Fatal(err)
	}
	refused(Shard{1, 2}, "shard 1 of 2")
	refused(Shard{1, 3}, "shard 1 of 2")
	refused(Shard{}, "shard 1 of 2")
	// One shard neither sweeps the other's drafts nor checks its cells, nor changes its plan.
	draft, err := first.Begin(plan.Cells[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
	if _, err := Open(dir, testPlan(3), Env{}, Shard{2, 2}); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "another plan") {
		t.Errorf("another plan beside a living shard: %v", err)
	}
	second, err = Open(dir, plan, Env{}, Shard{2, 2})
	if err != nil {
		t.Fatal(err)
	}
	r, q := testResult(plan.Cells[0].Cell)
	if _, err := draft.Done(r, q, Attempt{}); err != nil {
		t.Error("the draft was swept:", err)
	}
	finish(t, second, plan.Cells[1])
	first.Close()
	second.Close()
	run, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if run.Count(Done) != 2 || len(run.Envs) != 4 {
		t.Errorf("%d cells done, %d invocations", run.Count(Done), len(run.Envs))
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
