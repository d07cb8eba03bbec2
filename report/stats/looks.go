package stats

import "math"

// The rules of looks.
const (
	ByGap     = "gap"      // Gap and GapZero
	ByPermute = "permuted" // PermutedTest, or SignTest for differences
	ByRank    = "rank"     // WinProbability's Test, or SignTest for differences
)

// Look is one of the numbers of replicates at which an outcome may change.
type Look struct {
	N     int     `json:"n"` // of each arm
	Rule  string  `json:"rule"`
	Alpha float64 `json:"alpha"` // two-sided for better and worse, else one-sided
}

// Looks are at 5, 10, 20 and 40 replicates. The sum of their levels, .042, bounds the error over
// all of them.
func Looks() []Look {
	return []Look{{5, ByGap, 0.002}, {10, ByPermute, 0.008}, {20, ByRank, 0.016},
		{40, ByRank, 0.016}}
}

// fewForRank is the number of runs in the smaller arm below which ByRank permutes: there the t
// approximation of Brunner and Munzel's test is too liberal.
const fewForRank = 20

// Outcome of a comparison; zero is Open.
type Outcome uint8

const (
	Open     Outcome = iota // none of the others
	Better                  // A beats B more often than not
	Worse                   // B beats A more often than not
	Equal                   // A + Delta is better than B, and A - Delta is worse; never by a gap
	NoBetter                // A - Delta is worse than B: refutes that A beats B; never by a gap
	Holds                   // of AtLeast: A + Delta is better than B
	Fails                   // of AtLeast: A + Delta is worse than B
)

func (o Outcome) String() string {
	names := [...]string{"open", "better", "worse", "equal", "no better", "holds", "fails"}
	if int(o) < len(names) {
		return names[o]
	}
	return "unknown"
}

// MarshalText returns the word of o, for JSON.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Question of a comparison; zero is Beats.
type Question uint8

const (
	Beats   Question = iota // is a run of A above one of B more often than not?
	AtLeast                 // is A at most Delta below B?
)

// Comparison is of two arms, or of differences with 0. Its outcome depends only on its fields.
type Comparison struct {
	// A and B are the replicates in their order, which must not depend on their values: a look at n
	// takes the first n of each. They may be +Inf (censored: above every number, equal to each
	// other), not NaN.
	A, B []float64

	// Single: only A is judged, against 0; B is ignored. A has the differences of paired runs (only
	// if both share data and pre-training), one arm less a bound, or one less the known value of a
	// deterministic method.
	Single bool

	// EndedA and EndedB mean that an arm already has all possible replicates, such as a
	// deterministic method on a limited number of draws. A look is complete when one arm has its
	// number, and the other also has it, or has ended with at least five.
	EndedA, EndedB bool

	// Delta is the least relevant difference, above 0; with 0 or less no outcome is Equal or
	// NoBetter.
	Delta float64

	Question Question
	Looks    []Look // ascending; nil: Looks()
}

// Finding is the outcome of a comparison with its numbers.
type Finding struct {
	Outcome Outcome `json:"outcome"`
	Look    Look    `json:"look"` // that decided, or the last complete one; its N is 0 if none is
	NA      int     `json:"n_a"`  // replicates that were judged
	NB      int     `json:"n_b"`  // 0 if single
	// P of the look's test: that A is above B, below, and two-sided; by the gap rule 0 if it finds
	// an effect, else 1. For AtLeast it is that of A + Delta.
	P Tails `json:"p"`
	// Win and Shift have 95 % intervals, which describe the effect and are no test: that of Win
	// includes 1/2 even when a gap of five runs decides. For differences they are the share above
	// 0, counting ties as half, and the Median.
	Win   Interval `json:"win"`
	Shift Interval `json:"shift"`
}

// shownLevel is the level of the intervals in a Finding.
const shownLevel = 0.95

// Judge goes through the complete looks in order and stops at the first that decides, so that later
// runs do not undo a decision, and replicates between two looks change nothing. Without a complete
// look the finding is open and has no numbers.
//
// "Equal: the shift's interval of level 1 - 2 alpha is inside ±Delta" and "no better: its upper
// bound of level 1 - alpha is below Delta" are decided by the look's own test of A moved by ±Delta,
// of which such an interval is the inversion. With Mann and Whitney's interval, which assumes one
// shape for both arms, an arm that is Delta better is called no better too often over all looks
// (7 % if half of an arm's runs collapse, 6 % for a constant arm against a skewed one), and with
// that of the signed ranks in 16 % of exponential differences and 40 % if two runs of five
// collapse; with the test it is 4 % or less.
//
// At five runs, where there is no such interval, each question has only its own contrast: A against
// B for Beats, A + Delta against B for AtLeast.
func (c Comparison) Judge() Finding {
	l, _ := c.Decide()
	if l.N == 0 {
		return Finding{}
	}
	return c.At(l)
}

