package campaign

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/synth"
	"github.com/uaibench/uaibench/synth/source"
)

// childOf is the environment variable with the folder in which a child test process decides.
const childOf = "CAMPAIGN_TEST_OUT"

func TestMain(m *testing.M) {
	if out := os.Getenv(childOf); out != "" {
		h := host(nil)
		h.Stdout, h.Stderr = os.Stdout, os.Stderr
		if err := h.Decide(context.Background(), nil, Settings{Out: out, Jobs: 2}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	status := m.Run()
	if made != "" {
		os.RemoveAll(made)
	}
	os.Exit(status)
}

// host returns a Host for the test's ledger and small experiment, with real methods on the toy
// data. ended is called after each cell.
func host(ended func(runner.Event)) *Host {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			panic(err)
		}
		return data
	}
	h := &Host{Ledger: read("ledger.yaml"), Specs: map[string][]byte{"small": read("small.yaml")},
		Catalog: bench.Catalog{Datasets: synth.Catalog(), Methods: baselines.Catalog()},
		Width:   100, Now: time.Now, Program: "uaibench", Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}}
	h.Evidence = func(paths []string) (e rule.Evidence, err error) {
		for _, p := range paths {
			if filepath.Base(p) == "looks.json" {
				e.Looked, err = rule.ReadLookedFile(p)
			} else {
				var r *runlog.Run
				r, err = runlog.Read(p)
				e.Runs = append(e.Runs, r)
			}
			if err != nil {
				return e, err
			}
		}
		return e, nil
	}
	h.Estimate = func(context.Context, bench.Cell) time.Duration { return time.Minute }
	h.Missing = func(*bench.Plan) map[string]bool { return nil }
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		c.Jobs = cmp.Or(c.Jobs, 2)
		c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
			return synth.Build(ctx, ref, finder())
		}
		if c.Method == nil {
			c.Method = func(c bench.Cell) (bench.Learner, error) { return baselines.New(c.Method, c.Seed) }
		}
		c.Events = func(e runner.Event) {
			if e.Kind == runner.CellDone && ended != nil {
				ended(e)
			}
		}
		return runner.Run(ctx, c)
	}
	h.Command = func(context.Context, []string) error { return errors.New("no other command is called here") }
	return h
}

func finder() *source.Finder { return &source.Finder{Dir: os.Getenv("UAIBENCH_DATA")} }

func (h *Host) output() string {
	return h.Stdout.(*bytes.Buffer).String() + h.Stderr.(*bytes.Buffer).String()
}

// kept returns the files in a campaign's folder that must not depend on interruptions, by name: all
// but times, hosts and locks.
func kept(t *testing.T, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(out, path)
		switch {
		case d.IsDir() && d.Name() == ".locks":
			return fs.SkipDir
		case d.IsDir(), d.Name() == busyName, d.Name() == "env.json", d.Name() == "status.json",
			strings.HasPrefix(d.Name(), "holder-of-"):
			return nil
		}
		data, err := os.ReadFile(path)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// made is the folder of whole.
var made string

// whole runs an uninterrupted campaign and returns its output and its folder.
var whole = sync.OnceValues(func() (output string, out string) {
	out, err := os.MkdirTemp("", "campaign")
	if err != nil {
		panic(err)
	}
	made = out
	ran := 0
	h := host(func(runner.Event) { ran++ })
	lock, execute := filepath.Join(out, LockName), h.Execute
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		text, err := os.ReadFile(lock)
		if name := filepath.Base(c.Dir); err != nil || !strings.Contains(string(text), name) {
			panic(name + " runs, and is not locked")
		}
		return execute(ctx, c)
	}
	if err := h.Decide(context.Background(), nil, Settings{Out: out, Jobs: 2}); err != nil {
		panic(err)
	}
	if ran != 40 { // no cell of an earlier look runs again
		panic(fmt.Sprint(ran, " cells ran"))
	}
	return h.output(), out
})

