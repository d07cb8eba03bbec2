package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/report/stats"
)

// Outcome of one comparison.
type Outcome string

const (
	Holds     Outcome = "holds"
	Fails     Outcome = "fails"
	Straddles Outcome = "straddles" // the interval has an edge of the region inside, or is none
	Broken    Outcome = "failed"    // a cell that it rests on failed
	Missing   Outcome = "not run"
)

// Item is one comparison of a claim: of one pair of quantities on one dataset.
type Item struct {
	What     string    `json:"what"`
	Dataset  string    `json:"dataset,omitempty"`
	Outcome  Outcome   `json:"outcome"`
	Interval *Interval `json:"interval,omitempty"`
	Seen     *Interval `json:"seen,omitempty"`   // without an interval: the runs so far, from least to most; no verdict rests on it
	Wanted   string    `json:"wanted,omitempty"` // the region
	Reason   string    `json:"reason,omitempty"` // why it is not decided
	Needs    int       `json:"needs,omitempty"`  // so many runs would decide, if they went on like these; 0: unknown, or no number would
	P        *PValues  `json:"p,omitempty"`
	Cells    []string  `json:"cells,omitempty"`
	Notes    []string  `json:"notes,omitempty"`

	printed bool    // it compares printed numbers with printed ones: no run bears on it
	above   float64 // one-sided p of the t-test, for Any
}

// PValues of a comparison of two arms, for the record: verdicts follow from intervals.
type PValues struct {
	T        float64  `json:"t"`              // two-sided: paired, or Welch's where runs do not pair
	Holm     float64  `json:"holm"`           // T among all comparisons of the claim
	SignFlip *float64 `json:"flip,omitempty"` // exact, two-sided
	Welch    float64  `json:"welch"`          // one-sided
}

// region of values that satisfy a comparison.
type region struct {
	lo, hi         float64
	loOpen, hiOpen bool
}

func above(x float64, orEqual bool) region {
	return region{lo: x, hi: math.Inf(1), loOpen: !orEqual}
}

func below(x float64, orEqual bool) region {
	return region{lo: math.Inf(-1), hi: x, hiOpen: !orEqual}
}

func around(x, within float64) region { return region{lo: x - within, hi: x + within} }

func (r region) String() string {
	less := func(open bool) string {
		if open {
			return "<"
		}
		return "≤"
	}
	more := strings.NewReplacer("<", ">", "≤", "≥")
	switch {
	case math.IsInf(r.hi, 1):
		return more.Replace(less(r.loOpen)) + " " + short(r.lo)
	case math.IsInf(r.lo, -1):
		return less(r.hiOpen) + " " + short(r.hi)
	case r.lo == r.hi:
		return "= " + short(r.lo)
	}
	return short(r.lo) + " to " + short(r.hi)
}

// judge puts an interval inside, outside, or astride. slack is for sums of decimals, which floats do not hold exactly.
func (r region) judge(iv Interval) Outcome {
	const slack = 1e-9
	lo, hi := r.lo-slack, r.hi+slack
	if r.loOpen {
		lo = r.lo + slack
	}
	if r.hiOpen {
		hi = r.hi - slack
	}
	switch {
	case iv.Lo >= lo && iv.Hi <= hi:
		return Holds
	case iv.Hi < lo || iv.Lo > hi:
		return Fails
	}
	return Straddles
}

// gap is the distance of a value from the region's nearest edge.
func (r region) gap(x float64) float64 {
	return min(math.Abs(x-r.lo), math.Abs(x-r.hi))
}

// item judges one comparison of a sample, or of the difference of two.
func (t Tolerances) item(what, dataset, statistic string, s sample, r region) Item {
	it := Item{What: what, Dataset: dataset, Wanted: r.String()}
	if !it.ready(s) {
		it.seen(statistic, s.all())
		return it
	}
	xs := s.all()
	iv, err := exactly(xs[0]), error(nil)
	if s.One == nil {
		iv, err = t.interval(statistic, xs)
	}
	return it.judged(t, iv, err, r, statistic, xs)
}

