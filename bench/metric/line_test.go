package metric

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// XOR allows three of four corners. A line has one flagged side, so an anomaly between normal rows
// costs one of these, and no line separates equal points.
func TestBestLineByHand(t *testing.T) {
	for name, c := range map[string]struct {
		x, y []float64
		a    []bool
		want float64
	}{
		"separable":     {[]float64{0, 1, 2, 3}, []float64{0, 0, 0, 0}, []bool{false, false, true, true}, 1},
		"the other way": {[]float64{0, 1, 2, 3}, []float64{5, 5, 5, 5}, []bool{true, true, false, false}, 1},
		"upright":       {[]float64{1, 1, 1}, []float64{0, 1, 2}, []bool{true, false, false}, 1},
		"xor":           {[]float64{0, 1, 0, 1}, []float64{0, 1, 1, 0}, []bool{true, true, false, false}, 0.75},
		"in the middle": {[]float64{0, 1, 2}, []float64{0, 0, 0}, []bool{false, true, false}, 0.75},
		"all in one":    {[]float64{1, 1, 1}, []float64{2, 2, 2}, []bool{false, true, true}, 0.5},
		"two kinds one": {[]float64{1, 1, 3}, []float64{2, 2, 2}, []bool{false, true, true}, 0.75},
	} {
		got, ok := BestLine(c.x, c.y, c.a)
		if !ok || got.Balanced != c.want {
			t.Errorf("%s: %+v, %v, want %v", name, got, ok, c.want)
		}
	}
	if _, ok := BestLine([]float64{1, 2}, []float64{1, 2}, []bool{true, true}); ok {
		t.Error("a line between anomalies alone")
	}
}

// The reference is every relevant line, one by one: those through two points, slightly rotated and
// shifted.
func TestBestLineAgainstAllLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "n")
		side := rapid.SampledFrom([]int{3, 50}).Draw(t, "side") // 3: many collinear or equal points
		x, y, a := make([]float64, n), make([]float64, n), make([]bool, n)
		for i := range n {
			x[i], y[i] = float64(rapid.IntRange(0, side).Draw(t, "x")), float64(rapid.IntRange(0, side).Draw(t, "y"))
			a[i] = i == 0 || i > 1 && rapid.Bool().Draw(t, "anomaly")
		}
		const hair = 1e-5
		want := 0.5
		for i := range n {
			for j := range n {
				at := math.Atan2(y[j]-y[i], x[j]-x[i])
				for _, turned := range []float64{at - hair, at, at + hair} {
					u, v := -math.Sin(turned), math.Cos(turned)
					for _, k := range []int{i, j} {
						for _, moved := range []float64{-hair * hair, hair * hair} {
							cut := u*x[k] + v*y[k] + moved
							hit, pass, pos := 0, 0, 0
							for r := range n {
								above := u*x[r]+v*y[r] > cut
								switch {
								case a[r] && above:
									hit++
								case !a[r] && !above:
									pass++
								}
								if a[r] {
									pos++
								}
							}
							acc := (float64(hit)/float64(pos) + float64(pass)/float64(n-pos)) / 2
							want = max(want, acc, 1-acc)
						}
					}
				}
			}
		}
		got, ok := BestLine(x, y, a)
		if !ok || math.Abs(got.Balanced-want) > 1e-12 {
			t.Fatalf("%v, %v, %v: %+v, want %v", x, y, a, got, want)
		}
	})
}

// strip is a thin strip of anomalies beside normal rows with a long tail, which rotates a
// regression's direction.
func strip() (x, y []float64, a []bool) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		odd := i%2 == 0
		l := r.ExpFloat64()
		s := 0.05 * r.NormFloat64()
		if odd {
			s += 0.5
			l *= 0.1
		}
		if !odd && i%20 == 1 {
			s -= 30 * r.Float64() // a long tail of normal rows
			l += 5
		}
		x, y, a = append(x, l), append(y, l+s), append(a, odd)
	}
	return x, y, a
}

// No regression's direction is better, and the best line has the balanced accuracy that it reports.
func TestBestLineAgainstRegression(t *testing.T) {
	x, y, a := strip()
	got, _ := BestLine(x, y, a)
	both := make([]float64, 0, 2*len(x))
	for i := range x {
		both = append(both, x[i], y[i])
	}
	m, err := FitLogistic(both, 2, a)
	if err != nil {
		t.Fatal(err)
	}
	fitted, _, _ := BalancedAccuracy(m.Decisions(both), a)
	if got.Balanced < fitted {
		t.Errorf("a regression's %v is better than the best line's %v", fitted, got.Balanced)
	}
	hit, pass := 0, 0
	for i := range x {
		if flagged := got.A*x[i]+got.B*y[i] >= got.Cut; flagged == a[i] {
			if flagged {
				hit++
			} else {
				pass++
			}
		}
	}
	if v := (float64(hit)/500 + float64(pass)/500) / 2; v != got.Balanced {
		t.Errorf("the line flags to %v, not %v", v, got.Balanced)
	}
}

func BenchmarkBestLine(b *testing.B) {
	x, y, a := strip()
	for b.Loop() {
		BestLine(x, y, a)
	}
}

// Events preserve the bits of their turn, at the ends of its range too, and sort by it whatever
// their flags.
func TestEvents(t *testing.T) {
	last := event(0)
	for _, turn := range []float64{math.SmallestNonzeroFloat64 * (1 << 60), 0x1p-53, 0.5, math.Nextafter(1, 0), 1, 1.5, math.Nextafter(2, 0), 2} {
		for _, flags := range []event{0, isAnomaly, isFar, isAnomaly | isFar} {
			e := newEvent(turn, flags&isAnomaly != 0, flags&isFar != 0)
			if e.turn() != turn || e&3 != flags {
				t.Errorf("a turn of %v with flags %d became %v with %d", turn, flags, e.turn(), e&3)
			}
			if e <= last {
				t.Errorf("a turn of %v sorts before a smaller one", turn)
			}
			last = e
		}
	}
	if got := turn(-1, 1e-300); got != 2 {
		t.Errorf("the largest turn is %v", got)
	}
}
