package bench

import (
	"context"
	"errors"
	"fmt"
)

// Probes of the frozen model at a checkpoint, besides its ranking of the pool.
const (
	ProbeProjection = "plane" // l against s: Figures 9 and 10
	// the audits, then all other rows as ranked by the frozen model: Figure 11
	ProbeRanking = "tail"
	ProbeTestSet = "test" // rows of Dataset.Test that the frozen model flags: Figure 4
	// the features that drive the scores of the rows that the frozen model ranks next
	ProbeExplanations = "explain"
)

// Supports returns why a learner does not support a probe, or nil if it does; it may be called
// before training. Requirements on the dataset are not checked.
func Supports(m Learner, look string) error {
	switch look {
	case ProbeRanking, ProbeTestSet:
		return nil
	case ProbeProjection:
		if _, ok := m.(Latent); !ok {
			return errors.New("there is no latent representation")
		}
		return nil
	case ProbeExplanations:
		e, ok := m.(Explainer)
		if !ok {
			return errors.New("its scores are not explained")
		}
		return e.Explains()
	}
	return fmt.Errorf("%q is not a known probe", look)
}

// Latent is a method that returns the latent representation of rows and their base score.
type Latent interface {
	// LatentDim returns h, known once the method is trained.
	LatentDim() int
	// Latents fills l (len(rows) x h, row-major) and s (len(rows)) for the given rows of d. It does
	// not change the model.
	Latents(ctx context.Context, l, s []float64, d Data, rows []int) error
}

// Explainer is a method that explains which features of a row drive its score, so that "auditors
// could focus on a few important features" (Sec. 6): by gradient times input, x_j ∂f/∂x_j for
// feature j.
type Explainer interface {
	// Explains returns why there are no explanations, or nil if there are; it may be called before
	// training.
	Explains() error
	// Explain fills l and s (len(rows) x d, row-major) with the contributions of each feature to f
	// through l and through s. f is the method's trained score; with HeadBase it is s itself, to
	// which nothing contributes through l. The contribution through s is included even if training
	// stops gradients at s, as the score depends on s all the same. Explain does not change the
	// model.
	Explain(ctx context.Context, l, s []float64, d Data, rows []int, want Head) error
}
