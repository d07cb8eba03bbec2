// Package fake makes runs for tests, in memory and without running anything: a Builder plans cells
// and gives each an outcome, and Demo, Probed, Varied and others are whole runs of a kind. Golden
// compares with the files of a package's testdata, and Faults reads a page as a strict parser does.
// Nothing but tests imports it.
package fake

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Builder builds runs in memory, without running anything.
type Builder struct {
	Run *runlog.Run
}

// New begins a run with nothing planned.
func New(title string) *Builder {
	f := &Builder{Run: &runlog.Run{Plan: bench.Plan{Name: "fake", Title: title}}}
	f.Run.Envs = []runlog.Env{{
		Started: time.Date(
			2026,
			1,
			2,
			3,
			4,
			5,
			0,
			time.UTC,
		), Version: "v0.1", Commit: "0123456789abcdef", Go: "go1.26",
		OS: "linux", Arch: "amd64", CPU: "Some CPU <x>", Cores: 2, Kernel: "avx2", Jobs: 2,
		Host: "host",
		Modules: map[string]string{
			"gonum.org/v1/plot": "v0.17.0",
		}, Args: []string{"run", "demo.yaml"},
	}}
	return f
}

// Dataset of a catalogue id with parameters.
func Dataset(id string, params bench.Params) bench.DatasetRef {
	if params == nil {
		params = bench.Params{"rows": 0}
	}
	return bench.DatasetRef{ID: id, Version: 1, Params: params, Seed: 1}
}

// Outcome of a fake cell.
type Outcome struct {
	Rows, N, Budget int
	Found           bench.Found // in the audits
	Full            bench.Found
	State           runlog.State // empty: done
	Error           string
}

// Add plans a cell and gives it an outcome.
func (f *Builder) Add(
	ds bench.DatasetRef,
	method, label string,
	seed uint64,
	o Outcome,
	variant ...bench.Setting,
) *runlog.CellRecord {
	budget := o.Budget
	if budget == 0 {
		budget = 10
	}
	params := bench.Params{"phi": 0.1, "hidden": []int{256, 64, 8}}
	for _, v := range variant {
		params[v.Name] = v.Value
	}
	cell := bench.Cell{
		Dataset: ds, Method: bench.MethodRef{ID: method, Version: 1, Params: params}, Seed: seed,
		Budget: bench.Budget{Audits: budget}, K: bench.K{Below: 100, Then: 3, Else: 10}, Loop: 1,
	}
	p := bench.PlannedCell{ID: cell.ID(), Cell: cell, Label: label, Variant: variant}
	f.Run.Plan.Cells = append(f.Run.Plan.Cells, p)
	rec := runlog.CellRecord{PlannedCell: p}
	state := o.State
	if state == "" {
		state = runlog.Done
	}
	rec.Status.State = state
	if state != runlog.Planned {
		rec.Status.Attempts = []runlog.Attempt{
			{
				State:   state,
				Seconds: 12.25,
				Host:    "host",
				Kernel:  "avx2",
				Commit:  "0123456",
				Seed:    seed,
				Error:   o.Error,
			},
		}
	}
	if state == runlog.Done {
		rec.Status.Digest = fmt.Sprintf("%064d", seed)
		r := &runlog.Result{
			Format: 1, ID: p.ID, Cell: cell, Rows: o.Rows, Features: 784, Classes: 9,
			Anomalies: o.N, Budget: budget, K: 10,
			Audited: budget, Found: o.Found, Full: o.Full,
		}
		if len(o.Found) == o.N && o.Full == nil && o.N > 0 {
			r.StoppedEarly = true
			r.Audited = o.Found[o.N-1]
		}
		if budget >= o.N && o.N > 0 {
			prf := bench.PRFAt(o.Found.At(o.N), o.N, o.N)
			r.Metrics.AtAnomalies = &prf
		}
		r.Metrics.Area = o.Found.Area(budget, o.N)
		auc := 0.75
		r.Unlabelled = &runlog.RankMetrics{ROCAUC: &auc}
		rec.Result = r
	}
	f.Run.Cells = append(f.Run.Cells, rec)
	return &f.Run.Cells[len(f.Run.Cells)-1]
}

