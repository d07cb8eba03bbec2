package deep

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

func smallDAGMM(s DAGMMSettings) *DAGMM {
	s.Settings = Settings{Hidden: []int{6, 2}, Batch: 16, Pretrain: 30, Seed: 3, Threads: s.Threads}
	if s.Estimation == nil {
		s.Estimation = []int{5}
	}
	return NewDAGMM(s)
}

// representation returns a row's z, from its definition in float64, and its squared error.
func representation(m *DAGMM, params []float64, x []float64) (z []float64, square float64) {
	outs := eval(m.net, params, x)
	y := outs[len(outs)-1]
	var xx, yy, xy float64
	for i := range x {
		xx += x[i] * x[i]
		yy += y[i] * y[i]
		xy += x[i] * y[i]
		square += (x[i] - y[i]) * (x[i] - y[i])
	}
	z = append(z, outs[m.latent]...)
	if xx == 0 {
		return append(z, math.Sqrt(square), 0), square
	}
	return append(z, math.Sqrt(square/xx), xy/math.Sqrt(xx*yy)), square
}

// memberships returns them in float64; mask is that of the last hidden layer (nil: none).
func memberships(m *DAGMM, hidden, head, z, mask []float64) []float64 {
	outs := eval(m.estimation.hidden, hidden, z)
	h := slices.Clone(outs[len(outs)-1])
	for i := range mask {
		h[i] *= mask[i]
	}
	g := slices.Clone(eval(m.estimation.head, head, h)[0])
	sum := 0.0
	for i, v := range g {
		g[i] = math.Exp(v)
		sum += g[i]
	}
	for i := range g {
		g[i] /= sum
	}
	return g
}

// TestDAGMMGradients compares the gradients of J (eq. 7) with respect to every parameter of both
// networks with central differences of J in float64 with the same dropout mask: for the three terms
// together; for (almost) only the energy or the penalty; with a gradient entering at l too, at the
// code or at all of z; and with a row of zeros in the batch.
func TestDAGMMGradients(t *testing.T) {
	d := toy(20, 9, 4)
	clear(d.X.Row(19))
	rows := []int{3, 0, 19, 7, 8, 11, 12, 2, 5, 16, 1, 6}
	n := len(rows)
	for name, s := range map[string]DAGMMSettings{
		"as published":  {},
		"energy":        {Energy: 100, Diagonal: 0.01},
		"penalty":       {Energy: 1e-9, Covariance: 1},
		"no dropout":    {Keep: 1, Energy: 10},
		"one component": {Components: 1, Energy: 10},
		"deep estimation": {Components: 3, Estimation: []int{5, 4}, Keep: 0.8, Energy: 10,
			Diagonal: 0.01},
		"mean":     {MeanFeatures: true, Energy: 1},
		"all of z": {Features: true, Energy: 1},
	} {
		t.Run(name, func(t *testing.T) {
			if s.Diagonal == 0 {
				// the penalty of coordinates with hardly any variance would dominate the rest
				s.Diagonal = 0.1
			}
			m := smallDAGMM(s)
			if err := m.Prepare(d); err != nil {
				t.Fatal(err)
			}
			for _, net := range []*nn.Net{m.net, m.estimation.hidden, m.estimation.head} {
				jolt(net)
			}
			l, scores := m.Forward(Training, d, rows)
			const weight = 0.75
			h := m.LatentDim()
			dl := make([]float32, n*h)
			for i := range dl {
				dl[i] = float32(i%5) - 2
			}
			latents, energies := doubles(l), doubles(scores)
			loss := m.Backward(weight, dl)

			k := m.opt.Components
			p, q, r := doubles(m.net.Params), doubles(m.estimation.hidden.Params), doubles(m.estimation.head.Params)
			mask := doubles(m.estimation.mask)
			if m.opt.Keep == 1 {
				mask = nil
			} else if !slices.Contains(mask, 0) {
				t.Fatal("nothing was dropped")
			}
			j := func(onlyLoss bool) float64 {
				var z, g []float64
				sum, enters := 0.0, 0.0
				for i, row := range rows {
					zi, square := representation(m, p, doubles(d.X.Row(row)))
					width := s.Estimation
					if width == nil {
						width = []int{5}
					}
					w := width[len(width)-1]
					var mi []float64
					if mask != nil {
						mi = mask[i*w : (i+1)*w]
					}
					g = append(g, memberships(m, q, r, zi, mi)...)
					z = append(z, zi...)
					sum += square / float64(n)
					for c := range h {
						enters += float64(dl[i*h+c]) * zi[c]
					}
				}
				if s.MeanFeatures {
					sum /= 9
				}
				mixed, _ := referenceMixture(z, g, k, len(z)/n, m.opt.Diagonal, m.opt.Energy,
					m.opt.Covariance, [3][]float64{})
				if onlyLoss {
					return sum + mixed
				}
				return weight*(sum+mixed) + enters
			}
			if want := j(true); math.Abs(float64(loss)-want) > 1e-4*(1+math.Abs(want)) {
				t.Errorf("loss %g, want %g", loss, want)
			}
			for i, row := range rows {
				zi, _ := representation(m, p, doubles(d.X.Row(row)))
				for c := range h {
					if math.Abs(latents[i*h+c]-zi[c]) > 1e-5 {
						t.Errorf("row %d: l_%d = %g, want %g", row, c, latents[i*h+c], zi[c])
					}
				}
				if want := energyOf(m.batch,
					m.z[i*(m.code()+2):(i+1)*(m.code()+2)]...); math.Abs(energies[i]-want) > 1e-6*(1+math.Abs(want)) {
					t.Errorf("row %d: s = %g, want %g", row, energies[i], want)
				}
			}
			for _, part := range []struct {
				net    *nn.Net
				params []float64
			}{{m.net, p}, {m.estimation.hidden, q}, {m.estimation.head, r}} {
				part.net.Finish()
				if k == 1 && part.net != m.net { // a single membership is always 1
					if anyNonzero(part.net.Grads) {
						t.Error("the memberships of one component have a gradient")
					}
					continue
				}
				compare(t, part.net.Grads, part.params, func([]float64) float64 { return j(false) })
			}
		})
	}
}

