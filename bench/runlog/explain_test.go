package runlog

import (
	"testing"
)

// An image of 28 x 28: its pixels computed by hand, and its largest features in order, without
// those that contribute nothing.
func TestNewExplanation(t *testing.T) {
	x, l, s := make([]float32, 784), make([]float64, 784), make([]float64, 784)
	x[5], x[6], x[700] = 0.5, 1, -1
	l[5], s[5] = 3, -5
	l[6], s[700] = 1, 8
	e := NewExplanation(3, 0.25, true, x, l, s, 2)
	if len(e.Features) != 2 || e.Features[0] != (Feature{700, -1, 0, 8}) || e.Features[1] != (Feature{5, 0.5, 3, -5}) || e.Total != 11 {
		t.Errorf("%+v", e)
	}
	for j := range 784 {
		pixel, heat := map[int]byte{5: 128, 6: 255}[j], map[int]byte{5: 64, 6: 32, 700: 255}[j]
		if e.Pixels[j] != pixel || e.Heat[j] != heat {
			t.Errorf("pixel %d: %d, heat %d; want %d, %d", j, e.Pixels[j], e.Heat[j], pixel, heat)
		}
	}
	if still := NewExplanation(0, 0, false, x, make([]float64, 784), make([]float64, 784), 2); len(still.Features) != 0 || still.Heat[5] != 0 {
		t.Errorf("a row that nothing drives: %+v", still)
	}
}
