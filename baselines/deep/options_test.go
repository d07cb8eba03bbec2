package deep

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// started returns a small Class_uai that is prepared but not trained, and its base.
func started(t *testing.T, d bench.Data, o UAISettings) (*UAI, *Class) {
	t.Helper()
	set := Settings{Hidden: []int{4, 2}, Activation: nn.Tanh, Batch: 8, Pretrain: 1, Seed: 1}
	c := NewClass(set)
	u := NewUAI(c, set, o)
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	u.build(d)
	return u, c
}

// meanSquares reads an optimiser's state from its snapshot.
func meanSquares(t *testing.T, s nn.State, n int) []float32 {
	t.Helper()
	var b strings.Builder
	if err := s.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	out := make([]float32, n)
	for i := range out {
		var bits uint32
		for j := range 4 {
			bits |= uint32(b.String()[4*i+j]) << (8 * j)
		}
		out[i] = math.Float32frombits(bits)
	}
	return out
}

// TestReset (U17): before each round's steps the mean squares of the base and of the layer are
// reset to TensorFlow's 1, or remain. A parameter without any gradient shows this: its mean square
// decays by 0.9 a step from its value at the start of the round.
func TestReset(t *testing.T) {
	d := toy(40, 5, 3)
	for i := range d.Rows() {
		d.X.Data[i*5] = 0 // the first feature's four weights never have a gradient
	}
	for _, reset := range []bool{false, true} {
		u, c := started(t, d, UAISettings{Round: 2, Init: ZeroInit, Reset: reset, Stop: true})
		c.slots.(*nn.Slots).Fill(0.25)
		u.slots.Fill(0.25)
		c.net.Params[0] = 0.5
		l := bench.Labels{Index: []int{3, 4}, Anomaly: []bool{true, false}}
		// Two rows with the same l and s and opposite answers: at zero weights the layer has no
		// gradient.
		copy(d.X.Row(4), d.X.Row(3))
		d.Class[4] = d.Class[3]
		for range 2 {
			if err := u.Train(context.Background(), d, l); err != nil {
				t.Fatal(err)
			}
		}
		want := 0.25 * 0.9 * 0.9 * 0.9 * 0.9 // two rounds of two steps
		if reset {
			want = 0.9 * 0.9
		}
		for name, ms := range map[string]float32{
			"base":  meanSquares(t, c.slots, 4)[0],
			"layer": meanSquares(t, u.slots, 4)[0],
		} {
			if math.Abs(float64(ms)-want) > 1e-6 {
				t.Errorf("reset %v: the %s's mean square is %g, want %g", reset, name, ms, want)
			}
		}
	}
}

// TestFreshAndDecayed (U14): the layer's mean squares at the first label.
func TestFreshAndDecayed(t *testing.T) {
	d := toy(40, 5, 3)
	for decayed, want := range map[bool]float32{false: 1, true: 0} {
		u, _ := started(t, d, UAISettings{Decayed: decayed})
		for _, ms := range meanSquares(t, u.slots, 4) {
			if ms != want {
				t.Errorf("decayed %v: mean square %g, want %g", decayed, ms, want)
			}
		}
	}
}

// watched records the rows of each Forward.
type watched struct {
	*Class
	rows map[Mode][][]int
}

func (w *watched) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	w.rows[mode] = append(w.rows[mode], slices.Clone(rows))
	return w.Class.Forward(mode, d, rows)
}

