package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/combin"
)

var inf = math.Inf(1)

func repeat(x float64, n int) []float64 { return slices.Repeat([]float64{x}, n) }

func TestGap(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		want int
	}{
		{[]float64{3, 4, 5}, []float64{0, 1}, 1},   // gap 2, ranges 2 and 1
		{[]float64{3, 4, 5.1}, []float64{0, 1}, 0}, // range 2.1
		{[]float64{0, 1}, []float64{5, 3, 4}, -1},
		{[]float64{1, 1}, []float64{1, 1}, 0}, // no gap
		{[]float64{2, 2}, []float64{1, 1}, 1},
		{[]float64{inf, inf}, []float64{1, 9}, 1},   // never crossed against always
		{[]float64{inf, 10}, []float64{1, 2}, 0},    // an infinite range
		{[]float64{inf, inf}, []float64{inf, 1}, 0}, // ties
		{nil, []float64{1}, 0},
	} {
		if got := Gap(c.a, c.b); got != c.want || Gap(c.b, c.a) != -c.want {
			t.Errorf("%v %v: %d", c.a, c.b, got)
		}
	}
	for _, c := range []struct {
		d    []float64
		want int
	}{
		{[]float64{3, 4, 5}, 1}, {[]float64{2.9, 4, 5}, 0}, {[]float64{-3, -5}, -1},
		{[]float64{1, 1}, 1}, {[]float64{0, 0}, 0},
		{[]float64{inf, inf}, 1}, {nil, 0},
	} {
		if got := GapZero(c.d); got != c.want {
			t.Errorf("%v: %d", c.d, got)
		}
	}
}

// Decisions are final: replicates after a deciding look, and those between two looks, change
// nothing.
func TestJudgeByCompleteLooks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	far := Comparison{A: fill(r, normal(9, 1), 5), B: fill(r, normal(0, 1), 5)}
	first := far.Judge()
	if first.Outcome != Better || first.Look.N != 5 || first.NA != 5 || first.NB != 5 {
		t.Fatalf("%+v", first)
	}
	far.A, far.B = append(far.A, repeat(-100, 35)...), append(far.B, repeat(100, 35)...)
	if diff := cmp.Diff(first, far.Judge()); diff != "" {
		t.Error(diff)
	}

	near := Comparison{A: fill(r, normal(1.1, 1), 40), B: fill(r, normal(0, 1), 40)}
	var at []int
	for n := range 41 {
		c := Comparison{A: near.A[:n], B: near.B[:min(40, n+3)]}
		f := c.Judge()
		if want := lastLook(n); f.Outcome == Open && f.Look.N != want {
			t.Errorf("%d runs are judged at %d, not %d", n, f.Look.N, want)
		}
		if f.Outcome == Better {
			at = append(at, f.Look.N)
		}
	}
	if len(at) == 0 || slices.Min(at) != slices.Max(at) {
		t.Errorf("better at %v", at)
	}
	if f := (Comparison{A: near.A[:4], B: near.B}).Judge(); f != (Finding{}) {
		t.Errorf("four runs: %+v", f)
	}
	if f := (Comparison{}).Judge(); f != (Finding{}) {
		t.Errorf("nothing: %+v", f)
	}
}

func lastLook(n int) (at int) {
	for _, l := range Looks() {
		if l.N <= n {
			at = l.N
		}
	}
	return at
}