// smooth is a found curve over total audits that rises to a share of n anomalies; speed says how
// fast, wait how late.
func smooth(total, n int, share, speed float64, wait int, stream bench.Stream) bench.Found {
	rng := stream.Rand()
	var f bench.Found
	for j := 1; j <= total && len(f) < n; j++ {
		goal := share * float64(n) * (1 - math.Exp(-speed*float64(max(j-wait, 0))/float64(n)))
		if float64(len(f)) < goal && rng.Float64() < 0.8 {
			f = append(f, j)
		}
	}
	return f
}

// Demo is like the main job: methods x datasets x seeds, with curves of the shapes that the paper
// prints.
func Demo(datasets, seeds, budget int) *runlog.Run {
	f := New("MNIST0 and friends: a fake run")
	type shape struct{ rows, n int }
	shapes := map[string]shape{
		"mnist0":     {54679, 602},
		"mnist0_2":   {43199, 1822},
		"mnist_hard": {60000, 2108},
		"mnist_pca":  {60000, 2996},
	}
	for i, id := range []string{"mnist0", "mnist0_2", "mnist_hard", "mnist_pca"}[:datasets] {
		sh := shapes[id]
		for k, m := range []struct {
			id, label    string
			share, speed float64
			wait         int
			static       bool
		}{
			{"dae_uai", "DAE_uai", 1.02, 1.6, 110, false},
			{"class_uai", "Class_uai", 1.05, 2, 60 + 40*i, false},
			{"dae", "DAE", 0.9, 0.1, 0, true}, {"class", "Class", 1.02, 1.4, 0, true},
			{"random", "random", 1, 0.011, 0, true},
		} {
			for s := range seeds {
				stream := bench.NewStream(uint64(s), "fake", id, m.id)
				speed := m.speed * (1 + 0.25*(stream.Rand().Float64()-0.5))
				o := Outcome{Rows: sh.rows, N: sh.n, Budget: budget}
				if m.static {
					o.Full = smooth(sh.rows, sh.n, m.share*1.2, speed, m.wait, stream)
					for len(o.Full) < sh.n {
						o.Full = append(o.Full, sh.rows-sh.n+len(o.Full)+1)
					}
					at := o.Full.At(budget)
					o.Found = slices.Clone(o.Full[:at])
				} else {
					o.Found = smooth(budget, sh.n, m.share, speed, m.wait, stream)
				}
				rec := f.Add(Dataset(id, nil), m.id, m.label, uint64(2019+s), o)
				rec.Status.Attempts[0].Seconds = float64(40*(k+1)) + float64(s)
			}
		}
	}
	f.Run.Plan.Plots = []bench.Plot{{Kind: "recall_curve", XMax: budget}}
	return f.Run
}

// Catalog of the fakes.
func Catalog() bench.Catalog {
	var c bench.Catalog
	for _, d := range []struct {
		id, title   string
		rows, anoms int
	}{{"mnist0", "MNIST0", 54679, 602}, {"mnist0_2", "MNIST0-2", 43199, 1822},
		{"mnist_hard", "MNISThard", 60000, 2108}, {"mnist_pca", "MNISTpca", 60000, 2996}} {
		info := bench.DatasetInfo{ID: d.id, Title: d.title, Features: 784, Classes: 9,
			Params: []bench.Param{
				{
					Name:    "rows",
					Kind:    bench.Int,
					Default: 0,
					Doc:     "rows to keep; 0: all",
					Source:  "our assumption",
				},
			}}
		info.Published.Rows, info.Published.Anomalies = d.rows, d.anoms
		c.Datasets = append(c.Datasets, info)
	}
	for _, m := range [][2]string{{"dae_uai", "DAE_uai"}, {"class_uai", "Class_uai"},
		{"dae", "DAE"}, {"class", "Class"}, {"random", "random"}} {
		c.Methods = append(c.Methods, bench.MethodInfo{ID: m[0], Title: m[1], Params: []bench.Param{
			{
				Name:    "hidden",
				Kind:    bench.Ints,
				Default: []int{256, 64, 8},
				Doc:     "sizes of the hidden layers, the latent one last",
				Source:  "paper, App. A.1",
			},
			{
				Name:    "phi",
				Kind:    bench.Float,
				Default: 0.1,
				Doc:     "standard deviation of the input noise",
				Source:  "our assumption",
				Open:    "U4",
			},
		}})
	}
	return c
}

