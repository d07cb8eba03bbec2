package stats

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		xs   []float64
		want float64
	}{
		{[]float64{7}, 7},
		{[]float64{9, 1, 4}, 4},
		{[]float64{4, 1, 2, 9}, 3},
		{[]float64{1, 2, inf}, 2},
		{[]float64{1, inf}, inf}, // half the seeds never get there
		{[]float64{inf, inf, 3}, inf},
	} {
		if got := Middle(c.xs); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.xs, got, c.want)
		}
	}
	xs := []float64{3, 1, 2}
	Middle(xs)
	if xs[0] != 3 {
		t.Error("median reorders its argument")
	}
}

func TestMean(t *testing.T) {
	// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares about it sum to 32.
	m, sd := MeanSD([]float64{2, 4, 4, 4, 5, 5, 7, 9})
	if m != 5 || sd != math.Sqrt(32.0/7) {
		t.Errorf("mean %v, sd %v, want 5 and %v", m, sd, math.Sqrt(32.0/7))
	}
	if m, sd := MeanSD([]float64{3}); m != 3 || !math.IsNaN(sd) {
		t.Errorf("of one value: %v, %v", m, sd)
	}
}

// BandCoverage by counting: of all 2^n ways in which n independent runs lie above or below the
// median, those with the smallest below and the largest above.
func TestBandCoverage(t *testing.T) {
	for n := 1; n <= 12; n++ {
		in := 0
		for sides := range 1 << n {
			if sides != 0 && sides != 1<<n-1 {
				in++
			}
		}
		want := 100 * float64(in) / float64(int(1)<<n)
		if n == 1 {
			want = 0
		}
		if got := BandCoverage(n); math.Abs(got-want) > 1e-9 {
			t.Errorf("n = %d: %v %%, counted %v %%", n, got, want)
		}
	}
}
