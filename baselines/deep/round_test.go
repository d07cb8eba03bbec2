package deep

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// twinBase is a base without noise in the labelled batch, with its l in float64 from the
// definition.
type twinBase struct {
	name   string
	base   Base
	latent func(p, x []float64) []float64
}

func twinBases(set Settings) []twinBase {
	of := func(n *network) func(p, x []float64) []float64 {
		return func(p, x []float64) []float64 { return eval(n.net, p, x)[n.latent] }
	}
	auto := AutoencoderSettings{Settings: set, LayerSteps: 3}
	dae, class, pae := NewDAE(DAESettings{Settings: set, Noise: 0.1,
		CleanUAI: true}), NewClass(set), NewPAE(auto)
	dcn := NewDCN(DCNSettings{AutoencoderSettings: auto, EndSteps: 3, Lambda: 0.5})
	out := []twinBase{{"DAE", dae, of(&dae.network)}, {"Class", class, of(&class.network)},
		{"PAE", pae, of(&pae.network)}, {"DCN", dcn, of(&dcn.network)}}
	for _, all := range []bool{false, true} {
		m := NewDAGMM(DAGMMSettings{Settings: set, Features: all, Diagonal: 0.1})
		name := map[bool]string{false: "DAGMM", true: "DAGMM, all of z"}[all]
		out = append(out, twinBase{name, m, func(p, x []float64) []float64 {
			z, _ := representation(m, p, x)
			return z[:m.LatentDim()]
		}})
	}
	for _, slope := range []bool{false, true} {
		m := NewDSEBM(DSEBMSettings{Settings: set, Noise: 0.1, CleanUAI: true, Slope: slope})
		name := map[bool]string{false: "DSEBM-e", true: "DSEBM-r"}[slope]
		out = append(out, twinBase{name, m, func(p, x []float64) []float64 {
			return energyTwin{append([]int{len(x)}, set.Hidden...)}.latent(p, x)
		}})
	}
	return out
}

var twinSettings = Settings{Hidden: []int{6, 5, 3}, Activation: nn.Tanh, Batch: 8, Seed: 3,
	Pretrain: 5}

// warm pre-trains a base and adds the labels to its layer.
func warm(t *testing.T, b Base, set Settings, o UAISettings, d bench.Data, l bench.Labels) *UAI {
	t.Helper()
	u := NewUAI(b, set, o)
	if err := u.Train(context.Background(), d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	u.learn(l)
	return u
}

// TestUAIOnlyGradients: on every base, the gradients of a step of a UAIOnly round are those of γ ·
// mean CE(y, s_uai) only, with s a constant: in the layers up to l and the UAI layer, and nowhere
// else.
func TestUAIOnlyGradients(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	const gamma = 0.7
	for _, separate := range []bool{false, true} {
		for _, m := range twinBases(twinSettings) {
			t.Run(m.name, func(t *testing.T) {
				u := warm(t, m.base, twinSettings,
					UAISettings{Gamma: gamma, UAIOnly: true, Separate: separate}, d, labels)
				s := scoresOf(t, u, d, labels.Index, bench.HeadBase)
				net, top, _ := u.base.Encoder()
				u.gatherUAIOnly(d, labels)
				net.FinishTo(top)
				u.layer.Finish()
				p, w := doubles(net.Params), doubles(u.layer.Params)
				got := make([]float32, len(p))
				copy(got, net.Grads[:net.Size(top)])
				loss := func(p, w []float64) float64 {
					ce := 0.0
					for i, r := range labels.Index {
						z := logit(u.layer, w, m.latent(p, doubles(d.X.Row(r))), s[i])
						if labels.Anomaly[i] {
							z = -z
						}
						ce += math.Log1p(math.Exp(z))
					}
					return gamma * ce / float64(labels.Len())
				}
				compare(t, got, p, func(p []float64) float64 { return loss(p, w) })
				compare(t, u.layer.Grads, w, func(w []float64) float64 { return loss(p, w) })
			})
		}
	}
}

// callLog counts the calls of a base's methods.
type callLog struct {
	Base
	forwards  [4]int // by mode
	rows      []int  // of the last Forward
	weighted  int    // calls of Backward with the base loss
	backwards int
	steps     int
}

func (b *callLog) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	b.forwards[mode]++
	b.rows = slices.Clone(rows)
	return b.Base.Forward(mode, d, rows)
}

func (b *callLog) Backward(weight float32, dl []float32) float32 {
	if b.backwards++; weight != 0 {
		b.weighted++
	}
	return b.Base.Backward(weight, dl)
}

func (b *callLog) Step() {
	b.steps++
	b.Base.Step()
}