// Audits is an audit log that fits the cell's found curve.
func Audits(c runlog.CellRecord) ([]runlog.Query, error) {
	out := make([]runlog.Query, c.Result.Audited)
	found := 0
	for i := range out {
		y := c.Result.Found.At(i+1) > found
		if y {
			found++
		}
		head := "trained"
		if i < 100 {
			head = "base"
		}
		out[i] = runlog.Query{
			Audit:   i + 1,
			Call:    i/10 + 1,
			Rank:    i%10 + 1,
			Row:     (i * 7919) % c.Result.Rows,
			Score:   12.5 / float64(i+1),
			Head:    head,
			Anomaly: y,
			Truth:   y,
			Found:   found,
		}
	}
	return out, nil
}

// First gives a curve whose first n audits are all anomalies.
func First(n int) bench.Found {
	var f bench.Found
	for i := range n {
		f = append(f, i+1)
	}
	return f
}

// Varied has a default, a copy of it under another name, a variant that finds one, two, three more,
// one that always finds two more, one with a failed seed, and one on another pool.
func Varied() *Builder {
	f := New("varied")
	found := func(n int) Outcome { return Outcome{Rows: 100, N: 20, Budget: 10, Found: First(n)} }
	as := func(s string) bench.Setting { return bench.Setting{Name: "variant", Value: s} }
	for i := range 3 {
		seed := uint64(i + 1)
		f.Add(Dataset("mnist0", nil), "dae", "DAE", seed, found(1+i))
		def := *f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, found(2+i))
		again := def
		again.Variant = []bench.Setting{as("copy")}
		f.Run.Cells = append(f.Run.Cells, again)
		f.Run.Plan.Cells = append(f.Run.Plan.Cells, again.PlannedCell)
		f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, found(2+i+1+i), as("more"))
		f.Add(
			Dataset("mnist0", bench.Params{"rows": 99}),
			"dae_uai",
			"DAE_uai",
			seed,
			found(2+i+1),
			as("other scaling"),
		)
		f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, found(2+i+2), as("two more"))
		o := found(1)
		if i == 1 {
			o.State, o.Error = runlog.Failed, "diverged"
		}
		f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, o, as("fails"))
	}
	return f
}

// Gridded is a grid of phi and k on one dataset: phi 0.1 and k 10 are the catalogue's and the
// paper's.
func Gridded(failed bool) *Builder {
	f := New("grid")
	for seed := range 2 {
		for i, phi := range []string{"0", "0.1", "0.5"} {
			for j, k := range []int{3, 10} {
				o := Outcome{Rows: 1000, N: 200, Budget: 10, Found: First(1 + i + 3*j + seed)}
				if failed && seed == 1 && i == 2 && j == 1 {
					o.State, o.Error = runlog.Failed, "diverged"
				}
				rec := f.Add(Dataset("mnist0", nil), "dae", "DAE", uint64(seed), o)
				rec.Cell.Method.Params = bench.Params{
					"phi":    []float64{0, 0.1, 0.5}[i],
					"hidden": []int{256, 64, 8},
				}
				rec.Cell.K = bench.K{Audits: k}
				rec.ID = rec.Cell.ID()
				rec.Variant = []bench.Setting{
					{Name: "k", Value: fmt.Sprint(k)},
					{Name: "phi", Value: phi},
				}
				f.Run.Plan.Cells[len(f.Run.Plan.Cells)-1] = rec.PlannedCell
			}
		}
	}
	return f
}

