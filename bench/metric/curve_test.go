package metric

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFoundByHand(t *testing.T) {
	f := CurveOf([]bool{true, false, true, false, false, true})
	if !slices.Equal(f, RecallCurve{1, 3, 6}) {
		t.Fatalf("%v", f)
	}
	for j, want := range []int{0, 1, 1, 2, 2, 2, 3, 3} {
		if got := f.At(j); got != want {
			t.Errorf("found(%d) = %d, want %d", j, got, want)
		}
	}
	for m, want := range []int{0, 1, 3, 6} {
		if got, ok := f.Audits(m); got != want || !ok {
			t.Errorf("%d anomalies took %d audits, %v; want %d", m, got, ok, want)
		}
	}
	if _, ok := f.Audits(4); ok {
		t.Error("a fourth anomaly was never found")
	}
	for _, c := range []struct {
		f    RecallCurve
		b, n int
		want float64
	}{
		{f, 6, 3, 11.0 / 15},                   // 1+1+2+2+2+3 of 1+2+3+3+3+3
		{f, 4, 3, 6.0 / 9},                     // 1+1+2+2 of 1+2+3+3
		{f, 2, 5, 2.0 / 3},                     // 1+1 of 1+2: fewer audits than anomalies
		{f, 8, 3, 17.0 / 21},                   // the curve stays constant: 11+3+3 of 15+3+3
		{RecallCurve{1, 2, 3}, 10, 3, 1},       // the ideal list
		{RecallCurve{1, 2, 3}, 3, 600, 1},      // … and one cut by the budget
		{RecallCurve{}, 5, 3, 0},               // none found
		{f, 0, 3, 0}, {RecallCurve{}, 5, 0, 0}, // nothing to divide by
	} {
		if got := c.f.Area(c.b, c.n); got != c.want {
			t.Errorf("area of %v at b = %d, N = %d: %v, want %v", c.f, c.b, c.n, got, c.want)
		}
	}
}

// The area is the sum of found(j) audit by audit.
func TestAreaIsTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Bool(), 1, 50).Draw(t, "audits")
		b := rapid.IntRange(1, 60).Draw(t, "b")
		f := CurveOf(list)
		n := len(f) + rapid.IntRange(0, 5).Draw(t, "missed")
		if n == 0 {
			return
		}
		got, ideal := 0, 0
		for j := 1; j <= b; j++ {
			for _, y := range list[:min(j, len(list))] {
				if y {
					got++
				}
			}
			ideal += min(j, n)
		}
		if want := float64(got) / float64(ideal); f.Area(b, n) != want {
			t.Fatalf("%v, want %v", f.Area(b, n), want)
		}
	})
}

func TestPRFByHand(t *testing.T) {
	for _, c := range []struct {
		tp, flagged, anomalies int
		want                   PRF
	}{
		{3, 4, 6, PRF{0.75, 0.5, 0.6}}, // F1 = 2*0.75*0.5/1.25
		{584, 600, 600, PRF{584.0 / 600, 584.0 / 600, 584.0 / 600}},
		{0, 4, 6, PRF{}}, {0, 0, 6, PRF{}}, {0, 4, 0, PRF{}}, {0, 0, 0, PRF{}},
	} {
		if got := PRFAt(c.tp, c.flagged, c.anomalies); got != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

func TestRankMetricsByHand(t *testing.T) {
	for _, c := range []struct {
		name    string
		scores  []float64
		truth   []bool
		auc, ap float64
	}{
		// The examples in scikit-learn's documentation of roc_auc_score and
		// average_precision_score.
		{"scikit-learn", []float64{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true}, 0.75, 5.0 / 6},
		// Of 2*2 pairs two are won by 0.9 and two tie at 0.5. AP: recall 1/2 at precision 1, then
		// the rest together at precision 2/4.
		{"ties", []float64{0.5, 0.5, 0.5, 0.9}, []bool{false, true, false, true}, 0.75, 0.75},
		{"all equal", []float64{7, 7, 7, 7, 7}, []bool{true, false, false, false, false}, 0.5, 0.2},
		{"perfect", []float64{3, 2, 1, 0}, []bool{true, true, false, false}, 1, 1},
		{"reversed", []float64{0, 1, 2, 3}, []bool{true, true, false, false}, 0, (1.0/3 + 2.0/4) / 2},
		{"zeros tie", []float64{0, math.Copysign(0, -1)}, []bool{true, false}, 0.5, 0.5},
	} {
		if auc, ok := ROCAUC(c.scores, c.truth); !ok || auc != c.auc {
			t.Errorf("%s: ROC-AUC %v, want %v", c.name, auc, c.auc)
		}
		if ap, ok := AveragePrecision(c.scores, c.truth); !ok || math.Abs(ap-c.ap) > 1e-15 {
			t.Errorf("%s: AP %v, want %v", c.name, ap, c.ap)
		}
	}
	for _, y := range [][]bool{{true, true}, {false, false}, {}} {
		if _, ok := ROCAUC(make([]float64, len(y)), y); ok {
			t.Errorf("a ROC-AUC of one kind only: %v", y)
		}
	}
	if _, ok := AveragePrecision([]float64{1}, []bool{false}); ok {
		t.Error("an average precision without anomalies")
	}
	if ap, ok := AveragePrecision([]float64{1}, []bool{true}); !ok || ap != 1 {
		t.Error("all anomalies: the average precision is 1")
	}
}

// ROC-AUC as pairs won, AP as a walk over the distinct thresholds: both by brute force.
func TestRankMetricsAreTheirDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		scores := rapid.SliceOfN(rapid.SampledFrom([]float64{-2, -1, 0, 0.5, 1, 3}), n, n).Draw(t, "scores")
		truth := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "truth")
		won, pairs, total := 0.0, 0.0, 0.0
		for i := range n {
			for j := range n {
				if truth[i] && !truth[j] {
					pairs++
					if scores[i] > scores[j] {
						won++
					} else if scores[i] == scores[j] {
						won += 0.5
					}
				}
			}
			if truth[i] {
				total++
			}
		}
		auc, ok := ROCAUC(scores, truth)
		if ok != (pairs > 0) || ok && auc != won/pairs {
			t.Fatalf("ROC-AUC %v, %v; want %v", auc, ok, won/pairs)
		}
		var ap, recall float64
		for _, threshold := range []float64{3, 1, 0.5, 0, -1, -2} {
			tp, flagged := 0.0, 0.0
			for i := range n {
				if scores[i] >= threshold {
					flagged++
					if truth[i] {
						tp++
					}
				}
			}
			if flagged > 0 && total > 0 {
				ap += (tp/total - recall) * tp / flagged
				recall = tp / total
			}
		}
		got, ok := AveragePrecision(scores, truth)
		if ok != (total > 0) || math.Abs(got-ap) > 1e-12 {
			t.Fatalf("AP %v, %v; want %v", got, ok, ap)
		}
	})
}

func TestRankMetricsPanicOnMisuse(t *testing.T) {
	for name, f := range map[string]func(){
		"NaN":     func() { ROCAUC([]float64{1, math.NaN()}, []bool{true, false}) },
		"NaN AP":  func() { AveragePrecision([]float64{1, math.NaN()}, []bool{true, false}) },
		"lengths": func() { ROCAUC([]float64{1}, []bool{true, false}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
