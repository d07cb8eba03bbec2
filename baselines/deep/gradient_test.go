package deep

import (
	"math"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// toy returns a pool of n rows x d features with classes, values in [0, 1).
func toy(n, d, classes int) bench.Data {
	rng := bench.NewStream(7, "toy").Rand()
	data := bench.Data{X: bench.NewMatrix(n, d), Class: make([]int32, n), Classes: classes}
	for i := range data.X.Data {
		data.X.Data[i] = float32(rng.Float64())
	}
	for i := range data.Class {
		data.Class[i] = int32(rng.IntN(classes))
	}
	return data
}

// eval returns all layers' outputs of a net in float64, from the definition.
func eval(n *nn.Net, params []float64, x []float64) (outs [][]float64) {
	at := 0
	for _, l := range n.Layers {
		y := make([]float64, l.Out)
		for j := range y {
			y[j] = params[at+l.In*l.Out+j]
			for i := range x {
				y[j] += x[i] * params[at+i*l.Out+j]
			}
			switch l.Act {
			case nn.ReLU:
				y[j] = math.Max(y[j], 0)
			case nn.Sigmoid:
				y[j] = 1 / (1 + math.Exp(-y[j]))
			case nn.Tanh:
				y[j] = math.Tanh(y[j])
			}
		}
		at += (l.In + 1) * l.Out
		outs = append(outs, y)
		x = y
	}
	return outs
}

func doubles(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// model is a base under test, with its score in float64 from the outputs of all layers.
type model struct {
	name  string
	base  Base
	net   func() *network
	score func(d bench.Data, row int, outs [][]float64) float64
}

func models(act nn.Activation) []model {
	set := Settings{Hidden: []int{6, 5, 3}, Activation: act, Batch: 8, Seed: 3}
	squared := func(d bench.Data, row int, outs [][]float64) float64 {
		sum := 0.0
		for j, x := range d.X.Row(row) {
			e := float64(x) - outs[len(outs)-1][j]
			sum += e * e
		}
		return sum
	}
	dae, mean, class := NewDAE(DAESettings{Settings: set}), NewDAE(DAESettings{Settings: set,
		MeanFeatures: true, Output: nn.Sigmoid}), NewClass(set)
	pae := NewPAE(AutoencoderSettings{Settings: set})
	return []model{
		{"PAE", pae, func() *network { return &pae.network }, squared},
		{"DAE", dae, func() *network { return &dae.network }, squared},
		{"DAE, mean, sigmoid output", mean, func() *network { return &mean.network },
			func(d bench.Data, row int, outs [][]float64) float64 {
				return squared(d, row, outs) / float64(d.X.Cols)
			}},
		{"Class", class, func() *network { return &class.network },
			func(d bench.Data, row int, outs [][]float64) float64 {
				z := outs[len(outs)-1]
				sum := 0.0
				for _, v := range z {
					sum += math.Exp(v)
				}
				return math.Log(sum) - z[d.Class[row]]
			}},
	}
}

// jolt moves all parameters slightly, biases too, so that no ReLU is exactly at its kink.
func jolt(n *nn.Net) {
	rng := bench.NewStream(5, "jolt").Rand()
	for i := range n.Params {
		n.Params[i] += float32(0.3 * (rng.Float64() - 0.5))
	}
}

// compare checks gradients against central differences of loss over params. The sums have under a
// hundred float32 terms: 2e-4 of the largest gradient is ten times their rounding error.
func compare(t *testing.T, got []float32, params []float64, loss func(params []float64) float64) {
	t.Helper()
	largest := 0.0
	for _, g := range got {
		largest = math.Max(largest, math.Abs(float64(g)))
	}
	if largest == 0 {
		t.Fatal("all gradients are zero")
	}
	bad := 0
	for i := range params {
		const h = 1e-6
		keep := params[i]
		params[i] = keep + h
		up := loss(params)
		params[i] = keep - h
		down := loss(params)
		params[i] = keep
		if want := (up - down) / (2 * h); math.Abs(float64(got[i])-want) > 2e-4*largest {
			if bad++; bad < 5 {
				t.Errorf("parameter %d: gradient %g, finite difference %g (largest %g)", i, got[i],
					want, largest)
			}
		}
	}
}

// TestBaseGradients compares the gradient of the mean base loss, and s itself, with float64.
func TestBaseGradients(t *testing.T) {
	d := toy(20, 9, 4)
	rows := []int{3, 0, 19, 7, 7, 11}
	for _, act := range []nn.Activation{nn.ReLU, nn.Sigmoid, nn.Tanh} {
		for _, m := range models(act) {
			t.Run(m.name, func(t *testing.T) {
				if err := m.base.Prepare(d); err != nil {
					t.Fatal(err)
				}
				net := m.net().net
				jolt(net)
				_, s := m.base.Forward(Training, d, rows)
				params := doubles(net.Params)
				for i, r := range rows {
					want := m.score(d, r, eval(net, params, doubles(d.X.Row(r))))
					if math.Abs(float64(s[i])-want) > 1e-5*(1+want) {
						t.Errorf("row %d: s = %g, want %g", r, s[i], want)
					}
				}
				m.base.Backward(1, nil)
				net.Finish()
				compare(t, net.Grads, params, func(p []float64) float64 {
					sum := 0.0
					for _, r := range rows {
						sum += m.score(d, r, eval(net, p, doubles(d.X.Row(r))))
					}
					return sum / float64(len(rows))
				})
			})
		}
	}
}

// TestJointGradients: the gradients that one joint step adds are those of
//
//	J = mean over B of the base loss + γ · mean over H_B of CE(y, σ(w·[l; s₀] + β))
//
// in which s₀ is a constant: the finite difference fixes s₀ at the value of the unmoved parameters.
// If the gradient flowed through s, those of the decoder and output layer would differ, and
// TestGradientOfScoreStops would also fail.
func TestJointGradients(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	const gamma = 0.7
	for _, m := range models(nn.Tanh) {
		t.Run(m.name, func(t *testing.T) {
			s := m.net().set
			u := NewUAI(m.base, s, UAISettings{Gamma: gamma})
			net, batch := begin(t, u, m, d, labels)
			params, uaiParams := doubles(net.Params), doubles(u.layer.Params)
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
					l := eval(net, p, doubles(d.X.Row(r)))[m.net().latent]
					z := w[len(l)+1] + w[len(l)]*s0[i]
					for j, v := range l {
						z += w[j] * v
					}
					if labels.Anomaly[i] {
						z = -z
					}
					ce += math.Log1p(math.Exp(z))
				}
				return base/float64(len(batch)) + gamma*ce/float64(labels.Len())
			}
			compare(t, net.Grads, params, func(p []float64) float64 { return loss(p, uaiParams) })
			compare(t, u.layer.Grads, uaiParams,
				func(w []float64) float64 { return loss(params, w) })
		})
	}
}

