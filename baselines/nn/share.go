package nn

import "github.com/uaibench/uaibench/baselines/internal/f32"

// The parameters are divided into one part per thread: rows of each layer's weights, and its biases
// as a whole. The thread that sums a part's gradients also updates its parameters, so that they
// need not move between cores' caches.

// cut returns the first row, and the row after the last, of parts [lo, hi) of rows.
func (n *Net) cut(rows, lo, hi int) [2]int {
	unit, parts := f32.RowUnit(), n.team.Threads()
	return [2]int{f32.Cut(rows, unit, lo, parts), f32.Cut(rows, unit, hi, parts)}
}

// biases reports whether layer i's biases belong to parts [lo, hi).
func (n *Net) biases(i, lo, hi int) bool {
	part := i % n.team.Threads()
	return lo <= part && part < hi
}

// each calls do for the ranges of parts [lo, hi) within the arena's first size elements, which must
// be complete layers.
func (n *Net) each(size, lo, hi int, do func(from, to int)) {
	if lo == 0 && hi == n.team.Threads() {
		do(0, size)
		return
	}
	end := 0
	for i, l := range n.Layers {
		at, rows := end, n.cut(l.In, lo, hi)
		if end += l.size(); end > size {
			return
		}
		do(at+rows[0]*l.Out, at+rows[1]*l.Out)
		if n.biases(i, lo, hi) {
			do(end-l.Out, end)
		}
	}
}
