package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Resumable is a Learner, or a Detector, that can be written down and go on from there in another
// process, to the same bits.
type Resumable interface {
	// Snapshot writes, exactly, all that coming calls of Train and Scores depend on and that does
	// not follow from the data, the settings and the labels. It may be called between rounds, and
	// from the function that Pause was given.
	Snapshot(w io.Writer) error
	// Restore makes a new learner of the same settings and seed what the writer was. d is the same
	// data, and l begins with all labels that the writer had been trained with.
	Restore(ctx context.Context, d Data, l Labels, r io.Reader) error
}

// Pauser is a Resumable that can be written down in the middle of its first Train, or of Fit, too:
// that is the pre-training, which may take hours. What is restored from such a snapshot goes on
// with it at its own first Train.
type Pauser interface {
	Resumable
	// Pause has f called now and then between two steps of the first Train, where Snapshot may be
	// called. An error of f ends the training.
	Pause(f func() error)
}

// Position is where a run is between two rounds. Together with the learner it is all of Algorithm
// 1's state: the oracle's answer follows from the row. The zero value is the start.
type Position struct {
	Labels  Labels `json:"labels"`  // so far
	Reached int    `json:"reached"` // checkpoints handed over
}

// check says what is wrong with a position for a run of a budget and k on n rows.
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
			return fmt.Errorf("row %d is not in [0, %d), or is there twice", row, n)
		}
		seen[row] = true
	}
	return nil
}

// errStatic: what a static learner ranked once is not written down, for its rounds take no time.
var errStatic = errors.New("a static learner has no place between rounds to go on from")
