package deep

import (
	"math"
	"testing"
)

// TestNoise compares the noise in each mode with the moments of N(0, φ²) and the share of masked
// inputs; no two batches get the same noise, and scoring gets none.
func TestNoise(t *testing.T) {
	d := toy(256, 400, 3)
	rows := make([]int, 256)
	for i := range rows {
		rows[i] = i
	}
	n := float64(len(d.X.Data))
	added := func(m *DAE, mode Mode) []float64 {
		m.Forward(mode, d, rows)
		out := make([]float64, len(d.X.Data))
		for i, x := range m.pass.Input(256) {
			out[i] = float64(x - d.X.Data[i])
		}
		return out
	}
	prepare := func(s DAESettings) *DAE {
		s.Settings = Settings{Hidden: []int{4}, Seed: 1}
		m := NewDAE(s)
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		return m
	}
	std := func(e []float64) float64 {
		sq := 0.0
		for _, v := range e {
			sq += v * v
		}
		return math.Sqrt(sq / n)
	}
	m := prepare(DAESettings{Noise: 0.3})
	first, second := added(m, Training), added(m, Training)
	same := 0
	for i := range first {
		if first[i] == second[i] {
			same++
		}
	}
	// The standard error of the standard deviation of n normals is φ/sqrt(2n) = 0.0007.
	for name, e := range map[string][]float64{"first batch": first, "second": second,
		"labelled": added(m, Labelled)} {
		if got := std(e); math.Abs(got-0.3) > 0.003 {
			t.Errorf("%s: noise has standard deviation %g, want 0.3", name, got)
		}
	}
	if same > len(first)/1000 {
		t.Errorf("two batches share %d of %d draws", same, len(first))
	}
	if got := std(added(m, Scoring)); got != 0 {
		t.Errorf("scoring adds noise of %g", got)
	}
	if got := std(added(prepare(DAESettings{Noise: 0.3, NoisyScore: true}),
		Scoring)); math.Abs(got-0.3) > 0.003 {
		t.Errorf("noisy scores: %g", got)
	}
	if got := std(added(prepare(DAESettings{Noise: 0.3, CleanUAI: true}), Labelled)); got != 0 {
		t.Errorf("clean labelled batch has noise %g", got)
	}
	masked := 0.0
	m = prepare(DAESettings{Noise: 0.3, Masking: true})
	m.Forward(Training, d, rows)
	for i, x := range m.pass.Input(256) {
		switch x {
		case 0:
			masked++
		case d.X.Data[i]:
		default:
			t.Fatalf("masking turned %g into %g", d.X.Data[i], x)
		}
	}
	if share := masked / n; math.Abs(share-0.3) > 6*math.Sqrt(0.21/n) {
		t.Errorf("%g of the inputs are masked, want 0.3", share)
	}
}

// TestArchitecture: the paper's widths, untied weights, h = 8.
func TestArchitecture(t *testing.T) {
	d := toy(4, 784, 9)
	dae, class := NewDAE(DAESettings{}), NewClass(Settings{})
	for _, m := range []Base{dae, class} {
		if err := m.Prepare(d); err != nil {
			t.Fatal(err)
		}
		if m.LatentDim() != 8 {
			t.Errorf("latent width %d", m.LatentDim())
		}
	}
	widths := func(n *network) (w []int) {
		for _, l := range n.net.Layers {
			w = append(w, l.Out)
		}
		return w
	}
	// 784-256-64-8-64-256-784 has 2·(784·256 + 256·64 + 64·8) weights and 256+64+8+64+256+784
	// biases.
	if got, want := len(dae.net.Params), 2*(784*256+256*64+64*8)+1432; got != want {
		t.Errorf("DAE has %d parameters (%v), want %d", got, widths(&dae.network), want)
	}
	if got, want := len(class.net.Params), 784*256+256*64+64*8+8*9+256+64+8+9; got != want {
		t.Errorf("Class has %d parameters (%v), want %d", got, widths(&class.network), want)
	}
}