// TestDecide checks that two claims are decided, one is hopeless, and one is open at its last look,
// which runs for another claim brought.
func TestDecide(t *testing.T) {
	output, out := whole()
	for _, want := range []string{
		"\nmiddling: reproduced at look 10\n", "large: reproduced at look 5\n",
		"\n2 of 4 claims decided: 2 reproduced,",
		"\n  nearly: decided in less than 10 % of worlds like this at 10 replicates; effect within [0.25, 1]\n",
		"\n  none: it has reached its last look; effect within [-0.00398, 0.00384]\n",
		"\n  middling: reproduced at look 10; was not run\n", "uaibench pack " + out + "/01-small",
	} {
		if !strings.Contains("\n"+output, want) {
			t.Errorf("no %q in\n%s", want, output)
		}
	}
	var lock Lock
	text, _ := os.ReadFile(filepath.Join(out, LockName))
	if err := json.Unmarshal(text, &lock); err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, look := range lock.Looks {
		for _, c := range look.Claims {
			for _, x := range c.Comparisons {
				got += fmt.Sprintln(look.Number, c.ID, c.Beside, c.Spent, x.N, x.Alpha,
					x.Quantities[0].Seeds, x.Quantities[1].Seeds)
			}
		}
		for _, k := range look.Commands {
			run, err := runlog.Read(filepath.Join(out, k.Folder))
			if err != nil || run.Count(runlog.Done) != run.Planned() || run.Plan.Digest() != k.Plan {
				t.Errorf("%s: %v", k.Folder, err)
			}
		}
	}
	if want := `1 large false 0 5 0.002 1:1-5 1:1-5
1 none false 0 5 0.002 1:1-5 1:1-5
1 middling false 0 5 0.002 1:1-5 1:1-5
2 nearly false 0 5 0.002 1:1-5 1:1-5
3 middling false 0.002 10 0.008 1:1-10 1:1-10
3 none true 0.002 10 0.008 1:1-10 1:1-10
`; got != want {
		t.Errorf("locked:\n%s", got)
	}
	before := kept(t, out)
	h := host(func(e runner.Event) { t.Errorf("%s runs again", e.Cell.ID) })
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, JSON: true}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(kept(t, out), before) {
		t.Error("the second time changes files")
	}
	var o outcome
	if err := json.Unmarshal(h.Stdout.(*bytes.Buffer).Bytes(), &o); err != nil || o.Changes != nil ||
		len(o.Left.Hopeless) != 1 || len(o.Folders) != 3 {
		t.Errorf("%v: %+v", err, o)
	}
}

// TestGoesOn checks that a campaign killed or interrupted at any moment, and resumed, leaves the
// same bytes.
func TestGoesOn(t *testing.T) {
	_, out := whole()
	want := kept(t, out)
	same := func(t *testing.T, out string) {
		t.Helper()
		if diff := gocmp.Diff(want, kept(t, out)); diff != "" {
			t.Error(diff)
		}
	}
	t.Run("killed", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		for kills := 1; ; kills++ {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), childOf+"="+out)
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- child.Wait() }()
			var err error
			for alive := true; alive; {
				select {
				case err = <-ended:
					alive = false
				case <-time.After(time.Millisecond):
					done, _ := filepath.Glob(filepath.Join(out, "*", "cells", "[0-9a-f]*"))
					if len(done) >= 13*kills {
						_ = child.Process.Kill() // it may have ended
					}
				}
			}
			if err == nil {
				t.Logf("%d kills", kills-1)
				break
			}
		}
		same(t, out)
	})
	t.Run("interrupted", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		for i := 0; ; i++ {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			h := host(func(runner.Event) {
				if n++; n == 9 {
					cancel()
				}
			})
			err := h.Decide(ctx, nil, Settings{Out: out, Jobs: 2})
			cancel()
			if err == nil {
				break
			}
			if !errors.Is(err, ErrInterrupted) || i > 10 {
				t.Fatal(err)
			}
		}
		same(t, out)
	})
	t.Run("out of time", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		now, began := time.Now(), 0
		h := host(func(runner.Event) { now, began = now.Add(time.Minute), began+1 })
		h.Now = func() time.Time { return now }
		// 20 cells, estimated at a minute each, take ten minutes, two at a time. Twelve pass, as
		// two cells that begin in the last one are completed.
		if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, Hours: 0.2}); err != nil {
			t.Fatal(err)
		}
		if began < 11 || began > 13 || !strings.Contains(h.output(), "but incomplete; the same command continues with "+
			"them: large, none, middling\n") || !strings.Contains(h.output(), "0 of 4 claims decided") {
			t.Errorf("%d cells ran: %s", began, h.output())
		}
		h = host(func(e runner.Event) { t.Errorf("%s runs", e.Cell.ID) })
		if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, Hours: 0.01}); err != nil ||
			!strings.Contains(h.output(), "does not fit into the time left") {
			t.Errorf("%v: %s", err, h.output())
		}
		// A part of the look fits, but is not locked again.
		before := kept(t, out)[LockName]
		if err := h.Decide(t.Context(), []string{"large", "none", "middling"},
			Settings{Out: out, Jobs: 2, Hours: 0.05}); err != nil {
			t.Fatal(err)
		}
		if kept(t, out)[LockName] != before {
			t.Error("a claim whose look is not complete was locked again")
		}
		if err := host(nil).Decide(t.Context(), nil, Settings{Out: out, Jobs: 2}); err != nil {
			t.Fatal(err)
		}
		same(t, out)
	})
	t.Run("judged when complete", func(t *testing.T) {
		out := filepath.Join(t.TempDir(), "out")
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		h := host(func(runner.Event) {
			if n++; n == 18 { // of 20: all cells of both forests
				cancel()
			}
		})
		if err := h.Decide(ctx, nil, Settings{Out: out, Jobs: 2}); !errors.Is(err, ErrInterrupted) {
			t.Fatal(err)
		}
		h = host(nil)
		if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, Hours: 1e-9}); err != nil ||
			!strings.Contains(h.output(), "0 open, 4 not run") {
			t.Errorf("%v: %s", err, h.output())
		}
	})
}

