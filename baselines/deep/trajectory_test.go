package deep

import (
	"context"
	"math"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// rmsprop is TensorFlow 1.x's rule in float64.
func rmsprop(params, ms, grads []float64) {
	for i, g := range grads {
		ms[i] = 0.9*ms[i] + 0.1*g*g
		params[i] -= 0.01 * g / math.Sqrt(ms[i]+1e-10)
	}
}

// slope returns the gradient of loss by central differences.
func slope(params []float64, loss func([]float64) float64) []float64 {
	out := make([]float64, len(params))
	for i, keep := range params {
		const h = 1e-6
		params[i] = keep + h
		up := loss(params)
		params[i] = keep - h
		down := loss(params)
		params[i] = keep
		out[i] = (up - down) / (2 * h)
	}
	return out
}

// TestTrajectory follows five steps of pre-training and ten joint steps in float64, by finite
// differences and TensorFlow's rule applied to step's formula, on the same batches, and compares
// the final scores. It combines what the gradient tests check separately: the order of sums, the
// kept optimiser state, the fresh state of the UAI layer, and s recomputed at every step.
func TestTrajectory(t *testing.T) {
	d := toy(24, 6, 3)
	labels := bench.Labels{Index: []int{2, 5, 9, 13, 1},
		Anomaly: []bool{true, false, false, true, false}}
	for _, m := range models(nn.Tanh) {
		t.Run(m.name, func(t *testing.T) {
			set := m.net().set
			set.Pretrain = 5
			ctx := context.Background()
			u := NewUAI(m.base, set, UAISettings{Round: 10})

			// The initial parameters, before any training.
			if err := u.prepare(d); err != nil {
				t.Fatal(err)
			}
			u.build(d)
			net := m.net().net
			p, w := doubles(net.Params), doubles(u.layer.Params)
			if err := u.pretrain(ctx, d, set.Pretrain); err != nil {
				t.Fatal(err)
			}
			if err := u.Train(ctx, d, labels); err != nil {
				t.Fatal(err)
			}

			ones := func(n int) []float64 {
				out := make([]float64, n)
				for i := range out {
					out[i] = 1
				}
				return out
			}
			pm, wm := ones(len(p)), ones(len(w))
			batches := nn.NewBatches(d.Rows(), set.Batch, false,
				bench.NewStream(set.Seed, "batches"))
			base := func(p []float64, rows []int) float64 {
				sum := 0.0
				for _, r := range rows {
					sum += m.score(d, r, eval(net, p, doubles(d.X.Row(r))))
				}
				return sum / float64(len(rows))
			}
			logit := func(p, w []float64, row int, s float64) float64 {
				l := eval(net, p, doubles(d.X.Row(row)))[m.net().latent]
				z := w[len(l)+1] + w[len(l)]*s
				for j, v := range l {
					z += w[j] * v
				}
				return z
			}
			score := func(p []float64, row int) float64 { return m.score(d, row, eval(net, p, doubles(d.X.Row(row)))) }
			for range set.Pretrain {
				rows := batches.Next()
				rmsprop(p, pm, slope(p, func(p []float64) float64 { return base(p, rows) }))
			}
			for range 10 {
				rows := batches.Next()
				s0 := make([]float64, labels.Len())
				for i, r := range labels.Index {
					s0[i] = score(p, r)
				}
				ce := func(p, w []float64) float64 {
					sum := 0.0
					for i, r := range labels.Index {
						z := logit(p, w, r, s0[i])
						if labels.Anomaly[i] {
							z = -z
						}
						sum += math.Log1p(math.Exp(z))
					}
					return sum / float64(labels.Len())
				}
				dp := slope(p, func(p []float64) float64 { return base(p, rows) + ce(p, w) })
				dw := slope(w, func(w []float64) float64 { return ce(p, w) })
				rmsprop(p, pm, dp)
				rmsprop(w, wm, dw)
			}

			s, z := make([]float64, d.Rows()), make([]float64, d.Rows())
			if _, err := u.Scores(ctx, s, d, nil, bench.HeadBase); err != nil {
				t.Fatal(err)
			}
			if _, err := u.Scores(ctx, z, d, nil, bench.HeadTrained); err != nil {
				t.Fatal(err)
			}
			for r := range s {
				ws := score(p, r)
				wz := logit(p, w, r, ws)
				if math.Abs(s[r]-ws) > 1e-4*(1+ws) || math.Abs(z[r]-wz) > 1e-4*(1+math.Abs(wz)) {
					t.Errorf("row %d: s = %.6f (want %.6f), logit = %.6f (want %.6f)", r, s[r], ws,
						z[r], wz)
				}
			}
		})
	}
}
