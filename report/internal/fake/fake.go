// Package fake makes runs for tests, in memory and without computing anything: a Builder plans
// cells and gives each an outcome, and Demo, Probed, Varied and others are complete runs. Golden
// compares with a package's testdata files, and Faults checks a page with a strict parser. Only
// tests import it.
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
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Builder builds a run in memory.
type Builder struct {
	Run *runlog.Run
}

// New returns a builder of a run without cells.
func New(title string) *Builder {
	f := &Builder{Run: &runlog.Run{Plan: bench.Plan{Name: "fake", Title: title}}}
	f.Run.Envs = []runlog.Env{{
		Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Version: "v0.1",
		Commit: "0123456789abcdef", Go: "go1.26",
		OS: "linux", Arch: "amd64", CPU: "Some CPU <x>", Cores: 2, Kernel: "avx2", Jobs: 2,
		Host: "host",
		Modules: map[string]string{
			"gonum.org/v1/plot": "v0.17.0",
		}, Args: []string{"run", "demo.yaml"},
	}}
	return f
}

// Dataset is a reference to a catalogue id with parameters.
func Dataset(id string, params bench.Params) bench.DatasetRef {
	if params == nil {
		params = bench.Params{"rows": 0}
	}
	return bench.DatasetRef{ID: id, Version: 1, Params: params, Seed: 1}
}

// Outcome is the outcome of a fake cell.
type Outcome struct {
	Rows, N, Budget int
	Found           metric.RecallCurve // within the audits
	Full            metric.RecallCurve
	State           runlog.State // empty: done
	Error           string
}

// Add plans a cell and gives it an outcome.
func (f *Builder) Add(ds bench.DatasetRef, method, label string, seed uint64, o Outcome,
	variant ...bench.Setting) *runlog.CellRecord {
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
			prf := metric.PRFAt(o.Found.At(o.N), o.N, o.N)
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

// smooth is a found curve over total audits that rises to a share of n anomalies. speed sets how
// fast it rises, wait how late.
func smooth(total, n int, share, speed float64, wait int, stream bench.Stream) metric.RecallCurve {
	rng := stream.Rand()
	var f metric.RecallCurve
	for j := 1; j <= total && len(f) < n; j++ {
		goal := share * float64(n) * (1 - math.Exp(-speed*float64(max(j-wait, 0))/float64(n)))
		if float64(len(f)) < goal && rng.Float64() < 0.8 {
			f = append(f, j)
		}
	}
	return f
}

// Demo is like the main job: methods x datasets x seeds, with curves shaped like the paper's.
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

// Catalog is the catalogue of the fake datasets and methods.
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

// Audits returns an audit log that fits the cell's found curve.
func Audits(c runlog.CellRecord) ([]runlog.Audit, error) {
	out := make([]runlog.Audit, c.Result.Audited)
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
		out[i] = runlog.Audit{
			Number: i + 1,
			Call:   i/10 + 1,
			Rank:   i%10 + 1,
			Row:    (i * 7919) % c.Result.Rows,
			Score:  12.5 / float64(i+1),
			Head:   head,
			Label:  y,
			Truth:  y,
			Found:  found,
		}
	}
	return out, nil
}

var demoOnce = sync.OnceValue(func() *runlog.Run { return Demo(2, 3, 300) })

var regen = flag.Bool("regen", false, "rewrite the golden files instead of comparing with them")

// Golden compares got with testdata/name, byte by byte.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *regen {
		if err := atomicfile.Write(path, got); err != nil {
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

// Half adds a cell of the half-split protocol, which is done if flagged is above 0.
func (f *Builder) Half(method string, seed uint64, train string, t bench.Threshold, tp, flagged,
	anomalies int) {
	cell := bench.Cell{
		Dataset:   Dataset("mnist0", nil),
		Method:    bench.MethodRef{ID: method, Version: 1, Params: bench.Params{"phi": 0.1}},
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
		s := &runlog.Holdout{
			Train:   runlog.Half{Rows: 90},
			Test:    runlog.Half{Rows: 100, Anomalies: anomalies},
			Flagged: flagged,
			PRF:     metric.PRFAt(tp, flagged, anomalies),
		}
		rec.Result = &runlog.Result{
			Format:    1,
			ID:        cell.ID(),
			Cell:      cell,
			Rows:      190,
			Anomalies: anomalies,
			Features:  784,
			Found:     metric.RecallCurve{},
			Holdout:   s,
		}
	}
	f.Run.Plan.Cells = append(f.Run.Plan.Cells, rec.PlannedCell)
	f.Run.Cells = append(f.Run.Cells, rec)
}

// Strange has characters that could break out of any output format.
const Strange = "<script>alert(1)</script> | a,b \"q\" 'r' `c` *d* [e](f) \\ & 漢字 " +
	"é\x00\x1b[31m\u202e_x_"
