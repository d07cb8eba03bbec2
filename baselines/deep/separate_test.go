package deep

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// TestFirstStepByHand: on every base, the first step after a pre-training moves the encoder by
//
//	0.01 g / sqrt(0.9 r + 0.1 g² + 1e-10),  g the cross-entropy's gradient
//
// with r = 1 if it has a separate optimiser, and else r as the base's steps left it. A joint step
// of two optimisers also has the base's update, by its own gradient and mean squares.
func TestFirstStepByHand(t *testing.T) {
	d := toy(40, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	step := func(g, r float32) float64 {
		return 0.01 * float64(g) / math.Sqrt(0.9*float64(r)+0.1*float64(g)*float64(g)+1e-10)
	}
	for _, o := range []UAISettings{{UAIOnly: true}, {UAIOnly: true, Separate: true},
		{Separate: true}, {Separate: true, Labelled: Members}} {
		for _, m := range twinBases(twinSettings) {
			if _, adam := m.base.(*DAGMM); adam && !(o.UAIOnly && o.Separate) {
				continue // the base's part uses another rule: TestStepTo of package nn
			}
			l := labels
			if o.Labelled == Members {
				l = bench.Labels{} // all rows, so that every batch has some
				for r := range d.Rows() {
					l.Index, l.Anomaly = append(l.Index, r), append(l.Anomaly, r%3 == 0)
				}
			}
			u := warm(t, m.base, twinSettings, o, d, l)
			net, top, state := u.base.Encoder()
			size := net.Size(top)
			ms := slices.Repeat([]float32{1}, size)
			if !o.Separate || !o.UAIOnly {
				ms = meanSquares(t, state, size)
			}
			var ce, base []float32
			switch {
			case o.UAIOnly:
				u.gatherUAIOnly(d, l)
				ce = slices.Clone(net.Grads[:size])
			default:
				if o.Labelled == Members {
					u.gatherMembers(true, true, d, l)
				} else {
					u.gather(true, true, d, l)
				}
				base = slices.Clone(net.Grads[:size])
				u.encoder.swap()
				ce = slices.Clone(net.Grads[:size])
				u.encoder.swap()
			}
			before := slices.Clone(net.Params)
			u.update(!o.UAIOnly, true)
			for i, p := range before[:size] {
				want := float64(p) - step(ce[i], ms[i])
				if !o.UAIOnly {
					want = float64(p) - step(base[i], ms[i]) - step(ce[i], 1)
				}
				if math.Abs(float64(net.Params[i])-want) > 1e-6*(1+math.Abs(want)) {
					t.Errorf("%s, %+v: parameter %d goes from %g to %g, want %g (g = %g, r = %g)",
						m.name, o, i, p, net.Params[i], want, ce[i], ms[i])
					break
				}
			}
			if !anyNonzero(ce) {
				t.Errorf("%s, %+v: no gradient", m.name, o)
			}
		}
	}
}

// TestRoundTrajectories is TestTrajectory for each loss and optimiser of a round: two rounds in
// float64 by finite differences and TensorFlow's rule, directly from the definitions of U20 and
// U21, must give the same scores, and the four variants different ones.
func TestRoundTrajectories(t *testing.T) {
	d := toy(24, 6, 3)
	labels := bench.Labels{Index: []int{2, 5, 9, 13, 1},
		Anomaly: []bool{true, false, false, true, false}}
	for at := range models(nn.Tanh) {
		var ends [][]float64
		for _, o := range []UAISettings{{}, {Separate: true}, {UAIOnly: true},
			{UAIOnly: true, Separate: true}} {
			m := models(nn.Tanh)[at]
			o.Round = 6
			s, z, ws, wz := followRounds(t, m, o, d, labels)
			for r := range s {
				if math.Abs(s[r]-ws[r]) > 1e-4*(1+ws[r]) ||
					math.Abs(z[r]-wz[r]) > 1e-4*(1+math.Abs(wz[r])) {
					t.Errorf("%s, %+v, row %d: s = %.6f (want %.6f), logit = %.6f (want %.6f)",
						m.name, o, r, s[r], ws[r], z[r], wz[r])
				}
			}
			for i, other := range ends {
				if distance(other, wz) < 1e-3 {
					t.Errorf("%s: ways %d and %d end alike, so that the test is blind", m.name, i,
						len(ends))
				}
			}
			ends = append(ends, wz)
		}
	}
}

// followRounds returns the scores and logits of all rows after two rounds, and those of the float64
// twin.
func followRounds(t *testing.T, m model, o UAISettings, d bench.Data, labels bench.Labels) (s, z,
	ws, wz []float64) {
	t.Helper()
	ctx, set := context.Background(), m.net().set
	set.Pretrain = 5
	u := NewUAI(m.base, set, o)
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	u.build(d)
	net := m.net().net
	p, w := doubles(net.Params), doubles(u.layer.Params)
	if err := u.pretrain(ctx, d, set.Pretrain); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := u.Train(ctx, d, labels); err != nil {
			t.Fatal(err)
		}
	}

	one := []float64{1}
	pm, wm, own := slices.Repeat(one, len(p)), slices.Repeat(one, len(w)), slices.Repeat(one, len(p))
	batches := nn.NewBatches(d.Rows(), set.Batch, false, bench.NewStream(set.Seed, "batches"))
	outs := func(p []float64, row int) [][]float64 { return eval(net, p, doubles(d.X.Row(row))) }
	score := func(p []float64, row int) float64 { return m.score(d, row, outs(p, row)) }
	base := func(rows []int) func(p []float64) float64 {
		return func(p []float64) (sum float64) {
			for _, r := range rows {
				sum += score(p, r) / float64(len(rows))
			}
			return sum
		}
	}
	value := func(p, w []float64, r int, s float64) float64 {
		return logit(u.layer, w, outs(p, r)[m.net().latent], s)
	}
	for range set.Pretrain {
		rmsprop(p, pm, slope(p, base(batches.Next())))
	}
	reach := net.Size(m.net().latent)
	for range 2 * o.Round {
		s0 := map[int]float64{}
		for _, r := range labels.Index {
			s0[r] = score(p, r)
		}
		ce := func(p, w []float64) (sum float64) {
			for i, r := range labels.Index {
				z := value(p, w, r, s0[r])
				if labels.Anomaly[i] {
					z = -z
				}
				sum += math.Log1p(math.Exp(z)) / float64(labels.Len())
			}
			return sum
		}
		ofCE := slope(p, func(p []float64) float64 { return ce(p, w) })
		dw := slope(w, func(w []float64) float64 { return ce(p, w) })
		var ofBase []float64
		if !o.UAIOnly {
			ofBase = slope(p, base(batches.Next()))
		}
		switch {
		case o.Separate:
			if !o.UAIOnly {
				rmsprop(p, pm, ofBase)
			}
			rmsprop(p[:reach], own[:reach], ofCE[:reach])
		case o.UAIOnly:
			rmsprop(p[:reach], pm[:reach], ofCE[:reach])
		default:
			for i := range ofCE {
				ofBase[i] += ofCE[i]
			}
			rmsprop(p, pm, ofBase)
		}
		rmsprop(w, wm, dw)
	}
	for r := range d.Rows() {
		ws = append(ws, score(p, r))
		wz = append(wz, value(p, w, r, ws[r]))
	}
	return scoresOf(t, u, d, nil, bench.HeadBase), scoresOf(t, u, d, nil, bench.HeadTrained), ws, wz
}

