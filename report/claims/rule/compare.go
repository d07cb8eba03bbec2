package rule

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/stats"
)

// Judge judges the ledger's claims by a source of samples.
type Judge struct {
	Ledger *ledger.Ledger
	Source sample.Source
	extra  evidence // other than samples of runs
	Looked Looked   // earlier looks of aggregates; nil: none were kept
	claim  string   // id of the claim being judged
	// Bare is for simulations: only outcomes are set, and a claim of rule every ends at the first
	// comparison that does not hold, unless Whole is set.
	Bare, Whole bool
}

// evidence is the evidence other than runs; each function may be nil.
type evidence struct {
	theorem func(name string) (holds, known bool, why string)
	counts  func(dataset, metric string) []float64 // one value per draw of the data
}

// Point is one comparison of a check. An arm is "" if its operand picks among several.
type Point struct {
	Check           *ledger.Check
	Dataset, like   string
	Left, Right     string
	LeftAt, RightAt string
}

// Points returns all comparisons of a check, in the ledger's order.
func (j *Judge) Points(k *ledger.Check) []Point {
	arms := func(o *ledger.Operand) []string {
		if o == nil || o.Pick != "" || len(o.Arms) == 0 {
			return []string{""}
		}
		return o.Arms
	}
	at := func(o *ledger.Operand, i int) string {
		switch {
		case o == nil || len(o.At) == 0:
			return "N"
		case len(o.At) == 1:
			return o.At[0]
		}
		return o.At[i]
	}
	datasets, like := j.Ledger.Second.Datasets(k.Datasets), j.Ledger.Second.Datasets(k.Like)
	if len(datasets) == 0 {
		datasets = []string{""} // the operands name their own
	}
	n := 1
	if k.Left != nil {
		n = max(1, len(k.Left.At))
	}
	var out []Point
	for d, id := range datasets {
		for i := range n {
			for _, a := range arms(k.Left) {
				for _, b := range arms(k.Right) {
					p := Point{Check: k, Dataset: id, Left: a, Right: b, LeftAt: at(k.Left, i),
						RightAt: at(k.Right, i)}
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

// operand returns the sample of an operand; an operand with Pick picks the arm by middle.
func (j *Judge) operand(o *ledger.Operand, arm, dataset, at string,
	middle func([]float64) float64) sample.Sample {
	dataset = cmp.Or(o.Dataset, dataset)
	if o.Metric == "published" {
		v, ok := j.Ledger.Tables().Value(o.Name, arm, dataset)
		if !ok {
			return sample.Sample{Why: fmt.Sprintf("%s is not published for %s", o.Name, dataset)}
		}
		return sample.Sample{Keys: []sample.Replicate{{}}, Values: []float64{v.Mean}}
	}
	if len(o.WorstOf) > 0 {
		var out sample.Sample
		for i, d := range j.Ledger.Second.Datasets(o.WorstOf) {
			s := j.Source.Quantity(o, arm, d, at)
			if i == 0 {
				out = s
			} else {
				out = sample.Pair(out, s, func(x, y float64) float64 { return min(x, y) })
			}
		}
		return out
	}
	if o.Pick == "" {
		return j.Source.Quantity(o, arm, dataset, at)
	}
	var best, all sample.Sample
	first, value := true, 0.0
	for _, a := range o.Arms {
		s := j.Source.Quantity(o, a, dataset, at)
		all.Join(s)
		xs := s.First(j.complete(len(s.Values)))
		if len(xs) == 0 {
			continue
		}
		v := middle(xs)
		if first || o.Pick == "best" && v > value || o.Pick == "worst" && v < value {
			best, value, first = s, v, false
		}
	}
	if first {
		return sample.Sample{Why: all.Why, Failed: all.Failed, Wait: all.Wait}
	}
	return best
}

// complete returns the largest look that n replicates complete, or n below the first look.
func (j *Judge) complete(n int) int {
	out := n
	for _, l := range j.Ledger.Second.Looks {
		if n >= l.N {
			out = l.N
		}
	}
	return out
}

// Median is the median of xs, NaN if there are none.
func Median(xs []float64) float64 { return stats.Median(xs, 0.95).Estimate }

func mean(xs []float64) float64 { return stat.Mean(xs, nil) }

// compare judges one point by its check's operation.
func (j *Judge) compare(p Point) Comparison {
	k := p.Check
	c := Comparison{Dataset: p.Dataset, Delta: j.Ledger.Second.Delta(k.Delta), P: 1, Holm: 1,
		Outcome: Undecided}
	if !j.Bare {
		c.What, c.Wanted = j.describe(p), j.wanted(k, c.Delta, p)
	}
	a := j.operand(k.Left, p.Left, p.Dataset, p.LeftAt, Median)
	switch k.Op {
	case "beats", "at_least":
		if k.Right.Metric == "published" {
			j.meanAtLeast(&c, a, p)
			break
		}
		b := j.operand(k.Right, p.Right, p.Dataset, p.RightAt, Median)
		j.beats(&c, a, b, k)
	case "above", "below":
		sign := 1.0
		if k.Op == "below" {
			sign = -1
		}
		moved := a
		moved.Values = make([]float64, len(a.Values))
		for i, x := range a.Values {
			moved.Values[i] = stats.Round(sign * (x - *k.Bound))
		}
		if j.ready(&c, moved, nil, 0) {
			j.looked(&c, stats.Comparison{A: moved.Values, Single: true,
				Looks: j.Ledger.Second.Looks}, k)
			if c.Effect != nil { // in the original units
				c.Effect, c.Measure = effect(shownMedian(a.First(c.N[0]))), "median"
			}
		}
	case "near":
		j.near(&c, a, p)
	case "spread":
		j.spread(&c, a, *k.Bound)
	case "frequency":
		j.frequency(&c, a, k)
	default:
		panic("rule: no comparison of one point is called " + k.Op)
	}
	return c
}

// shownMedian has a 95 % interval; five runs have none, so theirs is the range, of level 93.75 %.
func shownMedian(xs []float64) stats.Interval {
	if len(xs) == 5 {
		return stats.Median(xs, 0.9375)
	}
	return stats.Median(xs, 0.95)
}

// ready sets the evidence of a comparison (Have, Notes, Cells) and reports whether it has enough
// replicates for a first look, of at least fewest. If not, it sets Outcome or Reason.
func (j *Judge) ready(c *Comparison, a sample.Sample, b *sample.Sample, fewest int) bool {
	both := a
	both.Cells, both.Notes = slices.Clone(a.Cells), slices.Clone(a.Notes)
	n := len(a.Values)
	c.Have = [2]int{n, 0}
	if b != nil {
		both.Join(*b)
		c.Have[1] = len(b.Values)
		n = min(n, len(b.Values))
	}
	if !j.Bare {
		c.Notes, c.Cells = both.Notes, both.Cells
		c.oneDraw = both.Drawn && a.Draws() == 1 && (b == nil || b.Draws() <= 1)
		if c.oneDraw {
			c.Notes = append(c.Notes, "one draw of the data")
		}
	}
	fewest = max(fewest, j.Ledger.Second.Looks[0].N)
	switch {
	case n >= fewest:
		return true
	case both.Failed != "":
		c.Outcome, c.Reason = CellFailed, both.Failed
	case len(a.Values) == 0 || b != nil && len(b.Values) == 0:
		c.Outcome, c.Reason, c.Cells = Missing, both.Why, nil
	default:
		c.Reason = fmt.Sprintf("%s: the first look is at %d", text.Plural(n, "replicate"), fewest)
		if both.Wait > 0 {
			c.Reason += "; other cells have not finished"
		}
	}
	return false
}

// beats compares a with factor*b + margin, by the check's op.
func (j *Judge) beats(c *Comparison, a, b sample.Sample, k *ledger.Check) {
	move := func(x float64) float64 { return k.Times()*x + k.Margin }
	in := stats.Comparison{Delta: c.Delta, Looks: j.Ledger.Second.Looks, EndedA: a.Ended,
		EndedB: b.Ended}
	if k.Op == "at_least" {
		in.Question = stats.AtLeast
	}
	base := b
	if k.Paired {
		a = sample.Pair(a, b, func(x, y float64) float64 { return stats.Round(x - move(y)) })
		in.A, in.Single = a.Values, true
		if !j.ready(c, a, nil, 0) {
			return
		}
		if !j.Bare {
			c.Notes = append(c.Notes, "paired: both share data and pre-training")
		}
	} else {
		if !j.ready(c, a, &b, 0) {
			return
		}
		in.A, in.B = a.Values, make([]float64, len(b.Values))
		for i, x := range b.Values {
			in.B[i] = move(x)
			if k.Times() != 1 || k.Margin != 0 {
				in.B[i] = stats.Round(in.B[i])
			}
		}
	}
	j.looked(c, in, k)
	if k.TieFrom > 0 && c.Found == stats.Equal.String() &&
		Median(base.First(max(c.N[1], c.N[0]))) >= k.TieFrom {
		c.Outcome, c.P = Holds, 1
		c.Notes = append(c.Notes, fmt.Sprintf("a tie counts as ahead: the base has found %s of N",
			Short(k.TieFrom)))
	}
	if !j.Bare && !k.Paired {
		c.Notes = append(c.Notes, collapses(a.First(c.N[0]), b.First(c.N[1]))...)
	}
}

// looked decides the comparison at its looks, and sets its outcome and numbers.
func (j *Judge) looked(c *Comparison, in stats.Comparison, k *ledger.Check) {
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
	if look.N == 0 || j.Bare && c.Outcome != Fails {
		return
	}
	f := in.At(look)
	switch outcome {
	case stats.Worse:
		c.P = f.P.Both
	case stats.Fails:
		c.P = f.P.Below
	case stats.Equal, stats.NoBetter: // the p of A - delta below B
		less := in
		less.A = make([]float64, len(in.A))
		for i, x := range in.A {
			less.A[i] = stats.Round(x - in.Delta)
		}
		c.P = less.At(look).P.Below
	}
	if !j.Bare {
		c.Measure, c.Effect, c.Win = "shift", effect(f.Shift), effect(f.Win)
		if in.Single {
			c.Measure, c.Effect = "median difference", effect(shownMedian(in.A[:c.N[0]]))
		}
	}
}

// collapses reports how many runs of each arm collapsed, that is, are below half the arm's median.
func collapses(a, b []float64) []string {
	var out []string
	for i, xs := range [][]float64{a, b} {
		m, k := Median(xs), 0
		if !(m > 0) || math.IsInf(m, 0) {
			continue
		}
		for _, x := range xs {
			if x < m/2 {
				k++
			}
		}
		if i == 0 || k > 0 {
			out = append(out, fmt.Sprintf("%s: %d of %d runs collapsed (below half the median), "+
				"upper bound %.0f %%",
				[]string{"the first", "the second"}[i], k, len(xs), 100*stats.AtMost(k, len(xs))))
		}
	}
	return out
}
