package rule

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/paper"
)

// A printed mean or deviation is based on the paper's five runs, however many ours are: the intervals are
// Welch's and that of a ratio of deviations, in closed form.
func TestPrintedRestsOnFiveRuns(t *testing.T) {
	const ours, theirs, mean, sd = 40, 5, 0.60, 0.05
	xs := make([]float64, ours)
	for i := range xs {
		xs[i] = 0.7 + 0.01*float64(i%7)
	}
	l := fake.Ledger(t)
	j := &Judge{Ledger: l, Source: fakes(func(*ledger.Operand, string, string, string) []float64 { return xs })}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}

	m, v := stat.MeanVariance(xs, nil)
	a, b, deviation := v/ours, sd*sd/theirs, sd
	df := (a + b) * (a + b) / (a*a/(ours-1) + b*b/(theirs-1))
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(0.975) * math.Sqrt(a+b)
	row := j.score("table3", "thyroid", "dae_uai", "f1", "0.6000", paper.Value{Mean: mean, SD: &deviation}, false)
	near("least difference", row.Interval.Lo, m-mean-half)
	near("largest difference", row.Interval.Hi, m-mean+half)

	ratio := math.Sqrt(v) / sd
	f := distuv.F{D1: ours - 1, D2: theirs - 1}
	row = j.deviation("thyroid", "dae_uai", "f1", sd)
	near("least ratio", row.Interval.Lo, ratio/math.Sqrt(f.Quantile(0.975)))
	near("largest ratio", row.Interval.Hi, ratio/math.Sqrt(f.Quantile(0.025)))
}

// A number that was decided at ten replicates keeps its verdict. A note explains it where the
// interval of all replicates no longer shows it.
func TestNumberKeepsItsVerdict(t *testing.T) {
	sd := 0.01
	for _, c := range []struct {
		later float64
		notes int
	}{{0.9, 0}, {0.3, 1}} {
		xs := make([]float64, 20)
		for i := range xs {
			xs[i] = 0.9 + 0.001*float64(i%3)
			if i >= 10 {
				xs[i] = c.later
			}
		}
		j := &Judge{Ledger: fake.Ledger(t), Source: fakes(func(*ledger.Operand, string, string, string) []float64 { return xs })}
		row := j.score("table1", "thyroid", "dae_uai", "f1", "0.60", paper.Value{Mean: 0.6, SD: &sd}, false)
		if row.Verdict != Contradicted || len(row.Notes) != c.notes {
			t.Errorf("later runs of %v: %s, notes %q", c.later, row.Verdict, row.Notes)
		}
	}
}
