package deep

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// placed returns a small DCN with its first centres, and its trainer.
func placed(t *testing.T, d bench.Data, s DCNSettings) (*DCN, *UAI) {
	t.Helper()
	if s.Hidden == nil {
		s.Hidden = []int{6, 5, 3}
	}
	if s.Batch == 0 {
		s.Batch = 8
	}
	s.Seed = 3
	m := NewDCN(s)
	u := NewUAI(m, m.set, UAISettings{})
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	jolt(m.net)
	if err := m.Pretrain(context.Background(), d,
		&Steps{context.Background(), &u.trainer}); err != nil {
		t.Fatal(err)
	}
	u.build(d)
	return m, u
}

// codeOf returns the code in float64.
func (m *DCN) codeOf(p, x []float64) []float64 { return eval(m.net, p, x)[m.latent] }

// lossOf returns ||x - x^||² + λ/2 ||code - centre||² in float64.
func (m *DCN) lossOf(p, x, centre []float64) float64 {
	outs := eval(m.net, p, x)
	sum := 0.0
	for j, y := range outs[len(outs)-1] {
		sum += (x[j] - y) * (x[j] - y)
	}
	for j, v := range outs[m.latent] {
		sum += float64(m.opt.Lambda) / 2 * (v - centre[j]) * (v - centre[j])
	}
	return sum
}

func distance(a, b []float64) float64 {
	sum := 0.0
	for j := range a {
		sum += (a[j] - b[j]) * (a[j] - b[j])
	}
	return math.Sqrt(sum)
}

// TestDCNGradients checks s, the loss with the current assignments, and all gradients; a labelled
// batch has no clustering term.
func TestDCNGradients(t *testing.T) {
	d := toy(20, 9, 4)
	rows, labelled := []int{3, 0, 19, 7, 7, 11}, []int{4, 5, 1}
	for _, act := range []nn.Activation{nn.Tanh, nn.Sigmoid} {
		m, _ := placed(t, d,
			DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: Settings{Activation: act}}, Clusters: 3, Lambda: 0.7})
		m.own[3], m.own[0] = 2, 1 // not the nearest: a stale assignment applies
		params, centres := doubles(m.net.Params), doubles(m.centres)
		_, s := m.Forward(Training, d, rows)
		for i, r := range rows {
			want := math.Inf(1)
			for c := range 3 {
				want = min(want,
					distance(m.codeOf(params, doubles(d.X.Row(r))), centres[3*c:3*c+3]))
			}
			if math.Abs(float64(s[i])-want) > 1e-5 {
				t.Errorf("row %d: s = %g, want %g", r, s[i], want)
			}
		}
		loss := func(p []float64) float64 {
			sum := 0.0
			for _, r := range rows {
				c := m.own[r] * 3
				sum += m.lossOf(p, doubles(d.X.Row(r)), centres[c:c+3])
			}
			return sum / float64(len(rows))
		}
		if got, want := float64(m.Backward(1, nil)), loss(params); math.Abs(got-want) > 1e-5*want {
			t.Errorf("loss %g, want %g", got, want)
		}
		m.net.Finish()
		compare(t, m.net.Grads, params, loss)

		dl := []float32{0.1, -0.2, 0.3, 0.5, 0.1, -0.4, 0.25, 0.5, -1}
		through := func(p []float64, rows []int) float64 {
			sum := 0.0
			for i, r := range rows {
				for j, v := range m.codeOf(p, doubles(d.X.Row(r))) {
					sum += v * float64(dl[3*i+j])
				}
			}
			return sum
		}
		m.Forward(Training, d, rows)
		m.Backward(1, nil)
		m.Forward(Labelled, d, labelled)
		m.Backward(0, dl)
		m.net.Finish()
		compare(t, m.net.Grads, params,
			func(p []float64) float64 { return loss(p) + through(p, labelled) })

		rows = rows[:3]
		m.Forward(Training, d, rows)
		m.Backward(0.5, dl)
		m.net.Finish()
		compare(t, m.net.Grads, params,
			func(p []float64) float64 { return 0.5*loss(p) + through(p, rows) })
		rows = []int{3, 0, 19, 7, 7, 11}
	}
}

