package claims

import (
	"cmp"
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
	Holds      Outcome = "holds"
	Fails      Outcome = "fails"
	Undecided  Outcome = "open"
	CellFailed Outcome = "cell failed" // a cell broke before the first look was complete
	Missing    Outcome = "not run"
	Built      Outcome = "by construction" // fitted to the printed number, or read from plan or print
)

// Comparison is one comparison of a claim, on one dataset, with what it rests on.
type Comparison struct {
	What    string  `json:"what"`
	Dataset string  `json:"dataset,omitempty"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found,omitempty"` // better, worse, equal, no better, near, far, …

	Look stats.Look `json:"look"` // that decided, or the last complete one; N is 0 where none is complete
	N    [2]int     `json:"n"`    // replicates of both arms that were judged
	Have [2]int     `json:"have"` // replicates that there are

	Measure string  `json:"measure,omitempty"` // what Effect is: shift, difference of means, …
	Effect  *Effect `json:"effect,omitempty"`  // 95 % interval, which shows it and is no test
	Win     *Effect `json:"win,omitempty"`     // win probability, likewise
	Delta   float64 `json:"delta,omitempty"`
	Wanted  string  `json:"wanted,omitempty"`

	P    float64 `json:"p"`    // of a failure; 1: it does not fail
	Holm float64 `json:"holm"` // the same among all comparisons of the claim

	Reason string   `json:"reason,omitempty"`
	Notes  []string `json:"notes,omitempty"`
	Cells  []string `json:"cells,omitempty"`

	oneDraw bool // it rests on image sets of which there is one draw
}

// Effect is an estimate with its interval; an end may be infinite, which JSON has as null.
type Effect stats.Interval

// MarshalJSON writes an infinite end as null.
func (e Effect) MarshalJSON() ([]byte, error) {
	num := func(x float64) string {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return "null"
		}
		return fmt.Sprint(x)
	}
	return fmt.Appendf(nil, `{"estimate":%s,"lo":%s,"hi":%s,"level":%s}`,
		num(e.Estimate), num(e.Lo), num(e.Hi), num(e.Level)), nil
}

func effect(iv stats.Interval) *Effect { e := Effect(iv); return &e }

// judge judges the ledger's claims by a source of samples.
type judge struct {
	ledger *Ledger
	src    source
	extra  evidence // what is not a sample of runs
	bare   bool     // for simulations: outcomes alone, and of rule every none after one that does not hold
}

// evidence beside the runs; every function may be nil.
type evidence struct {
	theorem func(name string) (holds, known bool, why string)
	counts  func(dataset, metric string) []float64 // of each draw of the data
}

// point is what a check compares on a dataset: arms are "" where an operand picks among its own.
type point struct {
	check           *Check
	dataset, like   string
	left, right     string
	leftAt, rightAt string
}