// TestSeparateState: the encoder's separate mean squares start at 1, or at 0 like the layer's with
// decayed slots, and are reset to 1 where the optimiser is reset before a round, like the base's
// and the layer's. Without the gradient through l there are none.
func TestSeparateState(t *testing.T) {
	d := toy(40, 5, 3)
	for r := range d.Rows() {
		// the first feature's four weights never have a gradient: their mean squares only decay
		d.X.Data[5*r] = 0
	}
	for _, o := range []UAISettings{{}, {Decayed: true}, {Reset: true},
		{Decayed: true, Reset: true}} {
		o.Separate, o.Round = true, 2
		u, _ := started(t, d, o)
		start := 1.0
		if o.Decayed {
			start = 0
		}
		want := start * math.Pow(0.9, 4)
		if o.Reset {
			want = math.Pow(0.9, 2)
		}
		if got := meanSquares(t, u.encoder.slots, 4)[0]; float64(got) != start {
			t.Errorf("%+v: starts at %g", o, got)
		}
		for range 2 {
			if err := u.Train(context.Background(), d,
				bench.Labels{Index: []int{3, 4}, Anomaly: []bool{true, false}}); err != nil {
				t.Fatal(err)
			}
		}
		if got := float64(meanSquares(t, u.encoder.slots, 4)[0]); math.Abs(got-want) > 1e-6 {
			t.Errorf("%+v: after two rounds of two steps %g, want %g", o, got, want)
		}
	}
	if u, _ := started(t, d, UAISettings{Separate: true, Stop: true}); u.encoder != nil {
		t.Error("without a gradient there is an optimiser")
	}
}

