package baselines

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func cell(t *testing.T, id string, given map[string]any, seed uint64) bench.Cell {
	t.Helper()
	i := slices.IndexFunc(Catalog(), func(m bench.MethodInfo) bool { return m.ID == id })
	m := Catalog()[i]
	use := map[string]any{"hidden": []int{8, 3}, "batch": 32, "pretrain_steps": 60,
		"round_steps": 5}
	for k, v := range given {
		use[k] = v
	}
	p, errs := bench.Resolve(m.Params, use)
	if errs != nil {
		t.Fatal(errs)
	}
	return bench.Cell{Method: bench.MethodRef{ID: id, Version: m.Version, Params: p}, Seed: seed}
}

// TestSharedPretraining: cells that run side by side and share give the same bytes as cells that do
// not; those that differ in the network or the seed share nothing; nothing is kept at the end.
func TestSharedPretraining(t *testing.T) {
	d, truth := pool()
	cells := []bench.Cell{
		cell(t, "dae", nil, 1), cell(t, "dae_uai", nil, 1), cell(t, "dae_uai",
			map[string]any{"gamma": 2.0}, 1),
		cell(t, "dae", nil, 2), cell(t, "dae", map[string]any{"noise": 0.2}, 1),
		cell(t, "class", nil, 1), cell(t, "class_uai", nil, 1),
	}
	scores := func(l bench.Learner) []float64 {
		var r recorder
		if _, err := bench.Run(context.Background(), d, l, bench.Truth(truth),
			bench.Settings{Budget: 30, K: 3}, &r); err != nil {
			t.Error(err)
		}
		out := make([]float64, d.Rows())
		l.Scores(context.Background(), out, d, nil, bench.HeadTrained)
		return out
	}
	s := NewShared()
	for _, c := range cells {
		s.Expect(c)
	}
	got := make([][]float64, len(cells))
	var wg sync.WaitGroup
	for i, c := range cells {
		wg.Go(func() {
			l, err := s.New(c)
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = scores(l)
		})
	}
	wg.Wait()
	for i, c := range cells {
		l, err := New(c.Method, c.Seed)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got[i], scores(l)) {
			t.Errorf("cell %d (%s): sharing changed the result", i, c.Method.ID)
		}
	}
	if len(s.snapshots) > 0 {
		t.Errorf("%d snapshots are kept though no cell wants them", len(s.snapshots))
	}
	keys := map[string]bool{}
	for _, c := range cells {
		keys[PretrainingKey(c)] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d pre-trainings for the cells, want 4: two of DAE with the noise swept or "+
			"the seed changed, one shared, one of Class", len(keys))
	}
}

// TestSharedFailure: if the cell that pre-trains fails, the next waiting cell trains for itself.
func TestSharedFailure(t *testing.T) {
	s := NewShared()
	s.expected["key"] = 2
	started, fail := make(chan struct{}), errors.New("broken")
	first := make(chan error)
	go func() {
		_, err := s.share(context.Background(), "key", func(context.Context) ([]byte, error) {
			close(started)
			return nil, fail
		})
		first <- err
	}()
	<-started
	data, err := s.share(context.Background(), "key",
		func(context.Context) ([]byte, error) { return []byte("fine"), nil })
	if string(data) != "fine" || err != nil {
		t.Errorf("the second cell got %q, %v", data, err)
	}
	if err := <-first; err != fail {
		t.Errorf("the first cell got %v", err)
	}
	// A cancelled cell does not wait.
	s.snapshots["other"] = &snapshot{ready: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.share(ctx, "other", nil); err != context.Canceled {
		t.Errorf("a cancelled cell got %v", err)
	}
}
