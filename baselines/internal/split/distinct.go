package split

import "github.com/uaibench/uaibench/bench"

// Distinct returns the distinct rows among the given ones (nil: all of d), and for every given row
// its index in that list. If few rows are copies, list holds all given rows and place is nil: row i
// has index i.
func Distinct(d bench.Data, rows []int) (list []int32, place []int32) {
	n := d.Rows()
	if rows != nil {
		n = len(rows)
	}
	row := func(i int) int32 {
		if rows != nil {
			return int32(rows[i])
		}
		return int32(i)
	}
	list = make([]int32, 0, n)
	if d.Same != nil && repeats(d) {
		place = make([]int32, n)
		at := make([]int32, d.Rows()) // by first row: 1 + index in list
		for i := range n {
			first := d.Same[row(i)]
			if at[first] == 0 {
				list = append(list, first)
				at[first] = int32(len(list))
			}
			place[i] = at[first] - 1
		}
		return list, place
	}
	for i := range n {
		list = append(list, row(i))
	}
	return list, nil
}

// repeats reports whether at least one row in ten is a copy of another: fewer do not pay for the
// indirection.
func repeats(d bench.Data) bool {
	copies := 0
	for i, s := range d.Same {
		if int(s) != i {
			copies++
		}
	}
	return 10*copies >= d.Rows()
}
