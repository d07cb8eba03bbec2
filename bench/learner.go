package bench

import (
	"context"
	"fmt"
)

// Head is one of a method's scores.
type Head uint8

const (
	// HeadTrained is the score that learns from labels (s_uai, or w.z of AAD). A method without one
	// returns its base score.
	HeadTrained Head = iota
	// HeadBase is the unsupervised score s.
	HeadBase
)

// String returns the name in audit logs.
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
	// Scores fills dst with the scores of the given rows of d (n x d, possibly unseen data), or of
	// all n if rows is nil; dst has the length of rows, or n. Higher is more anomalous. It does not
	// change the model. want is the score to use; Scores returns the one used.
	Scores(ctx context.Context, dst []float64, d Data, rows []int, want Head) (Head, error)
}

// Detector is an unsupervised method.
type Detector interface {
	Scorer
	Fit(ctx context.Context, d Data) error
}

// Learner is Algorithm 1's model. Train is called before every selection with all labels so far; at
// the first call, which is the pre-training, there are none.
type Learner interface {
	Scorer
	Train(ctx context.Context, d Data, l Labels) error
}

// ColdStarter is a Learner that selects by its base score at first (App. A.1: in the first ten
// calls of select_top). Cold is called before the call-th selection, counted from 1, and reports
// whether that one is by the base score.
type ColdStarter interface {
	Cold(call int, l Labels) bool
}

// Static is implemented by Learners whose scores may never change after the first Train; if Static
// returns true, Run ranks once.
type Static interface {
	Static() bool
}

// Flagger is a detector with its own threshold, such as the sign of a one-class SVM. Flags sets dst
// (len n) to the rows of d whose score is above it.
type Flagger interface {
	Flags(dst []bool, d Data)
}

// FlaggerOf returns the Flagger of a learner, or of the detector in a Passive one.
func FlaggerOf(l Learner) (Flagger, bool) {
	if p, ok := l.(interface{ detector() Detector }); ok {
		f, ok := p.detector().(Flagger)
		return f, ok
	}
	f, ok := l.(Flagger)
	return f, ok
}

// Counter returns counts of work, such as "steps" and "rows_scored". Unlike times, they are the
// same on every machine.
type Counter interface {
	Counts() map[string]int64
}

// Passive returns a Learner that fits d at the first Train and ignores labels. If d is a Pauser, so
// is the Learner, until it has fitted.
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
