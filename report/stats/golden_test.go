package stats

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// golden has the output of testdata/golden.py, from SciPy.
type golden struct {
	Win []struct {
		A, B                     []float64
		P, W, Above, Below, Both float64
	}
	Permuted []struct {
		A, B               []float64
		Above, Below, Both float64
	}
	Shift []struct {
		A, B            []float64
		Level, Estimate float64
		Lo, Hi          *float64
	}
	Signed []struct {
		D              []float64
		Level, Median  float64
		MedianLo       *float64 `json:"median_lo"`
		MedianHi       *float64 `json:"median_hi"`
		Wilcoxon, Sign Tails
	}
	Binomial []struct {
		K, N          int
		Level, Lo, Hi float64
		AtMost        float64 `json:"at_most"`
	}
	Printed []struct {
		X                      []float64
		Mean, SD, Delta, Alpha float64
		N                      int
		Within, Beyond, Ratio  float64
		RatioLo                float64 `json:"ratio_lo"`
		RatioHi                float64 `json:"ratio_hi"`
	}
	Correlation []struct {
		X, Y                []float64
		Level, R, P, Lo, Hi float64
	}
	Friedman []struct {
		Scores        [][]float64
		Ranks         []float64
		Chi, P, F, PF float64
		CD            float64
	}
	Range []struct {
		K      int
		Q, CDF float64
	}
	Trim []struct {
		X   []float64
		IQM float64
	}
	Ranks []struct{ X, Ranks []float64 }
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	b, err := os.ReadFile("testdata/golden.json")
	if err == nil {
		err = json.Unmarshal(b, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const close = 1e-9 // relative to SciPy's value if above 1, else absolute

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= close*max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, SciPy %.12g", what, got, want)
	}
}

func sameTails(t *testing.T, what string, got Tails, above, below, both float64) {
	t.Helper()
	same(t, what+" above", got.Above, above)
	same(t, what+" below", got.Below, below)
	same(t, what+" both", got.Both, both)
}

// end compares an interval's end; the golden has none if it is infinite.
func end(t *testing.T, what string, got float64, want *float64) {
	t.Helper()
	if want != nil {
		same(t, what, got, *want)
	} else if !math.IsInf(got, 0) {
		t.Errorf("%s: %g, want none", what, got)
	}
}

func TestGoldenTwoArms(t *testing.T) {
	g := readGolden(t)
	if len(g.Win) < 15 || len(g.Permuted) < 7 || len(g.Shift) < 30 {
		t.Fatal("goldens are missing")
	}
	for _, c := range g.Win {
		w, ok := WinProbability(c.A, c.B)
		if !ok {
			t.Fatal("no win probability")
		}
		same(t, "win", w.P, c.P)
		same(t, "W", w.W, c.W)
		sameTails(t, "Brunner-Munzel", w.Test(), c.Above, c.Below, c.Both)
	}
	for _, c := range g.Permuted {
		got, exact := PermutedTest(c.A, c.B)
		if !exact {
			t.Error("drawn, not enumerated")
		}
		sameTails(t, "permuted", got, c.Above, c.Below, c.Both)
	}
	for _, c := range g.Shift {
		iv := Shift(c.A, c.B, c.Level)
		same(t, "shift", iv.Estimate, c.Estimate)
		end(t, "shift from", iv.Lo, c.Lo)
		end(t, "shift to", iv.Hi, c.Hi)
	}
}

func TestGoldenDifferences(t *testing.T) {
	for _, c := range readGolden(t).Signed {
		m := Median(c.D, c.Level)
		same(t, "median", m.Estimate, c.Median)
		end(t, "median from", m.Lo, c.MedianLo)
		end(t, "median to", m.Hi, c.MedianHi)
		sameTails(t, "Wilcoxon", SignedRankTest(c.D), c.Wilcoxon.Above, c.Wilcoxon.Below, c.Wilcoxon.Both)
		sameTails(t, "sign", SignTest(c.D), c.Sign.Above, c.Sign.Below, c.Sign.Both)
	}
}

func TestGoldenNumbers(t *testing.T) {
	g := readGolden(t)
	for _, c := range g.Binomial {
		iv := ClopperPearson(c.K, c.N, c.Level)
		same(t, "binomial from", iv.Lo, c.Lo)
		same(t, "binomial to", iv.Hi, c.Hi)
		same(t, "at most", AtMost(c.K, c.N), c.AtMost)
	}
	for _, c := range g.Printed {
		p := Printed{Mean: c.Mean, SD: c.SD, N: c.N}
		d, _ := p.Against(c.X)
		within, beyond := d.Within(c.Delta)
		same(t, "within", within, c.Within)
		same(t, "beyond", beyond, c.Beyond)
		_, ratio, _ := p.JudgeSD(c.X, 2, c.Alpha)
		if c.SD == 0 {
			continue
		}
		same(t, "ratio", ratio.Estimate, c.Ratio)
		same(t, "ratio from", ratio.Lo, c.RatioLo)
		same(t, "ratio to", ratio.Hi, c.RatioHi)
	}
	for _, c := range g.Correlation {
		r, p, _ := Correlation(c.X, c.Y, c.Level)
		same(t, "r", r.Estimate, c.R)
		same(t, "r's p", p, c.P)
		same(t, "r from", r.Lo, c.Lo)
		same(t, "r to", r.Hi, c.Hi)
	}
	for _, c := range g.Trim {
		same(t, "IQM", IQM([][]float64{c.X[:2], c.X[2:]}), c.IQM)
	}
	for _, c := range g.Ranks {
		for i, r := range Ranks(c.X) {
			same(t, "rank", r, c.Ranks[i])
		}
	}
}

func TestGoldenMethods(t *testing.T) {
	g := readGolden(t)
	for _, c := range g.Friedman {
		m, ok := RankMethods(c.Scores)
		if !ok {
			t.Fatal("no ranks")
		}
		same(t, "Friedman", m.ChiSquared, c.Chi)
		same(t, "Friedman's p", m.P, c.P)
		same(t, "Iman-Davenport", m.F, c.F)
		same(t, "Iman-Davenport's p", m.PF, c.PF)
		same(t, "critical difference", m.CriticalDifference(0.05), c.CD)
		for i, r := range c.Ranks {
			same(t, "mean rank", m.Mean[i], r)
		}
	}
	for _, c := range g.Range {
		same(t, "studentized range", studentizedRange(c.Q, c.K), c.CDF)
	}
}