// points are all comparisons of a check, in the ledger's order.
func (j *judge) points(k *Check) []point {
	arms := func(o *Operand) []string {
		if o == nil || o.Pick != "" || len(o.Arms) == 0 {
			return []string{""}
		}
		return o.Arms
	}
	at := func(o *Operand, i int) string {
		switch {
		case o == nil || len(o.At) == 0:
			return "N"
		case len(o.At) == 1:
			return o.At[0]
		}
		return o.At[i]
	}
	datasets, like := j.ledger.Second.datasets(k.Datasets), j.ledger.Second.datasets(k.Like)
	if len(datasets) == 0 {
		datasets = []string{""} // the operands name theirs
	}
	n := 1
	if k.Left != nil {
		n = max(1, len(k.Left.At))
	}
	var out []point
	for d, id := range datasets {
		for i := range n {
			for _, a := range arms(k.Left) {
				for _, b := range arms(k.Right) {
					p := point{check: k, dataset: id, left: a, right: b, leftAt: at(k.Left, i), rightAt: at(k.Right, i)}
					if len(like) > 0 {
						p.like = like[d]
					}
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// operand is the sample of an operand; middle orders the arms among which it picks.
func (j *judge) operand(o *Operand, arm, dataset, at string, middle func([]float64) float64) sample {
	dataset = cmp.Or(o.Dataset, dataset)
	if o.Metric == "published" {
		v, ok := j.ledger.tables().Value(o.Name, arm, dataset)
		if !ok {
			return sample{why: fmt.Sprintf("%s is not published for %s", o.Name, dataset)}
		}
		return sample{keys: []replicate{{}}, xs: []float64{v.Mean}}
	}
	if len(o.WorstOf) > 0 {
		var out sample
		for i, d := range j.ledger.Second.datasets(o.WorstOf) {
			s := j.src.quantity(o, arm, d, at)
			if i == 0 {
				out = s
			} else {
				out = pair(out, s, func(x, y float64) float64 { return min(x, y) })
			}
		}
		return out
	}
	if o.Pick == "" {
		return j.src.quantity(o, arm, dataset, at)
	}
	var best, all sample
	first, value := true, 0.0
	for _, a := range o.Arms {
		s := j.src.quantity(o, a, dataset, at)
		all.join(s)
		xs := s.first(j.complete(len(s.xs)))
		if len(xs) == 0 {
			continue
		}
		v := middle(xs)
		if first || o.Pick == "best" && v > value || o.Pick == "worst" && v < value {
			best, value, first = s, v, false
		}
	}
	if first {
		return sample{why: all.why, failed: all.failed, wait: all.wait}
	}
	return best
}

// complete is the number of replicates of the largest look that n complete; below the first look n.
func (j *judge) complete(n int) int {
	out := n
	for _, l := range j.ledger.Second.Looks {
		if n >= l.N {
			out = l.N
		}
	}
	return out
}

func median(xs []float64) float64 { return stats.Median(xs, 0.95).Estimate }

func mean(xs []float64) float64 { return stat.Mean(xs, nil) }

// compare judges one point by its check's operation.
func (j *judge) compare(p point) Comparison {
	k := p.check
	c := Comparison{Dataset: p.dataset, Delta: j.ledger.Second.delta(k.Delta), P: 1, Holm: 1, Outcome: Undecided}
	if !j.bare {
		c.What, c.Wanted = j.describe(p), j.wanted(k, c.Delta, p)
	}
	a := j.operand(k.Left, p.left, p.dataset, p.leftAt, median)
	switch k.Op {
	case "beats", "at_least":
		if k.Right.Metric == "published" {
			j.meanAtLeast(&c, a, p)
			break
		}
		b := j.operand(k.Right, p.right, p.dataset, p.rightAt, median)
		j.beats(&c, a, b, k)
	case "above", "below":
		sign := 1.0
		if k.Op == "below" {
			sign = -1
		}
		moved := a
		moved.xs = make([]float64, len(a.xs))
		for i, x := range a.xs {
			moved.xs[i] = stats.Round(sign * (x - *k.Bound))
		}
		if j.ready(&c, moved, nil, 0) {
			j.looked(&c, stats.Comparison{A: moved.xs, Single: true, Looks: j.ledger.Second.Looks}, k)
			if c.Effect != nil { // shown as measured
				c.Effect, c.Measure = effect(shownMedian(a.first(c.N[0]))), "median"
			}
		}
	case "near":
		j.near(&c, a, p)
	case "spread":
		j.spread(&c, a, *k.Bound)
	case "frequency":
		j.frequency(&c, a, k)
	default:
		panic("claims: no comparison of one point is called " + k.Op)
	}
	return c
}

// shownMedian has a 95 % interval, or of five runs, which have none, their range, of 93.75 %.
func shownMedian(xs []float64) stats.Interval {
	if len(xs) == 5 {
		return stats.Median(xs, 0.9375)
	}
	return stats.Median(xs, 0.95)
}

// ready fills in what the comparison rests on, and tells whether there is a first look: of at least
// fewest replicates, or the first of the ledger's for 0.
func (j *judge) ready(c *Comparison, a sample, b *sample, fewest int) bool {
	both := a
	both.cells, both.notes = slices.Clone(a.cells), slices.Clone(a.notes)
	n := len(a.xs)
	c.Have = [2]int{n, 0}
	if b != nil {
		both.join(*b)
		c.Have[1] = len(b.xs)
		if !(a.ended && !b.ended) {
			n = min(n, len(b.xs))
		}
	}
	if !j.bare {
		c.Notes, c.Cells = both.notes, both.cells
		c.oneDraw = both.drawn && a.draws() == 1 && (b == nil || b.draws() <= 1)
		if c.oneDraw {
			c.Notes = append(c.Notes, "one draw of the data")
		}
	}
	fewest = max(fewest, j.ledger.Second.Looks[0].N)
	switch {
	case n >= fewest:
		return true
	case both.failed != "":
		c.Outcome, c.Reason = CellFailed, both.failed
	case len(a.xs) == 0 || b != nil && len(b.xs) == 0:
		c.Outcome, c.Reason, c.Cells = Missing, both.why, nil
	default:
		c.Reason = fmt.Sprintf("%d replicates: the first look is at %d", n, fewest)
		if both.wait > 0 {
			c.Reason += "; other cells have not run to their end"
		}
	}
	return false
}

// beats judges of against factor*than + margin.
func (j *judge) beats(c *Comparison, a, b sample, k *Check) {
	move := func(x float64) float64 { return k.factor()*x + k.Margin }
	in := stats.Comparison{Delta: c.Delta, Looks: j.ledger.Second.Looks, EndedA: a.ended, EndedB: b.ended}
	if k.Op == "at_least" {
		in.Asks = stats.AtLeast
	}
	base := b
	if k.Paired {
		a = pair(a, b, func(x, y float64) float64 { return stats.Round(x - move(y)) })
		in.A, in.Single = a.xs, true
		if !j.ready(c, a, nil, 0) {
			return
		}
		if !j.bare {
			c.Notes = append(c.Notes, "paired: both share data and pre-training")
		}
	} else {
		if !j.ready(c, a, &b, 0) {
			return
		}
		in.A, in.B = a.xs, make([]float64, len(b.xs))
		for i, x := range b.xs {
			in.B[i] = move(x)
			if k.factor() != 1 || k.Margin != 0 {
				in.B[i] = stats.Round(in.B[i])
			}
		}
	}
	j.looked(c, in, k)
	if k.TieFrom > 0 && c.Found == stats.Equal.String() && median(base.first(max(c.N[1], c.N[0]))) >= k.TieFrom {
		c.Outcome, c.P = Holds, 1
		c.Notes = append(c.Notes, fmt.Sprintf("equal counts as ahead: the base has found %s of N", short(k.TieFrom)))
	}
	if !j.bare && !k.Paired {
		c.Notes = append(c.Notes, collapses(a.first(c.N[0]), b.first(c.N[1]))...)
	}
}

// looked goes through the looks.
func (j *judge) looked(c *Comparison, in stats.Comparison, k *Check) {
	look, outcome := in.Decide()
	c.Look, c.Found = look, outcome.String()
	c.N = [2]int{min(look.N, len(in.A)), min(look.N, len(in.B))}
	switch outcome {
	case stats.Better, stats.Holds:
		c.Outcome = Holds
	case stats.Open:
	default:
		c.Outcome = Fails
	}
	if look.N == 0 || j.bare && c.Outcome != Fails {
		return
	}
	f := in.At(look)
	switch outcome {
	case stats.Worse:
		c.P = f.P.Both
	case stats.Fails:
		c.P = f.P.Below
	case stats.Equal, stats.NoBetter: // the p that A less delta is behind
		less := in
		less.A = make([]float64, len(in.A))
		for i, x := range in.A {
			less.A[i] = stats.Round(x - in.Delta)
		}
		c.P = less.At(look).P.Below
	}
	if !j.bare {
		c.Measure, c.Effect, c.Win = "shift", effect(f.Shift), effect(f.Win)
		if in.Single {
			c.Measure, c.Effect = "median difference", effect(shownMedian(in.A[:c.N[0]]))
		}
	}
}

// collapses tells how many runs of each arm collapsed: are below half of the arm's median.
func collapses(a, b []float64) []string {
	var out []string
	for i, xs := range [][]float64{a, b} {
		m, k := median(xs), 0
		if !(m > 0) || math.IsInf(m, 0) {
			continue
		}
		for _, x := range xs {
			if x < m/2 {
				k++
			}
		}
		if i == 0 || k > 0 {
			out = append(out, fmt.Sprintf("%s: %d of %d runs collapsed (below half the median), at most %.0f %%",
				[]string{"the first", "the second"}[i], k, len(xs), 100*stats.AtMost(k, len(xs))))
		}
	}
	return out
}

// short writes a number of the ledger.
func short(x float64) string {
	switch {
	case math.IsInf(x, 0):
		return strings.Replace(fmt.Sprint(x), "Inf", "∞", 1)
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
