package nn

import "github.com/uaibench/uaibench/baselines/internal/f32"

// The parameters are dealt to as many parts as there are threads: rows of each layer's weights, and
// its biases to one part. The thread that sums a part's gradients also makes its updates, so that
// they need not cross from one core's cache to another's.

// cut returns where parts [lo, hi) of so many rows begin and end.
func (n *Net) cut(rows, lo, hi int) [2]int {
	unit, parts := f32.RowUnit(), n.team.Threads()
	return [2]int{f32.Cut(rows, unit, lo, parts), f32.Cut(rows, unit, hi, parts)}
}

// biases tells whether layer i's belong to parts [lo, hi).
func (n *Net) biases(i, lo, hi int) bool {
	part := i % n.team.Threads()
	return lo <= part && part < hi
}

// each calls do for the stretches of the arena's first size elements, which are whole layers, that
// belong to parts [lo, hi).
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