// begin adds the gradients of one joint step without updating, and returns the base's net and the
// base batch that was drawn.
func begin(t *testing.T, u *UAI, m model, d bench.Data, labels bench.Labels) (*nn.Net, []int) {
	t.Helper()
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	jolt(m.net().net)
	u.build(d)
	u.learn(labels)
	batch := append([]int(nil), u.batches.Next()...)
	u.base.Forward(Training, d, batch)
	u.base.Backward(1, nil)
	u.choose(labels)
	l, s := u.base.Forward(Labelled, d, u.rows)
	u.base.Backward(0, u.crossEntropy(l, s, labels))
	m.net().net.Finish()
	u.layer.Finish()
	return m.net().net, batch
}

// TestGradientOfScoreStops: the cross-entropy on its own leaves a gradient of exactly zero above
// the latent layer, although s, which depends on those layers, is a weighted input; below it there
// is one. The same batch with a gradient through s (built here by hand) does reach them, so the
// test can fail.
func TestGradientOfScoreStops(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	for _, m := range models(nn.Tanh) {
		t.Run(m.name, func(t *testing.T) {
			u := NewUAI(m.base, m.net().set, UAISettings{})
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
				reached := anyNonzero(dw) || anyNonzero(db)
				if want := i <= latent; reached != want {
					t.Errorf("layer %d (latent is %d): gradient present: %v, want %v", i, latent,
						reached, want)
				}
			}
			u.base.Forward(Labelled, d, u.rows)
			u.base.Backward(1, nil) // ds = 1 for every row: the gradient through s
			net.Finish()
			if dw, _ := net.LayerGrads(len(net.Layers) - 1); !anyNonzero(dw) {
				t.Error("a gradient through s would not have been seen: the test is blind")
			}
		})
	}
}

// TestStopThroughLatent: with U19 off the cross-entropy does not change the base, but the layer
// learns.
func TestStopThroughLatent(t *testing.T) {
	d := toy(20, 9, 4)
	labels := bench.Labels{Index: []int{2, 5}, Anomaly: []bool{true, false}}
	for _, m := range models(nn.Tanh) {
		u := NewUAI(m.base, m.net().set, UAISettings{Stop: true})
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		u.build(d)
		u.learn(labels)
		u.choose(labels)
		l, s := u.base.Forward(Labelled, d, u.rows)
		u.base.Backward(0, u.crossEntropy(l, s, labels))
		m.net().net.Finish()
		u.layer.Finish()
		if anyNonzero(m.net().net.Grads) || !anyNonzero(u.layer.Grads) {
			t.Errorf("%s: base gradient %v, layer gradient %v", m.name,
				anyNonzero(m.net().net.Grads), anyNonzero(u.layer.Grads))
		}
	}
}

func anyNonzero(x []float32) bool {
	for _, v := range x {
		if v != 0 {
			return true
		}
	}
	return false
}
