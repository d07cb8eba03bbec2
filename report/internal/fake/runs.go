package fake

import (
	"fmt"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// First is a curve whose first n audits are all anomalies.
func First(n int) metric.RecallCurve {
	var f metric.RecallCurve
	for i := range n {
		f = append(f, i+1)
	}
	return f
}

// Varied has a default, a copy of it under another name, a variant that finds one, two and three
// more, one that always finds two more, one with a failed seed, and one on another pool.
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
		f.Add(Dataset("mnist0", bench.Params{"rows": 99}), "dae_uai", "DAE_uai", seed, found(2+i+1),
			as("other scaling"))
		f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, found(2+i+2), as("two more"))
		o := found(1)
		if i == 1 {
			o.State, o.Error = runlog.Failed, "diverged"
		}
		f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, o, as("fails"))
	}
	return f
}

// Gridded is a grid of phi and k on one dataset. phi 0.1 is the catalogue's default, k 10 the
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

// plane is a latent projection with AUC v.
func plane(v float64) *runlog.LatentProjection {
	b := v - 0.125
	return &runlog.LatentProjection{
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

// Probed is a run with test, ranking and latent probes at its checkpoints: ten rows with three
// anomalies, two seeds of a method that learns and a third that failed, and one of a method that
// does not learn.
func Probed() *Builder {
	f := New("looks")
	f.Run.Plan.Plots = []bench.Plot{
		{Kind: "test_recall"},
		{Kind: "guesses"},
		{Kind: "latent_plane"},
	}
	add := func(method, label string, seed uint64, checkpoints ...runlog.Checkpoint) {
		o := Outcome{Rows: 10, N: 3, Budget: 4, Found: metric.RecallCurve{2, 4}}
		if method == "dae" {
			o.Full = metric.RecallCurve{2, 4, 9}
		}
		r := f.Add(Dataset("mnist0", nil), method, label, seed, o).Result
		r.Anomalies, r.Checkpoints = 3, checkpoints
	}
	test := func(seen, unseen, found int) *runlog.TestProbe {
		return &runlog.TestProbe{Rows: 20, Anomalies: 6, Hits: seen + unseen, Found: found,
			Seen: runlog.Hits{Hits: seen, Of: 4}, Unseen: runlog.Hits{Hits: unseen, Of: 2},
			Groups: []runlog.GroupHits{
				{Name: "smurf", Seen: true, Hits: runlog.Hits{Hits: seen, Of: 4}},
				{Name: "new", Hits: runlog.Hits{Hits: unseen, Of: 2}},
			}}
	}
	for seed := range 2 {
		i := int(seed)
		add(
			"dae_uai",
			"DAE_uai",
			uint64(seed),
			runlog.Checkpoint{
				At:         0,
				Head:       "base",
				Test:       test(1, 2, 0),
				Ranking:    runlog.NewFrozenRanking(metric.RecallCurve{2, 4, 9}, 0, 10),
				Projection: plane(0.5),
			},
			runlog.Checkpoint{
				At:         4,
				Audited:    4,
				Head:       "trained",
				Test:       test(2+i, 1, 2),
				Ranking:    runlog.NewFrozenRanking(metric.RecallCurve{2, 4, 5 + i}, 4, 10),
				Projection: plane(0.75 + 0.25*float64(i)),
			},
		)
	}
	f.Add(Dataset("mnist0", nil), "dae_uai", "DAE_uai", 2,
		Outcome{Budget: 4, State: runlog.Failed, Error: "diverged"})
	add(
		"dae",
		"DAE",
		0,
		runlog.Checkpoint{
			At:      0,
			Head:    "base",
			Test:    test(1, 2, 0),
			Ranking: runlog.NewFrozenRanking(metric.RecallCurve{2, 4, 9}, 0, 10),
		},
		runlog.Checkpoint{At: 4, Audited: 4, Head: "base"},
	)
	return f
}

// Checkpoint is a checkpoint after audited audits, with counts.
func Checkpoint(audited int, counts map[string]int64) runlog.Checkpoint {
	return runlog.Checkpoint{At: audited, Audited: audited, Counts: counts}
}

// Counted is a run of one cell whose rounds with 10, 20, 30 and 40 labels cost 100, 300, 500 and
// 700.
func Counted() *Builder {
	f := New("complexity")
	f.Run.Plan.Plots = []bench.Plot{{Kind: "round_work"}}
	rec := f.Add(Dataset("mnist0", nil), "dae_uai", "AAD", 1,
		Outcome{Rows: 100, N: 3, Budget: 10, Found: metric.RecallCurve{1}})
	for i := range 5 {
		rec.Result.Checkpoints = append(rec.Result.Checkpoints,
			Checkpoint(10*i,
				map[string]int64{"rows_touched": int64(100 * i * i), "rows_scored": int64(7 * i)}))
	}
	return f
}

// Explanations is a run with two seeds of one method on two datasets, whose rows are a 28 x 28
// image of a single stroke, and two features.
func Explanations() *Builder {
	f := New("explanations")
	image, l, s := make([]float32, 784), make([]float64, 784), make([]float64, 784)
	for j := range 12 {
		image[28*(5+j)+14] = 0.5
	}
	l[28*5+14], s[28*5+14], s[28*6+14] = 3, 1, -1
	for seed := range uint64(2) {
		add := func(id, method, label string, e ...runlog.Explanation) {
			r := f.Add(Dataset(id, nil), method, label, seed,
				Outcome{Rows: 10, N: 3, Budget: 4, Found: metric.RecallCurve{2, 4}}).Result
			r.Checkpoints = []runlog.Checkpoint{
				{At: 0, Head: "base"},
				{At: 4, Audited: 4, Head: "trained", Explanations: e},
			}
		}
		add("mnist0", "dae_uai", "DAE_uai",
			runlog.NewExplanation(7+int(seed), 1.5, true, image, l, s, 10),
			runlog.NewExplanation(1, -1, false, image, s, s, 10))
		add("mnist_pca", "dae_uai", "DAE_uai",
			runlog.NewExplanation(3, 0.25, false, []float32{0.125, 2}, []float64{1, -2},
				[]float64{1, -4}, 10),
			runlog.NewExplanation(4, 0.25, false, []float32{0, 0}, []float64{0, 0}, []float64{0, 0},
				10))
	}
	return f
}

// Runs returns complete and incomplete runs, each with a difficulty for reports.
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
		f.Add(ds, "dae", "DAE", s,
			Outcome{State: runlog.Failed, Error: "data missing: train-images.gz\nsecond line"})
	}
	f.Add(ds, "class", "Class", 0, Outcome{State: runlog.TimedOut, Error: "time limit of 1s"})
	out["all failed"] = f.Run

	f = New("One seed")
	f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 20, N: 4, Found: metric.RecallCurve{2, 5}})
	out["one seed"] = f.Run

	f = New("No anomalies")
	f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 20})
	f.Add(ds, "dae", "DAE", 1, Outcome{Rows: 20})
	out["no anomalies"] = f.Run

	out["mixed"] = mixed(ds)

	out["strange"] = strangeRun()

	f = New("A sweep")
	for s := range uint64(2) {
		for _, k := range []string{"1", "3", "10", "30", "100", "300", "1000"} {
			f.Add(ds, "dae_uai", "DAE_uai", s,
				Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1 + int(s), 7}},
				bench.Setting{Name: "k", Value: k})
		}
	}
	out["sweep"] = f.Run

	out["demo"] = demoOnce()
	return out
}