// Probed is a run whose checkpoints look at everything: ten rows with three anomalies, two seeds of
// a method that learns, of which one cell more failed, and one that does not learn.
func Probed() *Builder {
	f := New("looks")
	f.Run.Plan.Plots = []bench.Plot{
		{Kind: "test_recall"},
		{Kind: "guesses"},
		{Kind: "latent_plane"},
	}
	add := func(method, label string, seed uint64, checkpoints ...runlog.Checkpoint) {
		o := Outcome{Rows: 10, N: 3, Budget: 4, Found: bench.Found{2, 4}}
		if method == "dae" {
			o.Full = bench.Found{2, 4, 9}
		}
		r := f.Add(Dataset("mnist0", nil), method, label, seed, o).Result
		r.Anomalies, r.Checkpoints = 3, checkpoints
	}
	test := func(seen, unseen, found int) *runlog.TestLook {
		return &runlog.TestLook{Rows: 20, Anomalies: 6, Hits: seen + unseen, Found: found,
			Seen: runlog.Hits{Hits: seen, Of: 4}, Unseen: runlog.Hits{Hits: unseen, Of: 2},
			Groups: []runlog.GroupHits{
				{Name: "smurf", Seen: true, Hits: runlog.Hits{Hits: seen, Of: 4}},
				{Name: "new", Hits: runlog.Hits{Hits: unseen, Of: 2}},
			}}
	}
	plane := func(v float64) *runlog.Plane {
		b := v - 0.125
		return &runlog.Plane{
			Dim:      1,
			AUC:      &v,
			Balanced: &b,
			W:        []float64{1, 0.5},
			Mean:     []float64{2, 1},
			SD:       []float64{1, 2},
			Cut:      0.5,
			Anomalies: &runlog.Points{
				Of:  3,
				Row: []int{1, 5, 8},
				L:   []float64{3, 4, 4.5},
				S:   []float64{1, 0, 7},
			},
			Normals: &runlog.Points{
				Of:  7,
				Row: []int{0, 2},
				L:   []float64{0, -1},
				S:   []float64{3, 1},
			},
		}
	}
	for seed := range 2 {
		i := int(seed)
		add(
			"dae_uai",
			"DAE_uai",
			uint64(seed),
			runlog.Checkpoint{
				At:    0,
				Head:  "base",
				Test:  test(1, 2, 0),
				Tail:  runlog.NewTail(bench.Found{2, 4, 9}, 0, 10),
				Plane: plane(0.5),
			},
			runlog.Checkpoint{
				At:      4,
				Audited: 4,
				Head:    "trained",
				Test:    test(2+i, 1, 2),
				Tail:    runlog.NewTail(bench.Found{2, 4, 5 + i}, 4, 10),
				Plane:   plane(0.75 + 0.25*float64(i)),
			},
		)
	}
	f.Add(
		Dataset("mnist0", nil),
		"dae_uai",
		"DAE_uai",
		2,
		Outcome{Budget: 4, State: runlog.Failed, Error: "diverged"},
	)
	add(
		"dae",
		"DAE",
		0,
		runlog.Checkpoint{
			At:   0,
			Head: "base",
			Test: test(1, 2, 0),
			Tail: runlog.NewTail(bench.Found{2, 4, 9}, 0, 10),
		},
		runlog.Checkpoint{At: 4, Audited: 4, Head: "base"},
	)
	return f
}

func Checkpoint(audited int, counts map[string]int64) runlog.Checkpoint {
	return runlog.Checkpoint{At: audited, Audited: audited, Counts: counts}
}

// Counted is a run of one cell whose rounds with 10, 20, 30 and 40 labels cost 100, 300, 500 and
// 700.
func Counted() *Builder {
	f := New("complexity")
	f.Run.Plan.Plots = []bench.Plot{{Kind: "round_work"}}
	rec := f.Add(
		Dataset("mnist0", nil),
		"dae_uai",
		"AAD",
		1,
		Outcome{Rows: 100, N: 3, Budget: 10, Found: bench.Found{1}},
	)
	for i := range 5 {
		rec.Result.Checkpoints = append(
			rec.Result.Checkpoints,
			Checkpoint(
				10*i,
				map[string]int64{"rows_touched": int64(100 * i * i), "rows_scored": int64(7 * i)},
			),
		)
	}
	return f
}

