package split

import "github.com/uaibench/uaibench/bench"

// Distinct lists the rows that are worth looking at once, and for every wanted row its place in
// that list (nil: its own). rows nil means all of d. Where few rows are alike, the list is all of
// them.
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
		at := make([]int32, d.Rows()) // by first row: 1 + place in list
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

// repeats says whether at least one row in ten is the copy of another: fewer do not pay for the
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
