package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Resumable is a Learner or Detector whose state can be saved and restored in another process,
// which then continues to the same bits.
type Resumable interface {
	// Snapshot writes, exactly, all state that later calls of Train and Scores depend on and that
	// does not follow from the data, the settings and the labels. It may be called between rounds,
	// and from the function given to Pause.
	Snapshot(w io.Writer) error
	// Restore sets a new learner with the same settings and seed to the saved state. d is the same
	// data, and l begins with all labels that the saved learner had been trained with.
	Restore(ctx context.Context, d Data, l Labels, r io.Reader) error
}

// Pauser is a Resumable that can also be saved during its first Train, or Fit, the pre-training,
// which may take hours. A learner restored from such a snapshot continues the pre-training at its
// own first Train.
type Pauser interface {
	Resumable
	// Pause registers f to be called occasionally between two steps of the first Train; f may call
	// Snapshot. An error of f ends the training.
	Pause(f func() error)
}

// Position is the state of a run between two rounds. Together with the learner it is Algorithm 1's
// complete state: the oracle's answers follow from the rows. The zero value is the start.
type Position struct {
	Labels  Labels `json:"labels"`  // so far
	Reached int    `json:"reached"` // checkpoints passed to Settings.Checkpoint
}

// check returns why p is not a position of a run with settings s on n rows; nil if it is one.
func (p *Position) check(n int, s Settings) error {
	h := p.Labels.Len()
	switch {
	case len(p.Labels.Anomaly) != h:
		return fmt.Errorf("%d audits with %d answers", h, len(p.Labels.Anomaly))
	case h > s.Budget || h%s.K != 0 && h != s.Budget:
		return fmt.Errorf("%d audits are not the end of a round of %d, for a budget of %d", h, s.K,
			s.Budget)
	case p.Reached < 0 || p.Reached > len(s.Checkpoints):
		return fmt.Errorf("%d of %d checkpoints are reached", p.Reached, len(s.Checkpoints))
	}
	seen := make(map[int]bool, h)
	for _, row := range p.Labels.Index {
		if row < 0 || row >= n || seen[row] {
			return fmt.Errorf("row %d is not in [0, %d), or occurs twice", row, n)
		}
		seen[row] = true
	}
	return nil
}

// errStatic: a static learner is not saved between rounds, as it ranks once and its rounds take no
// time.
var errStatic = errors.New("a static learner has no position between rounds to resume from")