// Explanations is a run with two seeds of two methods, whose rows are a 28 x 28 picture of a single
// stroke, and two features.
func Explanations() *Builder {
	f := New("explanations")
	image, l, s := make([]float32, 784), make([]float64, 784), make([]float64, 784)
	for j := range 12 {
		image[28*(5+j)+14] = 0.5
	}
	l[28*5+14], s[28*5+14], s[28*6+14] = 3, 1, -1
	for seed := range uint64(2) {
		add := func(id, method, label string, e ...runlog.Explanation) {
			r := f.Add(
				Dataset(id, nil),
				method,
				label,
				seed,
				Outcome{Rows: 10, N: 3, Budget: 4, Found: bench.Found{2, 4}},
			).Result
			r.Checkpoints = []runlog.Checkpoint{
				{At: 0, Head: "base"},
				{At: 4, Audited: 4, Head: "trained", Explanations: e},
			}
		}
		add(
			"mnist0",
			"dae_uai",
			"DAE_uai",
			runlog.NewExplanation(7+int(seed), 1.5, true, image, l, s, 10),
			runlog.NewExplanation(1, -1, false, image, s, s, 10),
		)
		add(
			"mnist_pca",
			"dae_uai",
			"DAE_uai",
			runlog.NewExplanation(
				3,
				0.25,
				false,
				[]float32{0.125, 2},
				[]float64{1, -2},
				[]float64{1, -4},
				10,
			),
			runlog.NewExplanation(
				4,
				0.25,
				false,
				[]float32{0, 0},
				[]float64{0, 0},
				[]float64{0, 0},
				10,
			),
		)
	}
	return f
}

var demoOnce = sync.OnceValue(func() *runlog.Run { return Demo(2, 3, 300) })

// Runs are complete and incomplete ones, each of a kind that has to be told honestly.
func Runs() map[string]*runlog.Run {
	out := map[string]*runlog.Run{}
	ds := Dataset("mnist0", nil)

	f := New("Nothing is planned")
	out["no cells"] = f.Run

	f = New("")
	f.Run.Envs = nil
	for s := range uint64(2) {
		f.Add(ds, "dae", "DAE", s, Outcome{State: runlog.Planned})
	}
	out["nothing run"] = f.Run

	f = New("All failed")
	for s := range uint64(2) {
		f.Add(
			ds,
			"dae",
			"DAE",
			s,
			Outcome{State: runlog.Failed, Error: "data missing: train-images.gz\nsecond line"},
		)
	}
	f.Add(ds, "class", "Class", 0, Outcome{State: runlog.TimedOut, Error: "time limit of 1s"})
	out["all failed"] = f.Run

	f = New("One seed")
	f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}})
	out["one seed"] = f.Run

	f = New("No anomalies")
	f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 20})
	f.Add(ds, "dae", "DAE", 1, Outcome{Rows: 20})
	out["no anomalies"] = f.Run

	f = New("A method is missing on one dataset, some cells everywhere")
	other := Dataset("unknown/../set", nil)
	for s := range uint64(5) {
		o := Outcome{Rows: 50, N: 4, Found: bench.Found{1 + int(s), 7}}
		if s == 3 {
			o = Outcome{State: runlog.Failed, Error: "panic: index out of range"}
		}
		f.Add(ds, "dae_uai", "DAE_uai", s, o)
		f.Add(ds, "class", "Class", s, Outcome{Rows: 50, N: 4, Found: bench.Found{1, 2, 3, 4}})
		f.Add(other, "dae_uai", "DAE_uai", s, Outcome{Rows: 30, N: 20, Found: bench.Found{1, 2}})
	}
	f.Run.Cells[0].Status.Attempts[0].Kernel = "generic"
	f.Run.Cells[1].Status.Attempts[0].Resumed = &runlog.Resumed{
		Audits:  10,
		Kernels: []string{"avx512"},
	}
	broken := f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 50, N: 4})
	broken.Result = nil
	f.Run.NotInPlan = 3
	out["mixed"] = f.Run

	f = New(Strange)
	f.Run.Plan.Plots = []bench.Plot{
		{Kind: "pie" + Strange},
		{Kind: "recall_curve", XMax: 5},
		{Kind: "recall_curve", XMax: 5},
	}
	f.Run.Plan.Tables = []string{"f1", "table9"}
	nasty := Dataset("x", bench.Params{"rows": 3, "file": Strange})
	for s := range uint64(2) {
		f.Add(
			nasty,
			"m1",
			Strange,
			s,
			Outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}},
			bench.Setting{Name: Strange, Value: Strange},
		)
		f.Add(
			Dataset("x", nil),
			"m1",
			Strange,
			s,
			Outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}},
		)
		f.Add(
			Dataset("x", nil),
			"m1",
			Strange,
			s,
			Outcome{State: runlog.Failed, Error: Strange + "\n" + Strange},
			bench.Setting{Name: "k", Value: "3"},
		)
		f.Add(
			Dataset("panel", nil),
			"m2",
			"",
			s,
			Outcome{Rows: 20, N: 4, Found: bench.Found{1, 2, 3, 4}},
		)
	}
	out["strange"] = f.Run

	f = New("A sweep")
	for s := range uint64(2) {
		for _, k := range []string{"1", "3", "10", "30", "100", "300", "1000"} {
			f.Add(
				ds,
				"dae_uai",
				"DAE_uai",
				s,
				Outcome{Rows: 50, N: 4, Found: bench.Found{1 + int(s), 7}},
				bench.Setting{Name: "k", Value: k},
			)
		}
	}
	out["sweep"] = f.Run

	out["demo"] = demoOnce()
	return out
}

