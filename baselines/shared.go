package baselines

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/uaibench/uaibench/bench"
)

// Shared makes learners for the cells of a plan, and lets those with the same data, network and
// seed share one pre-training, exactly: DAE and DAE_uai differ only after the first label. The
// results are those of New, in less time. Its methods may be called by many goroutines.
type Shared struct {
	threads atomic.Int64

	mu        sync.Mutex
	expected  map[string]int // cells yet to come, by pre-training
	snapshots map[string]*snapshot
}

// snapshot is a pre-training under way or done.
type snapshot struct {
	ready chan struct{} // closed when it is done or has failed
	data  []byte        // nil: it failed
}

// NewShared returns a maker of learners that shares among the cells that it is told to expect.
func NewShared() *Shared {
	return &Shared{expected: map[string]int{}, snapshots: map[string]*snapshot{}}
}

// SetThreads has so many threads share each learner's work, one at first. More than one pays where
// fewer cells run than there are cores. Learners that are made already keep what they have, but
// networks take more threads between two steps.
func (s *Shared) SetThreads(threads int) { s.threads.Store(int64(threads)) }

// Threads that share each learner's work now, at least 1.
func (s *Shared) Threads() int { return max(1, int(s.threads.Load())) }

// Expect announces a cell, so that a pre-training is kept for as long as a cell to come wants it.
func (s *Shared) Expect(c bench.Cell) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := PretrainingKey(c); key != "" {
		s.expected[key]++
	}
}

// New makes the learner of a cell.
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
		// Waiting costs no more time than training: whoever trains is ahead of us.
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

// train fills in a snapshot. Where it fails (an error, a panic, a time limit), the next cell that
// wants it trains for itself.
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

// waive says that a cell to come wants no pre-training: it goes on from behind its own.
func (s *Shared) waive(key string) {
	s.mu.Lock()
	s.expected[key]--
	s.mu.Unlock()
	s.release(key)
}

// release forgets a snapshot that no cell to come wants.
func (s *Shared) release(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expected[key] <= 0 {
		delete(s.snapshots, key)
	}
}

// PretrainingKey identifies what determines a cell's pre-training, and by it the base scores before
// the first label; "" if it has none to share.
func PretrainingKey(c bench.Cell) string {
	m, _ := find(c.Method.ID)
	if m.pretraining.name == "" {
		return ""
	}
	p := bench.Params{}
	for _, q := range m.pretraining.params {
		if v, ok := c.Method.Params[q.Name]; ok { // one that came later is left out at its default
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