// TestDCNTrajectory follows the order of the authors' code in float64 by finite differences: a step
// with the current assignments, new assignments by the new network, running means from a count of
// 100; over steps of the base loss and joint steps, in which the labelled batch does not move the
// centres.
func TestDCNTrajectory(t *testing.T) {
	d := toy(24, 6, 3)
	labels := bench.Labels{Index: []int{2, 5, 9, 13, 1},
		Anomaly: []bool{true, false, false, true, false}}
	m, u := placed(t, d, DCNSettings{Clusters: 3, Lambda: 2, Count: 5, Every: 100})
	p, w := doubles(m.net.Params), doubles(u.layer.Params)
	centres, own := doubles(m.centres), slices.Clone(m.own)
	counts := []float64{5, 5, 5}
	batches := nn.NewBatches(24, 8, false, bench.NewStream(3, "batches"))
	pm, wm := slices.Repeat([]float64{1}, len(p)), slices.Repeat([]float64{1}, len(w))
	x := func(r int) []float64 { return doubles(d.X.Row(r)) }
	nearestTo := func(p []float64, r int) (at int32, least float64) {
		least = math.Inf(1)
		for c := range 3 {
			if e := distance(m.codeOf(p, x(r)), centres[3*c:3*c+3]); e < least {
				at, least = int32(c), e
			}
		}
		return
	}
	base := func(p []float64, rows []int) float64 {
		sum := 0.0
		for _, r := range rows {
			sum += m.lossOf(p, x(r), centres[3*own[r]:3*own[r]+3])
		}
		return sum / float64(len(rows))
	}
	logit := func(p, w []float64, r int, s float64) float64 {
		z := w[4] + w[3]*s
		for j, v := range m.codeOf(p, x(r)) {
			z += w[j] * v
		}
		return z
	}
	after := func(rows []int) {
		for _, r := range rows {
			own[r], _ = nearestTo(p, r)
		}
		for _, r := range rows {
			c := own[r]
			counts[c]++
			for j, v := range m.codeOf(p, x(r)) {
				centres[int(3*c)+j] += (v - centres[int(3*c)+j]) / counts[c]
			}
		}
	}
	for range 5 {
		rows := batches.Next()
		rmsprop(p, pm, slope(p, func(p []float64) float64 { return base(p, rows) }))
		after(rows)
	}
	for range 10 {
		rows := batches.Next()
		s0 := make([]float64, 5)
		for i, r := range labels.Index {
			_, s0[i] = nearestTo(p, r)
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
			return sum / 5
		}
		dp := slope(p, func(p []float64) float64 { return base(p, rows) + ce(p, w) })
		dw := slope(w, func(w []float64) float64 { return ce(p, w) })
		rmsprop(p, pm, dp)
		rmsprop(w, wm, dw)
		after(rows)
	}

	ctx := context.Background()
	if err := u.pretrain(ctx, d, 5); err != nil {
		t.Fatal(err)
	}
	u.opt.Round = 10
	if err := u.Train(ctx, d, labels); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.own, own) {
		t.Errorf("assignments %v, want %v", m.own, own)
	}
	for i, c := range centres {
		if math.Abs(float64(m.centres[i])-c) > 1e-4 {
			t.Errorf("centres %v, want %v", m.centres, centres)
			break
		}
	}
	s, z := scoresOf(t, u, d, nil, bench.HeadBase), scoresOf(t, u, d, nil, bench.HeadTrained)
	for r := range s {
		_, ws := nearestTo(p, r)
		if wz := logit(p, w, r, ws); math.Abs(s[r]-ws) > 1e-4*(1+ws) ||
			math.Abs(z[r]-wz) > 1e-4*(1+math.Abs(wz)) {
			t.Errorf("row %d: s = %.6f (want %.6f), logit %.6f (want %.6f)", r, s[r], ws, z[r], wz)
		}
	}
}

// TestDCNAgain: every Every epochs (three batches of eight in 24 rows) K-means runs again from the
// current centres, and its result is a fixed point: each centre is the mean of its rows' codes,
// each row belongs to the nearest centre.
func TestDCNAgain(t *testing.T) {
	d := toy(24, 6, 3)
	for _, every := range []int{1, 2} {
		m, u := placed(t, d, DCNSettings{Lambda: 0.5, Every: every})
		for step := 1; step <= 6; step++ {
			if err := u.pretrain(context.Background(), d, 1); err != nil {
				t.Fatal(err)
			}
			p := doubles(m.net.Params)
			sum, n := make([]float64, 6), make([]float64, 2)
			for r, c := range m.own {
				n[c]++
				for j, v := range m.codeOf(p, doubles(d.X.Row(r))) {
					sum[3*int(c)+j] += v
				}
			}
			fixed := true
			for i, s := range sum {
				fixed = fixed && math.Abs(s/n[i/3]-float64(m.centres[i])) < 1e-5
			}
			if want := step%(3*every) == 0; fixed != want {
				t.Errorf("every %d epochs: after step %d the centres are the means of their rows: %v", every, step, fixed)
			}
			if sizes := []int{int(n[0]), int(n[1])}; !slices.Equal(sizes, m.sizes) {
				t.Errorf("sizes %v, want %v", m.sizes, sizes)
			}
		}
	}
}

