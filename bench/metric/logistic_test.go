package metric

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// TestScikitLearn compares fit, AUC and balanced accuracy with scikit-learn's
// (testdata/logistic.py).
func TestScikitLearn(t *testing.T) {
	data, err := os.ReadFile("testdata/logistic.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		X             []float64
		Y             []bool
		W             []float64
		B             float64
		AUC, Balanced float64
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) != 2 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for name, c := range cases {
		m, err := FitLogistic(c.X, 2, c.Y)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range append(c.W, c.B) {
			if got := append(m.W, m.B)[i]; math.Abs(got-w) > 1e-6 {
				t.Errorf("%s: coefficient %d is %v, scikit-learn's %v", name, i, got, w)
			}
		}
		f := m.Decisions(c.X)
		if auc, _ := ROCAUC(f, c.Y); math.Abs(auc-c.AUC) > 1e-12 {
			t.Errorf("%s: AUC %v, scikit-learn's %v", name, auc, c.AUC)
		}
		if b, _, _ := BalancedAccuracy(f, c.Y); math.Abs(b-c.Balanced) > 1e-12 {
			t.Errorf("%s: balanced accuracy %v, scikit-learn's %v", name, b, c.Balanced)
		}
	}
}

// By hand: rows at -1 and +1, one normal and one anomaly. They are standardised already, b is 0 by
// symmetry, and w solves w = 2 (1 - σ(w)), from the derivative of w²/2 + 2 log(1 + e^-w).
func TestTwoRowsByHand(t *testing.T) {
	m, err := FitLogistic([]float64{-1, 1}, 1, []bool{false, true})
	if err != nil {
		t.Fatal(err)
	}
	w := m.W[0]
	if m.Mean[0] != 0 || m.SD[0] != 1 || math.Abs(m.B) > 1e-12 || math.Abs(w-2*(1-1/(1+math.Exp(-w)))) > 1e-9 || w < 0.6 || w > 0.7 {
		t.Errorf("%+v", m)
	}
}

// A constant column contributes nothing, and rows of one kind cannot be separated.
func TestDegenerate(t *testing.T) {
	m, err := FitLogistic([]float64{3, 0, 3, 1, 3, 2}, 2, []bool{false, false, true})
	if err != nil {
		t.Fatal(err)
	}
	if m.W[0] != 0 || m.SD[0] != 1 || m.W[1] <= 0 {
		t.Errorf("%+v", m)
	}
	if _, err := FitLogistic([]float64{1, 2}, 1, []bool{true, true}); err == nil {
		t.Error("anomalies alone were separated")
	}
	if _, err := FitLogistic([]float64{1, math.NaN()}, 1, []bool{true, false}); err == nil {
		t.Error("NaN was fitted")
	}
	if m, err := FitLogistic([]float64{-1e30, 1e30, -1e30, 1e30}, 1, []bool{false, true, false, true}); err != nil || m.W[0] <= 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

// By hand: scores 4 3 3 2 1 with anomalies at 4, one 3 and 1. Flagging from 4 up: recalls 1/3 and
// 2/2, mean 2/3. From 3 up, both threes: 2/3 and 1/2. From 2 up: 2/3 and 0. All: 1 and 0.
func TestBalancedAccuracyByHand(t *testing.T) {
	got, cut, ok := BalancedAccuracy([]float64{3, 1, 4, 2, 3}, []bool{true, true, true, false, false})
	if !ok || math.Abs(got-2.0/3) > 1e-15 || cut != 4 {
		t.Errorf("%v at %v, %v", got, cut, ok)
	}
	if got, cut, ok := BalancedAccuracy([]float64{1, 2}, []bool{true, false}); !ok || got != 0.5 || cut != 1 {
		t.Errorf("a reversed ranking gives %v at %v: all may be flagged", got, cut)
	}
	if _, _, ok := BalancedAccuracy([]float64{1}, []bool{true}); ok {
		t.Error("anomalies alone have a balanced accuracy")
	}
}

// TestSameBits checks that the values, which a result's digest covers, are the same whatever the
// compiler fuses (GOAMD64=v3).
func TestSameBits(t *testing.T) {
	x := []float64{0.1, 3, 0.7, -2, 1.3, 0.4, -0.6, 1.1, 2.2, -0.9, 0.3, 0.8}
	m, err := FitLogistic(x, 2, []bool{true, false, false, true, false, true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%x %x %x", m.W[0], m.W[1], m.B), "-0x1.c88e923d354f4p-01 0x1.9b020b423e36fp-01 -0x1.7f7ee9150b257p-07"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
