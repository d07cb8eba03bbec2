package deep

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// sketched are all bases, with the dense layers of each after the input, listed by hand: App. A.1's
// shapes, and others.
var sketched = []struct {
	name  string
	make  func() (Base, Settings)
	dense string
	uai   int // number of these layers that get the cross-entropy's gradient
}{
	{"DAE as in the paper", func() (Base, Settings) {
		s := Settings{}
		return NewDAE(DAESettings{Settings: s, Noise: 0.1}), s
	}, "256 relu, 64 relu, 8 linear, 64 relu, 256 relu, 6 linear", 3},
	{"DAE of tanh", func() (Base, Settings) {
		s := Settings{Hidden: []int{5, 1}, Activation: nn.Tanh, Latent: nn.Sigmoid}
		return NewDAE(DAESettings{Settings: s, Output: nn.ReLU}), s
	}, "5 tanh, 1 sigmoid, 5 tanh, 6 relu", 2},
	{"Class as in the paper", func() (Base, Settings) { return NewClass(Settings{}), Settings{} },
		"256 relu, 64 relu, 8 relu, 3 linear", 3},
	{"Class as in Figure 10", func() (Base, Settings) {
		s := Settings{Hidden: []int{256, 64, 1}}
		return NewClass(s), s
	}, "256 relu, 64 relu, 1 sigmoid, 3 linear", 3},
	{"PAE", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 4, 2}}
		return NewPAE(AutoencoderSettings{Settings: s}), s
	}, "7 tanh, 4 tanh, 2 linear, 4 tanh, 7 tanh, 6 linear", 3},
	{"DCN", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 2}}
		return NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: s},
			Lambda: 1}), s
	}, "7 tanh, 2 linear, 7 tanh, 6 linear", 2},
	{"DSEBM", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 2}}
		return NewDSEBM(DSEBMSettings{Settings: s, Noise: 0.1}), s
	}, "7 softplus, 2 softplus", 2},
	{"DSEBM-r", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 4, 2}}
		return NewDSEBM(DSEBMSettings{Settings: s, Slope: true}), s
	}, "7 softplus, 4 softplus, 2 softplus", 3},
	{"DAGMM", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 3}}
		return NewDAGMM(DAGMMSettings{Settings: s, Components: 4}), s
	}, "7 tanh, 3 linear, 7 tanh, 6 linear, 10 tanh, 4 linear", 2},
	{"DAGMM, l is z", func() (Base, Settings) {
		s := Settings{Hidden: []int{7, 3}}
		return NewDAGMM(DAGMMSettings{Settings: s, Estimation: []int{9, 5}, Keep: 1,
			Features: true}), s
	}, "7 tanh, 3 linear, 7 tanh, 6 linear, 9 tanh, 5 tanh, 2 linear", 4},
}

// nets returns a base's nets, in the order of its sketch.
func nets(b Base) []*nn.Net {
	switch b := b.(type) {
	case *DAE:
		return []*nn.Net{b.net}
	case *Class:
		return []*nn.Net{b.net}
	case *PAE:
		return []*nn.Net{b.net}
	case *DCN:
		return []*nn.Net{b.net}
	case *DSEBM:
		return []*nn.Net{b.net}
	case *DAGMM:
		return []*nn.Net{b.net, b.estimation.hidden, b.estimation.head}
	}
	panic(fmt.Sprintf("%T", b))
}

// moved reports for each layer whether it has a gradient since the last step.
func moved(b Base) (out []bool) {
	for _, n := range nets(b) {
		for i, l := range n.Layers {
			if l.In == 0 {
				continue // a vector beside the layers
			}
			w, _ := n.LayerGrads(i)
			out = append(out, slices.ContainsFunc(w, func(v float32) bool { return v != 0 }))
		}
	}
	return out
}

func denseOf(n bench.Network) (places []int, text string) {
	var names []string
	for i, b := range n.Blocks {
		if b.Kind == bench.DenseBlock && !b.UAI {
			places = append(places, i)
			names = append(names, fmt.Sprintf("%d %s", b.Width, b.Activation))
		}
	}
	return places, strings.Join(names, ", ")
}

