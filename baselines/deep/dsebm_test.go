package deep

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// energyTwin is a DSEBM in float64, from the definition of its energy; everything else is derived
// from the energy by finite differences.
type energyTwin struct{ widths []int } // d, then the hidden widths

func (e energyTwin) split(p []float64) (layers [][2][]float64, visible []float64) {
	for i := range len(e.widths) - 1 {
		in, out := e.widths[i], e.widths[i+1]
		layers = append(layers, [2][]float64{p[:in*out], p[in*out : in*out+out]})
		p = p[(in+1)*out:]
	}
	return layers, p
}

func (e energyTwin) latent(p, x []float64) []float64 {
	layers, _ := e.split(p)
	for _, l := range layers {
		w, b := l[0], l[1]
		y := make([]float64, len(b))
		for j := range y {
			a := b[j]
			for i := range x {
				a += x[i] * w[i*len(b)+j]
			}
			y[j] = math.Log1p(math.Exp(a))
		}
		x = y
	}
	return x
}

func (e energyTwin) energy(p, x []float64) float64 {
	_, visible := e.split(p)
	sum := 0.0
	for j, v := range x {
		sum += (v - visible[j]) * (v - visible[j]) / 2
	}
	for _, h := range e.latent(p, x) {
		sum -= h
	}
	return sum
}

// restored returns f(x) = x - dE/dx.
func (e energyTwin) restored(p, x []float64) []float64 {
	f := make([]float64, len(x))
	x = append([]float64(nil), x...)
	for j, keep := range x {
		const h = 1e-3 // E is smooth: the error is h² / 6 of its third derivative
		x[j] = keep + h
		up := e.energy(p, x)
		x[j] = keep - h
		down := e.energy(p, x)
		x[j] = keep
		f[j] = keep - (up-down)/(2*h)
	}
	return f
}

// mismatch returns ||x - f(noisy)||².
func (e energyTwin) mismatch(p, x, noisy []float64) float64 {
	sum := 0.0
	for j, f := range e.restored(p, noisy) {
		sum += (x[j] - f) * (x[j] - f)
	}
	return sum
}

func preparedDSEBM(t *testing.T, d bench.Data, s DSEBMSettings) (*DSEBM, energyTwin, []float64) {
	t.Helper()
	s.Batch, s.Seed = 8, 3
	m := NewDSEBM(s)
	if err := m.Prepare(d); err != nil {
		t.Fatal(err)
	}
	jolt(m.net)
	return m, energyTwin{append([]int{d.X.Cols}, m.set.Hidden...)}, doubles(m.net.Params)
}