func TestOutcomes(t *testing.T) {
	steps := func(from, by float64, n int) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = from + by*float64(i*7%n) // not in order
		}
		return xs
	}
	for _, c := range []struct {
		name string
		c    Comparison
		want Outcome
		look int
	}{
		{"equal constants", Comparison{A: repeat(1, 10), B: repeat(1, 10), Delta: 0.02}, Equal, 10},
		{"five equal constants", Comparison{A: repeat(1, 5), B: repeat(1, 5), Delta: 0.02}, Open, 5},
		{"equal without a delta", Comparison{A: repeat(1, 40), B: repeat(1, 40)}, Open, 40},
		{"constants apart", Comparison{A: repeat(1, 5), B: repeat(1.001, 5), Delta: 0.02}, Worse, 5},
		{"one constant arm", Comparison{A: repeat(1, 10), B: steps(1.5, 0.2, 10)}, Worse, 10},
		{"close", Comparison{
			A: steps(0.5, 0.001, 10), B: steps(0.5005, 0.001, 10), Delta: 0.02,
		}, Equal, 10},
		{"a little lower", Comparison{
			A: steps(0.0, 0.01, 20), B: steps(0.03, 0.01, 20), Delta: 0.1,
		}, NoBetter, 10},
		{"an ended arm", Comparison{A: steps(2, 0.1, 10), B: steps(0, 1, 6), EndedB: true}, Open, 10},
		{"an ended arm, apart", Comparison{
			A: steps(6, 0.1, 10), B: steps(0, 1, 6), EndedB: true,
		}, Better, 10},
		{"both ended", Comparison{
			A: steps(3, 1, 6), B: steps(0, 1, 8), EndedA: true, EndedB: true,
		}, Open, 5},
		{"too few that ended", Comparison{A: repeat(9, 40), B: repeat(1, 4), EndedB: true}, Open, 0},
		{"censored", Comparison{
			A: slices.Concat([]float64{900, 800, 950}, repeat(inf, 7)), B: steps(100, 10, 10), Delta: 100,
		}, Better, 10},
		{"both censored", Comparison{A: repeat(inf, 10), B: repeat(inf, 10), Delta: 100}, Open, 10},
		{"differences", Comparison{A: steps(0.1, 0.1, 10), Single: true}, Better, 10},
		{"differences, gap", Comparison{A: []float64{-3, -4, -5, -4, -3}, Single: true}, Worse, 5},
		{"differences within", Comparison{
			A: steps(-0.01, 0.002, 10), Single: true, Delta: 0.02,
		}, Equal, 10},
		{"holds", Comparison{
			A: steps(0.45, 0.001, 5), B: steps(0.5, 0.001, 5), Delta: 0.1, Question: AtLeast,
		}, Holds, 5},
		{"fails", Comparison{
			A: steps(0.35, 0.001, 5), B: steps(0.5, 0.001, 5), Delta: 0.1, Question: AtLeast,
		}, Fails, 5},
		{"at the edge", Comparison{
			A: steps(0.4, 0.001, 40), B: steps(0.5, 0.001, 40), Delta: 0.1, Question: AtLeast,
		}, Open, 40},
	} {
		f := c.c.Judge()
		if f.Outcome != c.want || f.Look.N != c.look {
			t.Errorf("%s: %s at %d, want %s at %d (%+v)", c.name, f.Outcome, f.Look.N, c.want, c.look, f)
		}
		if f.Look.N > 0 && !(f.Win.Contains(f.Win.Estimate) && f.Shift.Contains(f.Shift.Estimate)) {
			t.Errorf("%s: an estimate outside of its interval: %+v", c.name, f)
		}
	}
}

// Arms exactly a delta apart tie when moved by it, though .33 - .03 is not .3 in binary.
func TestMovedTies(t *testing.T) {
	c := Comparison{A: repeat(0.33, 20), B: repeat(0.3, 20)}
	if c.A[0]-0.03 == c.B[0] {
		t.Fatal("another pair is needed")
	}
	for _, rule := range []string{ByPermute, ByRank, ByGap} {
		if got := c.tails(rule, -0.03); got != (Tails{1, 1, 1}) {
			t.Errorf("%s: %+v", rule, got)
		}
	}
}

// The fields of a finding: an arm with few runs is permuted at every look, AtLeast's p are of A +
// Delta, and an infinite end of an interval is null in JSON.
func TestFinding(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	c := Comparison{A: fill(r, normal(0.5, 1), 20), B: fill(r, normal(0, 1), 6), EndedB: true, Delta: 0.5}
	want, _ := PermutedTest(c.A, c.B)
	if got := c.At(Look{20, ByRank, 0.016}).P; got != want {
		t.Errorf("%+v, permuted %+v", got, want)
	}
	c.Question = AtLeast
	want, _ = PermutedTest(moved(c.A, 0.5), c.B)
	if got := c.At(Look{20, ByRank, 0.016}).P; got != want {
		t.Errorf("at least: %+v, moved %+v", got, want)
	}
	f := Comparison{A: repeat(inf, 5), B: repeat(1, 5)}.Judge()
	got, err := json.Marshal(map[string]any{"outcome": f.Outcome, "shift": f.Shift})
	const wantJSON = `{"outcome":"better","shift":{"estimate":null,"lo":null,"hi":null,"level":0.95}}`
	if err != nil || string(got) != wantJSON {
		t.Errorf("%s %v", got, err)
	}
}

