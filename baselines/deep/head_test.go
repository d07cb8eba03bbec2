package deep

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// logit returns the layer's logit in float64, from its definition.
func logit(n *nn.Net, params, l []float64, s float64) float64 {
	return eval(n, params, append(slices.Clone(l), s))[len(n.Layers)-1][0]
}

// TestHeadGradients is TestJointGradients with hidden layers between [l; s] and the logit; s is
// again a constant.
func TestHeadGradients(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	const gamma = 0.7
	for _, m := range models(nn.Tanh) {
		t.Run(m.name, func(t *testing.T) {
			u := NewUAI(m.base, m.net().set, UAISettings{Gamma: gamma, Head: []int{5, 4}})
			net, batch := begin(t, u, m, d, labels)
			params, layer := doubles(net.Params), doubles(u.layer.Params)
			s0 := make([]float64, labels.Len())
			for i, r := range labels.Index {
				s0[i] = m.score(d, r, eval(net, params, doubles(d.X.Row(r))))
			}
			loss := func(p, w []float64) float64 {
				base, ce := 0.0, 0.0
				for _, r := range batch {
					base += m.score(d, r, eval(net, p, doubles(d.X.Row(r))))
				}
				for i, r := range labels.Index {
					z := logit(u.layer, w, eval(net, p, doubles(d.X.Row(r)))[m.net().latent], s0[i])
					if labels.Anomaly[i] {
						z = -z
					}
					ce += math.Log1p(math.Exp(z))
				}
				return base/float64(len(batch)) + gamma*ce/float64(labels.Len())
			}
			compare(t, net.Grads, params, func(p []float64) float64 { return loss(p, layer) })
			compare(t, u.layer.Grads, layer, func(w []float64) float64 { return loss(params, w) })
		})
	}
}

// TestHeadStops: with hidden layers too, the cross-entropy has no gradient above the latent layer,
// and with U19 off none in the base.
func TestHeadStops(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	for _, m := range models(nn.Tanh) {
		for _, stop := range []bool{false, true} {
			u := NewUAI(m.base, m.net().set, UAISettings{Head: []int{7}, Stop: stop})
			if err := u.prepare(d); err != nil {
				t.Fatal(err)
			}
			u.build(d)
			u.learn(labels)
			u.choose(labels)
			l, s := u.base.Forward(Labelled, d, u.rows)
			u.base.Backward(0, u.crossEntropy(l, s, labels))
			net, latent := m.net().net, m.net().latent
			net.Finish()
			for i := range net.Layers {
				dw, db := net.LayerGrads(i)
				if reached := anyNonzero(dw) || anyNonzero(db); reached != (i <= latent && !stop) {
					t.Errorf("%s, stop %v: layer %d (latent is %d): gradient present: %v", m.name,
						stop, i, latent, reached)
				}
			}
			if u.layer.Finish(); !anyNonzero(u.layer.Grads) {
				t.Errorf("%s: the layer has no gradient", m.name)
			}
		}
	}
}

// TestHeadStarts (U8 with hidden layers): with BaseInit the logit is s exactly, of either sign;
// with ZeroInit it is 0, while the hidden layers are not.
func TestHeadStarts(t *testing.T) {
	l, s := []float32{0.5, -3, 0.25, 7}, []float32{2.75, -1.5}
	for _, c := range []struct {
		hidden []int
		want   []float32
	}{{nil, s}, {[]int{2}, s}, {[]int{16}, s}, {[]int{9, 3, 5}, s}, {[]int{4, 1},
		[]float32{2.75, 0}}} {
		for init, want := range map[UAIInit][]float32{BaseInit: c.want, ZeroInit: {0, 0}} {
			n := newHead(2, UAISettings{Head: c.hidden, Init: init}, 1)
			u := &UAI{trainer: trainer{base: &Class{network: network{set: Settings{Hidden: []int{2}}}}}, layer: n, pass: n.NewPass(2)}
			u.forward(l, s)
			if got := u.logits(); !slices.Equal(got, want) {
				t.Errorf("hidden %v, start %d: logits %v, want %v", c.hidden, init, got, want)
			}
			if w, _ := n.Layer(0); init == ZeroInit && anyNonzero(w) != (c.hidden != nil) {
				t.Errorf("hidden %v: the first layer starts at %v", c.hidden, w)
			}
		}
	}
}

// everyBase returns constructors of all bases.
func everyBase() map[string]func(Settings) Base {
	all := map[string]func(Settings) Base{
		"DAE":   func(s Settings) Base { return NewDAE(DAESettings{Settings: s, Noise: 0.1}) },
		"Class": func(s Settings) Base { return NewClass(s) },
	}
	for name, make := range compared {
		all[name] = make
	}
	return all
}