// TestDSEBMGradients checks scores, loss, and the gradients with respect to every W_l, b_l and b',
// for one, two and three layers, with noise: of only the base loss, of only the gradient entering
// at the latent layer, and of both, in one batch and in two.
func TestDSEBMGradients(t *testing.T) {
	d := toy(20, 9, 4)
	rows, labelled := []int{3, 0, 19, 7, 7, 11}, []int{4, 5, 1}
	for _, hidden := range [][]int{{4}, {6, 3}, {6, 5, 3}} {
		for _, slope := range []bool{false, true} {
			m, twin, params := preparedDSEBM(t, d,
				DSEBMSettings{Settings: Settings{Hidden: hidden}, Noise: 0.3, Slope: slope})
			near := func(what string, got float32, want float64) {
				t.Helper()
				if math.Abs(float64(got)-want) > 1e-5*(1+math.Abs(want)) {
					t.Errorf("hidden %v: %s is %g, want %g", hidden, what, got, want)
				}
			}
			_, s := m.Forward(Scoring, d, rows)
			for i, r := range rows {
				x := doubles(d.X.Row(r))
				want := twin.energy(params, x)
				if slope {
					want = twin.mismatch(params, x, x)
				}
				near("s", s[i], want)
			}

			noisy := func() (x [][]float64) {
				in := doubles(m.input)
				for i := range m.pass.Rows() {
					x = append(x, in[9*i:9*i+9])
				}
				return x
			}
			lat, _ := m.Forward(Training, d, rows)
			x := noisy()
			for j, h := range twin.latent(params, x[1]) {
				near("l of the noisy input", lat[hidden[len(hidden)-1]+j], h)
			}
			base := func(p []float64) float64 {
				sum := 0.0
				for i, r := range rows {
					sum += twin.mismatch(p, doubles(d.X.Row(r)), x[i])
				}
				return sum / float64(len(rows))
			}
			near("loss", m.Backward(1, nil), base(params))
			m.net.Finish()
			compare(t, m.net.Grads, params, base)

			// The gradient that enters at l: of Σ dl·h_L, with arbitrary dl.
			entering := func(n int) (dl []float32) {
				rng := bench.NewStream(9, "dl").Rand()
				for range n * m.LatentDim() {
					dl = append(dl, float32(rng.Float64()-0.5))
				}
				return dl
			}
			through := func(p []float64, x [][]float64, dl []float32) float64 {
				sum := 0.0
				for i := range x {
					for j, h := range twin.latent(p, x[i]) {
						sum += h * float64(dl[i*m.LatentDim()+j])
					}
				}
				return sum
			}
			m.Forward(Training, d, rows)
			x = noisy()
			both := entering(len(rows))
			m.Backward(0.5, both)
			m.net.Finish()
			compare(t, m.net.Grads, params,
				func(p []float64) float64 { return 0.5*base(p) + through(p, x, both) })

			m.Forward(Labelled, d, labelled)
			x2 := noisy()
			alone := entering(len(labelled))
			m.Backward(0, alone)
			m.net.Finish()
			compare(t, m.net.Grads, params,
				func(p []float64) float64 { return through(p, x2, alone) })
			if _, db := m.net.LayerGrads(m.visible); anyNonzero(db) {
				t.Errorf("hidden %v: a gradient through l reaches b': %v", hidden, db)
			}

			m.Forward(Training, d, rows)
			x = noisy()
			m.Backward(1, nil)
			m.Forward(Labelled, d, labelled)
			x2 = noisy()
			m.Backward(0, alone)
			m.net.Finish()
			compare(t, m.net.Grads, params,
				func(p []float64) float64 { return base(p) + through(p, x2, alone) })
		}
	}
}

// TestDSEBMByHand: one input, one unit with w = ln 3, b = 0, b' = 0.5, at x = 1: the softplus is
// ln(1 + 3), its slope 3/4, so E = ½·0.5² - ln 4 and dE/dx = 0.5 - ¾ ln 3.
func TestDSEBMByHand(t *testing.T) {
	d := bench.Data{X: bench.Matrix{Rows: 1, Cols: 1, Data: []float32{1}}}
	for _, slope := range []bool{false, true} {
		m := NewDSEBM(DSEBMSettings{Settings: Settings{Hidden: []int{1}, Batch: 1}, Slope: slope})
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		copy(m.net.Params, []float32{float32(math.Log(3)), 0, 0.5})
		l, s := m.Forward(Scoring, d, []int{0})
		want := 0.125 - math.Log(4)
		if slope {
			want = math.Pow(0.5-0.75*math.Log(3), 2)
		}
		if math.Abs(float64(s[0])-want) > 1e-6 || math.Abs(float64(l[0])-math.Log(4)) > 1e-6 {
			t.Errorf("slope %v: l = %g, s = %g; want %g, %g", slope, l[0], s[0], math.Log(4), want)
		}
	}
}