// TestExclude (U18): audited anomalies, and only these, are left out of the batches of the base
// loss, from the round after their audit on; labelled batches keep them.
func TestExclude(t *testing.T) {
	d := toy(40, 5, 3)
	for _, exclude := range []bool{false, true} {
		u, c := started(t, d, UAISettings{Round: 50, Exclude: exclude})
		w := &watched{c, map[Mode][][]int{}}
		u.base = w
		l := bench.Labels{}
		for _, more := range []bench.Labels{
			{Index: []int{7, 8, 9}, Anomaly: []bool{true, false, true}},
			{Index: []int{20, 21}, Anomaly: []bool{false, true}},
		} {
			l.Index, l.Anomaly = append(l.Index, more.Index...), append(l.Anomaly, more.Anomaly...)
			clear(w.rows)
			if err := u.Train(context.Background(), d, l); err != nil {
				t.Fatal(err)
			}
			if len(w.rows[Training]) != 50 || len(w.rows[Labelled]) != 50 {
				t.Fatalf("%d base batches and %d labelled ones in 50 steps", len(w.rows[Training]),
					len(w.rows[Labelled]))
			}
			seen := map[int]bool{}
			for _, batch := range w.rows[Training] {
				for _, r := range batch {
					seen[r] = true
				}
			}
			for r := range 40 { // 400 draws of 40 rows: each that can come has come
				at := slices.Index(l.Index, r)
				if want := !exclude || at < 0 || !l.Anomaly[at]; seen[r] != want {
					t.Errorf("exclude %v, %d labels: row %d in the base batches: %v, want %v",
						exclude, l.Len(), r, seen[r], want)
				}
			}
			for _, batch := range w.rows[Labelled] {
				if !slices.Equal(batch, l.Index) {
					t.Fatalf("labelled batch %v, want %v", batch, l.Index)
				}
			}
		}
	}
}

// TestCrossEntropyByHand: two labelled rows with l = (1, 2), s = 3 (an anomaly) and l = (-1, 0.5),
// s = 0.25 (normal); w = (0.5, -0.25 | 0.125), β = 0.0625. Then
//
//	z₁ = 0.5·1 - 0.25·2 + 0.125·3 + 0.0625 = 0.4375
//	z₂ = -0.5·1 - 0.25·0.5 + 0.125·0.25 + 0.0625 = -0.53125
//
// and with γ = 0.75, weights ω (U10) and B = 2: dz = ω_y γ/B (σ(z) - y), dl = w_l dz, dw = Σ x dz,
// dβ = Σ dz. Of four labels one is an anomaly: ω₁ = 4/(2·1) = 2, ω₀ = 4/(2·3) = 2/3.
func TestCrossEntropyByHand(t *testing.T) {
	d := toy(40, 5, 3)
	l := bench.Labels{Index: []int{5, 6, 7, 8}, Anomaly: []bool{false, true, false, false}}
	for _, inverse := range []bool{false, true} {
		u, _ := started(t, d, UAISettings{Gamma: 0.75, Inverse: inverse})
		copy(u.layer.Params, []float32{0.5, -0.25, 0.125, 0.0625})
		u.learn(l)
		u.at = []int{1, 0}
		dl := u.crossEntropy([]float32{1, 2, -1, 0.5}, []float32{3, 0.25}, l)
		u.layer.Finish()
		anomaly, normal := 1.0, 1.0
		if inverse {
			anomaly, normal = 2, 2.0/3
		}
		sigmoid := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
		z1 := anomaly * 0.375 * (sigmoid(0.4375) - 1)
		z2 := normal * 0.375 * sigmoid(-0.53125)
		near := func(name string, got []float32, want ...float64) {
			for i, w := range want {
				if math.Abs(float64(got[i])-w) > 1e-6 {
					t.Errorf("inverse %v: %s is %v, want %v", inverse, name, got, want)
					return
				}
			}
		}
		near("dl", dl, 0.5*z1, -0.25*z1, 0.5*z2, -0.25*z2)
		near("d(w, β)", u.layer.Grads, z1-z2, 2*z1+0.5*z2, 3*z1+0.25*z2, z1+z2)
	}
}