// roundDigest returns a digest of the state after a pre-training and two rounds.
func roundDigest(t *testing.T, name string, threads int, o UAISettings) string {
	t.Helper()
	d, ctx := toy(130, 51, 3), context.Background()
	set := Settings{Hidden: []int{37, 19, 5}, Batch: 31, Seed: 3, Pretrain: 4, Threads: threads}
	base := everyBase()[name](set)
	o.Round = 5
	u := NewUAI(base, set, o)
	for _, n := range []int{0, 20, 40} {
		if err := u.Train(ctx, d, someLabels(n)); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprint(parametersDigest(t, base), sum(scoresOf(t, u, d, nil, bench.HeadTrained)))
}

func sum(scores []float64) (bits uint64) {
	for i, v := range scores {
		bits = bits*31 + math.Float64bits(v) + uint64(i)
	}
	return bits
}

// TestRoundsEverywhere: on every base, each loss and optimiser of a round gives the same bits on
// any kernel and number of threads, and other bits than the others.
func TestRoundsEverywhere(t *testing.T) {
	before := f32.Kernel()
	defer f32.Use(before)
	for name := range everyBase() {
		seen := map[string]UAISettings{}
		for _, o := range []UAISettings{
			{}, {Separate: true}, {UAIOnly: true}, {UAIOnly: true, Separate: true}, {UAIOnly: true,
				Labelled: Members}, {Separate: true, Labelled: Members}, {Separate: true, Alternate: true},
		} {
			if err := f32.Use(before); err != nil {
				t.Fatal(err)
			}
			want := roundDigest(t, name, 1, o)
			if other, dup := seen[want]; dup {
				t.Errorf("%s: %+v ends as %+v", name, o, other)
			}
			seen[want] = o
			for _, kernel := range f32.Kernels() {
				if err := f32.Use(kernel); err != nil {
					t.Fatal(err)
				}
				for _, threads := range []int{1, 3} {
					if got := roundDigest(t, name, threads, o); got != want {
						t.Errorf("%s, %+v, %s, %d threads: other bits", name, o, kernel, threads)
					}
				}
			}
		}
		if err := f32.Use(before); err != nil {
			t.Fatal(err)
		}
		// If no part of the base is reached, the choice of optimiser has no effect.
		if roundDigest(t, name, 1, UAISettings{Stop: true}) != roundDigest(t, name, 1,
			UAISettings{Stop: true, Separate: true}) {
			t.Errorf("%s: without the gradient through l a separate optimiser changes something",
				name)
		}
	}
}

// TestSeparateSnapshot: a snapshot holds the second mean squares, after the contents of one without
// them; a snapshot without them is an error.
func TestSeparateSnapshot(t *testing.T) {
	d, ctx := toy(100, 9, 4), context.Background()
	l := someLabels(9)
	state := func(u *UAI) []byte {
		var b bytes.Buffer
		if err := u.Snapshot(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, lone := range []bool{false, true} {
		make := func(separate bool) *UAI {
			return NewUAI(NewClass(small(5)), small(5),
				UAISettings{Round: 4, UAIOnly: lone, Separate: separate})
		}
		var sizes []int
		for _, separate := range []bool{false, true} {
			u := make(separate)
			for _, n := range []int{0, 5} {
				if err := u.Train(ctx, d, someLabels(n)); err != nil {
					t.Fatal(err)
				}
			}
			kept := state(u)
			sizes = append(sizes, len(kept))
			v := make(separate)
			from := bytes.NewReader(kept)
			if err := v.Restore(ctx, d, someLabels(5), from); err != nil || from.Len() != 0 {
				t.Fatal(err, from.Len())
			}
			for _, u := range []*UAI{u, v} {
				if err := u.Train(ctx, d, l); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(state(u), state(v)) {
				t.Errorf("lone %v, separate %v: gone on from a snapshot, another model", lone,
					separate)
			}
			if err := make(separate).Restore(ctx, d, someLabels(5),
				bytes.NewReader(kept[:len(kept)-1])); err == nil {
				t.Error("a snapshot cut short was taken")
			}
		}
		if want := 4 * ((9+1)*8 + (8+1)*3); sizes[1]-sizes[0] != want {
			t.Errorf("lone %v: mean squares of %d bytes, want %d", lone, sizes[1]-sizes[0], want)
		}
	}
}