var regen = flag.Bool("regen", false, "rewrite the golden files instead of comparing with them")

// Golden compares got with testdata/name, byte by byte.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *regen {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at the change, then rewrite it with -regen. Got:\n%s", path, got)
	}
}

// Half adds a cell of the half-split protocol, done if f1 is not 0.
func (f *Builder) Half(
	method string,
	seed uint64,
	train string,
	t bench.Threshold,
	tp, flagged, anomalies int,
) {
	cell := bench.Cell{
		Dataset: Dataset(
			"mnist0",
			nil,
		), Method: bench.MethodRef{ID: method, Version: 1, Params: bench.Params{"phi": 0.1}},
		Seed:      seed,
		Threshold: t, Loop: 1,
	}
	cell.Dataset.Split = bench.Split{Seed: seed, Train: train, Stratified: true}
	rec := runlog.CellRecord{
		PlannedCell: bench.PlannedCell{
			ID:      cell.ID(),
			Cell:    cell,
			Label:   method,
			Variant: []bench.Setting{{Name: "split", Value: train}},
		},
	}
	rec.Status = runlog.Status{
		State: runlog.Failed,
		Attempts: []runlog.Attempt{
			{State: runlog.Failed, Seed: seed, Error: "the mixture collapsed"},
		},
	}
	if flagged > 0 {
		rec.Status = runlog.Status{
			State:    runlog.Done,
			Digest:   strings.Repeat("0", 64),
			Attempts: []runlog.Attempt{{State: runlog.Done, Seed: seed, Seconds: 1}},
		}
		s := &runlog.Split{
			Train:   runlog.Half{Rows: 90},
			Test:    runlog.Half{Rows: 100, Anomalies: anomalies},
			Flagged: flagged,
			PRF:     bench.PRFAt(tp, flagged, anomalies),
		}
		rec.Result = &runlog.Result{
			Format:    1,
			ID:        cell.ID(),
			Cell:      cell,
			Rows:      190,
			Anomalies: anomalies,
			Features:  784,
			Found:     bench.Found{},
			Split:     s,
		}
	}
	f.Run.Plan.Cells = append(f.Run.Plan.Cells, rec.PlannedCell)
	f.Run.Cells = append(f.Run.Cells, rec)
}

func WithHalves(f *Builder) {
	ceil, floor := bench.Threshold{
		Ratio: 0.1,
		Round: bench.RoundUp,
	}, bench.Threshold{
		Ratio: 0.1,
		Round: bench.RoundDown,
	}
	f.Half("dae", 1, bench.TrainClean, ceil, 5, 10, 6)
	f.Half("dae", 2, bench.TrainClean, ceil, 4, 10, 6)
	f.Half("dae", 1, bench.TrainDirty, ceil, 2, 10, 6)
	f.Half("dae", 2, bench.TrainDirty, ceil, 0, 0, 6) // fails
	f.Half("dae", 1, bench.TrainClean, floor, 6, 10, 6)
	f.Half("ocsvm", 1, bench.TrainClean, bench.Threshold{Own: true}, 6, 12, 6)
}

// Strange holds whatever could break out of a rendering.
const Strange = "<script>alert(1)</script> | a,b \"q\" 'r' `c` *d* [e](f) \\ & 漢字 " +
	"é\x00\x1b[31m\u202e_x_"
