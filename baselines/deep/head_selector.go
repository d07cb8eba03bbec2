package deep

import (
	"context"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// headSelector chooses the head that selects, s or s_uai, by which has recently ranked better,
// instead of App. A.1's fixed ten calls. Section 6 proposes this ("using the UAI layers confidence
// in its output to dynamically choose between either directly using its scores, or using the
// underlying unsupervised model's") and leaves open how; the rule is our own.
//
// Both heads score each audited row before the round that trains on its answer, with the model that
// selected it. Over a window of the last rows each head has a prequential area under its ROC curve
// (Brzezinski and Stefanowski 2017): the share of pairs of an anomaly and a normal row, by the
// expert's answers, that it ranks correctly, with a tie counted as half. s_uai selects as long as
// its area is at least that of s. If all answers are the same there are no pairs, and the choice
// remains; initially it is s.
//
// The areas compare rows that were selected for a high score. That narrows the range of the score
// that selected them, so the rule is biased towards the other score; and rows of different rounds
// were scored by different models.
type headSelector struct {
	window int       // number of most recent rows that are kept
	s, z   []float32 // base score and logit of each, oldest first, of the most recent known labels
	uai    bool      // s_uai selects
}

// compareHeads scores the rows that were audited last, and updates the choice.
func (u *UAI) compareHeads(ctx context.Context, d bench.Data, l bench.Labels) error {
	if u.joint == 0 {
		return nil // the layer has not been trained yet
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

// choose drops the oldest rows and compares the scores of the others, whose answers are the last of
// y.
func (h *headSelector) choose(y []bool) {
	if drop := len(h.s) - h.window; drop > 0 {
		h.s, h.z = append(h.s[:0], h.s[drop:]...), append(h.z[:0], h.z[drop:]...)
	}
	y = y[len(y)-len(h.s):]
	var pairs, base, trained int // base and trained count half pairs
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

// halves returns 2 if the first of a pair is above the second, 1 if they are tied, and else 0.
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
		return fmt.Errorf("deep: the snapshot has %d compared rows, but %d labels", n, known)
	}
	h.s, h.z = make([]float32, n), make([]float32, n)
	return state.Read(r, h.s, h.z)
}