// TestHours checks that a look that takes longer than the time left is not begun, but a shorter one
// is.
func TestHours(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	h := host(nil)
	h.Estimate = func(_ context.Context, c bench.Cell) time.Duration {
		if c.Method.ID == "loda" {
			return time.Hour
		}
		return time.Second
	}
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, Hours: 0.5}); err != nil {
		t.Fatal(err)
	}
	if text := h.output(); !strings.Contains(text, "middling: reproduced") ||
		!strings.Contains(text, "Claims that take longer than --hours: nearly\n") || strings.Contains(text, "nearly: open") {
		t.Error(text)
	}
}

// TestDryRun checks that a dry run writes nothing and reports the looks under way.
func TestDryRun(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	h := host(func(e runner.Event) { t.Errorf("%s runs", e.Cell.ID) })
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, DryRun: true}); err != nil {
		t.Fatal(err)
	}
	if found, _ := os.ReadDir(dir); len(found) > 0 {
		t.Errorf("it wrote %v", found)
	}
	if !strings.Contains(h.output(), "\n   uaibench run small --set datasets=toy2d --set methods=iforest,random") {
		t.Error(h.output())
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := host(func(runner.Event) { cancel() }).Decide(ctx, nil, Settings{Out: out, Jobs: 2}); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	before := kept(t, out)
	h = host(nil)
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, DryRun: true}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before, kept(t, out)) || !strings.Contains(h.output(), "which run first: look 1 (large, none, middling)") {
		t.Error(h.output())
	}
}

// TestBusy checks that a second concurrent decide is refused and does not harm the first.
func TestBusy(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	var second error
	h := host(func(runner.Event) {
		if second == nil {
			second = host(nil).Decide(t.Context(), nil, Settings{Out: out, Jobs: 1})
		}
	})
	if err := h.Decide(t.Context(), []string{"large"}, Settings{Out: out, Jobs: 2}); err != nil {
		t.Fatal(err)
	}
	if second == nil || !strings.Contains(second.Error(), "another uaibench decide is running in") {
		t.Errorf("the second: %v", second)
	}
}