// TestDAGMMLabelledGradient: without the base loss only the gradient that enters at l propagates:
// from the code to the encoder; to the decoder too if l is all of z; nowhere else.
func TestDAGMMLabelledGradient(t *testing.T) {
	d := toy(20, 9, 4)
	for _, features := range []bool{false, true} {
		m := smallDAGMM(DAGMMSettings{Features: features})
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		m.Forward(Training, d, []int{1, 2, 3, 4, 5, 6, 7, 8})
		rows := []int{4, 9, 13}
		l, s := m.Forward(Labelled, d, rows)
		h := m.LatentDim()
		if len(l) != 3*h || h != map[bool]int{false: 2, true: 4}[features] {
			t.Fatalf("l has %d numbers for 3 rows, h = %d", len(l), h)
		}
		for i := range rows {
			want := energyOf(m.batch, m.z[i*4:(i+1)*4]...)
			if math.Abs(float64(s[i])-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("s = %g, want the energy under the base batch's mixture, %g", s[i], want)
			}
		}
		dl := make([]float32, 3*h)
		for i := range dl {
			dl[i] = float32(i%3) - 0.5
		}
		m.Backward(0, dl)
		for _, n := range []*nn.Net{m.net, m.estimation.hidden, m.estimation.head} {
			n.Finish()
		}
		top, _ := m.net.LayerGrads(len(m.net.Layers) - 1)
		if anyNonzero(top) != features || anyNonzero(m.estimation.hidden.Grads) ||
			anyNonzero(m.estimation.head.Grads) {
			t.Errorf("features %v: the decoder has a gradient: %v", features, anyNonzero(top))
		}
		params := doubles(m.net.Params)
		compare(t, m.net.Grads, params, func(p []float64) float64 {
			sum := 0.0
			for i, r := range rows {
				z, _ := representation(m, p, doubles(d.X.Row(r)))
				for c := range h {
					sum += float64(dl[i*h+c]) * z[c]
				}
			}
			return sum
		})
		m.Forward(Labelled, d, rows)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the base loss of a labelled batch went back")
				}
			}()
			m.Backward(1, nil)
		}()
	}
}