// TestNetwork: widths and activations are those of the settings; the gradients in a sketch are
// those of the backward passes.
func TestNetwork(t *testing.T) {
	d := toy(40, 6, 3)
	rows := []int{3, 9, 1, 0, 22, 31, 7, 39}
	for _, c := range sketched {
		t.Run(c.name, func(t *testing.T) {
			base, set := c.make()
			u := NewUAI(base, set, UAISettings{})
			// the shape is enough
			n, err := u.Network(bench.Data{X: bench.Matrix{Rows: 40, Cols: 6}, Class: []int32{},
				Classes: 3})
			if err != nil {
				t.Fatal(err)
			}
			places, dense := denseOf(n)
			if dense != c.dense {
				t.Errorf("dense layers %s, want %s", dense, c.dense)
			}
			if b := n.Blocks[n.Latent]; b.Width != base.LatentDim() ||
				!strings.HasSuffix(b.Name, "l") {
				t.Errorf("l is %+v", b)
			}
			weights := 0
			for _, b := range n.Blocks {
				if !b.UAI {
					weights += b.Weights
				}
			}
			for _, net := range nets(base) {
				weights -= len(net.Params)
			}
			if weights != 0 {
				t.Errorf("%d weights too many", weights)
			}

			ones := make([]float32, len(rows)*base.LatentDim())
			for i := range ones {
				ones[i] = 1
			}
			for _, way := range []struct {
				what string
				pass func(Base)
				want func(i int) bool
			}{
				{"the base's loss",
					func(b Base) {
						b.Forward(Training, d, rows)
						b.Backward(1,
							nil)
					}, func(i int) bool { base, _ := n.Trained(i); return base }},
				{"the cross-entropy",
					func(b Base) {
						b.Forward(Labelled, d, rows)
						b.Backward(0,
							ones)
					}, func(i int) bool { _, uai := n.Trained(i); return uai }},
			} {
				fresh, _ := c.make()
				if err := fresh.Prepare(d); err != nil {
					t.Fatal(err)
				}
				way.pass(fresh)
				got := moved(fresh)
				for j, i := range places {
					if got[j] != way.want(i) {
						t.Errorf("%s moves layer %d: %v; its sketch says %v", way.what, j, got[j],
							way.want(i))
					}
				}
			}
			uai := 0
			for _, i := range places {
				if _, ok := n.Trained(i); ok {
					uai++
				}
			}
			if uai != c.uai {
				t.Errorf("the cross-entropy trains %d layers, want %d", uai, c.uai)
			}
			if _, ok := n.Trained(n.Score); ok {
				t.Error("a gradient of the cross-entropy goes through s")
			}
		})
	}
}

// TestNetworkStopped: U19, no gradient through l, and the position of the layer's own weights.
func TestNetworkStopped(t *testing.T) {
	for _, stop := range []bool{false, true} {
		set := Settings{Hidden: []int{7, 3}}
		u := NewUAI(NewDAE(DAESettings{Settings: set}), set,
			UAISettings{Stop: stop, Score: LogScore})
		n, err := u.Network(toy(40, 6, 3))
		if err != nil {
			t.Fatal(err)
		}
		stops := map[int]bool{}
		both := 0
		for _, f := range n.Flows {
			if n.Blocks[f.To].Name == "[l; s]" {
				stops[f.From], both = f.Stop, f.To
			}
			if !stop || n.Blocks[f.To].UAI {
				continue
			}
			if f.UAI {
				t.Errorf("a gradient along %+v", f)
			}
		}
		if len(stops) != 2 || stops[n.Latent] != stop || !stops[n.Score] {
			t.Errorf("stops %v", stops)
		}
		if b := n.Blocks[both]; b.Width != 4 || b.Formula != "log(1 + s)" ||
			n.Blocks[both+1].Weights != 5 {
			t.Errorf("%+v, %+v", b, n.Blocks[both+1])
		}
	}
}