// TestLockThatDoesNotFit checks that a lock that differs from the ledger or the experiments is
// refused, with advice.
func TestLockThatDoesNotFit(t *testing.T) {
	_, out := whole()
	for what, change := range map[string]func(h *Host){
		"its looks and alphas are": func(h *Host) {
			h.Ledger = bytes.Replace(h.Ledger, []byte("alpha: 0.008"), []byte("alpha: 0.009"), 1)
		},
		"look 2 is for nearly, whose checks in the ledger have changed since": func(h *Host) {
			h.Ledger = bytes.Replace(h.Ledger, []byte("{arms: [loda], metric: auc}"), []byte("{arms: [loda], metric: share}"), 1)
		},
		"look 3 is for middling, whose checks in the ledger have changed since": func(h *Host) {
			h.Ledger = bytes.Replace(h.Ledger, []byte(`{trees: "6"}`), []byte(`{trees: "7"}`), 1)
		},
		"look 3: experiment small plans other cells than when the look was locked": func(h *Host) {
			h.Specs["small"] = bytes.Replace(h.Specs["small"], []byte("budget: 30"), []byte("budget: 31"), 1)
		},
		"look 1: there is no experiment small": func(h *Host) { delete(h.Specs, "small") },
	} {
		before := kept(t, out)
		h := host(nil)
		change(h)
		err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2})
		if err == nil || !IsUsage(err) || !strings.Contains(err.Error(), what) ||
			!strings.Contains(err.Error(), "start again with another --out") {
			t.Errorf("%s: %v", what, err)
		}
		if !reflect.DeepEqual(before, kept(t, out)) {
			t.Errorf("%s: files were changed", what)
		}
	}
	for change, want := range map[string]string{
		`"folder": "02-small"`:  `folder "../elsewhere" is not below this one`,
		`"args": ["nothing"]`:   "decide does not call uaibench data import",
		`"number": 2`:           "look 7 is in the place of look 2",
		`"claim": "nearly"`:     "look 2 is for unheard, which is not in the ledger",
		`"set": ["datasets=toy`: "look 1: ",
	} {
		text, _ := os.ReadFile(filepath.Join(out, LockName))
		to := map[string]string{`"folder": "02-small"`: `"folder": "../elsewhere"`, `"number": 2`: `"number": 7`,
			`"claim": "nearly"`: `"claim": "unheard"`, `"set": ["datasets=toy`: `"set": ["datasets=toys`}[change]
		if to == "" {
			change, to = `"folder": "01-small",
     "spec": "small"`, `"args": ["data", "import", "x"], "folder": "01-small"`
		}
		changed := bytes.Replace(text, []byte(change), []byte(to), 1)
		if bytes.Equal(changed, text) {
			t.Fatalf("nothing to change: %s", change)
		}
		copy := t.TempDir()
		if err := os.WriteFile(filepath.Join(copy, LockName), changed, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := host(nil).Decide(t.Context(), nil, Settings{Out: copy}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", to, err)
		}
	}
	edited := t.TempDir()
	if err := os.WriteFile(filepath.Join(edited, LockName), []byte(`{"format": 1, "looks": [`), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := host(nil).Decide(t.Context(), nil, Settings{Out: edited}); err == nil ||
		!strings.Contains(err.Error(), "was edited or is damaged") {
		t.Error(err)
	}
}

// TestJoin checks that the second evidence is added to the first, whose looks are kept.
func TestJoin(t *testing.T) {
	draws := func(have map[string]float64) func(string, string) []float64 {
		return func(dataset, _ string) []float64 {
			if x, ok := have[dataset]; ok {
				return []float64{x}
			}
			return nil
		}
	}
	e := Join(rule.Evidence{Draws: draws(map[string]float64{"a": 1, "b": 1}),
		Looked: rule.Looked{"c": {5: {1}}}}, rule.Evidence{Draws: draws(map[string]float64{"b": 2}),
		Looked: rule.Looked{"c": {5: {2}, 10: {3}}, "d": {5: {4}}}})
	if e.Draws("a", "")[0] != 1 || e.Draws("b", "")[0] != 2 || e.Draws("c", "") != nil {
		t.Error("draws")
	}
	if want := (rule.Looked{"c": {5: {1}, 10: {3}}, "d": {5: {4}}}); !reflect.DeepEqual(e.Looked, want) {
		t.Errorf("%v", e.Looked)
	}
}

// TestOtherReplicates checks that sets with replicates other than the locked ones are reported.
func TestOtherReplicates(t *testing.T) {
	dir := t.TempDir()
	early := filepath.Join(dir, "early")
	h := host(nil)
	p, err := h.plan("seeds.base=0", "seeds.count=5")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Execute(t.Context(), runner.Config{Plan: *p, Dir: early}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out := filepath.Join(dir, "out")
	if err := host(func(runner.Event) { cancel() }).Decide(ctx, nil, Settings{Out: out, Jobs: 2}); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	err = host(nil).Decide(t.Context(), []string{"large", early}, Settings{Out: out, Jobs: 2})
	if err != nil {
		t.Errorf("decided by the set alone: %v", err)
	}
	err = host(nil).Decide(t.Context(), []string{"middling", early}, Settings{Out: out, Jobs: 2})
	if err == nil || !strings.Contains(err.Error(), "was locked with the replicates 1:1-5, but the sets begin with 1:0-4") {
		t.Errorf("%v", err)
	}
}

func (h *Host) plan(set ...string) (*bench.Plan, error) {
	return plan(h.Catalog, h.Specs, Command{Spec: "small", Set: set})
}

// TestFailedCells checks that a failed cell leaves its claims open, and that --retry-failed runs it
// again.
func TestFailedCells(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	h := host(nil)
	execute := h.Execute
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		c.Method = func(c bench.Cell) (bench.Learner, error) {
			if c.Method.ID == "loda" && c.Seed == 3 {
				return nil, errors.New("it breaks")
			}
			return baselines.New(c.Method, c.Seed)
		}
		return execute(ctx, c)
	}
	for range 2 {
		if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2}); err != nil && !errors.Is(err, ErrFailed) {
			t.Fatal(err)
		}
		if text := h.output(); !strings.Contains(text, "middling: reproduced") ||
			!strings.Contains(text, "nearly: open; look 5 is incomplete because of cell ") ||
			!strings.Contains(text, "nearly: LODA on clustered, seed 3: failed: make method loda: it breaks") {
			t.Error(text)
		}
	}
	h = host(nil)
	execute = h.Execute
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		c.RetryFailed = true
		return execute(ctx, c)
	}
	if err := h.Decide(t.Context(), nil, Settings{Out: out, Jobs: 2, RetryFailed: true}); err != nil ||
		!strings.Contains(h.output(), "nearly: open at look 5") {
		t.Errorf("%v: %s", err, h.output())
	}
}

