package deep

import (
	"context"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/bench"
)

// ScoreScale is the transformation of s for the UAI layer (U7).
type ScoreScale uint8

const (
	RawScore ScoreScale = iota
	// by mean and standard deviation over the pool, frozen after pre-training
	Standardized
	// by exponentially decaying moments (0.99 a step) of the base loss's batches; in a UAIOnly
	// round of the labelled batches
	Running
	LogScore // log(1 + s); for s below zero -log(1 - s)
)

// scale returns s as the layer's input.
func (u *UAI) scale(s float32) float32 {
	switch u.opt.Score {
	case Standardized, Running:
		return u.moments.standardize(s)
	case LogScore:
		if s < 0 {
			return -f32.Log1(1 - s)
		}
		return f32.Log1(1 + s)
	}
	return s
}

// scaleSlope returns the derivative of scale.
func (u *UAI) scaleSlope(s float32) float32 {
	switch u.opt.Score {
	case Standardized, Running:
		if u.moments.set && u.moments.std != 0 {
			return 1 / u.moments.std
		}
	case LogScore:
		return 1 / (1 + max(s, -s))
	}
	return 1
}

// measure sets the moments to the mean and standard deviation of s over the pool.
func (u *UAI) measure(ctx context.Context, d bench.Data) error {
	var sum, sq float64
	n := float64(d.Rows())
	var all []float64
	err := u.score(ctx, d, nil, func(_ int, _, s []float32) {
		for _, v := range s {
			sum += float64(v)
			all = append(all, float64(v))
		}
	})
	for _, v := range all {
		e := v - sum/n
		sq += float64(e * e)
	}
	u.scored += int64(d.Rows())
	u.moments = moments{mean: float32(sum / n), std: float32(math.Sqrt(sq / n)), set: true}
	return err
}

// moments are the mean and deviation that standardise s.
type moments struct {
	mean, variance, std float32
	set                 bool
}

// follow updates the moments by one training batch: decay 0.99 a step; the first batch sets them.
func (m *moments) follow(s []float32) {
	mu := mean(s)
	var v float32
	for _, x := range s {
		e := x - mu
		v += float32(e * e)
	}
	v /= float32(len(s))
	if !m.set {
		m.mean, m.variance, m.set = mu, v, true
	} else {
		m.mean += float32(0.01 * (mu - m.mean))
		m.variance += float32(0.01 * (v - m.variance))
	}
	m.std = float32(math.Sqrt(float64(m.variance)))
}

func (m *moments) standardize(s float32) float32 {
	if !m.set || m.std == 0 {
		return s - m.mean
	}
	return (s - m.mean) / m.std
}
