package bench

import (
	"context"
	"fmt"
)

// Head says which of a method's scores is meant.
type Head uint8

const (
	// HeadTrained is the score that learns from labels (s_uai, or w.z of AAD); a method
	// without one answers with its base score.
	HeadTrained Head = iota
	// HeadBase is the unsupervised score s.
	HeadBase
)

// String is the name that audit logs use.
func (h Head) String() string {
	switch h {
	case HeadTrained:
		return "trained"
	case HeadBase:
		return "base"
	}
	return fmt.Sprintf("head(%d)", uint8(h))
}

// Scorer ranks rows.
type Scorer interface {
	// Scores fills dst (len rows, or len n if rows is nil) for those rows of d (n x d, possibly
	// unseen data); higher is more anomalous. It does not change the model. want says which
	// score is wanted; the head that was used is returned.
	Scores(ctx context.Context, dst []float64, d Data, rows []int, want Head) (Head, error)
}

// Detector is an unsupervised method.
type Detector interface {
	Scorer
	Fit(ctx context.Context, d Data) error
}

// Learner is Algorithm 1's model. Train is called before every selection with all labels so far
// (none at the first call, which is the pre-training).
type Learner interface {
	Scorer
	Train(ctx context.Context, d Data, l Labels) error
}

// ColdStarter is a Learner that at first selects by its base score (App. A.1: in the first ten
// calls of select_top). Cold is asked before the call-th selection, counted from 1.
type ColdStarter interface {
	Cold(call int, l Labels) bool
}

// Static is a Learner whose scores never change after its first Train, so that Run ranks once.
type Static interface {
	Static() bool
}

// Flagger is a detector with a threshold of its own, such as the sign of a one-class SVM: it flags
// the rows whose score is above it.
type Flagger interface {
	Flags(dst []bool, d Data)
}

// FlaggerOf finds what flags in a learner, Passive or not.
func FlaggerOf(l Learner) (Flagger, bool) {
	if p, ok := l.(interface{ detector() Detector }); ok {
		f, ok := p.detector().(Flagger)
		return f, ok
	}
	f, ok := l.(Flagger)
	return f, ok
}

// Counter reports work done, counted rather than timed, and the same on every machine:
// "steps", "rows_scored", …
type Counter interface {
	Counts() map[string]int64
}

// Passive makes a Learner of a Detector: it fits once and ignores labels. Where the detector is a
// Pauser, so is the Learner until it has fitted.
func Passive(d Detector) Learner {
	p := &passive{Detector: d}
	if r, ok := d.(Pauser); ok {
		return &struct {
			*passive
			Pauser
		}{p, r}
	}
	return p
}

type passive struct {
	Detector
	fitted bool
}

func (p *passive) detector() Detector { return p.Detector }

func (p *passive) Static() bool { return true }

func (p *passive) Train(ctx context.Context, d Data, _ Labels) error {
	if p.fitted {
		return nil
	}
	if err := p.Fit(ctx, d); err != nil {
		return err
	}
	p.fitted = true
	return nil
}

func (p *passive) Counts() map[string]int64 {
	if c, ok := p.Detector.(Counter); ok {
		return c.Counts()
	}
	return nil
}
