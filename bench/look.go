package bench

import "context"

// What is looked at at a checkpoint, beside how the frozen model ranks the pool.
const (
	LookPlane = "plane" // l against s: Figures 9 and 10
	LookTail  = "tail"  // the audits, then all other rows as the frozen model ranks them: Figure 11
	LookTest  = "test"  // what the frozen model flags of Dataset.Test: Figure 4
)

// Latent is a method that shows where rows lie in its latent space, beside their base score.
type Latent interface {
	// LatentDim is h, known once the method is trained.
	LatentDim() int
	// Latents fills l (len(rows) x h, row-major) and s (len(rows)) for those rows of d. It does not change the model.
	Latents(ctx context.Context, l, s []float64, d Data, rows []int) error
}