// TestMissingData checks that datasets without raw files are reported before anything runs, and
// that their claims are left alone.
func TestMissingData(t *testing.T) {
	h := host(func(e runner.Event) { t.Errorf("%s runs", e.Cell.ID) })
	asked := 0
	h.Missing = func(p *bench.Plan) map[string]bool {
		asked++
		if len(p.Cells) != 25 { // the cells of the first looks
			t.Errorf("%d cells may run", len(p.Cells))
		}
		return map[string]bool{"toy2d": true}
	}
	out := filepath.Join(t.TempDir(), "out")
	if err := h.Decide(t.Context(), nil, Settings{Out: out}); err != nil || asked != 1 ||
		!strings.Contains(h.output(), "large: data missing: clustered") {
		t.Errorf("%d times, %v: %s", asked, err, h.output())
	}
}

// TestBadArguments checks that errors in the arguments are reported before anything is written.
func TestBadArguments(t *testing.T) {
	dir := t.TempDir()
	file, run := filepath.Join(dir, "file"), filepath.Join(dir, "run")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(run, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(run, "plan.json"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		s    Settings
		want string
	}{
		{[]string{"mitdling", "nowhere.tar.gz"}, Settings{}, "mitdling: there is no such claim, run, pack or folder; did you mean middling?\nnowhere.tar.gz: there is no such claim"},
		{nil, Settings{Hours: -1}, "--hours -1: write a number of hours from 0"},
		{nil, Settings{Hours: math.NaN()}, "--hours NaN"},
		{nil, Settings{Hours: math.Inf(1)}, "--hours +Inf"},
		{nil, Settings{Out: file}, "it is a file; name a folder"},
		{nil, Settings{Out: run}, "it is a run directory; name another folder"},
	} {
		c.s.Out = cmp.Or(c.s.Out, filepath.Join(dir, "out"))
		if err := host(nil).Decide(t.Context(), c.args, c.s); err == nil || !IsUsage(err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("a folder was made")
	}
}

// TestRealData decides a claim on a real table.
func TestRealData(t *testing.T) {
	h := host(nil)
	yeast, _ := h.Catalog.Dataset("yeast")
	if missing := finder().Missing(yeast.Raw); len(missing) > 0 {
		t.Skipf("needs yeast: %v", missing[0])
	}
	h.Specs["small"] = bytes.Replace(h.Specs["small"], []byte("{id: toy2d, label: clustered, params: {anomalies: cluster}}"), []byte("yeast"), 1)
	h.Ledger = bytes.ReplaceAll(h.Ledger, []byte("{id: clustered, dataset: toy2d, set: {anomalies: cluster}}"), []byte("{id: clustered, dataset: yeast, set: {}}"))
	if err := h.Decide(t.Context(), []string{"large"}, Settings{Out: filepath.Join(t.TempDir(), "out"), Jobs: 2}); err != nil {
		t.Fatal(err)
	}
	if text := h.output(); !strings.Contains(text, "large: reproduced at look ") {
		t.Error(text)
	}
}
