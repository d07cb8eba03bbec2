package baselines

import (
	"bytes"
	"runtime"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestMemoryIsEnough: Memory is at least the memory that a method holds after a round plus that of
// its snapshot.
func TestMemoryIsEnough(t *testing.T) {
	const rows, features = 4000, 40
	d := bench.Data{X: bench.NewMatrix(rows, features), Class: make([]int32, rows), Classes: 3}
	rng := bench.NewStream(1, "memory").Rand()
	for i := range d.X.Data {
		d.X.Data[i] = rng.Float32()
	}
	var l bench.Labels
	for i := range 40 {
		d.Class[i] = int32(i % 3)
		l.Index, l.Anomaly = append(l.Index, i), append(l.Anomaly, i%4 == 0)
	}
	live := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for _, info := range Catalog() {
		// Wide layers and a large batch, so that the part that the settings determine outweighs the
		// constant part.
		use := map[string]any{"hidden": []int{512, 64, 8}, "batch": 512, "pretrain_steps": 2,
			"layer_steps": 1, "end_steps": 1, "epochs": 1, "round_steps": 2, "trees": 200, "bin_tries": 5, "k_min": 100, "k_max": 120, "subsample": 256, "restarts": 1, "iterations": 2, "cache_megabytes": 8}
		given := map[string]any{}
		for _, p := range info.Params {
			if v, ok := use[p.Name]; ok {
				given[p.Name] = v
			}
		}
		p, errs := bench.Resolve(info.Params, given)
		if errs != nil {
			t.Fatal(errs)
		}
		ref := bench.MethodRef{ID: info.ID, Version: info.Version, Params: p}
		before := live()
		m, err := New(ref, 1)
		if err != nil {
			t.Fatal(err)
		}
		scores := make([]float64, rows)
		for _, labels := range []bench.Labels{{}, l} {
			if err := m.Train(t.Context(), d, labels); err != nil {
				t.Fatalf("%s: %v", info.ID, err)
			}
			if _, err := m.Scores(t.Context(), scores, d, nil, bench.HeadTrained); err != nil {
				t.Fatal(err)
			}
		}
		holds := live() - before
		var b bytes.Buffer
		if r, ok := m.(bench.Resumable); ok && info.Active {
			if err := r.Snapshot(&b); err != nil {
				t.Fatal(err)
			}
		}
		estimate := Memory(ref, Shape{Rows: rows, Features: features, Classes: 3}, 1)
		t.Logf("%-10s holds %5.1f MB, a snapshot %4.1f MB; estimate %5.1f MB", info.ID,
			float64(holds)/1e6, float64(b.Len())/1e6, float64(estimate)/1e6)
		if holds+int64(b.Len()) > estimate {
			t.Errorf("%s holds %d bytes and %d for a snapshot; the estimate is %d", info.ID, holds,
				b.Len(), estimate)
		}
		runtime.KeepAlive(m)
	}
}

// TestMemoryGrowsWithRows: for a method that encodes the pool, more rows add no more to its memory
// than to the estimate, and most of the estimate is needed for the codes.
func TestMemoryGrowsWithRows(t *testing.T) {
	for _, id := range []string{"tree_aad", "loda_aad", "fif"} {
		given := map[string]any{"trees": 300, "k_min": 300, "k_max": 301, "bin_tries": 2}
		for name := range given {
			if !slices.ContainsFunc(infoOf(t, id).Params, func(p bench.Param) bool { return p.Name == name }) {
				delete(given, name)
			}
		}
		ref := bench.MethodRef{ID: id, Version: infoOf(t, id).Version, Params: resolved(t, id, given)}
		var holds, estimate [2]int64
		for i, rows := range []int{2000, 22000} {
			d := bench.Data{X: bench.NewMatrix(rows, 3)}
			rng := bench.NewStream(1, "memory").Rand()
			for j := range d.X.Data {
				d.X.Data[j] = rng.Float32()
			}
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := New(ref, 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Train(t.Context(), d, bench.Labels{}); err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			holds[i] = int64(after.HeapAlloc) - int64(before.HeapAlloc)
			estimate[i] = Memory(ref, Shape{Rows: rows, Features: 3}, 1)
			runtime.KeepAlive(m)
			runtime.KeepAlive(d)
		}
		more, counted := holds[1]-holds[0], estimate[1]-estimate[0]
		if more > counted || more < 2*300*20000*9/10 {
			t.Errorf("%s: 20,000 rows more take %d bytes, estimated are %d", id, more, counted)
		}
	}
}

// TestMemoryOfSeparateOptimizer: a separate optimiser of the cross-entropy adds no more to the
// memory and the snapshot than to the estimate, and at least half as much.
func TestMemoryOfSeparateOptimizer(t *testing.T) {
	d := bench.Data{X: bench.NewMatrix(300, 200)}
	rng := bench.NewStream(1, "memory").Rand()
	for i := range d.X.Data {
		d.X.Data[i] = rng.Float32()
	}
	l := bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}
	shape := Shape{Rows: 300, Features: 200}
	for _, c := range []struct {
		id, layers string
		given      map[string]any
	}{{"dae_uai", "hidden", nil}, {"dae_uai", "hidden",
		map[string]any{"round_loss": "uai"}}, {"dagmm_uai", "compression", nil}, {"dagmm_uai", "compression", map[string]any{"latent": "all"}}} {
		var holds, estimate [2]int64
		for i, optimizer := range []string{"shared", "separate"} {
			given := map[string]any{c.layers: []int{2000, 8}, "uai_optimizer": optimizer,
				"pretrain_steps": 1, "round_steps": 1}
			for k, v := range c.given {
				given[k] = v
			}
			p, errs := bench.Resolve(infoOf(t, c.id).Params, given)
			if errs != nil {
				t.Fatal(errs)
			}
			ref := bench.MethodRef{ID: c.id, Version: 1, Params: p}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			m, err := New(ref, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range []bench.Labels{{}, l} {
				if err := m.Train(t.Context(), d, l); err != nil {
					t.Fatal(err)
				}
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			var b bytes.Buffer
			if err := m.(bench.Resumable).Snapshot(&b); err != nil {
				t.Fatal(err)
			}
			holds[i] = int64(after.HeapAlloc) - int64(before.HeapAlloc) + int64(b.Len())
			estimate[i] = Memory(ref, shape, 1)
			runtime.KeepAlive(m)
		}
		more, counted := holds[1]-holds[0], estimate[1]-estimate[0]
		const slack = 100 << 10 // for the rest of the heap; the estimate is about five megabytes
		if more > counted+slack || more < counted/2-slack || counted < 1<<20 {
			t.Errorf("%s %v: a separate optimiser takes %d bytes more, estimated are %d", c.id,
				c.given, more, counted)
		}
	}
}
