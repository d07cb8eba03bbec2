package ensemble

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
	"pgregory.net/rapid"
)

// TestBinsByHand: the rule of Birge and Rozenholc worked out by hand for eight values, for which D
// = 1, 2, 3 are tried (8 / ln 8 = 3.85).
func TestBinsByHand(t *testing.T) {
	even := []float64{0, 1, 2, 3, 4, 5, 6, 7}
	// D = 1: 8 ln(1/7) - 1 = -16.57; D = 2: 8 ln(4/28) - 2.40 = -17.97; D = 3,
	// bins of 3, 2, 3: lower still.
	lone := []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 4}
	// D = 1: 8 ln(1/4) - 1 = -12.09; D = 2: 7 ln(7/16) + ln(1/16) - 2.40
	// = -10.96; D = 3: 7 ln(21/32) + ln(3/32) - 4.27 = -9.58.
	plain := newBinsRule(8, 500, false)
	if plain.most != 3 || plain.step != 1 {
		t.Errorf("up to %d bins in steps of %d, want 3 and 1", plain.most, plain.step)
	}
	if got := plain.choose(even); got != 1 {
		t.Errorf("even: %d bins, want 1", got)
	}
	if got := plain.choose(lone); got != 3 {
		t.Errorf("lone: %d bins, want 3", got)
	}
	if got := newBinsRule(8, 500, true).choose(lone); got != 4 {
		t.Errorf("lone, with the authors' extra bin: %d bins, want 4", got)
	}

	shuffled := []float64{0.4, 4, 0.1, 0.6, 0, 0.3, 0.5, 0.2}
	b, z := plain.fit(shuffled, make([]float64, 8), 1e-8)
	want := []float64{-math.Log(7 / (8 * 4.0 / 3)), -math.Log(1e-8), -math.Log(1 / (8 * 4.0 / 3))}
	for m, w := range want {
		if math.Abs(z[m]-w) > 1e-12 {
			t.Errorf("bin %d: %v, want %v", m, z[m], w)
		}
	}
	for x, bin := range map[float64]int{0: 0, 1.3: 0, 1.4: 1, 2.6: 1, 2.7: 2, 4: 2, -5: 0, 1e300: 2,
		-1e300: 0} {
		if got := b.of(x); got != bin {
			t.Errorf("%v is in bin %d, want %d", x, got, bin)
		}
	}
	four := newBinning(0, 8, 4)
	// bins are right-open
	for x, bin := range map[float64]int{0: 0, 1.999: 0, 2: 1, 3.999: 1, 4: 2, 6: 3, 8: 3} {
		if got := four.of(x); got != bin {
			t.Errorf("%v is in bin %d of four, want %d", x, got, bin)
		}
	}
	// 10,000 values: at most floor(10,000 / ln 10,000) = 1,085 bins, in steps of floor(1,085/500) =
	// 2.
	if r := newBinsRule(10000, 500, true); r.most != 1085 || r.step != 2 {
		t.Errorf("up to %d bins in steps of %d, want 1085 and 2", r.most, r.step)
	}
}

// likelihood returns the rule's objective, directly from its formula.
func likelihood(values []float64, bins int) float64 {
	n := float64(len(values))
	lo, hi := values[0], values[len(values)-1]
	h := (hi - lo) / float64(bins)
	sum := -(float64(bins) + math.Pow(math.Log(float64(bins)), 2.5))
	for _, c := range newBinning(lo, hi, bins).counts(values) {
		if c > 0 {
			sum += float64(c) * math.Log(float64(c)/(n*h))
		}
	}
	return sum
}