// WithHalves adds cells of the half-split protocol with several training halves and thresholds, one
// of which failed.
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

// mixed has done and failed cells, one without its result, and mixed kernels.
func mixed(ds bench.DatasetRef) *runlog.Run {
	f := New("A method is missing on one dataset, some cells everywhere")
	other := Dataset("unknown/../set", nil)
	for s := range uint64(5) {
		o := Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1 + int(s), 7}}
		if s == 3 {
			o = Outcome{State: runlog.Failed, Error: "panic: index out of range"}
		}
		f.Add(ds, "dae_uai", "DAE_uai", s, o)
		f.Add(ds, "class", "Class", s,
			Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1, 2, 3, 4}})
		f.Add(other, "dae_uai", "DAE_uai", s,
			Outcome{Rows: 30, N: 20, Found: metric.RecallCurve{1, 2}})
	}
	f.Run.Cells[0].Status.Attempts[0].Kernel = "generic"
	f.Run.Cells[1].Status.Attempts[0].Resumed = &runlog.Resumed{
		Audits:  10,
		Kernels: []string{"avx512"},
	}
	broken := f.Add(ds, "dae", "DAE", 0, Outcome{Rows: 50, N: 4})
	broken.Result = nil
	f.Run.NotInPlan = 3
	return f.Run
}

// strangeRun has names that could break out of any output format.
func strangeRun() *runlog.Run {
	f := New(Strange)
	f.Run.Plan.Plots = []bench.Plot{
		{Kind: "pie" + Strange},
		{Kind: "recall_curve", XMax: 5},
		{Kind: "recall_curve", XMax: 5},
	}
	f.Run.Plan.Tables = []string{"f1", "table9"}
	nasty := Dataset("x", bench.Params{"rows": 3, "file": Strange})
	for s := range uint64(2) {
		f.Add(nasty, "m1", Strange, s, Outcome{Rows: 20, N: 4, Found: metric.RecallCurve{2, 5}},
			bench.Setting{Name: Strange, Value: Strange})
		f.Add(Dataset("x", nil), "m1", Strange, s,
			Outcome{Rows: 20, N: 4, Found: metric.RecallCurve{2, 5}})
		f.Add(Dataset("x", nil), "m1", Strange, s,
			Outcome{State: runlog.Failed, Error: Strange + "\n" + Strange},
			bench.Setting{Name: "k", Value: "3"})
		f.Add(Dataset("panel", nil), "m2", "", s,
			Outcome{Rows: 20, N: 4, Found: metric.RecallCurve{1, 2, 3, 4}})
	}
	return f.Run
}
