package density

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
)

func table(cols int, x ...float32) bench.Data {
	return bench.Data{X: bench.Matrix{Rows: len(x) / cols, Cols: cols, Data: x}}
}

// TestKernelByHand: one kernel is a Gaussian; for two, the density in the middle is that of either.
func TestKernelByHand(t *testing.T) {
	got := scored(t, NewKDE(KDESettings{Bandwidth: 0.5}), table(2, 1, 2), table(2, 1, 2, 1, 3))
	base := math.Log(2 * math.Pi * 0.25)
	near(t, "one kernel", got, []float64{base, base + 1/(2*0.25)}, 1e-14)
	got = scored(t, NewKDE(KDESettings{Bandwidth: 1}), table(1, 0, 2), table(1, 1, 0, 1e4))
	half := math.Log(2*math.Pi) / 2
	near(t, "two kernels", got,
		[]float64{half + 0.5, half - math.Log((1+math.Exp(-2))/2),
			half + math.Ln2 + 0.5*(1e4-2)*(1e4-2)}, 1e-14)
}

// TestLeaveOneOutByHand: with two rows in one dimension at a distance of 2, the density of each
// under the other's kernel is N(2; 0, h²), which is greatest at h = 2; of the widths tried, the one
// with the greatest likelihood is taken.
func TestLeaveOneOutByHand(t *testing.T) {
	k := NewKDE(KDESettings{})
	scored(t, k, table(1, 0, 2), table(1, 0))
	// Scott's rule: standard deviation 1 times 2^(-1/5); the widths are that times 2^(i/2).
	best, scott := 0.0, math.Pow(2, -0.2)
	for i := range tries {
		h := scott * math.Pow(2, float64(4-i)/2)
		if l := -math.Log(h) - 2/(h*h); i == 0 || l > -math.Log(best)-2/(best*best) {
			best = h
		}
	}
	near(t, "width", []float64{k.Bandwidth()}, []float64{best}, 1e-14)
}

// TestOneGaussian: a mixture of one has the mean and the covariance of the rows, and its score
// includes half the squared Mahalanobis distance.
func TestOneGaussian(t *testing.T) {
	// Variances 2 and 0.5, no covariance.
	d := table(2, -2, 0, 2, 0, 0, -1, 0, 1)
	got := scored(t, NewGMM(GMMSettings{Components: 1, Ridge: 1e-12}), d,
		table(2, 0, 0, 2, 0, 2, 1))
	base := math.Log(2*math.Pi) + math.Log(2*0.5)/2
	near(t, "one Gaussian", got, []float64{base, base + 1, base + 2}, 1e-9)
	// With a covariance: rows on the diagonal, u = ±2 along it and ±1 across.
	s := float32(math.Sqrt2 / 2)
	e := table(2, 2*s, 2*s, -2*s, -2*s, s, -s, -s, s)
	got = scored(t, NewGMM(GMMSettings{Components: 1, Ridge: 1e-12}), e,
		table(2, 0, 0, s, s, s, -s))
	near(t, "a turned Gaussian", got, []float64{base, base + 0.25, base + 1}, 1e-6)
}

// TestTwoFarClusters: components far apart are the Gaussians of their rows, with their shares as
// weights.
func TestTwoFarClusters(t *testing.T) {
	d := table(1, 0, 1, 0, 1, 100, 104)
	g := NewGMM(GMMSettings{Components: 2, Ridge: 1e-9})
	got := scored(t, g, d, table(1, 0.5, 102))
	want := []float64{-math.Log(2.0/3) + math.Log(2*math.Pi*0.25)/2,
		-math.Log(1.0/3) + math.Log(2*math.Pi*4)/2}
	near(t, "clusters", got, want, 1e-8)
}

