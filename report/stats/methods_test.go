package stats

import (
	"math"
	"slices"
	"testing"
)

// demsar is Table 6 of Demšar (2006): the AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data
// sets. On "voting" .975 and .975 have the ranks 2 and 3 there; the fourth digit that distinguishes
// them is ours.
var demsar = [][]float64{
	{0.763, 0.768, 0.771, 0.798}, {0.599, 0.591, 0.590, 0.569}, {0.954, 0.971, 0.968, 0.967},
	{0.628, 0.661, 0.654, 0.657}, {0.882, 0.888, 0.886, 0.898}, {0.936, 0.931, 0.916, 0.931},
	{0.661, 0.668, 0.609, 0.685}, {0.583, 0.583, 0.563, 0.625}, {0.775, 0.838, 0.866, 0.875},
	{1.000, 1.000, 1.000, 1.000}, {0.940, 0.962, 0.965, 0.962}, {0.619, 0.666, 0.614, 0.669},
	{0.972, 0.981, 0.9751, 0.975}, {0.957, 0.978, 0.946, 0.970},
}

// The values of Demšar (2006), section 3.2.3, as printed there.
func TestDemsar(t *testing.T) {
	m, ok := RankMethods(demsar)
	if !ok || m.DataSets != 14 {
		t.Fatal(m)
	}
	for j, want := range []float64{3.143, 2.000, 2.893, 1.964} {
		near(t, "mean rank", m.Mean[j], want, 5e-4)
	}
	chi := m.ChiSquared * m.Ties
	near(t, "Friedman", chi, 9.28, 5e-3)
	near(t, "Iman-Davenport", 13*chi/(14*3-chi), 3.69, 5e-3)
	near(t, "critical difference, 5 %", m.CriticalDifference(0.05), 1.25, 5e-3)
	near(t, "critical difference, 10 %", m.CriticalDifference(0.10), 1.12, 5e-3)
	near(t, "standard error", m.se(), 0.488, 5e-4)
	// Against C4.5: p .019, .607 and .016. Holm's are 3 times the smallest and, since they may not
	// decrease, the same for the next.
	p := m.AgainstControl(0)
	for j, want := range []float64{1, 3 * 0.0157, 0.607, 3 * 0.0157} {
		near(t, "Holm", p[j], want, 2e-3)
	}
	// q of Demšar's Table 5(a), the studentized range over √2.
	for i, q := range []float64{1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164} {
		near(t, "q", studentizedRangeQuantile(0.95, i+2)/math.Sqrt2, q, 1e-3)
	}
}

// By hand: three methods on two data sets that agree have ranks 1, 2, 3, and Friedman's statistic
// is N (k-1) = 4.
func TestRankMethodsByHand(t *testing.T) {
	m, ok := RankMethods([][]float64{{3, 2, 1}, {30, 20, 10}})
	if !ok || !slices.Equal(m.Mean, []float64{1, 2, 3}) || m.Ties != 1 || !math.IsInf(m.F, 1) {
		t.Errorf("%+v", m)
	}
	near(t, "Friedman", m.ChiSquared, 4, 1e-12)
	near(t, "p", m.P, math.Exp(-2), 1e-12)
	near(t, "p of F", m.PF, 1.0/6, 1e-12) // one of the six orders of the second data set agrees
	for _, none := range [][][]float64{nil, {{1, 2}}, {{1}, {1}}, {{1, 1}, {2, 2}}} {
		if _, ok := RankMethods(none); ok {
			t.Errorf("%v has ranks", none)
		}
	}
}

func TestWinsTiesLosses(t *testing.T) {
	inf := math.Inf(1)
	got := WinsTiesLosses([]float64{1, 2, 3, inf, 5}, []float64{0, 2.05, 4, inf, inf}, 0.1)
	if got != (Record{1, 2, 2}) {
		t.Errorf("%+v", got)
	}
}

func TestProfile(t *testing.T) {
	cells := [][]float64{{0.1, 0.9}, {0.5, 0.5, 0.8, 0.2}}
	got := Profile(cells, []float64{-1, 0.5, 0.85, 1})
	for i, want := range []float64{1, (0.5 + 0.25) / 2, (0.5 + 0) / 2, 0} {
		near(t, "profile", got[i], want, 1e-15)
	}
	near(t, "mean", Mean(cells), 0.5, 1e-15)
	// One of .1 .2 .5 .5 .8 .9 is removed on each side.
	near(t, "IQM", IQM(cells), 0.5, 1e-15)
}

func TestCorrelationEdges(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5}
	line, p, ok := Correlation(x, []float64{3, 5, 7, 9, 11}, 0.95)
	if !ok || line != (Interval{1, 1, 1, 0.95}) || p != 0 {
		t.Errorf("%+v %g", line, p)
	}
	for _, y := range [][]float64{{1, 1, 1, 1, 1}} {
		if r, _, ok := Correlation(x, y, 0.95); ok || r != (Interval{0, -1, 1, 0.95}) {
			t.Errorf("%+v", r)
		}
	}
	if _, _, ok := Correlation(x[:3], x[:3], 0.95); ok {
		t.Error("three pairs")
	}
}