// TestDSEBMNoise checks which batches are noisy, and by how much: N(0, 0.3²) over 40,000 elements
// has a standard deviation within 0.003 (3 sd); no two batches are the same.
func TestDSEBMNoise(t *testing.T) {
	d := toy(100, 400, 3)
	rows := make([]int, 100)
	for i := range rows {
		rows[i] = 99 - i
	}
	added := func(m *DSEBM, mode Mode) (std, first float64) {
		m.Forward(mode, d, rows)
		sum := 0.0
		for i, r := range rows {
			for j, v := range d.X.Row(r) {
				e := float64(m.input[i*400+j] - v)
				sum += e * e
			}
		}
		return math.Sqrt(sum / 40000), float64(m.input[0] - d.X.Row(99)[0])
	}
	for _, clean := range []bool{false, true} {
		set := Settings{Hidden: []int{3}, Batch: 100, Seed: 1}
		m := NewDSEBM(DSEBMSettings{Settings: set, Noise: 0.3, CleanUAI: clean})
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		one, a := added(m, Training)
		two, b := added(m, Training)
		lab, c := added(m, Labelled)
		none, _ := added(m, Scoring)
		if math.Abs(one-0.3) > 0.003 || math.Abs(two-0.3) > 0.003 || none != 0 || a == b || a == c {
			t.Errorf("clean %v: noise of %g, %g, %g while scoring, first elements %g, %g, %g",
				clean, one, two, none, a, b, c)
		}
		if want := map[bool]float64{false: 0.3, true: 0}[clean]; math.Abs(lab-want) > 0.003 {
			t.Errorf("clean %v: the labelled batch has noise of %g", clean, lab)
		}
	}
}

// TestDSEBMTrajectory follows five steps of pre-training and ten joint steps in float64, by finite
// differences and TensorFlow's rule, on the same batches, and compares both heads' final scores.
func TestDSEBMTrajectory(t *testing.T) {
	d := toy(24, 6, 3)
	labels := bench.Labels{Index: []int{2, 5, 9, 13, 1},
		Anomaly: []bool{true, false, false, true, false}}
	for _, mismatch := range []bool{false, true} {
		m, twin, p := preparedDSEBM(t, d,
			DSEBMSettings{Settings: Settings{Hidden: []int{4, 2}}, Slope: mismatch})
		set := m.set
		set.Pretrain = 5
		u := NewUAI(m, set, UAISettings{Round: 10})
		u.set.fill()
		u.batches = nn.NewBatches(24, 8, false, bench.NewStream(3, "batches"))
		u.build(d)
		w := doubles(u.layer.Params)
		ctx := context.Background()
		if err := u.pretrain(ctx, d, 5); err != nil {
			t.Fatal(err)
		}
		if err := u.Train(ctx, d, labels); err != nil {
			t.Fatal(err)
		}

		x := func(r int) []float64 { return doubles(d.X.Row(r)) }
		score := func(p []float64, r int) float64 {
			if mismatch {
				return twin.mismatch(p, x(r), x(r))
			}
			return twin.energy(p, x(r))
		}
		logit := func(p, w []float64, r int, s float64) float64 {
			z := w[3] + w[2]*s
			for j, v := range twin.latent(p, x(r)) {
				z += w[j] * v
			}
			return z
		}
		pm, wm := slices.Repeat([]float64{1}, len(p)), slices.Repeat([]float64{1}, len(w))
		batches := nn.NewBatches(24, 8, false, bench.NewStream(3, "batches"))
		for step := range 15 {
			rows := batches.Next()
			s0 := make([]float64, 5)
			for i, r := range labels.Index {
				s0[i] = score(p, r)
			}
			loss := func(p, w []float64) float64 {
				sum := 0.0
				for _, r := range rows {
					sum += twin.mismatch(p, x(r), x(r)) / float64(len(rows))
				}
				for i, r := range labels.Index {
					z := logit(p, w, r, s0[i])
					if labels.Anomaly[i] {
						z = -z
					}
					if step >= 5 {
						sum += math.Log1p(math.Exp(z)) / 5
					}
				}
				return sum
			}
			dp := slope(p, func(p []float64) float64 { return loss(p, w) })
			if step >= 5 {
				rmsprop(w, wm, slope(w, func(w []float64) float64 { return loss(p, w) }))
			}
			rmsprop(p, pm, dp)
		}
		s, z := scoresOf(t, u, d, nil, bench.HeadBase), scoresOf(t, u, d, nil, bench.HeadTrained)
		for r := range s {
			ws := score(p, r)
			if wz := logit(p, w, r, ws); math.Abs(s[r]-ws) > 1e-4*(1+math.Abs(ws)) ||
				math.Abs(z[r]-wz) > 1e-4*(1+math.Abs(wz)) {
				t.Errorf("row %d: s = %.6f (want %.6f), logit %.6f (want %.6f)", r, s[r], ws, z[r],
					wz)
			}
		}
	}
}