// TestAlternate (U11): even steps are the base's and do not change the layer; odd steps are the
// cross-entropy's and do not change the layers above the latent layer; a joint step changes all. A
// base step equals one of the pre-training, and the layer's optimiser does not advance.
func TestAlternate(t *testing.T) {
	d := toy(40, 5, 3)
	l := bench.Labels{Index: []int{5, 6}, Anomaly: []bool{false, true}}
	for _, c := range []struct {
		alternate             bool
		step                  int
		encoder, above, layer bool // whether it changes
	}{
		{true, 0, true, true, false},
		{true, 1, true, false, true},
		{true, 2, true, true, false},
		{false, 0, true, true, true},
		{false, 1, true, true, true},
	} {
		for _, labelled := range []LabelledBatch{Uniform, Members} {
			u, b := started(t, d, UAISettings{Alternate: c.alternate, Labelled: labelled})
			// Members needs an audited row in its batch: audit all rows.
			l := l
			if labelled == Members {
				l = bench.Labels{}
				for r := range 40 {
					l.Index, l.Anomaly = append(l.Index, r), append(l.Anomaly, r%3 == 0)
				}
			}
			u.learn(l)
			top, _ := b.net.Layer(2)
			bottom, _ := b.net.Layer(0)
			above, encoder, layer := slices.Clone(top), slices.Clone(bottom), slices.Clone(u.layer.Params)
			if err := u.step(c.step, d, l); err != nil {
				t.Fatal(err)
			}
			got := [3]bool{!slices.Equal(bottom, encoder), !slices.Equal(top, above),
				!slices.Equal(u.layer.Params, layer)}
			if want := [3]bool{c.encoder, c.above, c.layer}; got != want {
				t.Errorf("alternate %v, step %d, labelled batch %d: encoder, output layer and "+
					"UAI layer move: %v, want %v", c.alternate, c.step, labelled, got, want)
			}
			alone, base := started(t, d, UAISettings{})
			if err := alone.pretrain(context.Background(), d, 1); err != nil {
				t.Fatal(err)
			}
			if same := slices.Equal(b.net.Params, base.net.Params); same == c.layer {
				t.Errorf("alternate %v, step %d, labelled batch %d: as a step of the base alone: %v", c.alternate, c.step, labelled, same)
			}
			if still := meanSquares(t, u.slots, 1)[0] == 1; still == c.layer {
				t.Errorf("alternate %v, step %d, labelled batch %d: the layer's optimiser "+
					"stands still: %v", c.alternate, c.step, labelled, still)
			}
		}
	}
}

// TestRoundAlternates: a round always begins with a step of the base: of three steps two are the
// base's.
func TestRoundAlternates(t *testing.T) {
	d := toy(40, 5, 3)
	u, c := started(t, d, UAISettings{Round: 3, Alternate: true})
	w := &watched{c, map[Mode][][]int{}}
	u.base = w
	for range 2 {
		if err := u.Train(context.Background(), d,
			bench.Labels{Index: []int{5}, Anomaly: []bool{true}}); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.rows[Training]) != 4 || len(w.rows[Labelled]) != 2 {
		t.Errorf("two rounds of three steps: %d of the base, %d of the UAI layer",
			len(w.rows[Training]), len(w.rows[Labelled]))
	}
}

// TestUAIInit (U8): the input is [l; s], so s has the last weight. With "base" the logit is s.
func TestUAIInit(t *testing.T) {
	d := toy(40, 5, 3)
	logit := func(u *UAI) float32 {
		u.forward([]float32{5, -7}, []float32{0.375})
		return u.pass.Out(0)[0]
	}
	u, _ := started(t, d, UAISettings{Init: BaseInit})
	if want := []float32{0, 0, 1, 0}; !slices.Equal(u.layer.Params, want) {
		t.Errorf("base: weights and bias %v, want %v", u.layer.Params, want)
	}
	if got := logit(u); got != 0.375 {
		t.Errorf("base: the logit of s = 0.375 is %g", got)
	}
	u, _ = started(t, d, UAISettings{Init: ZeroInit})
	if got := logit(u); got != 0 || anyNonzero(u.layer.Params) {
		t.Errorf("zero: logit %g, parameters %v", got, u.layer.Params)
	}
	u, _ = started(t, d, UAISettings{})
	// Glorot's limit for 3 inputs and 1 output is sqrt(6/4).
	for i, w := range u.layer.Params[:3] {
		if w == 0 || math.Abs(float64(w)) > math.Sqrt(1.5) {
			t.Errorf("glorot: weight %d is %g", i, w)
		}
	}
	if u.layer.Params[3] != 0 {
		t.Errorf("glorot: bias %g", u.layer.Params[3])
	}
}