// TestHeadEverywhere: on every base, hidden layers and the switch give the same bits on any kernel
// and number of threads, and other bits than the paper's layer.
func TestHeadEverywhere(t *testing.T) {
	d := toy(200, 51, 3)
	ctx := context.Background()
	digest := func(make func(Settings) Base, threads int, o UAISettings) string {
		set := Settings{Hidden: []int{37, 19, 5}, Batch: 31, Seed: 3, Pretrain: 10,
			Threads: threads}
		base := make(set)
		o.Round = 10
		u := NewUAI(base, set, o)
		for _, n := range []int{0, 20, 40} {
			if err := u.Train(ctx, d, someLabels(n)); err != nil {
				t.Fatal(err)
			}
		}
		return fmt.Sprint(parametersDigest(t, base), u.heads,
			scoresOf(t, u, d, nil, bench.HeadTrained))
	}
	before := f32.Kernel()
	defer f32.Use(before)
	for name, make := range everyBase() {
		o := UAISettings{Head: []int{16}, Switch: 15}
		if err := f32.Use(before); err != nil {
			t.Fatal(err)
		}
		want := digest(make, 1, o)
		if want == digest(make, 1, UAISettings{Switch: 15}) {
			t.Errorf("%s: hidden layers change nothing", name)
		}
		for _, kernel := range f32.Kernels() {
			if err := f32.Use(kernel); err != nil {
				t.Fatal(err)
			}
			for _, threads := range []int{1, 3} {
				if got := digest(make, threads, o); got != want {
					t.Errorf("%s, %s, %d threads: other bits", name, kernel, threads)
				}
			}
		}
	}
}

// TestHeadLearnsXOR uses labels that no weighting of l and s explains, but one hidden layer does.
// The encoder is fixed (no gradient through l, negligible steps of the base), so only the layer can
// learn them.
func TestHeadLearnsXOR(t *testing.T) {
	d := toy(200, 2, 2)
	rng := bench.NewStream(2, "xor").Rand()
	l := bench.Labels{}
	for i := range 200 {
		a, b := rng.Float64(), rng.Float64()
		d.X.Data[2*i], d.X.Data[2*i+1] = float32(a), float32(b)
		l.Index, l.Anomaly = append(l.Index, i), append(l.Anomaly, (a > 0.5) != (b > 0.5))
	}
	right := func(head []int) int {
		set := Settings{Hidden: []int{2}, Activation: nn.Linear, Batch: 256, Pretrain: 1, Seed: 1}
		rates := set
		rates.Optimizer = nn.RMSprop{Rate: 1e-9, Decay: 0.9, Epsilon: 1e-10}
		u := NewUAI(NewClass(rates), set, UAISettings{Round: 1500, Head: head, Stop: true})
		for _, l := range []bench.Labels{{}, l} {
			if err := u.Train(context.Background(), d, l); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for i, z := range scoresOf(t, u, d, nil, bench.HeadTrained) {
			if (z > 0) == l.Anomaly[i] {
				n++
			}
		}
		return n
	}
	line, hidden := right(nil), right([]int{16})
	t.Logf("right of 200: %d on a line, %d with 16 hidden units", line, hidden)
	if line > 140 || hidden < 160 {
		t.Errorf("right of 200: %d on a line, %d with 16 hidden units", line, hidden)
	}
}

// TestBeyondGolden: these digests must not change while the methods' versions are the same, with
// any instruction set: of what a layer with hidden layers learns, the scores that its switch keeps,
// and its explanations.
func TestBeyondGolden(t *testing.T) {
	d, ctx := toy(200, 51, 3), context.Background()
	for name, want := range map[string]string{"DAE": "272f2240ff5c300c",
		"Class": "5b76a20c5964bf5d", "DCN": "98612d139bbae287"} {
		set := Settings{Hidden: []int{37, 19, 5}, Batch: 31, Seed: 3, Pretrain: 10}
		u := NewUAI(everyBase()[name](set), set,
			UAISettings{Round: 10, Head: []int{16, 3}, Switch: 15, Score: LogScore})
		for _, n := range []int{0, 20, 40} {
			if err := u.Train(ctx, d, someLabels(n)); err != nil {
				t.Fatal(err)
			}
		}
		rows := someLabels(40).Index
		l, s := make([]float64, 40*51), make([]float64, 40*51)
		if err := u.Explain(ctx, l, s, d, rows, bench.HeadTrained); err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, v := range []any{scoresOf(t, u, d, nil, bench.HeadTrained), u.heads.s, u.heads.z,
			u.heads.uai, l, s} {
			if err := binary.Write(h, binary.LittleEndian, v); err != nil {
				t.Fatal(err)
			}
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != want {
			t.Errorf("%s: digest %s, want %s", name, got, want)
		}
	}
}
