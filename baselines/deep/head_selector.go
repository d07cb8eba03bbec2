package deep

import (
	"context"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// headSelector chooses the head that selects, s or s_uai, by which of them has lately ranked
// better, in place of App. A.1's fixed ten calls. Section 6 proposes that ("using the UAI layers
// confidence in its output to dynamically choose between either directly using its scores, or using
// the underlying unsupervised model's") and leaves open how; the rule is our own.
//
// Both heads score each audited row before the round that trains on its answer, with the model that
// was there when the row was chosen. Over a window of the last rows each head has a prequential
// area under its ROC curve (Brzezinski and Stefanowski 2017): the share of pairs of an anomaly and
// a normal row, by the expert's answers, that it ranks rightly, a tie counting half. s_uai selects
// as long as its area is at least that of s. Answers of one kind alone have no pairs and leave the
// choice as it was; at first it is s.
//
// The areas compare rows that were chosen for a high score. That narrows the range of the score
// that chose them, so the rule leans towards the other one; and rows of different rounds were
// scored by different models.
type headSelector struct {
	window int       // rows that are remembered
	s, z   []float32 // base score and logit of each, oldest first, of the last labels known
	uai    bool      // s_uai selects
}

// compareHeads scores the rows that were audited last, and chooses.
func (u *UAI) compareHeads(ctx context.Context, d bench.Data, l bench.Labels) error {
	if u.joint == 0 {
		return nil // the layer has learned nothing yet
	}
	fresh := l.Index[u.known:]
	h := &u.heads
	err := u.score(ctx, d, fresh, func(_ int, lat, s []float32) {
		u.forward(lat, s)
		h.s, h.z = append(h.s, s...), append(h.z, u.logits()...)
	})
	if err != nil {
		return err
	}
	u.scored += int64(len(fresh))
	h.choose(l.Anomaly)
	return nil
}

// choose forgets the oldest rows and compares the scores of the others, whose answers are the last
// of y.
func (h *headSelector) choose(y []bool) {
	if drop := len(h.s) - h.window; drop > 0 {
		h.s, h.z = append(h.s[:0], h.s[drop:]...), append(h.z[:0], h.z[drop:]...)
	}
	y = y[len(y)-len(h.s):]
	var pairs, base, trained int // base and trained in halves of a pair
	for i := range y {
		for j := range y {
			if y[i] && !y[j] {
				pairs++
				base += halves(h.s[i], h.s[j])
				trained += halves(h.z[i], h.z[j])
			}
		}
	}
	if pairs > 0 {
		h.uai = trained >= base
	}
}

// halves is 2 where the first of a pair is above the second, 1 where they are tied.
func halves(above, below float32) int {
	switch {
	case above > below:
		return 2
	case above == below:
		return 1
	}
	return 0
}

func (h *headSelector) snapshot(w io.Writer) error {
	return state.Write(w, h.uai, uint32(len(h.s)), h.s, h.z)
}

func (h *headSelector) restore(r io.Reader, known int64) error {
	var n uint32
	if err := state.Read(r, &h.uai, &n); err != nil {
		return err
	}
	if int64(n) > min(known, int64(h.window)) {
		return fmt.Errorf("deep: %d rows are compared of %d labels", n, known)
	}
	h.s, h.z = make([]float32, n), make([]float32, n)
	return state.Read(r, h.s, h.z)
}