// TestStandardized (U7): the moments are those of s over the pool after the pre-training, divided
// by n; later rounds do not change them.
func TestStandardized(t *testing.T) {
	d := toy(43, 5, 3)
	ctx := context.Background()
	set := small(3)
	u := NewUAI(NewDAE(DAESettings{Settings: set, Noise: 0.1}), set,
		UAISettings{Score: Standardized, Round: 3})
	if err := u.Train(ctx, d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	s := scoresOf(t, u, d, nil, bench.HeadBase)
	mean, square := 0.0, 0.0
	for _, v := range s {
		mean += v / 43
	}
	for _, v := range s {
		square += (v - mean) * (v - mean) / 43
	}
	std := math.Sqrt(square)
	// The layer's input is [l; (s - mean) / std], and l has three units.
	for range 2 {
		u.forward(make([]float32, 3), []float32{float32(s[0])})
		if got, want := float64(u.pass.Input(1)[3]), (s[0]-mean)/std; math.Abs(got-want) > 1e-5 {
			t.Errorf("s = %g enters as %g, want %g", s[0], got, want)
		}
		if err := u.Train(ctx, d,
			bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRunningMoments (U7): the first batch's moments, then 0.99 of the old and 0.01 of the new.
// Batch (1, 3) has mean 2 and variance 1, batch (10, 14) mean 12 and variance 4.
func TestRunningMoments(t *testing.T) {
	u, _ := started(t, toy(40, 5, 3), UAISettings{Score: Running})
	near := func(name string, got float32, want float64) {
		t.Helper()
		if math.Abs(float64(got)-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("%s: %g, want %g", name, got, want)
		}
	}
	u.moments.follow([]float32{1, 3})
	near("first batch", u.scale(4), (4-2)/1.0)
	u.moments.follow([]float32{10, 14})
	near("second batch", u.scale(4), (4-(0.99*2+0.01*12))/math.Sqrt(0.99*1+0.01*4))
	u.moments.follow([]float32{10, 14})
	near("third batch", u.scale(4), (4-(0.99*2.1+0.01*12))/math.Sqrt(0.99*1.03+0.01*4))
}

// TestRunningFollowsBaseBatches: every base batch of the joint steps, and no other batch, moves the
// moments, whether the labelled batch is separate or part of the base batch.
func TestRunningFollowsBaseBatches(t *testing.T) {
	d := toy(40, 5, 3)
	for _, labelled := range []LabelledBatch{Uniform, Members} {
		u, c := started(t, d, UAISettings{Score: Running, Round: 1, Labelled: labelled})
		w := &watched{c, map[Mode][][]int{}}
		u.base = w
		var mean float64
		for round := range 3 {
			s := scoresOf(t, u, d, nil, bench.HeadBase) // before the step
			clear(w.rows)
			if err := u.Train(context.Background(), d,
				bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}); err != nil {
				t.Fatal(err)
			}
			batch := 0.0
			for _, r := range w.rows[Training][0] {
				batch += s[r] / 8
			}
			if mean += 0.01 * (batch - mean); round == 0 {
				mean = batch
			}
			if got := float64(u.moments.mean); math.Abs(got-mean) > 1e-6 {
				t.Errorf("labelled batch %d, round %d: the running mean is %g, want that of the "+
					"base batches, %g", labelled, round, got, mean)
			}
		}
	}
}

// TestScales (U7): raw s, and the natural logarithm of 1 + s, extended below zero as an odd
// function.
func TestScales(t *testing.T) {
	for _, s := range []float32{0, 0.001, 0.5, 1.7182818, 40, 3e5} {
		raw, _ := started(t, toy(40, 5, 3), UAISettings{})
		if got := raw.scale(s); got != s {
			t.Errorf("raw: %g enters as %g", s, got)
		}
		log, _ := started(t, toy(40, 5, 3), UAISettings{Score: LogScore})
		if got, want := float64(log.scale(s)), math.Log1p(float64(s)); math.Abs(got-want) > 1e-6*(1+want) {
			t.Errorf("log1p: %g enters as %g, want %g", s, got, want)
		}
		if got := log.scale(-s); got != -log.scale(s) {
			t.Errorf("log1p: %g enters as %g, its negative as %g", s, log.scale(s), got)
		}
	}
}

// TestLayerActivations (U1, U2, U3): each layer's activation, by default and as set.
func TestLayerActivations(t *testing.T) {
	d := toy(8, 5, 3)
	acts := func(n *network) (out []nn.Activation) {
		for _, l := range n.net.Layers {
			out = append(out, l.Act)
		}
		return out
	}
	dae := func(s DAESettings) []nn.Activation {
		m := NewDAE(s)
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		return acts(&m.network)
	}
	class := func(s Settings) []nn.Activation {
		m := NewClass(s)
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		return acts(&m.network)
	}
	const r, s, l, h = nn.ReLU, nn.Sigmoid, nn.Linear, nn.Tanh
	wide, one := []int{6, 4, 2}, []int{6, 4, 1}
	for _, c := range []struct {
		name      string
		got, want []nn.Activation
	}{
		{"DAE", dae(DAESettings{Settings: Settings{Hidden: wide}}),
			[]nn.Activation{r, r, l, r, r, l}},
		{"DAE, one latent unit", dae(DAESettings{Settings: Settings{Hidden: one}}),
			[]nn.Activation{r, r, l, r, r, l}},
		{"DAE, sigmoid", dae(DAESettings{Settings: Settings{Hidden: wide, Activation: s}}),
			[]nn.Activation{s, s, l, s, s, l}},
		{"DAE, latent tanh, output sigmoid",
			dae(DAESettings{Settings: Settings{Hidden: wide, Latent: h},
				Output: s}), []nn.Activation{r, r, h, r, r, s}},
		{"Class", class(Settings{Hidden: wide}), []nn.Activation{r, r, r, l}},
		{"Class, one latent unit", class(Settings{Hidden: one}), []nn.Activation{r, r, s, l}},
		{"Class, one latent unit, ReLU asked for", class(Settings{Hidden: one, Latent: r}),
			[]nn.Activation{r, r, r, l}},
		{"Class, tanh, one latent unit", class(Settings{Hidden: one, Activation: h}),
			[]nn.Activation{h, h, h, l}},
		{"Class, latent linear", class(Settings{Hidden: wide, Latent: l}),
			[]nn.Activation{r, r, l, l}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestDivergenceNamesTheStep: the error names the first step whose values are not finite, counted
// from one and through the pre-training; both a loss and a layer that are not finite are detected.
func TestDivergenceNamesTheStep(t *testing.T) {
	ctx := context.Background()
	d := toy(50, 5, 3)
	huge := bench.Data{X: bench.NewMatrix(50, 5), Class: d.Class, Classes: 3}
	for i, x := range d.X.Data {
		huge.X.Data[i] = x * 1e30
	}
	set := small(1)
	wantError := func(name string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", name, err, want)
		}
	}
	wantError("pre-training", NewUnsupervised(NewDAE(DAESettings{Settings: set}), set).Fit(ctx, huge),
		"diverged at step 1:")
	l := bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}
	begin := func() *UAI {
		u := NewUAI(NewDAE(DAESettings{Settings: set}), set, UAISettings{Round: 4})
		if err := u.Train(ctx, d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		return u
	}
	wantError("joint step", begin().Train(ctx, huge, l), "diverged at step 31:")
	u := begin()
	u.layer.Params[0] = float32(math.NaN())
	wantError("UAI layer", u.Train(ctx, d, l),
		"diverged at step 31: the UAI layer's first weight is NaN")
}

// TestCounts: the counts of steps and scored rows are as requested, including those shared or
// copied.
func TestCounts(t *testing.T) {
	ctx := context.Background()
	d := toy(50, 5, 3)
	u := NewUAI(NewClass(small(1)), small(1), UAISettings{Round: 4, Score: Standardized})
	for n := range 3 {
		l := bench.Labels{Index: []int{1, 2}[:n], Anomaly: []bool{true, false}[:n]}
		if err := u.Train(ctx, d, l); err != nil {
			t.Fatal(err)
		}
	}
	scoresOf(t, u, d, []int{1, 2, 3}, bench.HeadTrained)
	// 30 steps and two rounds of 4; 50 rows for the moments, and three.
	if got, want := u.Counts(), (map[string]int64{"steps": 38, "joint_steps": 8,
		"rows_scored": 53}); !maps.Equal(got, want) {
		t.Errorf("counts %v, want %v", got, want)
	}
}
