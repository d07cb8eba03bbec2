package bench

import (
	"context"
	"errors"
	"fmt"
)

// Probes of the frozen model at a checkpoint, beside how it ranks the pool.
const (
	ProbeProjection = "plane" // l against s: Figures 9 and 10
	// the audits, then all other rows as the frozen model ranks them: Figure 11
	ProbeRanking = "tail"
	ProbeTestSet = "test" // what the frozen model flags of Dataset.Test: Figure 4
	// which features drive the scores of the rows that the frozen model ranks next
	ProbeExplanations = "explain"
)

// Supports says, before any training, why a learner does not have a probe; nil: it has. What
// the dataset must have for it is not asked.
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
	return fmt.Errorf("%q is no look that this program knows", look)
}

// Latent is a method that shows where rows lie in its latent space, beside their base score.
type Latent interface {
	// LatentDim is h, known once the method is trained.
	LatentDim() int
	// Latents fills l (len(rows) x h, row-major) and s (len(rows)) for those rows of d. It does not
	// change the model.
	Latents(ctx context.Context, l, s []float64, d Data, rows []int) error
}

// Explainer is a method that tells which features of a row drive its score, so that "auditors could
// focus on a few important features" (Sec. 6): by gradient times input, x_j ∂f/∂x_j of feature j.
type Explainer interface {
	// Explains says, before any training, why there are no explanations; nil: there are.
	Explains() error
	// Explain fills l and s (len(rows) x d, row-major) with what every feature contributes through
	// l and through s: f is the method's trained score, or with HeadBase s itself, on which nothing
	// acts through l. That the training lets no gradient through s is no matter here: the score
	// does depend on it. It does not change the model.
	Explain(ctx context.Context, l, s []float64, d Data, rows []int, want Head) error
}