// TestDAGMMRefresh: after training the mixture is that of all rows' memberships, without dropout,
// under the final networks, in float64 from the definitions; a score is the energy under it, also
// for rows that were not trained on; the batch size of the pass has no effect.
func TestDAGMMRefresh(t *testing.T) {
	ctx := context.Background()
	d := toy(53, 9, 3)
	m := smallDAGMM(DAGMMSettings{Components: 3, Diagonal: 1e-3})
	u := NewUnsupervised(m, m.set)
	if err := u.Fit(ctx, d); err != nil {
		t.Fatal(err)
	}
	p, q, r := doubles(m.net.Params), doubles(m.estimation.hidden.Params), doubles(m.estimation.head.Params)
	var z, g []float64
	for i := range d.Rows() {
		zi, _ := representation(m, p, doubles(d.X.Row(i)))
		z = append(z, zi...)
		g = append(g, memberships(m, q, r, zi, nil)...)
	}
	_, parts := referenceMixture(z, g, 3, 4, 1e-3, 1, 1, [3][]float64{})
	for i, got := range [][]float64{m.overall.share, m.overall.mean, m.overall.cov} {
		for j, want := range parts[i] {
			if math.Abs(got[j]-want) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("part %d of the mixture, %d: %g, want %g", i, j, got[j], want)
			}
		}
	}
	unseen := toy(7, 9, 3)
	for i := range unseen.X.Data {
		unseen.X.Data[i] = 1 - unseen.X.Data[i]
	}
	want := make([]float64, 7)
	for i := range want {
		zi, _ := representation(m, p, doubles(unseen.X.Row(i)))
		density := 0.0
		for k := range 3 {
			delta := make([]float64, 4)
			for a := range delta {
				delta[a] = zi[a] - parts[1][k*4+a]
			}
			square, det := solve(parts[2][k*16:(k+1)*16], delta)
			density += parts[0][k] * math.Exp(-0.5*square) / math.Sqrt(math.Pow(2*math.Pi, 4)*det)
		}
		want[i] = -math.Log(density)
	}
	for i, got := range scoresOf(t, u, unseen, nil, bench.HeadTrained) {
		if math.Abs(got-want[i]) > 1e-3*(1+math.Abs(want[i])) {
			t.Errorf("unseen row %d scores %g, want %g", i, got, want[i])
		}
	}
}

// TestDropout checks the share of units kept, and their scaling, which preserves the mean.
func TestDropout(t *testing.T) {
	e := newEstimation(3,
		NewDAGMM(DAGMMSettings{Settings: Settings{Seed: 1, Batch: 400}, Estimation: []int{50},
			Keep: 0.8}).opt)
	z := make([]float32, 1200)
	kept := 0.0
	for range 5 {
		e.members(z, 400, true)
		for _, v := range e.mask {
			switch v {
			case 0:
			case 1 / e.keep:
				kept++
			default:
				t.Fatalf("a unit is multiplied by %g", v)
			}
		}
	}
	if share := kept / 100000; math.Abs(share-0.8) > 6*math.Sqrt(0.16/100000) {
		t.Errorf("%g of the units are kept, want 0.8", share)
	}
	first := slices.Clone(e.mask)
	e.members(z, 400, true)
	if slices.Equal(first, e.mask) {
		t.Error("two batches have one mask")
	}
	at := e.drawn
	if e.members(z, 400, false); e.dropped || e.drawn != at {
		t.Error("dropout without being asked for")
	}
}

// TestDAGMMDiverges: a collapsed component, a covariance that remains singular, or an overflow ends
// the run with an error that names the cause and the step, in the pre-training, in the refresh and
// in a joint step.
func TestDAGMMDiverges(t *testing.T) {
	ctx := context.Background()
	wantError := func(name string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", name, err, want)
		}
	}
	d := toy(50, 9, 3)
	same := toy(50, 9, 3)
	for i := 2; i < same.Rows(); i++ {
		copy(same.X.Row(i), same.X.Row(i%2))
	}
	huge := toy(50, 9, 3)
	for i := range huge.X.Data {
		huge.X.Data[i] *= 1e30
	}
	fresh := func(s DAGMMSettings) (*DAGMM, *UAI) {
		m := smallDAGMM(s)
		return m, NewUAI(m, m.set, UAISettings{Round: 4})
	}
	_, u := fresh(DAGMMSettings{Diagonal: 1e-30})
	wantError("two rows many times, whose z lie on a line", u.Train(ctx, same, bench.Labels{}),
		"diverged at step 1: the covariance of component 1 of 2 is singular, though 1e-30")
	_, u = fresh(DAGMMSettings{})
	wantError("overflow", u.Train(ctx, huge, bench.Labels{}), "diverged at step 1:")

	// A head that assigns everything to the first component.
	collapse := func(m *DAGMM) {
		_, b := m.estimation.head.Layer(0)
		b[0], b[1] = 1000, -1000
	}
	m, u := fresh(DAGMMSettings{})
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	collapse(m)
	wantError("collapse", u.pretrain(ctx, d, 3),
		"diverged at step 1: component 2 of 2 collapsed: not one of 16 rows")
	wantError("collapse in the refresh", u.refresh(ctx, d),
		"after step 1: the mixture of all training data: component 2 of 2 collapsed: not one of "+
			"50 rows")

	m, u = fresh(DAGMMSettings{})
	if err := u.Train(ctx, d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	collapse(m)
	wantError("collapse in a joint step",
		u.Train(ctx, d, bench.Labels{Index: []int{1, 2},
			Anomaly: []bool{true, false}}), "diverged at step 31: component 2 of 2 collapsed")
}

