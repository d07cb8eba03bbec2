package deep

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// LabelledBatch is the choice of a step's labelled rows (U9), at most B.
type LabelledBatch uint8

const (
	Uniform     LabelledBatch = iota // all of H up to B, then B without replacement
	Balanced                         // half anomalies, half normals, with replacement, B in total
	Replacement                      // always B, uniform with replacement
	Members                          // the audited rows of the base batch
)

// learn adds the labels of the last round.
func (u *UAI) learn(l bench.Labels) {
	for i := u.known; i < l.Len(); i++ {
		u.audited[l.Index[i]] = int32(i + 1)
		y := truth(l.Anomaly[i])
		u.of[y] = append(u.of[y], i)
		u.taken = append(u.taken, 0)
	}
	u.known = l.Len()
}

// choose draws the step's labelled batch into u.at and u.rows.
func (u *UAI) choose(l bench.Labels) {
	n, b := l.Len(), u.set.Batch
	u.at = u.at[:0]
	switch {
	case u.opt.Labelled == Balanced:
		for j := range b {
			from := u.of[j%2]
			if len(from) == 0 {
				from = u.of[1-j%2]
			}
			u.at = append(u.at, from[u.draw.IntN(len(from))])
		}
	case u.opt.Labelled == Replacement:
		for range b {
			u.at = append(u.at, u.draw.IntN(n))
		}
	case n <= b:
		for i := range n {
			u.at = append(u.at, i)
		}
	default: // Floyd's sampling: b of n without replacement, in audit order
		u.drawings++
		for j := n - b; j < n; j++ {
			i := u.draw.IntN(j + 1)
			if u.taken[i] == u.drawings {
				i = j
			}
			u.taken[i] = u.drawings
			u.at = append(u.at, i)
		}
		slices.Sort(u.at)
	}
	u.rows = u.rows[:0]
	for _, i := range u.at {
		u.rows = append(u.rows, l.Index[i])
	}
}

// pick sets u.at and u.rows to the audited rows of a base batch.
func (u *UAI) pick(rows []int) {
	u.at, u.rows = u.at[:0], u.rows[:0]
	for _, r := range rows {
		if a := u.audited[r]; a > 0 {
			u.at, u.rows = append(u.at, int(a-1)), append(u.rows, r)
		}
	}
}

// members computes the cross-entropy on the audited rows of a base batch, and returns dl for all
// rows of the batch (B x h), zero for the others; nil if no row was audited or U19 is off.
func (u *UAI) members(rows []int, lat, s []float32, l bench.Labels) []float32 {
	h := u.base.LatentDim()
	u.at = u.at[:0]
	var places []int
	var ml, ms []float32
	for i, r := range rows {
		if a := u.audited[r]; a > 0 {
			u.at = append(u.at, int(a-1))
			places = append(places, i)
			ml = append(ml, lat[i*h:(i+1)*h]...)
			ms = append(ms, s[i])
		}
	}
	if len(places) == 0 {
		return nil
	}
	part := u.crossEntropy(ml, ms, l)
	if part == nil {
		return nil
	}
	dl := make([]float32, len(rows)*h)
	for j, i := range places {
		copy(dl[i*h:(i+1)*h], part[j*h:(j+1)*h])
	}
	return dl
}

// inverse returns the weight of each answer y: |H| / (2 |H_y|); 1 if only one answer is known.
func (u *UAI) inverse() [2]float32 {
	n := [2]int{len(u.of[0]), len(u.of[1])}
	if n[0] == 0 || n[1] == 0 {
		return [2]float32{1, 1}
	}
	all := float32(n[0] + n[1])
	return [2]float32{all / float32(2*n[0]), all / float32(2*n[1])}
}
