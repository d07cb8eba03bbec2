package network

import (
	"fmt"
	"image/color"
	"regexp"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/plot"
)

// built is a small network by hand: an autoencoder 6-3-2-6 whose s is computed from x and x', under
// a UAI layer.
func built(stop bool) bench.Network {
	dense := func(width int, name, act string, in int, uai bool) bench.Block {
		return bench.Block{Kind: bench.DenseBlock, Name: name, Width: width, Activation: act, Weights: (in + 1) * width, UAI: uai}
	}
	return bench.Network{
		Base: "AE", Latent: 2, Score: 4,
		Blocks: []bench.Block{
			{Kind: bench.DataBlock, Name: "x", Width: 6},
			dense(3, "", "tanh", 6, false), dense(2, "l", "linear", 3, false), dense(6, "x'", "relu", 2, false),
			{Kind: bench.ValueBlock, Name: "s", Width: 1, Formula: "||x − x'||²"},
			{Kind: bench.LossBlock, Name: "loss", Width: 1, Formula: "mean of s"},
			{Kind: bench.ValueBlock, Name: "[l; s]", Width: 3, UAI: true},
			dense(1, "logit", "linear", 3, true),
			{Kind: bench.DataBlock, Name: "y", Width: 1, UAI: true},
			{Kind: bench.LossBlock, Name: "loss", Width: 1, Formula: "cross-entropy", UAI: true},
		},
		Flows: []bench.Flow{
			{From: 0, To: 1}, {From: 1, To: 2, Base: true, UAI: !stop}, {From: 2, To: 3, Base: true}, {From: 0, To: 4}, {From: 3, To: 4, Base: true},
			{From: 4, To: 5, Base: true}, {From: 2, To: 6, UAI: !stop, Stop: stop}, {From: 4, To: 6, Stop: true}, {From: 6, To: 7, UAI: true},
			{From: 7, To: 9, UAI: true}, {From: 8, To: 9},
		},
	}
}

// TestDiagram: every block appears with its width, activation and name, every flow and gradient
// once, and nothing is outside the picture.
func TestDiagram(t *testing.T) {
	for _, stop := range []bool{false, true} {
		n := built(stop)
		f := networkFigure(n, "AE_uai on toys")
		svg := f.InPage("d", map[color.NRGBA]bool{})
		texts := map[string]int{}
		for _, m := range regexp.MustCompile(`<text[^>]*>([^<]*)</text>`).FindAllStringSubmatch(svg, -1) {
			texts[m[1]]++
		}
		for desc, want := range map[string]int{"6": 2, "3": 2, "2": 1, "1": 3, "tanh": 1, "relu": 1, "linear": 2, "x": 1, "l": 1, "x&#39;": 1,
			"s": 1, "[l; s]": 1, "logit": 1, "y": 1, "loss": 2, "AE": 1, "UAI layer": 1} {
			if texts[desc] != want {
				t.Errorf("stop %v: %q stands %d times, want %d", stop, desc, texts[desc], want)
			}
		}
		// One arrowhead per flow or gradient, in its colour; the UAI layer's row has its title only
		// as text.
		base, uai, trained := 4, 4, 21+8
		if stop {
			uai, trained = 2, 0
		}
		for c, want := range map[color.NRGBA]int{plot.Ink: len(n.Flows), baseGradient.Color.(color.NRGBA): base, uaiGradient.Color.(color.NRGBA): uai} {
			if got := strings.Count(svg, `<path class="f`+plot.Hex(c)+`"`); got != want {
				t.Errorf("stop %v: %d arrows of %s, want %d", stop, got, plot.Hex(c), want)
			}
		}
		bars := strings.Count(svg, `stroke-width="2.2"`)
		if want := map[bool]int{false: 1, true: 2}[stop]; bars != want {
			t.Errorf("stop %v: %d bars across, want %d", stop, bars, want)
		}
		if want := fmt.Sprintf("47 weights of AE, of which the cross-entropy trains %d too, and 4 of the UAI layer", trained); texts[want] != 1 {
			t.Errorf("stop %v: no %q in %v", stop, want, texts)
		}
		if through := strings.Contains(f.Desc, "flows through l"); through == stop {
			t.Errorf("stop %v: %s", stop, f.Desc)
		}
		w := wire(n)
		feet := map[int]int{}
		for i := range n.Flows {
			for _, p := range w.way(i, vg.Point{Y: w.height()}, feet) {
				if p.X < 0 || p.X > vg.Length(w.columns)*pitch || p.Y < 0 || p.Y > w.height() {
					t.Errorf("way %d leaves the picture at %v", i, p)
				}
			}
		}
	}
	if _, err := Draw(built(false), "x", "pdf"); err == nil {
		t.Error("a diagram as pdf")
	}
	if png, err := Draw(built(false), "x", "png"); err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Error(err)
	}
}

// TestWaysBelow: lines that share a column lie at different depths, the shorter one higher.
func TestWaysBelow(t *testing.T) {
	n := bench.Network{Blocks: make([]bench.Block, 7), Score: 6, Flows: []bench.Flow{{From: 0, To: 6}, {From: 0, To: 3}, {From: 4, To: 6}, {From: 1, To: 2}}}
	for i := range 6 {
		n.Flows = append(n.Flows, bench.Flow{From: i, To: i + 1})
	}
	w := wire(n)
	if w.level[0] != 1 || w.level[1] != 0 || w.level[2] != 0 || w.level[3] != -1 || w.depth != 2 {
		t.Errorf("levels %v of %d", w.level, w.depth)
	}
}

// TestBeside checks by hand a line moved to its right.
func TestBeside(t *testing.T) {
	got := beside([]vg.Point{{X: 0, Y: 0}, {X: 10, Y: 0}, {X: 10, Y: 10}}, 2)
	want := []vg.Point{{X: 0, Y: -2}, {X: 12, Y: -2}, {X: 12, Y: 10}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