// TestDAGMMRepeats: threads, sharing and the point at which a pre-training is handed over change no
// bit; another seed does. An untrained model is the initial networks with a mixture.
func TestDAGMMRepeats(t *testing.T) {
	ctx := context.Background()
	d := toy(77, 9, 3)
	l := bench.Labels{Index: []int{1, 2, 30}, Anomaly: []bool{true, false, false}}
	share := &keeper{}
	finish := func(threads int, share PretrainingCache) string {
		m := smallDAGMM(DAGMMSettings{Settings: Settings{Threads: threads}})
		m.set.Cache = share
		u := NewUAI(m, m.set, UAISettings{Round: 7})
		for _, l := range []bench.Labels{{}, l, l} {
			if err := u.Train(ctx, d, l); err != nil {
				t.Fatal(err)
			}
		}
		return fmt.Sprint(parametersDigest(t, m), scoresOf(t, u, d, nil, bench.HeadTrained),
			u.Counts())
	}
	want := finish(1, nil)
	for name, got := range map[string]string{
		"2 threads": finish(2, nil), "8 threads": finish(8, nil), "shares": finish(1,
			share), "takes over": finish(2, share),
	} {
		if got != want {
			t.Errorf("%s: another result", name)
		}
	}
}

// TestDAGMMSnapshot: a restored model continues exactly, from any step: base steps, labelled rows
// scored under the mixture of a batch before the snapshot, the mixture of all data, or none yet.
func TestDAGMMSnapshot(t *testing.T) {
	d := toy(77, 9, 3)
	rows := []int{5, 8, 13, 21, 34, 55, 1, 2, 3}
	step := func(m *DAGMM) {
		m.Forward(Training, d, rows)
		m.Backward(1, nil)
		m.Step()
	}
	for _, before := range []int{0, 1, 9} {
		a, b := smallDAGMM(DAGMMSettings{}), smallDAGMM(DAGMMSettings{})
		for _, m := range []*DAGMM{a, b} {
			if err := m.Prepare(d); err != nil {
				t.Fatal(err)
			}
		}
		for range before {
			step(a)
		}
		if before == 9 {
			if err := a.Refresh(context.Background(), d); err != nil {
				t.Fatal(err)
			}
		}
		var kept bytes.Buffer
		if err := a.Snapshot(&kept); err != nil {
			t.Fatal(err)
		}
		if err := b.Restore(&kept); err != nil {
			t.Fatal(err)
		}
		for mode, made := range map[Mode]bool{Labelled: before > 0, Scoring: before == 9} {
			_, s := a.Forward(mode, d, rows)
			want := slices.Clone(s)
			_, s = b.Forward(mode, d, rows)
			// NaN is unequal to itself
			if made != slices.Equal(s, want) || made == math.IsNaN(float64(s[0])) {
				t.Errorf("%d steps, mode %d: scores %v, want %v", before, mode, s, want)
			}
		}
		for range 3 {
			step(a)
			step(b)
		}
		if parametersDigest(t, a) != parametersDigest(t, b) {
			t.Errorf("%d steps: a restored model goes on differently", before)
		}
	}
}

// TestDAGMMLearns: trained on rows of a plane in eight dimensions, it ranks a tenth of rows off the
// plane, whose features have the same marginals, before those on it. Untrained it finds fewer, but
// most: z has four coordinates for a plane's two, so even the initial mixture is flat around rows
// of the plane.
func TestDAGMMLearns(t *testing.T) {
	rng := bench.NewStream(4, "plane").Rand()
	plane := func(n int, off func(i int) bool) bench.Data {
		d := bench.Data{X: bench.NewMatrix(n, 8)}
		for i := range n {
			x := d.X.Row(i)
			for j := range x {
				if j < 2 || off(i) {
					x[j] = rng.Float32()
				} else {
					x[j] = x[j%2]
				}
			}
		}
		return d
	}
	train := plane(400, func(int) bool { return false })
	test := plane(400, func(i int) bool { return i%10 == 0 })
	found := map[bool]int{}
	for _, untrained := range []bool{false, true} {
		set := Settings{Hidden: []int{6, 2}, Batch: 100, Pretrain: 2000, Seed: 1,
			Untrained: untrained}
		u := NewUnsupervised(NewDAGMM(DAGMMSettings{Settings: set, Adam: nn.Adam{Rate: 0.001}}),
			set)
		if err := u.Fit(context.Background(), train); err != nil {
			t.Fatal(err)
		}
		for _, r := range bench.Select(nil, scoresOf(t, u, test, nil, bench.HeadBase), 40) {
			if r%10 == 0 {
				found[untrained]++
			}
		}
	}
	t.Logf("%d of 40, untrained %d", found[false], found[true])
	if found[false] < 38 || found[true] > found[false]-4 {
		t.Errorf("%d of the 40 rows off the plane are found after training, %d before",
			found[false], found[true])
	}
}