func baseBytes(t *testing.T, b Base) []byte {
	t.Helper()
	var w bytes.Buffer
	if err := b.Snapshot(&w); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// TestUAIOnlyLeavesTheRest: the steps of a UAIOnly round do nothing for the base loss: no batch of
// it is drawn, passed forwards or back. All state in a base's snapshot that the cross-entropy does
// not reach stays the same, bit by bit: the decoder and its mean squares, the estimation network,
// mixtures, centres and their counts; with a separate optimiser all mean squares; and without the
// gradient through l the entire base.
func TestUAIOnlyLeavesTheRest(t *testing.T) {
	d := toy(40, 9, 4)
	labels := bench.Labels{}
	for r := range 30 {
		labels.Index, labels.Anomaly = append(labels.Index, r), append(labels.Anomaly, r%3 == 0)
	}
	for _, o := range []UAISettings{
		{}, {Separate: true}, {Stop: true}, {Stop: true,
			Separate: true}, {Labelled: Members}, {Labelled: Members, Separate: true}, {Exclude: true, Alternate: true},
	} {
		o.UAIOnly, o.Round = true, 3
		for _, m := range twinBases(twinSettings) {
			u := warm(t, m.base, twinSettings, o, d, labels)
			net, top, _ := u.base.Encoder()
			b := &callLog{Base: u.base}
			u.base = b // hides the Refresher, which changes a mixture after a round
			var place, after bytes.Buffer
			u.batches.Snapshot(&place)
			was, layer := baseBytes(t, b), slices.Clone(u.layer.Params)
			if err := u.Train(context.Background(), d, labels); err != nil {
				t.Fatal(err)
			}
			u.batches.Snapshot(&after)
			is := baseBytes(t, b)
			if b.forwards != [4]int{LabelledOnly: 3} || b.weighted != 0 || b.backwards != 3 ||
				b.steps != 0 {
				t.Errorf("%s, %+v: passes %v, %d backward of the base loss, %d of all, %d steps",
					m.name, o, b.forwards, b.weighted, b.backwards, b.steps)
			}
			if drawn := !bytes.Equal(place.Bytes(),
				after.Bytes()); drawn != (o.Labelled == Members) {
				t.Errorf("%s, %+v: batches were drawn: %v", m.name, o, drawn)
			}
			n, size := 4*len(net.Params), 4*net.Size(top)
			arrays := []int{0, n} // parameters and mean squares
			if strings.HasPrefix(m.name, "DAGMM") {
				arrays = []int{0, n + 16, 2*n + 16} // Adam's two, after its powers
				if moved := !bytes.Equal(was[n:n+16], is[n:n+16]); moved == (o.Stop || o.Separate) {
					t.Errorf("%s, %+v: Adam's powers moved: %v", m.name, o, moved)
				}
				copy(is[n:n+16], was[n:n+16])
			}
			for i, at := range arrays {
				moved := !bytes.Equal(was[at:at+size], is[at:at+size])
				if want := !o.Stop && (i == 0 || !o.Separate); moved != want {
					t.Errorf("%s, %+v: array %d of the encoder moved: %v", m.name, o, i, moved)
				}
				copy(is[at:at+size], was[at:at+size])
			}
			if !bytes.Equal(was, is) {
				t.Errorf("%s, %+v: what the cross-entropy does not reach moved", m.name, o)
			}
			if slices.Equal(layer, u.layer.Params) {
				t.Errorf("%s, %+v: the layer did not learn", m.name, o)
			}
		}
	}
}

// TestUAIOnlyMembers: only the audited rows of a base batch are passed; without any, nothing is
// passed, and the step has a zero gradient: parameters stay, mean squares decay by 0.9.
func TestUAIOnlyMembers(t *testing.T) {
	d := toy(40, 9, 4)
	labels := bench.Labels{Index: []int{7, 30}, Anomaly: []bool{true, false}}
	u := warm(t, NewClass(twinSettings), twinSettings,
		UAISettings{UAIOnly: true, Labelled: Members, Separate: true}, d, labels)
	b := &callLog{Base: u.base}
	u.base = b
	passed := 0
	for range 20 {
		net, _, _ := b.Encoder()
		before, ms := slices.Clone(net.Params), meanSquares(t, u.encoder.slots, 1)[0]
		b.rows = nil
		if err := u.step(0, d, labels); err != nil {
			t.Fatal(err)
		}
		if moved := !slices.Equal(before, net.Params); moved != (b.rows != nil) {
			t.Errorf("rows %v are passed, parameters moved: %v", b.rows, moved)
		}
		if now := meanSquares(t, u.encoder.slots, 1)[0]; b.rows == nil &&
			math.Abs(float64(now)-0.9*float64(ms)) > 1e-6 {
			t.Errorf("without a gradient the mean square goes from %g to %g", ms, now)
		}
		for _, r := range b.rows {
			if passed++; r != 7 && r != 30 {
				t.Errorf("row %d is passed", r)
			}
		}
	}
	if passed != 8 { // 20 batches of 8 of 40 rows are four epochs
		t.Errorf("audited rows were passed %d times in four epochs", passed)
	}
}

// TestUAIOnlyRunning: the moments of s follow the labelled batches, the only ones.
func TestUAIOnlyRunning(t *testing.T) {
	d := toy(40, 9, 4)
	labels := bench.Labels{Index: []int{1, 2, 8}, Anomaly: []bool{true, false, true}}
	u := warm(t, NewClass(twinSettings), twinSettings, UAISettings{UAIOnly: true, Score: Running},
		d, labels)
	s := scoresOf(t, u, d, labels.Index, bench.HeadBase)
	if err := u.step(0, d, labels); err != nil {
		t.Fatal(err)
	}
	if got, want := float64(u.moments.mean), (s[0]+s[1]+s[2])/3; math.Abs(got-want) > 1e-6 {
		t.Errorf("the running mean is %g, want the labelled batch's, %g", got, want)
	}
}
