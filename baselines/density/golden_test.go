package density

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/peer"
	"github.com/uaibench/uaibench/bench"
)

// stretched returns a data set of testdata/density_golden.py, by the same formula.
func stretched(seed, n, d int) bench.Data {
	u := peer.Uniform(seed)
	x := bench.NewMatrix(n, d)
	b := make([]float64, d)
	for i := range n {
		for j := range b {
			b[j] = u.Bell()
		}
		for j := range b {
			side := -1.0
			if j%2 == 1 {
				side = 1
			}
			x.Row(i)[j] = float32(2*float64(i%3)*side + b[j]*(0.3+0.2*float64(i%3)) + 0.4*b[0])
		}
	}
	return bench.Data{X: x}
}

// TestAgainstScikitLearn compares the densities of a kernel density, and of mixtures after one and
// thirty iterations from the same start, and the width chosen by leaving one out.
func TestAgainstScikitLearn(t *testing.T) {
	var golden struct {
		KDE      []float64
		Width    float64
		Mixtures []struct {
			Seed, Rows, Columns, Components int
			After1, After30, Weights        []float64
			Likelihood                      float64
		}
	}
	peer.Read(t, "density_golden.json", &golden)
	d, test := stretched(1, 180, 2), stretched(2, 50, 2)
	k := NewKDE(KDESettings{Bandwidth: 0.25})
	near(t, "kernel density", scored(t, k, d, test), golden.KDE, 1e-9)
	auto := NewKDE(KDESettings{})
	scored(t, auto, d, test)
	near(t, "width", []float64{auto.Bandwidth()}, []float64{golden.Width}, 1e-12)
	if len(golden.Mixtures) != 3 {
		t.Fatalf("%d mixtures", len(golden.Mixtures))
	}
	for _, c := range golden.Mixtures {
		d, test := stretched(c.Seed, c.Rows, c.Columns), stretched(c.Seed+50, 40, c.Columns)
		for iterations, want := range map[int][]float64{1: c.After1, 30: c.After30} {
			m := &mixture{d: c.Columns}
			for i := range c.Components {
				mean, cov := make([]float64, c.Columns), make([]float64, c.Columns*c.Columns)
				for j, v := range d.X.Row(i) {
					mean[j] = float64(v)
					cov[j*c.Columns+j] = 1
				}
				m.weight, m.mean = append(m.weight, 1/float64(c.Components)), append(m.mean, mean)
				m.lower, m.start = append(m.lower, nil), append(m.start, 0)
				if err := m.set(i, cov); err != nil {
					t.Fatal(err)
				}
			}
			s := NewGMM(GMMSettings{Components: c.Components}).set
			s.Tolerance, s.Iterations = math.Inf(-1), iterations // runs them all
			likelihood, _, err := m.climb(context.Background(), d.X, s)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]float64, 40)
			g := &GMM{set: s, model: m}
			if _, err := g.Scores(context.Background(), got, test, nil,
				bench.HeadBase); err != nil {
				t.Fatal(err)
			}
			near(t, "mixture", got, want, 1e-7)
			if iterations == 30 {
				near(t, "likelihood", []float64{likelihood}, []float64{c.Likelihood}, 1e-9)
				near(t, "weights", slices.Sorted(slices.Values(m.weight)), c.Weights, 1e-7)
			}
		}
	}
}

func scored(t *testing.T, m bench.Detector, d, test bench.Data) []float64 {
	t.Helper()
	if err := m.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	s := make([]float64, test.Rows())
	if _, err := m.Scores(context.Background(), s, test, nil, bench.HeadTrained); err != nil {
		t.Fatal(err)
	}
	return s
}

func near(t *testing.T, what string, got, want []float64, by float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i, v := range got {
		if !(math.Abs(v-want[i]) <= by*max(1, math.Abs(want[i]))) {
			t.Errorf("%s: value %d is %.12f, want %.12f", what, i, v, want[i])
			return
		}
	}
}