// ready tells whether a sample can be judged; where not the item says why.
func (it *Item) ready(s sample) bool {
	it.Cells, it.Notes = s.Cells, s.Notes
	switch {
	case len(s.Failed) > 0:
		it.Outcome, it.Reason = Broken, firstFew(s.Failed, 1)
	case s.empty():
		it.Outcome, it.Reason = Missing, s.Why
	case len(s.Wait) > 0:
		it.Outcome, it.Reason = Straddles, fmt.Sprintf("%d of its cells have not run to their end", len(s.Wait))
	default:
		return true
	}
	return false
}

// seen shows values that are no interval yet, of a sample that waits for more or is too small.
func (it *Item) seen(statistic string, xs []float64) {
	if it.Outcome != Straddles || len(xs) == 0 {
		return
	}
	middle := stat.Mean(xs, nil)
	switch statistic {
	case "median":
		middle = median(xs)
	case "mean", "":
	default:
		return // of a spread there is nothing to show
	}
	it.Seen = &Interval{Estimate: middle, Lo: slices.Min(xs), Hi: slices.Max(xs), How: "as observed", N: len(xs)}
}

func (t Tolerances) interval(statistic string, xs []float64) (Interval, error) {
	switch statistic {
	case "median":
		return medianInterval(xs, t.MedianConfidence)
	case "sd":
		return sdInterval(xs, t.Confidence)
	}
	return meanInterval(xs, t.Confidence)
}

// judged fills in the interval and what follows from it.
func (it Item) judged(t Tolerances, iv Interval, err error, r region, statistic string, xs []float64) Item {
	if err != nil {
		it.Outcome, it.Reason = Straddles, err.Error()
		it.seen(statistic, xs)
		return it
	}
	it.Interval = &iv
	it.Outcome = r.judge(iv)
	if it.Outcome != Straddles {
		return it
	}
	gap := r.gap(iv.Estimate)
	switch statistic {
	case "median":
		beyond := 0
		for _, x := range xs {
			if (r.judge(exactly(x)) == Holds) != (r.judge(exactly(iv.Estimate)) == Holds) {
				beyond++
			}
		}
		it.Needs = runsForMedian(float64(beyond)/float64(max(1, len(xs))), iv.N, t.MedianConfidence)
	case "sd":
		edge := r.lo
		if math.Abs(iv.Estimate-r.hi) < math.Abs(iv.Estimate-r.lo) {
			edge = r.hi
		}
		it.Needs = firstN(2, func(n int) bool {
			f := iv.Estimate / edge
			i, err := sdInterval(scaled(n, f), t.Confidence)
			return err == nil && (i.Lo > 1 || i.Hi < 1)
		})
	case "ratio":
		it.Needs = runsForRatio(iv.Estimate, r, 0, t.Confidence)
	case "ratio to print":
		it.Needs = runsForRatio(iv.Estimate, r, paperRuns, t.Confidence)
	default:
		sd := stat.StdDev(xs, nil)
		it.Needs = runsForMean(sd, gap, t.Confidence)
	}
	it.Reason = "the interval straddles the edge"
	switch {
	case it.Needs > 0:
		it.Reason += fmt.Sprintf(": about %d runs like these would decide", it.Needs)
	case gap == 0:
		it.Reason += ": the estimate is the edge itself, and no number of runs like these would decide"
	default:
		it.Reason += fmt.Sprintf(": no number of runs like these up to %d would decide", mostRuns)
	}
	return it
}

// scaled are n values with the given standard deviation.
func scaled(n int, sd float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(i)
	}
	f := sd / stat.StdDev(xs, nil)
	for i := range xs {
		xs[i] *= f
	}
	return xs
}