// TestBinsAgainstCounting: finding boundaries in sorted values gives the same number of bins as
// counting every value for every number of bins.
func TestBinsAgainstCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 400).Draw(t, "n")
		rng := bench.NewStream(rapid.Uint64().Draw(t, "seed"), "values").Rand()
		shape := rapid.IntRange(0, 4).Draw(t, "shape")
		values := make([]float64, n)
		for i := range values {
			switch shape {
			case 0:
				values[i] = rng.Float64()
			case 1:
				values[i] = detmath.Normal(rng)
			case 2: // one outlier: the rest share a cell of the grid
				values[i] = rng.Float64()
				if i == 0 {
					values[i] = 1e9
				}
			case 3:
				values[i] = float64(rng.IntN(5)) // ties on boundaries
			case 4:
				values[i] = math.Exp(20 * rng.Float64())
			}
		}
		slices.Sort(values)
		if values[0] == values[n-1] {
			return
		}
		r := newBinsRule(n, rapid.SampledFrom([]int{3, 500}).Draw(t, "tries"), false)
		got := r.choose(values)
		best := math.Inf(-1)
		for bins := 1; bins <= r.most; bins += r.step {
			best = max(best, likelihood(values, bins))
		}
		if l := likelihood(values, got); l < best-1e-9*math.Abs(best) || (got-1)%r.step != 0 {
			t.Fatalf("%d bins have %v, the best %v", got, l, best)
		}
		if naive := countingFirst(r, values); naive != got &&
			likelihood(values, naive) != likelihood(values, got) {
			if d := likelihood(values, naive) - likelihood(values, got); math.Abs(d) > 1e-9 {
				t.Fatalf("%d bins, counting gives %d", got, naive)
			}
		}
	})
}

func countingFirst(r *binsRule, values []float64) int {
	best, at := math.Inf(-1), 0
	for bins := 1; bins <= r.most; bins += r.step {
		if l := likelihood(values, bins); l > best {
			best, at = l, bins
		}
	}
	return at
}

// TestBoundaries: below equals the count by definition, for any guess.
func TestBoundaries(t *testing.T) {
	rng := bench.NewStream(5, "boundaries").Rand()
	values := make([]float64, 3000)
	for i := range values {
		values[i] = math.Floor(1000 * math.Pow(rng.Float64(), 8)) // crowded near zero
	}
	slices.Sort(values)
	g := newBoundaries(values, 500)
	for range 20000 {
		bins := 1 + rng.IntN(700)
		b := newBinning(values[0], values[len(values)-1], bins)
		m := rng.IntN(bins) + 1
		want := 0
		for want < len(values) && (values[want]-b.lo)*b.scale < float64(m) {
			want++
		}
		from := rng.IntN(want + 1)
		if got := g.below(float64(m), b.scale, from, rng.IntN(600)); got != want {
			t.Fatalf("bin %d of %d: %d values below, want %d", m, bins, got, want)
		}
	}
}

// TestProjections: ceil(sqrt d) coordinates, unit length, every coordinate equally often.
func TestProjections(t *testing.T) {
	for _, d := range []int{1, 2, 3, 4, 6, 9, 30, 54, 120, 784} {
		l := newLoda(LodaSettings{Seed: 3})
		l.cols = d
		times := make([]int, d)
		const draws = 400
		for j := range draws {
			p := l.project(j)
			if want := int(math.Ceil(math.Sqrt(float64(d)))); len(p.w) != want {
				t.Fatalf("d = %d: %d coordinates, want %d", d, len(p.w), want)
			}
			norm := 0.0
			for i, w := range p.w {
				norm += w * w
				times[p.features[i]]++
			}
			if math.Abs(norm-1) > 1e-12 {
				t.Errorf("d = %d: length %v", d, math.Sqrt(norm))
			}
		}
		share := math.Ceil(math.Sqrt(float64(d))) / float64(d)
		for i, n := range times {
			if sd := math.Sqrt(draws * share * (1 - share)); math.Abs(float64(n)-draws*share) > 5*sd+1e-9 {
				t.Errorf("d = %d: coordinate %d survives %d times of %d", d, i, n, draws)
			}
		}
	}
}