// Decide is Judge without the numbers: the look that decides, or else the last complete one, and
// its outcome. N is 0 if no look is complete.
func (c Comparison) Decide() (at Look, o Outcome) {
	looks := c.Looks
	if looks == nil {
		looks = Looks()
	}
	for _, l := range looks {
		if o != Open || !c.complete(l.N) {
			break
		}
		at, o = l, c.first(l.N).outcome(l)
	}
	return at, o
}

// At is the finding of a single look, from the first N replicates, or from all if there are fewer.
func (c Comparison) At(l Look) Finding {
	c = c.first(l.N)
	f := Finding{Outcome: c.outcome(l), Look: l, NA: len(c.A)}
	by := 0.0
	if c.Question == AtLeast {
		by = c.Delta
	}
	f.P = c.tails(l.Rule, by)
	if c.Single {
		f.Win, f.Shift = shareAbove(c.A, shownLevel), Median(c.A, shownLevel)
		return f
	}
	f.NB = len(c.B)
	f.Win, f.Shift = Interval{0.5, 0, 1, shownLevel}, Shift(c.A, c.B, shownLevel)
	if w, ok := WinProbability(c.A, c.B); ok {
		f.Win = w.Interval(shownLevel)
	}
	return f
}

// fewest is the number of replicates that an ended arm must have.
const fewest = 5

func (c Comparison) complete(n int) bool {
	if c.Single {
		return len(c.A) >= n
	}
	return max(len(c.A), len(c.B)) >= n && enough(c.A, c.EndedA, n) && enough(c.B, c.EndedB, n)
}

func enough(xs []float64, ended bool, n int) bool {
	return len(xs) >= n || ended && len(xs) >= fewest
}

// first returns the comparison of the first n replicates.
func (c Comparison) first(n int) Comparison {
	c.A, c.B = c.A[:min(n, len(c.A))], c.B[:min(n, len(c.B))]
	return c
}

// outcome of all replicates, by the look's rule.
func (c Comparison) outcome(l Look) Outcome {
	beats := func(by float64) bool { return c.tails(l.Rule, by).Above <= l.Alpha }
	loses := func(by float64) bool { return c.tails(l.Rule, by).Below <= l.Alpha }
	if c.Question == AtLeast {
		switch {
		case beats(c.Delta):
			return Holds
		case loses(c.Delta):
			return Fails
		}
		return Open
	}
	switch t := c.tails(l.Rule, 0); {
	case t.Both <= l.Alpha && t.Above < t.Below:
		return Better
	case t.Both <= l.Alpha:
		return Worse
	case l.Rule == ByGap || !(c.Delta > 0) || !loses(-c.Delta):
		return Open
	case beats(c.Delta):
		return Equal
	}
	return NoBetter
}

// tails of a rule's test of A + by against B, or against 0.
func (c Comparison) tails(rule string, by float64) Tails {
	a, b := c.A, c.B
	if by != 0 {
		a, b = moved(a, by), moved(b, 0)
	}
	gap := rule == ByGap
	switch {
	case gap && c.Single:
		return gapTails(GapZero(a))
	case gap:
		return gapTails(Gap(a, b))
	case c.Single:
		return SignTest(a)
	case rule == ByRank && min(len(a), len(b)) >= fewForRank:
		w, _ := WinProbability(a, b)
		return w.Test()
	}
	t, _ := PermutedTest(a, b)
	return t
}

// gapTails are the gap rule's p: 0 if it finds an effect.
func gapTails(gap int) Tails {
	switch {
	case gap > 0:
		return Tails{0, 1, 0}
	case gap < 0:
		return Tails{1, 0, 0}
	}
	return Tails{1, 1, 1}
}

// moved adds by to each value and rounds to twelve decimals, so that scores exactly a delta apart
// tie when moved by it.
func moved(xs []float64, by float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = Round(x + by)
	}
	return out
}

// Round rounds to twelve decimals, at which sums of scores with fewer decimals are exact.
func Round(x float64) float64 { return math.Round(x*1e12) / 1e12 }

// shareAbove is the share of values above 0, counting zeros as half, with Clopper and Pearson's
// interval given the number of zeros.
func shareAbove(d []float64, level float64) Interval {
	if len(d) == 0 {
		return Interval{0.5, 0, 1, level}
	}
	above, below := signs(d)
	n, ties := float64(len(d)), float64(len(d)-above-below)/2
	win := func(share float64) float64 { return (share*float64(above+below) + ties) / n }
	c := ClopperPearson(above, above+below, level)
	return Interval{win(c.Estimate), win(c.Lo), win(c.Hi), level}
}
