package verify

import (
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

func TestCheckExplanation(t *testing.T) {
	x, l, s := make([]float32, 784), make([]float64, 784), make([]float64, 784)
	x[5], x[6], x[700] = 0.5, 1, -1
	l[5], s[5] = 3, -5
	l[6], s[700] = 1, 8
	explanation := func() runlog.Explanation { return runlog.NewExplanation(3, 0.25, true, x, l, s, 2) }
	e := explanation()
	if err := checkExplanation(&e, 784); err != nil {
		t.Error(err)
	}
	still := runlog.NewExplanation(0, 0, false, x, make([]float64, 784), make([]float64, 784), 2)
	if err := checkExplanation(&still, 784); err != nil {
		t.Errorf("a row that nothing drives: %v", err)
	}
	for what, spoil := range map[string]func(*runlog.Explanation){
		"a feature beyond the last":  func(e *runlog.Explanation) { e.Features[0].Index = 784 },
		"features out of order":      func(e *runlog.Explanation) { e.Features[0], e.Features[1] = e.Features[1], e.Features[0] },
		"more than all there is":     func(e *runlog.Explanation) { e.Total = 9 },
		"a picture cut off":          func(e *runlog.Explanation) { e.Pixels = e.Pixels[:9] },
		"a feature without any part": func(e *runlog.Explanation) { e.Features[1].Latent, e.Features[1].Score = 1, -1 },
	} {
		e := explanation()
		if spoil(&e); checkExplanation(&e, 784) == nil {
			t.Errorf("%s is taken", what)
		}
	}
}