// TestDCNPhases: the greedy layers, the end-to-end steps without a clustering term, the centres;
// all steps are counted.
func TestDCNPhases(t *testing.T) {
	d := toy(60, 6, 3)
	set := small(1)
	auto := AutoencoderSettings{Settings: set, LayerSteps: 5}
	m := NewDCN(DCNSettings{AutoencoderSettings: auto, EndSteps: 11, Lambda: 1})
	u := NewUnsupervised(m, set)
	if err := u.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if u.steps != 2*5+11+30 || m.taken != 30 {
		t.Errorf("%d steps, %d of them with centres; want 51 and 30", u.steps, m.taken)
	}
	if total := m.counts[0] + m.counts[1]; total != 200+30*16 {
		t.Errorf("the counts %v sum to %d, want 200 + 480", m.counts, total)
	}
	// The phases before the centres equal PAE's pre-training and training, with DCN's initial
	// weights.
	pae := NewPAE(auto)
	v := NewUnsupervised(pae, set)
	v.set.Pretrain = 11
	if err := v.prepare(d); err != nil {
		t.Fatal(err)
	}
	early := NewDCN(DCNSettings{AutoencoderSettings: auto, EndSteps: 11, Lambda: 1})
	w := NewUnsupervised(early, set)
	if err := w.prepare(d); err != nil {
		t.Fatal(err)
	}
	copy(pae.net.Params, early.net.Params)
	if err := early.Pretrain(context.Background(), d,
		&Steps{context.Background(), &w.trainer}); err != nil {
		t.Fatal(err)
	}
	if err := v.begin(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(pae.net.Params, early.net.Params) {
		t.Error("before the centres a DCN is not a PAE")
	}
}

// TestDCNCollapse: a cluster that loses its last row, in a step or in a full K-means, ends the
// training, and so do codes of fewer points than clusters; each is an error, and nothing is ranked.
func TestDCNCollapse(t *testing.T) {
	ctx := context.Background()
	d := toy(24, 6, 3)
	wantError := func(name string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", name, err, want)
		}
	}
	set := DCNSettings{Lambda: 1,
		AutoencoderSettings: AutoencoderSettings{Settings: Settings{Batch: 24}}}
	m, u := placed(t, d, set)
	copy(m.centres[3:], []float32{100, 100, 100})
	if err := u.pretrain(ctx, d, 1); err != nil {
		t.Errorf("the step that empties the cluster has a loss yet: %v", err)
	}
	wantError("refresh", u.refresh(ctx, d),
		"after step 1: dcn: at step 1 of the clustering: cluster 2 of 2 is empty")
	var b bytes.Buffer
	restored, _ := placed(t, d, set)
	if err := errors.Join(m.Snapshot(&b), restored.Restore(&b)); err != nil {
		t.Fatal(err)
	}
	wantError("restored", restored.failed, "at step 1 of the clustering: cluster 2 of 2 is empty")
	wantError("next step", u.pretrain(ctx, d, 1),
		"training diverged at step 2: dcn: at step 1 of the clustering: cluster 2 of 2 is empty")

	m, u = placed(t, d, DCNSettings{Lambda: 1, Every: 1})
	m.taken = 2
	// eight rows leave it in the step; the others only in the K-means
	copy(m.centres[3:], []float32{100, 100, 100})
	if err := u.pretrain(ctx, d, 1); err != nil {
		t.Fatal(err)
	}
	if m.failed == nil {
		wantError("full K-means", u.pretrain(ctx, d, 1), "cluster 2 of 2 is empty")
	}
	wantError("full K-means", m.failed, "at step 3 of the clustering: cluster 2 of 2 is empty")

	same := bench.Data{X: bench.NewMatrix(30, 6)}
	fresh := NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: small(1),
		LayerSteps: 3}, Lambda: 1})
	wantError("the same rows", NewUnsupervised(fresh, small(1)).Fit(ctx, same),
		"the codes of all 30 rows are only 1 distinct point")
	few := NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: small(1)},
		Clusters: 31})
	wantError("few rows", NewUnsupervised(few, small(1)).Fit(ctx, same), "31 clusters, but only 30 rows")
}

// TestDCNUntrained: a control without any training still has centres.
func TestDCNUntrained(t *testing.T) {
	d := toy(24, 6, 3)
	set := small(1)
	set.Untrained = true
	m := NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: set, LayerSteps: 5},
		EndSteps: 5, Lambda: 1})
	u := NewUnsupervised(m, set)
	if err := u.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	if len(m.centres) != 6 || u.steps != 0 ||
		!anyNonzero([]float32{float32(scoresOf(t, u, d, nil, bench.HeadBase)[0])}) {
		t.Errorf("centres %v after %d steps", m.centres, u.steps)
	}
}