// TestClimbs: the likelihood never falls from one iteration to the next (except by the ridge's
// effect), and a fit is the same for any number of threads.
func TestClimbs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d, k := rapid.IntRange(5, 120).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t,
			"d"), rapid.IntRange(1, 4).Draw(t, "k")
		rng := bench.NewStream(rapid.Uint64().Draw(t, "seed"), "climbs").Rand()
		x := bench.NewMatrix(n, d)
		for i := range x.Data {
			x.Data[i] = rng.Float32() * float32(1+rng.IntN(3))
		}
		m := &mixture{}
		if err := m.maximise(x, clusters(x, k, rng), k, 1e-6); err != nil {
			t.Fatal(err)
		}
		share, was := make([]float64, n*k), math.Inf(-1)
		for range 15 {
			l, err := m.expect(context.Background(), x, share, 1+rng.IntN(3))
			if err != nil {
				t.Fatal(err)
			}
			if l < was-1e-3 {
				t.Fatalf("the mean log-likelihood fell from %v to %v", was, l)
			}
			was = l
			for i := range n {
				s := 0.0
				for _, v := range share[i*k : (i+1)*k] {
					s += v
				}
				if math.Abs(s-1) > 1e-12 {
					t.Fatalf("row %d's shares sum to %v", i, s)
				}
			}
			if err := m.maximise(x, share, k, 1e-6); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestSameBytes: threads change nothing, another seed gives other initial values, and identical
// rows may be scored once.
func TestSameBytes(t *testing.T) {
	d := stretched(9, 900, 3)
	for name, make := range map[string]func(seed uint64, threads int) bench.Detector{
		"kde": func(seed uint64, threads int) bench.Detector {
			return NewKDE(KDESettings{Subsample: 300, Seed: seed, Threads: threads})
		},
		"gmm": func(seed uint64, threads int) bench.Detector {
			return NewGMM(GMMSettings{Components: 6, Restarts: 1, Iterations: 5, Seed: seed,
				Threads: threads})
		},
	} {
		a := scored(t, make(1, 1), d, d)
		if !slices.Equal(a, scored(t, make(1, 3), d, d)) {
			t.Errorf("%s: threads change scores", name)
		}
		if slices.Equal(a, scored(t, make(2, 1), d, d)) {
			t.Errorf("%s: another seed gives the same scores", name)
		}
		twice := bench.Data{X: bench.NewMatrix(1800, 3)}
		for i := range 1800 {
			copy(twice.X.Row(i), d.X.Row(i%900))
			twice.Same = append(twice.Same, int32(i%900))
		}
		m := make(1, 1)
		scored(t, m, d, d)
		got := scoresOf(t, m, twice, nil)
		if !slices.Equal(got[:900], a) || !slices.Equal(got[900:], a) {
			t.Errorf("%s: knowing which rows are the same changes scores", name)
		}
		if some := scoresOf(t, m, d, []int{7, 899}); some[0] != a[7] || some[1] != a[899] {
			t.Errorf("%s: a row's score depends on the rows asked for", name)
		}
	}
}

func scoresOf(t *testing.T, m bench.Detector, d bench.Data, rows []int) []float64 {
	t.Helper()
	n := len(rows)
	if rows == nil {
		n = d.Rows()
	}
	s := make([]float64, n)
	if _, err := m.Scores(context.Background(), s, d, rows, bench.HeadBase); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRestarts: of several starts, the first of which is that of a single one, the likeliest fit is
// kept.
func TestRestarts(t *testing.T) {
	d := stretched(10, 200, 2)
	better := 0
	for seed := range uint64(10) {
		likelihood := func(restarts int) float64 {
			s := 0.0
			for _, v := range scored(t,
				NewGMM(GMMSettings{Components: 5, Restarts: restarts, Iterations: 10,
					Seed: seed}), d, d) {
				s -= v
			}
			return s
		}
		one, many := likelihood(1), likelihood(6)
		if many < one {
			t.Errorf("seed %d: the log-likelihood is %v after one beginning and %v after six", seed,
				one, many)
		}
		if many > one {
			better++
		}
	}
	if better < 3 {
		t.Errorf("six beginnings are better than one for %d of 10 seeds", better)
	}
}

// TestDegenerate lists degenerate data that are accepted, and those that are errors.
func TestDegenerate(t *testing.T) {
	same := table(2, 1, 2, 1, 2, 1, 2, 1, 2)
	for i, v := range scored(t, NewGMM(GMMSettings{Components: 2}), same, same) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("copies: row %d has score %v", i, v)
		}
	}
	for what, c := range map[string]struct {
		m bench.Detector
		d bench.Data
	}{
		"all rows are the same": {NewKDE(KDESettings{}), same},
		"at least 2 rows":       {NewKDE(KDESettings{}), table(1, 3)},
		"at least 5 rows":       {NewGMM(GMMSettings{Components: 5}), same},
		"row 1, column 0": {NewGMM(GMMSettings{Components: 1}),
			table(1, 3, float32(math.NaN()))},
		"row 0, column 1": {NewKDE(KDESettings{Bandwidth: 1}),
			table(2, 3, float32(math.Inf(-1)))},
		"singular": {NewGMM(GMMSettings{Components: 1, Ridge: 1e-300}),
			table(2, 1, 1, 2, 2, 3, 3)},
	} {
		if err := c.m.Fit(context.Background(), c.d); err == nil ||
			!strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
