package deep

import (
	"context"

	"github.com/uaibench/uaibench/bench"
)

// scoreCache lets a scoring pass compute identical rows only once.
type scoreCache struct {
	data *int32  // identifies the data whose kinds are known, by its Same
	kind []int32 // len n: the first row with the same features and class

	first []int     // rows to compute, one of each requested kind
	of    []int32   // by requested row: its index in first
	place []int32   // by kind: 1 + its index in first; 0: none yet
	value []float64 // scores of first
}

// cached calls score for the rows (nil: all of d) or, where d knows identical rows, for one of each
// kind, and copies its score. A row's score depends only on its features and class, so this changes
// no bit.
func (t *trainer) cached(ctx context.Context, dst []float64, d bench.Data, rows []int,
	score func(dst []float64, rows []int) error) error {
	n := len(rows)
	if rows == nil {
		n = d.Rows()
	}
	t.scored += int64(n)
	if len(d.Same) == 0 || t.base.Noisy() {
		return score(dst, rows)
	}
	r := &t.cache
	r.learn(d)
	r.first, r.of = r.first[:0], r.of[:0]
	for i := range n {
		row := i
		if rows != nil {
			row = rows[i]
		}
		place := &r.place[r.kind[row]]
		if *place == 0 {
			r.first = append(r.first, row)
			*place = int32(len(r.first))
		}
		r.of = append(r.of, *place-1)
	}
	clear(r.place)
	if cap(r.value) < len(r.first) {
		r.value = make([]float64, len(r.first))
	}
	r.value = r.value[:len(r.first)]
	if err := score(r.value, r.first); err != nil {
		return err
	}
	for i, p := range r.of {
		dst[i] = r.value[p]
	}
	return nil
}

// learn finds the kinds of d's rows, unless they are known.
func (r *scoreCache) learn(d bench.Data) {
	if r.data == &d.Same[0] {
		return
	}
	r.data = &d.Same[0]
	r.kind = d.Same
	r.place = make([]int32, d.Rows())
	if d.Class == nil {
		return
	}
	r.kind = make([]int32, d.Rows())
	seen := map[[2]int32]int32{}
	for row, s := range d.Same {
		key := [2]int32{s, d.Class[row]}
		first, ok := seen[key]
		if !ok {
			first = int32(row)
			seen[key] = first
		}
		r.kind[row] = first
	}
}
