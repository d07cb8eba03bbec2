package bench

import "slices"

// Candidates are a declared approximation for the largest pools (methods.md, section 10): a full pass scores every
// unaudited row, the rounds until the next one only the best of it. With Rows no less than the pool, or Every 1,
// nothing is approximated and a run gives the same bytes as without.
type Candidates struct {
	Rows  int `json:"rows"`  // so many of the best rows of the last full pass are scored; 0: every row, every round
	Every int `json:"every"` // a full pass every so many rounds
}

// shortlist is the rows that a round scores. Between full passes the head is that of the last one: a round that
// wants the other head makes a full pass, since the best rows by s are not those by the trained score.
type shortlist struct {
	Candidates
	rows  []int // unaudited, ascending; nil: before the first full pass, or without an approximation
	head  Head
	since int // rounds since the last full pass, with it
}

// choose says what a round scores that wants a head and selects k rows: nil for the whole pool.
func (s *shortlist) choose(want Head, k int) []int {
	if s.rows == nil || s.since >= s.Every || want != s.head || len(s.rows) < k {
		return nil
	}
	s.since++
	return s.rows
}

// full is told of a full pass over pool, which is ascending.
func (s *shortlist) full(want Head, pool []int, scores []float64) {
	if s.Rows == 0 {
		return
	}
	top := Select(nil, scores, s.Rows)
	s.rows = s.rows[:0]
	for _, p := range top {
		s.rows = append(s.rows, pool[p])
	}
	slices.Sort(s.rows)
	s.head, s.since = want, 1
}

// drop takes audited rows off.
func (s *shortlist) drop(rows []int) {
	gone := slices.Sorted(slices.Values(rows))
	s.rows = slices.DeleteFunc(s.rows, func(row int) bool {
		_, found := slices.BinarySearch(gone, row)
		return found
	})
}
