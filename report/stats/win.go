package stats

import (
	"math"
	"slices"

	"github.com/aclements/go-moremath/mathx"
	"gonum.org/v1/gonum/stat/distuv"
)

// Win is the win probability of A against B, P(A > B) + P(A = B)/2: how often a run of A beats a
// run of B, a tie counting half. 1/2 means that neither arm wins. It assumes nothing about the
// distributions: their spreads and shapes may differ.
type Win struct {
	P  float64 `json:"p"`
	SE float64 `json:"se"` // of P; 0 if P is 0 or 1, or all runs are equal
	DF float64 `json:"df"` // Satterthwaite's degrees of freedom of SE; 0 if SE is 0
	// W is (P - 1/2)/SE, Brunner and Munzel's statistic: ±Inf if P is 1 or 0, 0 if all runs are
	// equal.
	W float64 `json:"-"`

	nA, nB int
}

// WinProbability estimates the win probability of a against b (Brunner and Munzel 2000, "The
// nonparametric Behrens-Fisher problem"). ok is false if either has fewer than two values; more
// than 3,000 panic.
func WinProbability(a, b []float64) (w Win, ok bool) {
	noNaN(a, b)
	if len(a) < 2 || len(b) < 2 {
		return Win{}, false
	}
	if max(len(a), len(b)) > 3000 {
		panic("stats: the sums of placements of more than 3,000 runs do not fit")
	}
	p := place(a, b)
	na, nb := float64(len(a)), float64(len(b))
	w = Win{P: float64(p.sa) / (2 * na * nb), nA: len(a), nB: len(b)}
	s := p.studentized()
	w.W = s.value(len(a), len(b))
	if s.den == 0 {
		return w, true
	}
	u, v := float64(p.spreadA())/(na-1), float64(p.spreadB())/(nb-1)
	w.SE = math.Sqrt(u+v) / (2 * na * nb)
	w.DF = (u + v) * (u + v) / (u*u/(na-1) + v*v/(nb-1))
	return w, true
}

// Test is the Brunner-Munzel test of a win probability of 1/2 with the t approximation. It keeps
// its level from about 20 runs per arm on; PermutedTest also keeps it below. If every run of one
// arm beats every run of the other, the approximation has no variance, and p is that of the
// permutation test, one split of all.
func (w Win) Test() Tails {
	switch {
	case w.SE > 0:
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: w.DF}
		return tails(t.Survival(w.W), t.CDF(w.W))
	case w.W > 0:
		return tails(1/mathx.Choose(w.nA+w.nB, w.nA), 1)
	case w.W < 0:
		return tails(1, 1/mathx.Choose(w.nA+w.nB, w.nA))
	}
	return Tails{1, 1, 1}
}

// Interval of the win probability: Student's of its arcsine, asin √P, which stays within 0 and 1.
// At a level of 95 % it covers 92 to 97 % of normal runs for win probabilities up to .9 from ten
// runs on, and for .95 to .99 at least 89 %, where the plain one falls to 83 %. From ten runs on it
// excluded 1/2 whenever Test rejected at a look's level (the logit, which covers more, did not at
// ten).
//
// If each run of one arm beats all of the other's there is no variance; then min(n, m) disjoint
// pairs are that many independent wins, and the interval is Clopper and Pearson's of those. If all
// runs are equal the interval is 0 to 1.
func (w Win) Interval(level float64) Interval {
	iv := Interval{w.P, 0, 1, level}
	switch {
	case w.SE > 0:
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: w.DF}.Quantile((1 + level) / 2)
		at, half := math.Asin(math.Sqrt(w.P)), t*w.SE/(2*math.Sqrt(w.P*(1-w.P)))
		iv.Lo = math.Pow(math.Sin(max(0, at-half)), 2)
		iv.Hi = math.Pow(math.Sin(min(math.Pi/2, at+half)), 2)
	case w.W != 0:
		n := min(w.nA, w.nB)
		c := ClopperPearson(int(w.P)*n, n, level)
		iv.Lo, iv.Hi = c.Lo, c.Hi
	}
	return iv
}

// placed has doubled placements, which are integers also with ties: a value's is twice the number
// of the other arm's values below it plus the number of those equal to it. sa is A's sum, qa and qb
// are both arms' sums of squares; the two arms' sums add up to 2 nA nB.
type placed struct {
	nA, nB int64
	sa     int64
	qa, qb int64
}

func place(a, b []float64) placed {
	p := placed{nA: int64(len(a)), nB: int64(len(b))}
	p.sa, p.qa = placements(a, slices.Sorted(slices.Values(b)))
	_, p.qb = placements(b, slices.Sorted(slices.Values(a)))
	return p
}

func placements(xs, sorted []float64) (sum, squares int64) {
	for _, x := range xs {
		below, _ := slices.BinarySearch(sorted, x)
		upto := below
		for upto < len(sorted) && sorted[upto] == x {
			upto++
		}
		c := int64(below + upto)
		sum, squares = sum+c, squares+c*c
	}
	return sum, squares
}

// spreadA is nA times the sum of squared deviations of A's doubled placements.
func (p placed) spreadA() int64 { return p.nA*p.qa - p.sa*p.sa }

func (p placed) spreadB() int64 {
	sb := 2*p.nA*p.nB - p.sa
	return p.nB*p.qb - sb*sb
}

func (p placed) studentized() studentized {
	return studentized{p.sa - p.nA*p.nB, (p.nB-1)*p.spreadA() + (p.nA-1)*p.spreadB()}
}