// TestDirections: the remaining coordinates of a projection are a direction that is uniform on the
// sphere, as from normal numbers, by sign and by the fourth moment, E w⁴ = 3/(k(k+2)) for k of them
// (from uniform numbers it would be less). Another projection, and another seed, has a different
// one.
func TestDirections(t *testing.T) {
	const d, k, draws = 100, 10, 4000
	l, other := newLoda(LodaSettings{Seed: 3}), newLoda(LodaSettings{Seed: 4})
	l.cols, other.cols = d, d
	positive, fourth := 0.0, 0.0
	for j := range draws {
		for _, w := range l.project(j).w {
			if w > 0 {
				positive++
			}
			fourth += w * w * w * w / (k * draws)
		}
	}
	// The standard deviation of a count of 40,000 halves is 100. That of w⁴ is below 0.06 and its
	// mean 0.025: the mean of 40,000, at most k of which are dependent, is within 0.001.
	if math.Abs(positive-k*draws/2) > 6*100 {
		t.Errorf("%g of %d weights are positive", positive, k*draws)
	}
	if want := 3.0 / (k * (k + 2)); math.Abs(fourth-want) > 0.001 {
		t.Errorf("the mean fourth power is %v, want %v", fourth, want)
	}
	a, b, c := l.project(0), l.project(1), other.project(0)
	if slices.Equal(a.w, b.w) || slices.Equal(a.w, c.w) || slices.Equal(a.features, b.features) ||
		slices.Equal(a.features, c.features) {
		t.Error("two projections, or two seeds, have the same direction")
	}
}

// TestNumberOfProjections: the rule of loda.fit, computed naively from each projection's z.
func TestNumberOfProjections(t *testing.T) {
	d, _ := clusters(400, 6, 2)
	ctx := context.Background()
	all := newLoda(LodaSettings{Least: 79, Most: 80, Stop: 1e-300, Seed: 4})
	if err := all.fit(ctx, d); err != nil {
		t.Fatal(err)
	}
	z := func(j, row int) float64 {
		p := &all.projections[j]
		return all.tables[j][p.of(p.value(d.X.Row(row)))]
	}
	n := d.Rows()
	delta := make([]float64, 80) // [k]: the step from k projections to k+1
	for k := 1; k < 80; k++ {
		for r := range n {
			var a, b float64
			for j := range k {
				a += z(j, r) / float64(k)
			}
			for j := range k + 1 {
				b += z(j, r) / float64(k+1)
			}
			delta[k] += math.Abs(b-a) / float64(n)
		}
	}
	for _, c := range []struct {
		least, most int
		stop        float64
	}{{5, 60, 0.01}, {5, 60, 0.2}, {5, 60, 0.6}, {20, 60, 0.3}, {0, 40, 0.05}, {30, 30, 0.01}, {10,
		3, 0.01}} {
		most := max(c.most, c.least+1)
		best := 1
		for k := 1; k <= most; k++ {
			if delta[k] < delta[best] {
				best = k
			}
			if delta[k]/delta[1] < c.stop && k > c.least {
				break
			}
		}
		want := max(best, c.least+1)
		l := newLoda(LodaSettings{Least: c.least, Most: c.most, Stop: c.stop, Seed: 4})
		if err := l.fit(ctx, d); err != nil {
			t.Fatal(err)
		}
		if l.members() != want {
			t.Errorf("%+v: %d projections, want %d", c, l.members(), want)
		}
	}
}

// TestLODAScore: the score is the mean of -ln density over the projections, for other data too.
func TestLODAScore(t *testing.T) {
	d, _ := clusters(500, 5, 2)
	other, _ := clusters(300, 5, 9)
	m := NewLODA(LodaSettings{Least: 20, Most: 21, Seed: 1})
	fitScore(t, m, d)
	got := make([]float64, 3)
	rows := []int{17, 299, 0}
	if _, err := m.Scores(context.Background(), got, other, rows, bench.HeadBase); err != nil {
		t.Fatal(err)
	}
	for i, r := range rows {
		want := 0.0
		for j := range m.projections {
			p := &m.projections[j]
			v := 0.0
			for k, f := range p.features {
				v += p.w[k] * float64(other.X.Row(r)[f])
			}
			bin := int(math.Max(0, math.Min(float64(p.bins-1), math.Floor((v-p.lo)*p.scale))))
			want += m.tables[j][bin] / float64(len(m.projections))
		}
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("row %d: %v, want %v", r, got[i], want)
		}
	}
}
