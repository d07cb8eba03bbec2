package baselines

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/uaibench/uaibench/bench"
)

// Shared builds learners for the cells of a plan, and lets those with the same data, network and
// seed share one pre-training: DAE and DAE_uai differ only after the first label. The results equal
// those of New exactly, in less time. It is safe for concurrent use.
type Shared struct {
	threads atomic.Int64

	mu        sync.Mutex
	expected  map[string]int // cells still to come, by pre-training key
	snapshots map[string]*snapshot
}

// snapshot is a pre-training in progress or finished.
type snapshot struct {
	ready chan struct{} // closed when it has finished or failed
	data  []byte        // nil: it failed
}

// NewShared returns a Shared that shares pre-trainings among the cells announced by Expect.
func NewShared() *Shared {
	return &Shared{expected: map[string]int{}, snapshots: map[string]*snapshot{}}
}

// SetThreads sets the number of threads that share each learner's work, initially 1. More than one
// pays where fewer cells run than there are cores. Learners built earlier keep their threads, but
// networks take more between two steps.
func (s *Shared) SetThreads(threads int) { s.threads.Store(int64(threads)) }

// Threads returns the number of threads that share each learner's work now, at least 1.
func (s *Shared) Threads() int { return max(1, int(s.threads.Load())) }

// Expect announces a cell, so that its pre-training is kept until the last such cell has used it.
func (s *Shared) Expect(c bench.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := PretrainingKey(c); key != "" {
		s.expected[key]++
	}
}

// New builds the learner of a cell.
func (s *Shared) New(c bench.Cell) (bench.Learner, error) {
	o := buildOptions{threads: s.Threads(), more: s.Threads}
	if key := PretrainingKey(c); key != "" {
		o.cache = sharedPretraining{s, key}
	}
	return build(c.Method, c.Seed, o)
}

// sharedPretraining is the deep.PretrainingCache of the cells with one key.
type sharedPretraining struct {
	of  *Shared
	key string
}

func (p sharedPretraining) Get(ctx context.Context,
	train func(context.Context) ([]byte, error)) ([]byte, error) {
	return p.of.share(ctx, p.key, train)
}

func (p sharedPretraining) Release() { p.of.waive(p.key) }

func (s *Shared) share(ctx context.Context, key string,
	train func(context.Context) ([]byte, error)) ([]byte, error) {
	s.mu.Lock()
	s.expected[key]--
	s.mu.Unlock()
	for {
		s.mu.Lock()
		have := s.snapshots[key]
		if have == nil {
			have = &snapshot{ready: make(chan struct{})}
			s.snapshots[key] = have
			s.mu.Unlock()
			return s.train(ctx, key, have, train)
		}
		s.mu.Unlock()
		// Waiting takes no longer than training: the other cell has already begun.
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-have.ready:
		}
		if have.data != nil {
			s.release(key)
			return have.data, nil
		}
	}
}

// train fills in a snapshot. If it fails (an error, a panic, a time limit), the next cell that
// needs the snapshot trains for itself.
func (s *Shared) train(ctx context.Context, key string, into *snapshot,
	train func(context.Context) ([]byte, error)) ([]byte, error) {
	defer func() {
		s.mu.Lock()
		if into.data == nil {
			delete(s.snapshots, key)
		}
		s.mu.Unlock()
		close(into.ready)
		s.release(key)
	}()
	data, err := train(ctx)
	if err != nil {
		return nil, err
	}
	into.data = data
	return data, nil
}

// waive drops a cell's claim: it resumes from its own snapshot past the pre-training.
func (s *Shared) waive(key string) {
	s.mu.Lock()
	s.expected[key]--
	s.mu.Unlock()
	s.release(key)
}

// release drops a snapshot that no coming cell needs.
func (s *Shared) release(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expected[key] <= 0 {
		delete(s.snapshots, key)
	}
}

// PretrainingKey identifies the inputs of a cell's pre-training, and so its base scores before the
// first label; "" if it has none to share.
func PretrainingKey(c bench.Cell) string {
	m, _ := find(c.Method.ID)
	if m.pretraining.name == "" {
		return ""
	}
	p := bench.Params{}
	for _, q := range m.pretraining.params {
		if v, ok := c.Method.Params[q.Name]; ok { // later parameters at their defaults are absent
			p[q.Name] = v
		}
	}
	key, err := json.Marshal(struct {
		Data, Base string
		Params     bench.Params
		Seed       uint64
	}{c.Dataset.Key(), m.pretraining.name, p, c.Seed})
	if err != nil {
		panic("baselines: " + err.Error())
	}
	return string(key)
}
