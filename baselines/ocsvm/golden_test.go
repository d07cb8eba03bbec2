package ocsvm

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/peer"
	"github.com/uaibench/uaibench/bench"
)

// clusters returns a data set of testdata/ocsvm_golden.py, by the same formula.
func clusters(seed, n, d int, spread float64) bench.Data {
	u := peer.Uniform(seed)
	x := bench.NewMatrix(n, d)
	for i := range n {
		for j := range d {
			if i%10 == 3 {
				x.Data[i*d+j] = float32(u.Next()*2 - 0.5)
			} else {
				x.Data[i*d+j] = float32(0.3*float64(i%3) + spread*u.Bell())
			}
		}
	}
	return bench.Data{X: x}
}

// TestAgainstScikitLearn compares dual objective, ρ, support vectors, decision values and flags.
// Both solvers stop within the tolerance, at different points, so the support sets may differ by
// rows on the boundary, with f within the tolerance, and α by as much as the objective allows.
func TestAgainstScikitLearn(t *testing.T) {
	var golden struct {
		Cases []struct {
			Seed, Rows, Columns  int
			Nu, Gamma, Tolerance float64
			Objective, Rho       float64
			Support              []int
			Alpha, Decision      []float64
			Flags                string
		}
	}
	peer.Read(t, "ocsvm_golden.json", &golden)
	if len(golden.Cases) != 5 {
		t.Fatalf("%d cases", len(golden.Cases))
	}
	for _, c := range golden.Cases {
		t.Run(fmt.Sprint(c.Seed), func(t *testing.T) {
			d, test := clusters(c.Seed, c.Rows, c.Columns, 0.1), clusters(c.Seed+100, 2000,
				c.Columns, 0.1)
			m := New(Settings{Nu: c.Nu, Gamma: c.Gamma, Tolerance: c.Tolerance})
			if err := m.Fit(context.Background(), d); err != nil {
				t.Fatal(err)
			}
			if got := m.fitted.objective(); math.Abs(got-c.Objective) > 1e-3 {
				t.Errorf("the dual objective is %.6f, scikit-learn's %.6f", got, c.Objective)
			}
			if math.Abs(m.rho-c.Rho) > 2*c.Tolerance {
				t.Errorf("rho is %.6f, scikit-learn's %.6f", m.rho, c.Rho)
			}
			f := decision(t, m, d)
			differ := 0
			for i := range c.Rows {
				if slices.Contains(m.index, i) == slices.Contains(c.Support, i) {
					continue
				}
				if differ++; math.Abs(f[i]) > 2*c.Tolerance {
					t.Errorf("row %d is a support vector for one of both, and its decision "+
						"value is %.6f", i, f[i])
				}
			}
			if differ > len(c.Support)/20 {
				t.Errorf("%d of %d support vectors differ", differ, len(c.Support))
			}
			inside := 0.0
			for k, i := range m.index {
				if at := slices.Index(c.Support, i); at >= 0 && math.Abs(f[i]) > 2*c.Tolerance &&
					math.Abs(m.alpha[k]-c.Alpha[at]) > 1e-6 {
					t.Errorf("row %d off the boundary has alpha %.6f, scikit-learn's %.6f", i,
						m.alpha[k], c.Alpha[at])
				}
				inside += m.alpha[k]
			}
			if want := c.Nu * float64(c.Rows); math.Abs(inside-want) > 1e-9*want {
				t.Errorf("the alpha sum to %.12f, want %.12f", inside, want)
			}
			g := decision(t, m, test)
			for i, want := range c.Decision {
				if math.Abs(g[i]-want) > 3*c.Tolerance {
					t.Errorf("test row %d has decision value %.6f, scikit-learn's %.6f", i, g[i],
						want)
				}
			}
			flags := make([]bool, test.Rows())
			m.Flags(flags, test)
			wrong, flagged := 0, 0
			for i, y := range flags {
				if y != (c.Flags[i] == '1') {
					wrong++
				}
				if y {
					flagged++
				}
				if y != (g[i] < -c.Tolerance) {
					t.Fatalf("row %d with decision value %v has flag %v", i, g[i], y)
				}
			}
			if wrong > 2 || flagged < 20 || flagged > 1980 {
				t.Errorf("%d of 2000 flags differ from scikit-learn's; %d are flagged", wrong,
					flagged)
			}
		})
	}
}

func decision(t *testing.T, m *Detector, d bench.Data) []float64 {
	t.Helper()
	s := make([]float64, d.Rows())
	if _, err := m.Scores(context.Background(), s, d, nil, bench.HeadTrained); err != nil {
		t.Fatal(err)
	}
	for i := range s {
		s[i] = -s[i]
	}
	return s
}
