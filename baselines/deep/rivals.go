package deep

import (
	"context"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/bench"
)

// rivals tells which of s and s_uai has lately ranked better, in place of App. A.1's fixed ten calls ("using the UAI
// layers confidence in its output to dynamically choose between either directly using its scores, or using the underlying
// unsupervised model's", Sec. 6, says what for and not how). The rule is our own. Each audited row is scored by both
// before the round that trains on its answer, with the model that was there when it was chosen. Over the last so many
// of these rows each score has a prequential area under its ROC curve (Brzezinski and Stefanowski 2017): the share
// of pairs of an anomaly and a normal row, by the expert's answers, that it ranks rightly, a tie counting half.
// s_uai selects as long as its area is at least that of s. With one kind of answer alone there are no pairs, and the
// choice stays what it was; at first it is s.
//
// The areas compare rows that were chosen for a high score. That narrows the range of the score that chose them, so
// the rule leans towards the other one; and rows of different rounds were scored by different models.
type rivals struct {
	most    int       // rows that are remembered
	s, z    []float32 // base score and logit of each, oldest first; the last ones of the labels that are known
	trusted bool      // s_uai selects
}

// judge scores the rows that were audited last, and compares.
func (u *UAI) judge(ctx context.Context, d bench.Data, l bench.Labels) error {
	if u.joint == 0 {
		return nil // the layer has learned nothing yet
	}
	fresh := l.Index[u.known:]
	r := &u.rivals
	err := u.score(ctx, d, fresh, func(_ int, lat, s []float32) {
		u.forward(lat, s)
		r.s, r.z = append(r.s, s...), append(r.z, u.logits()...)
	})
	if err != nil {
		return err
	}
	u.scored += int64(len(fresh))
	r.compare(l.Anomaly)
	return nil
}

// compare forgets the oldest rows and compares the scores of the others, whose answers are the last of y.
func (r *rivals) compare(y []bool) {
	if drop := len(r.s) - r.most; drop > 0 {
		r.s, r.z = append(r.s[:0], r.s[drop:]...), append(r.z[:0], r.z[drop:]...)
	}
	y = y[len(y)-len(r.s):]
	var pairs, base, trained int // in halves of a pair
	for i := range y {
		for j := range y {
			if y[i] && !y[j] {
				pairs++
				base += halves(r.s[i], r.s[j])
				trained += halves(r.z[i], r.z[j])
			}
		}
	}
	if pairs > 0 {
		r.trusted = trained >= base
	}
}

// halves of a pair that is ranked rightly if the first is above the second.
func halves(above, below float32) int {
	switch {
	case above > below:
		return 2
	case above == below:
		return 1
	}
	return 0
}

func (r *rivals) snapshot(w io.Writer) error {
	return write(w, r.trusted, uint32(len(r.s)), r.s, r.z)
}

func (r *rivals) restore(from io.Reader, known int64) error {
	var n uint32
	if err := read(from, &r.trusted, &n); err != nil {
		return err
	}
	if int64(n) > min(known, int64(r.most)) {
		return fmt.Errorf("deep: %d rows are compared of %d labels", n, known)
	}
	r.s, r.z = make([]float32, n), make([]float32, n)
	return read(from, r.s, r.z)
}
