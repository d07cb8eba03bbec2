package synth

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func atProcs(t *testing.T, n int) {
	before := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// A drawn row has the same features, class and truth as in the complete dataset; the order is the
// same.
func TestRowsAreASample(t *testing.T) {
	for _, id := range []string{"mnist0", "mnist_hard"} {
		t.Run(id, func(t *testing.T) {
			all, some := whole(t, id), rows2000(t, id)
			checkZeros(t, all, entryOf(id).DatasetInfo)
			if some.X.Rows != 2000 {
				t.Fatalf("%d rows", some.X.Rows)
			}
			i := 0
			for j := range some.X.Rows {
				for i < all.X.Rows && !(slices.Equal(all.X.Row(i), some.X.Row(j)) && all.Class[i] == some.Class[j] && all.Truth[i] == some.Truth[j]) {
					i++
				}
				if i == all.X.Rows {
					t.Fatalf("row %d and those before it do not follow each other in the whole dataset", j)
				}
				i++
			}
			// The sample's anomalies are hypergeometric: 4 standard deviations.
			n, k, sample := float64(all.X.Rows), float64(all.Anomalies()), 2000.0
			mean := sample * k / n
			sd := math.Sqrt(mean * (1 - k/n) * (n - sample) / (n - 1))
			if got := float64(some.Anomalies()); math.Abs(got-mean) > 4*sd {
				t.Errorf("%g anomalies, expected %.1f ± %.1f", got, mean, sd)
			}
		})
	}
}

func TestScaling(t *testing.T) {
	m := images(t, "mnist0")
	given := func(scaling string) map[string]any {
		return map[string]any{"scaling": scaling, "rows": 2000, "hidden": 4, "steps": 20}
	}
	raw := made(t, "mnist_hard", 1, given("none")) // all images, so the draw gives the rows
	taken := choose(m.Count, 2000, bench.NewStream(1, "synth/rows").Rand())
	j := 0
	for i, yes := range taken {
		if !yes {
			continue
		}
		for k, p := range m.Image(i) {
			if raw.X.Row(j)[k] != float32(p) {
				t.Fatalf("none: row %d, pixel %d: %g, want %d", j, k, raw.X.Row(j)[k], p)
			}
		}
		j++
	}
	unit := made(t, "mnist_hard", 1, given("unit"))
	z := made(t, "mnist_hard", 1, given("zscore"))
	if !slices.Equal(unit.Truth, raw.Truth) || !slices.Equal(z.Truth, raw.Truth) {
		t.Error("the scaling changes what is anomalous")
	}
	for i, v := range raw.X.Data {
		// 255 v' must round back to the pixel, v' being the float32 nearest to p/255.
		if u := unit.X.Data[i]; float32(float64(v)/255) != u || math.Round(float64(u)*255) != float64(v) {
			t.Fatalf("unit: %g for pixel %g", u, v)
		}
	}
	constant := 0
	for k := range z.X.Cols {
		column := make([]float64, z.X.Rows)
		pixels := make([]float64, z.X.Rows)
		for i := range column {
			column[i], pixels[i] = float64(z.X.Row(i)[k]), float64(raw.X.Row(i)[k])
		}
		if slices.Max(pixels) == slices.Min(pixels) {
			constant++
			if slices.Max(column) != 0 || slices.Min(column) != 0 {
				t.Errorf("zscore: constant column %d is not zero", k)
			}
			continue
		}
		mean, square := 0.0, 0.0
		for _, v := range column {
			mean += v / float64(len(column))
			square += v * v / float64(len(column))
		}
		// float32 values of up to 45 (one pixel in 2,000) leave about 1e-6.
		if math.Abs(mean) > 1e-5 || math.Abs(square-1) > 1e-5 {
			t.Errorf("zscore: column %d has mean %g and mean square %g", k, mean, square)
		}
	}
	if constant == 0 || constant == z.X.Cols {
		t.Errorf("%d constant columns: the test saw one case only", constant)
	}
}

// Every subset of size k is equally likely: all 10 of 5 choose 2, over 10,000 draws. Chi-square
// with 9 degrees of freedom exceeds 27.9 once in 1,000.
func TestChooseIsUniform(t *testing.T) {
	count := map[[5]bool]int{}
	rng := bench.NewStream(1, "test").Rand()
	for range 10000 {
		count[[5]bool(choose(5, 2, rng))]++
	}
	chi := 0.0
	for _, n := range count {
		chi += float64((n-1000)*(n-1000)) / 1000
	}
	if len(count) != 10 || chi > 27.9 {
		t.Errorf("%d subsets, chi-square %.1f: %v", len(count), chi, count)
	}
}
