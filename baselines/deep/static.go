package deep

import (
	"context"

	"github.com/uaibench/uaibench/bench"
)

// Unsupervised is a base without a UAI layer, like the paper's DAE and Class baselines: a
// bench.Detector whose ranking after the pre-training is final.
type Unsupervised struct{ trainer }

// NewUnsupervised returns an untrained detector over base, which must have been made with the same
// settings.
func NewUnsupervised(base Base, s Settings) *Unsupervised {
	return &Unsupervised{trainer{base: base, set: s}}
}

// Fit pre-trains.
func (u *Unsupervised) Fit(ctx context.Context, d bench.Data) error {
	return u.start(ctx, d)
}

// Scores: see bench.Scorer. It always returns s.
func (u *Unsupervised) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	return bench.HeadBase, u.baseScores(ctx, dst, d, rows)
}

// Counts: see bench.Counter.
func (u *Unsupervised) Counts() map[string]int64 { return u.counts() }

// Reranked is a base that trains further after every round, without labels, and ranks again: the
// baseline with the same compute as a UaiNet (U15).
type Reranked struct {
	*Unsupervised
	round int
}

// NewReranked returns an untrained Reranked that takes round steps after each labelling call.
func NewReranked(base Base, s Settings, round int) *Reranked {
	return &Reranked{NewUnsupervised(base, s), round}
}

// Train pre-trains at the first call, and takes round steps of the base loss at every later one.
func (r *Reranked) Train(ctx context.Context, d bench.Data, l bench.Labels) error {
	if l.Len() == 0 {
		return r.Fit(ctx, d)
	}
	if err := r.pretrain(ctx, d, r.round); err != nil {
		return err
	}
	return r.refresh(ctx, d)
}