// difference judges a - factor*b. Runs pair by their seed where both are of the same dataset.
func (t Tolerances) difference(what, dataset, statistic string, a, b sample, factor float64, pair bool, r region) Item {
	it := Item{What: what, Dataset: dataset, Wanted: r.String(), above: 1}
	var both sample
	both.join(a)
	both.join(b)
	both.Values = map[uint64]float64{0: 0} // something; what is missing is said by a and b
	if a.empty() || b.empty() {
		both.Values = nil
	}
	xa, xb := a.all(), b.all()
	for i := range xb {
		xb[i] *= factor
	}
	d := pairs(a, b, factor, pair)
	if !it.ready(both) {
		n := len(d)
		if d == nil && !pair {
			d, n = every(xa, xb), min(len(xa), len(xb))
		}
		if it.seen(statistic, d); it.Seen != nil {
			it.Seen.N = n
		}
		return it
	}
	margin := r.lo
	if math.IsInf(margin, -1) {
		margin = r.hi
	}
	if a.One != nil && b.One != nil {
		return it.judged(t, exactly(xa[0]-xb[0]), nil, r, statistic, nil)
	}
	if d != nil {
		if n := max(len(xa), len(xb)); len(d) < n {
			it.Notes = append(slices.Clone(it.Notes), fmt.Sprintf("paired over the %d seeds that both have, of %d", len(d), n))
		}
		iv, err := t.interval(statistic, d)
		it = it.judged(t, iv, err, r, statistic, d)
		if one, two, ok := pairedT(d, margin); ok {
			it.above = one
			it.P = &PValues{T: two}
			if p, ok := stats.SignFlip(shifted(d, margin)); ok {
				it.P.SignFlip = &p
			}
			if w, _, ok := welchT(xa, xb, margin); ok {
				it.P.Welch = w
			} else {
				it.P.Welch = one // against a number, there is nothing to unpair
			}
		}
		return it
	}
	if one, two, ok := welchT(xa, xb, margin); ok {
		it.above = one
		it.P = &PValues{T: two, Welch: one}
	}
	it = t.unpaired(it, statistic, xa, xb, r)
	if it.Seen != nil {
		it.Seen.N = min(len(xa), len(xb))
	}
	return it
}

// unpaired judges the difference of two samples whose runs do not pair.
func (t Tolerances) unpaired(it Item, statistic string, xa, xb []float64, r region) Item {
	if statistic == "median" {
		ia, err := medianInterval(xa, t.MedianConfidence)
		ib, err2 := medianInterval(xb, t.MedianConfidence)
		if err == nil {
			err = err2
		}
		// Both enclose their median at once with at least the product of their levels.
		iv := Interval{ia.Estimate - ib.Estimate, ia.Lo - ib.Hi, ia.Hi - ib.Lo, ia.Level * ib.Level, "ranks", min(ia.N, ib.N)}
		return it.judged(t, iv, err, r, statistic, every(xa, xb))
	}
	iv, err := welchInterval(xa, xb, t.Confidence)
	if err != nil {
		return it.judged(t, iv, err, r, statistic, every(xa, xb))
	}
	_, se, _ := welch(xa, xb)
	return it.judged(t, iv, nil, r, statistic, scaled(max(2, iv.N), se*math.Sqrt(float64(iv.N))))
}

// pairs are the differences by seed, or those from a number; nil where runs do not pair.
func pairs(a, b sample, factor float64, pair bool) []float64 {
	var d []float64
	switch {
	case b.One != nil:
		for _, x := range a.all() {
			d = append(d, x-factor**b.One)
		}
	case a.One != nil:
		for _, x := range b.all() {
			d = append(d, *a.One-factor*x)
		}
	case pair:
		out := combine([]sample{a, b}, func(x []float64) float64 { return x[0] - factor*x[1] })
		d = out.all()
	}
	return d
}

func shifted(d []float64, by float64) []float64 {
	out := slices.Clone(d)
	for i := range out {
		out[i] -= by
	}
	return out
}

// every difference of a run of a and a run of b.
func every(a, b []float64) []float64 {
	var out []float64
	for _, x := range a {
		for _, y := range b {
			out = append(out, x-y)
		}
	}
	return out
}

// short writes a number of the ledger.
func short(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.4g", x)
}
