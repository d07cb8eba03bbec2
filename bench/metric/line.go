package metric

import (
	"math"
	"slices"
)

// Line is a straight line in the plane: points with A x + B y >= Cut are flagged as anomalies.
type Line struct {
	A, B, Cut float64
	Balanced  float64 // balanced accuracy: the mean of the recalls of anomalies and normal rows
}

// BestLine returns the line with the highest balanced accuracy, which a logistic regression may
// miss as its direction optimises another objective. x, y and anomaly describe n finite points;
// equal points are on the same side. ok is false if either kind is absent. It takes O(n_a n log n)
// time for n_a anomalies.
//
// Any line can be moved towards its flagged side until it meets an anomaly, and loses only normal
// rows on the way. So it suffices to rotate a line once around each anomaly, with that point on
// either side of it.
func BestLine(x, y []float64, anomaly []bool) (best Line, ok bool) {
	s := sweep{x: x, y: y, anomaly: anomaly, events: make([]event, 0, len(x)),
		spare: make([]event, 0, len(x)), ends: make([]int, len(x)), most: -1}
	for _, a := range anomaly {
		if a {
			s.pos++
		}
	}
	s.neg = len(anomaly) - s.pos
	if s.pos == 0 || s.neg == 0 {
		return Line{}, false
	}
	for i, a := range anomaly {
		if a {
			s.around(i)
		}
	}
	best.A, best.B = s.a, s.b
	scores := make([]float64, len(x))
	for i := range scores {
		scores[i] = float64(best.A*x[i]) + float64(best.B*y[i])
	}
	best.Balanced, best.Cut, ok = BalancedAccuracy(scores, anomaly)
	below := math.Inf(-1)
	for _, v := range scores {
		if v < best.Cut {
			below = max(below, v)
		}
	}
	// halfway to the first row that is not flagged
	if mid := below + (best.Cut-below)/2; mid > below {
		best.Cut = mid
	}
	return best, ok
}

// sweep rotates lines around points. Angles are in half turns, as returned by turn.
type sweep struct {
	x, y     []float64
	anomaly  []bool
	pos, neg int
	events   []event
	spare    []event
	ends     []int // of the buckets of sort

	most int     // the best pos·neg·(recall + recall) so far …
	a, b float64 // … and the normal of its line, towards the flagged side
}

// event is a point that the rotating line meets, encoded as a number that sorts by the turn: the
// bits of half the turn, which is above 0 and at most 1, so that the highest two are free, and two
// flags.
type event uint64

const (
	isAnomaly event = 1
	isFar     event = 2 // on the far half, ahead of the pivot: it moves to the left side
)

func newEvent(turn float64, anomaly, far bool) event {
	e := event(math.Float64bits(turn/2) << 2)
	if anomaly {
		e |= isAnomaly
	}
	if far {
		e |= isFar
	}
	return e
}

func (e event) turn() float64 { return 2 * math.Float64frombits(uint64(e>>2)) }

// sort sorts the events: it deals them by their turn into about as many buckets, which leaves next
// to nothing to compare.
func (s *sweep) sort() {
	scale := float64(len(s.ends)) / 2
	bucket := func(e event) int { return min(int(e.turn()*scale), len(s.ends)-1) }
	clear(s.ends)
	for _, e := range s.events {
		s.ends[bucket(e)]++
	}
	from := 0
	for b, n := range s.ends {
		s.ends[b] = from
		from += n
	}
	s.spare = append(s.spare[:0], s.events...)
	for _, e := range s.spare {
		b := bucket(e)
		s.events[s.ends[b]] = e
		s.ends[b]++
	}
	from = 0
	for _, end := range s.ends {
		if end > from+1 {
			slices.Sort(s.events[from:end])
		}
		from = end
	}
}

// around rotates a line around point i.
func (s *sweep) around(i int) {
	s.events = s.events[:0]
	leftA, leftN, onA, onN := 0, 0, 0, 0 // to the left of the line, and at the pivot
	count := func(anomaly bool, a, n *int, by int) {
		if anomaly {
			*a += by
		} else {
			*n += by
		}
	}
	for j, anomaly := range s.anomaly {
		dx, dy := s.x[j]-s.x[i], s.y[j]-s.y[i]
		if dx == 0 && dy == 0 {
			count(anomaly, &onA, &onN, 1)
			continue
		}
		far := dy < 0 || dy == 0 && dx < 0
		if far {
			dx, dy = -dx, -dy
		}
		t := turn(dx, dy)
		if far == (t == 0) { // just after the start, from the positive x axis
			count(anomaly, &leftA, &leftN, 1)
		}
		if t > 0 {
			s.events = append(s.events, newEvent(t, anomaly, far))
		}
	}
	s.sort()
	last := 0.0
	for k := 0; ; {
		next := 2.0
		if k < len(s.events) {
			next = s.events[k].turn()
		}
		// the points at the pivot count as flagged if that is better
		with := max(0, onA*s.neg-onN*s.pos)
		left := leftA*s.neg + (s.neg-leftN)*s.pos - s.pos*s.neg
		right := -left - onA*s.neg + onN*s.pos
		if v := max(left, right) + with; v > s.most {
			s.most = v
			s.a, s.b = normal((last + next) / 2)
			if right > left {
				s.a, s.b = -s.a, -s.b
			}
		}
		if k == len(s.events) {
			return
		}
		for last = next; k < len(s.events) && s.events[k].turn() == last; k++ {
			by := -1
			if s.events[k]&isFar != 0 {
				by = 1
			}
			count(s.events[k]&isAnomaly != 0, &leftA, &leftN, by)
		}
	}
}

// turn returns 0 along the positive x axis, 1 along the positive y axis, and approaches 2 towards
// the negative x axis; y >= 0.
func turn(x, y float64) float64 { return 1 - x/(math.Abs(x)+y) }

// normal returns the vector to the left of the direction at a turn.
func normal(turn float64) (a, b float64) {
	c := 1 - turn
	return math.Abs(c) - 1, c
}