// Exchanging the arms exchanges the outcome, the p and the ends.
func TestJudgeIsSymmetric(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	mirror := map[Outcome]Outcome{Better: Worse, Worse: Better, Equal: Equal, Open: Open}
	for range 60 {
		a, b := fill(r, normal(r.Float64(), 1), 20), fill(r, normal(0, 2), 20)
		f, g := Comparison{A: a, B: b}.Judge(), Comparison{A: b, B: a}.Judge()
		if mirror[f.Outcome] != g.Outcome || f.Look != g.Look {
			t.Fatalf("%s and %s", f.Outcome, g.Outcome)
		}
		near(t, "p", f.P.Above, g.P.Below, 1e-12)
		near(t, "win", f.Win.Lo, 1-g.Win.Hi, 1e-12)
		near(t, "shift", f.Shift.Lo, -g.Shift.Hi, 1e-12)
	}
}

func TestNaNPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a NaN was judged")
		}
	}()
	Comparison{A: []float64{1, 2, 3, 4, math.NaN()}, B: repeat(1, 5)}.Judge()
}

// All splits of two arms, counted one by one, with and without ties; the drawn p is near the exact
// one.
func TestPermutedIsEverySplit(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, n := range [][2]int{{2, 2}, {3, 4}, {6, 6}, {2, 9}} {
		for _, values := range []int{3, 1000} {
			a, b := make([]float64, n[0]), make([]float64, n[1])
			for _, xs := range [][]float64{a, b} {
				for i := range xs {
					xs[i] = float64(r.IntN(values))
				}
			}
			all := slices.Concat(a, b)
			seen := place(a, b).studentized()
			var above, below, total float64
			for _, pick := range combin.Combinations(len(all), len(a)) {
				var x, y []float64
				for i, v := range all {
					if slices.Contains(pick, i) {
						x = append(x, v)
					} else {
						y = append(y, v)
					}
				}
				c := place(x, y).studentized().compare(seen)
				total++
				if c >= 0 {
					above++
				}
				if c <= 0 {
					below++
				}
			}
			got, exact := PermutedTest(a, b)
			if !exact {
				t.Error("drawn")
			}
			near(t, "above", got.Above, above/total, 1e-12)
			near(t, "below", got.Below, below/total, 1e-12)
			drawn := newPool(a, b).draw(seen)
			near(t, "drawn above", drawn.Above, above/total, 0.015)
			near(t, "drawn below", drawn.Below, below/total, 0.015)
		}
	}
	a, b := fill(r, normal(0, 1), 10), fill(r, normal(0, 1), 10)
	seen := place(a, b).studentized()
	near(t, "untied", untied(10, 10).tails(seen).Above, newPool(a, b).draw(seen).Above, 0.015)
	p, exact := PermutedTest(fill(r, normal(0, 1), 40), fill(r, normal(9, 1), 10))
	if exact || p.Below != 1.0/(1+RandomSplits) {
		t.Errorf("40 against 10: %+v", p)
	}
	want := Tails{1.0 / 184756, 1, 2.0 / 184756}
	if p, _ := PermutedTest(repeat(1, 10), repeat(0, 10)); p != want {
		t.Errorf("apart: %+v", p)
	}
	if p, _ := PermutedTest(repeat(1, 10), repeat(1, 10)); p != (Tails{1, 1, 1}) {
		t.Errorf("all equal: %+v", p)
	}
}

func BenchmarkPermuted(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := fill(r, normal(0, 1), 10), fill(r, normal(0, 1), 10)
	tied := slices.Concat(x[:9], y[:1])
	wide := fill(r, normal(0, 1), 40)
	b.Run("10x10", func(b *testing.B) {
		for b.Loop() {
			nulls.Clear()
			PermutedTest(x, y)
		}
	})
	b.Run("10x10/again", func(b *testing.B) {
		for b.Loop() {
			PermutedTest(x, y)
		}
	})
	b.Run("10x10/one tie", func(b *testing.B) {
		for b.Loop() {
			PermutedTest(tied, y)
		}
	})
	b.Run("10x40/drawn", func(b *testing.B) {
		for b.Loop() {
			PermutedTest(x, wide)
		}
	})
}

// BenchmarkJudge600 judges 600 comparisons of 40 runs each, a third of them with a tie, as a ledger
// has them.
func BenchmarkJudge600(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	cs := make([]Comparison, 600)
	for i := range cs {
		a, b := fill(r, normal(r.Float64()/2, 1), 40), fill(r, normal(0, 1), 40)
		cs[i] = Comparison{A: a, B: b, Delta: 0.2}
		if i%3 == 0 {
			cs[i].A[3] = cs[i].B[3]
		}
	}
	for b.Loop() {
		for _, c := range cs {
			c.Judge()
		}
	}
}
