package deep

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// corrupted returns a batch of rows with the next draws of e applied, as in a model's input.
func corrupted(e *noise, rows [][]float64) [][]float64 {
	var clean []float32
	for _, x := range rows {
		for _, v := range x {
			clean = append(clean, float32(v))
		}
	}
	dst := make([]float32, len(clean))
	e.begin(len(clean))
	e.apply(dst, clean, 0)
	return slices.Collect(slices.Chunk(doubles(dst), len(rows[0])))
}

// restoring returns the mean squared error of a net's outputs, for the inputs, from the targets.
func restoring(n *nn.Net, p []float64, inputs, targets [][]float64) float64 {
	sum := 0.0
	for i, x := range inputs {
		outs := eval(n, p, x)
		sum += squares(outs[len(outs)-1], targets[i])
	}
	return sum / float64(len(inputs))
}

func squares(x, y []float64) (sum float64) {
	for j, v := range x {
		sum += (v - y[j]) * (v - y[j])
	}
	return sum
}

func rowsOf(d bench.Data, rows []int) (out [][]float64) {
	for _, r := range rows {
		out = append(out, doubles(d.X.Row(r)))
	}
	return out
}

// farthest returns the greatest distance of a parameter from its value in another training.
func farthest(got []float32, want []float64) (most float64) {
	for i, w := range want {
		most = max(most, math.Abs(float64(got[i])-w))
	}
	return most
}

// TestDenoisingInFloat64 follows the pre-training of a DAE and joint steps on it by finite
// differences and TensorFlow's rule: each batch's input is corrupted and its target clean, in the
// base batch and in the labelled one, whose l and s are of corrupted input too. A DAE that
// reconstructed its corrupted input, or got clean input, would end elsewhere.
func TestDenoisingInFloat64(t *testing.T) {
	d, ctx := toy(24, 6, 3), context.Background()
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	set := Settings{Hidden: []int{4, 2}, Activation: nn.Tanh, Batch: 8, Seed: 1}
	for _, masking := range []bool{false, true} {
		m := NewDAE(DAESettings{Settings: set, Noise: 0.4, Masking: masking})
		u := NewUAI(m, set, UAISettings{Round: 4})
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		u.build(d)
		first, layer := doubles(m.net.Params), doubles(u.layer.Params)
		if err := u.pretrain(ctx, d, 6); err != nil {
			t.Fatal(err)
		}
		if err := u.Train(ctx, d, labels); err != nil {
			t.Fatal(err)
		}
		follow := func(noisyInput, noisyTarget bool) []float64 {
			p, w := slices.Clone(first), slices.Clone(layer)
			pm, wm := slices.Repeat([]float64{1}, len(p)), slices.Repeat([]float64{1}, len(w))
			batches := nn.NewBatches(24, 8, false, bench.NewStream(1, "batches"))
			training := noise{level: 0.4, masking: masking, stream: bench.NewStream(1, "noise")}
			labelled := noise{level: 0.4, masking: masking,
				stream: bench.NewStream(1, "labelled noise")}
			pass := func(e *noise, rows []int) (in, target [][]float64) {
				in, target = rowsOf(d, rows), rowsOf(d, rows)
				if noisyInput {
					in = corrupted(e, target)
				}
				if noisyTarget {
					target = in
				}
				return in, target
			}
			for step := range 10 {
				in, target := pass(&training, batches.Next())
				base := func(p []float64) float64 { return restoring(m.net, p, in, target) }
				if step < 6 {
					rmsprop(p, pm, slope(p, base))
					continue
				}
				x, clean := pass(&labelled, labels.Index)
				s := make([]float64, len(x))
				for i := range x {
					s[i] = restoring(m.net, p, x[i:i+1], clean[i:i+1])
				}
				ce := func(p, w []float64) (sum float64) {
					for i := range x {
						l := eval(m.net, p, x[i])[m.latent]
						z := w[0]*l[0] + w[1]*l[1] + w[2]*s[i] + w[3]
						if labels.Anomaly[i] {
							z = -z
						}
						sum += math.Log1p(math.Exp(z)) / float64(len(x))
					}
					return sum
				}
				dp := slope(p, func(p []float64) float64 { return base(p) + ce(p, w) })
				dw := slope(w, func(w []float64) float64 { return ce(p, w) })
				rmsprop(p, pm, dp)
				rmsprop(w, wm, dw)
			}
			return append(p, w...)
		}
		got := slices.Concat(m.net.Params, u.layer.Params)
		if off := farthest(got, follow(true, false)); off > 1e-4 {
			t.Errorf("masking %v: a parameter is off by %g", masking, off)
		}
		for name, other := range map[string][]float64{
			"a spoilt target": follow(true, true), "clean input": follow(false, false),
		} {
			if off := farthest(got, other); off < 1e-3 {
				t.Errorf("masking %v: the test cannot tell it from %s: %g", masking, name, off)
			}
		}
	}
}

// TestGreedyInFloat64 follows the pre-training of two layers by finite differences and TensorFlow's
// rule, on the same batches, with a fresh optimiser for each layer. With corruption a layer's input
// is corrupted and its target is the clean output of the layers below.
func TestGreedyInFloat64(t *testing.T) {
	d, ctx := toy(24, 6, 3), context.Background()
	set := Settings{Hidden: []int{4, 2}, Batch: 8, Seed: 1}
	for _, c := range []struct {
		level    float32
		gaussian bool
	}{{0, true}, {0.4, true}, {0.4, false}} {
		m := NewPAE(AutoencoderSettings{
			Settings: set, LayerSteps: 7, Corruption: c.level, Gaussian: c.gaussian,
		})
		u := NewUnsupervised(m, set)
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		first := doubles(m.net.Params)
		if err := m.Pretrain(ctx, d, &Steps{ctx, &u.trainer}); err != nil {
			t.Fatal(err)
		}
		follow := func(noisyTarget bool) []float64 {
			p := slices.Clone(first)
			batches := nn.NewBatches(24, 8, false, bench.NewStream(1, "batches"))
			for i := range 2 {
				up, down := m.net.Size(i-1), m.net.Size(2-i)
				upTo, downTo := m.net.Size(i), m.net.Size(3-i)
				own := slices.Concat(p[up:upTo], p[down:downTo])
				pair := &nn.Net{Layers: []nn.Layer{m.net.Layers[i], m.net.Layers[3-i]}}
				ms := slices.Repeat([]float64{1}, len(own))
				e := noise{level: c.level, masking: !c.gaussian,
					stream: bench.NewStream(1, "corruption", i)}
				for range 7 {
					target := rowsOf(d, batches.Next())
					for j, x := range target {
						if i > 0 {
							target[j] = eval(m.net, p, x)[i-1]
						}
					}
					in := corrupted(&e, target)
					if noisyTarget {
						target = in
					}
					rmsprop(own, ms, slope(own, func(own []float64) float64 {
						return restoring(pair, own, in, target)
					}))
				}
				copy(p[up:upTo], own)
				copy(p[down:downTo], own[upTo-up:])
			}
			return p
		}
		if off := farthest(m.net.Params, follow(false)); off > 1e-4 {
			t.Errorf("%+v: a parameter is off by %g", c, off)
		}
		if off := farthest(m.net.Params, follow(true)); c.level > 0 && off < 1e-3 {
			t.Errorf("%+v: the test cannot tell it from a spoilt target: %g", c, off)
		}
	}
}
