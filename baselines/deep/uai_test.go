package deep

import (
	"context"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func small(seed uint64) Settings {
	return Settings{Hidden: []int{8, 3}, Batch: 16, Pretrain: 30, Seed: seed}
}

func scoresOf(t *testing.T, s bench.Scorer, d bench.Data, rows []int, want bench.Head) []float64 {
	t.Helper()
	n := len(rows)
	if rows == nil {
		n = d.Rows()
	}
	out := make([]float64, n)
	if _, err := s.Scores(context.Background(), out, d, rows, want); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSharedPretraining: a base on its own and under a UAI layer are the same model, bit by bit,
// until the first label.
func TestSharedPretraining(t *testing.T) {
	d := toy(100, 9, 4)
	ctx := context.Background()
	set := DAESettings{Settings: small(5), Noise: 0.1}
	alone := NewUnsupervised(NewDAE(set), set.Settings)
	if err := alone.Fit(ctx, d); err != nil {
		t.Fatal(err)
	}
	under := NewUAI(NewDAE(set), set.Settings, UAISettings{})
	if err := under.Train(ctx, d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	a, b := scoresOf(t, alone, d, nil, bench.HeadBase), scoresOf(t, under, d, nil, bench.HeadBase)
	if !slices.Equal(a, b) {
		t.Errorf("DAE and DAE_uai differ before the first label: %v, %v", a[:3], b[:3])
	}
}

// TestTakenOverPretraining: a model that takes over another's pre-training continues exactly as if
// it had trained itself, including labels, batches, noise and counts; one training serves all.
func TestTakenOverPretraining(t *testing.T) {
	d := toy(100, 9, 4)
	ctx := context.Background()
	l := bench.Labels{Index: []int{1, 2, 50}, Anomaly: []bool{true, false, false}}
	for _, iid := range []bool{false, true} {
		share := &keeper{}
		finish := func(share PretrainingCache) ([]float64, map[string]int64) {
			set := DAESettings{Settings: small(5), Noise: 0.1}
			set.IID, set.Cache = iid, share
			u := NewUAI(NewDAE(set), set.Settings, UAISettings{Round: 7})
			for _, l := range []bench.Labels{{}, l} {
				if err := u.Train(ctx, d, l); err != nil {
					t.Fatal(err)
				}
			}
			return scoresOf(t, u, d, nil, bench.HeadTrained), u.Counts()
		}
		want, counts := finish(nil)
		for range 3 {
			got, c := finish(share)
			if !slices.Equal(got, want) || !maps.Equal(c, counts) {
				t.Errorf("iid %v: scores %v, counts %v; want %v, %v", iid, got[:3], c, want[:3],
					counts)
			}
		}
		if share.trained != 1 {
			t.Errorf("trained %d times", share.trained)
		}
	}
}

// TestScoringIsPure: scores do not depend on the other rows of a call or on earlier scoring, and
// scoring changes no later step, not even with noisy scores.
func TestScoringIsPure(t *testing.T) {
	d := toy(100, 9, 4)
	ctx := context.Background()
	l := bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}
	noisy := DAESettings{Settings: small(5), Noise: 0.3, NoisyScore: true}
	masked := noisy
	masked.Masking = true
	bases := map[string]func() Base{
		"Class":              func() Base { return NewClass(small(5)) },
		"DAE, noisy scores":  func() Base { return NewDAE(noisy) },
		"DAE, masked scores": func() Base { return NewDAE(masked) },
	}
	for name, make := range compared {
		bases[name] = func() Base { return make(small(5)) }
	}
	for name, make := range bases {
		train := func(looks int) *UAI {
			u := NewUAI(make(), small(5), UAISettings{Round: 5})
			for _, l := range []bench.Labels{{}, l, l} {
				if err := u.Train(ctx, d, l); err != nil {
					t.Fatal(err)
				}
				for range looks {
					scoresOf(t, u, d, nil, bench.HeadTrained)
				}
			}
			return u
		}
		u := train(0)
		for _, head := range []bench.Head{bench.HeadBase, bench.HeadTrained} {
			all := scoresOf(t, u, d, nil, head)
			rows := []int{99, 3, 50, 3}
			for i, v := range scoresOf(t, u, d, rows, head) {
				if v != all[rows[i]] {
					t.Errorf("%s, %v: row %d scores %v alone, %v among all", name, head, rows[i], v,
						all[rows[i]])
				}
			}
			if !slices.Equal(all, scoresOf(t, train(2), d, nil, head)) {
				t.Errorf("%s, %v: looking at the scores changes them later", name, head)
			}
		}
	}
}

func TestColdStart(t *testing.T) {
	labels := func(anomaly ...bool) bench.Labels {
		return bench.Labels{Index: make([]int, len(anomaly)), Anomaly: anomaly}
	}
	for _, c := range []struct {
		cold ColdStart
		call int
		l    bench.Labels
		want bool
	}{
		{ColdStart{Calls: 10}, 10, labels(true), true},
		{ColdStart{Calls: 10}, 11, labels(), false},
		{ColdStart{Calls: 0}, 1, labels(), false},
		{ColdStart{Calls: 10, Labels: 2}, 3, labels(true, true), false},
		{ColdStart{Calls: 0, Labels: 3}, 9, labels(true, true), true},
		{ColdStart{Calls: 2, Both: true}, 9, labels(true, true), true},
		{ColdStart{Calls: 2, Both: true}, 9, labels(true, false), false},
		{ColdStart{Calls: 10, Both: true}, 9, labels(true, false), true},
	} {
		u := NewUAI(NewClass(small(1)), small(1), UAISettings{Cold: c.cold})
		if got := u.Cold(c.call, c.l); got != c.want {
			t.Errorf("%+v, call %d, %d labels: cold %v, want %v", c.cold, c.call, c.l.Len(), got,
				c.want)
		}
	}
}

// TestLabelledBatches checks the contents of a step's labelled batch, for every choice of U9.
func TestLabelledBatches(t *testing.T) {
	d := toy(400, 5, 3)
	set := Settings{Hidden: []int{4, 2}, Batch: 32, Pretrain: 1, Seed: 1}
	l := bench.Labels{}
	for i := range 100 {
		l.Index = append(l.Index, 3*i)
		l.Anomaly = append(l.Anomaly, i%10 == 0)
	}
	part := bench.Labels{Index: l.Index[:20], Anomaly: l.Anomaly[:20]}
	make := func(b LabelledBatch, l bench.Labels) *UAI {
		u := NewUAI(NewClass(set), set, UAISettings{Labelled: b})
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		u.build(d)
		u.learn(l)
		return u
	}
	u := make(Uniform, part)
	if u.choose(part); !slices.Equal(u.rows, part.Index) {
		t.Errorf("up to a batch all labels are taken, got %v", u.rows)
	}
	u = make(Uniform, l)
	times := map[int]int{}
	const draws = 3000
	for range draws {
		u.choose(l)
		if len(u.at) != 32 || !slices.IsSorted(u.at) ||
			len(slices.Compact(slices.Clone(u.at))) != 32 {
			t.Fatalf("not 32 different labels in order: %v", u.at)
		}
		for j, i := range u.at {
			times[i]++
			if u.rows[j] != l.Index[i] {
				t.Fatalf("label %d has row %d, got %d", i, l.Index[i], u.rows[j])
			}
		}
	}
	// Each label is in a draw with p = 0.32: mean 960, sd 25.5; six sd over 100 labels.
	for i := range 100 {
		if n := times[i]; math.Abs(float64(n)-960) > 6*25.5 {
			t.Errorf("label %d was drawn %d times in %d, want about 960", i, n, draws)
		}
	}
	u = make(Balanced, l)
	u.choose(l)
	anomalies := 0
	for _, i := range u.at {
		anomalies += truth(l.Anomaly[i])
	}
	if len(u.at) != 32 || anomalies != 16 {
		t.Errorf("balanced: %d anomalies of %d", anomalies, len(u.at))
	}
	one := bench.Labels{Index: []int{7}, Anomaly: []bool{false}}
	u = make(Balanced, one)
	if u.choose(one); len(u.at) != 32 {
		t.Errorf("balanced with one kind: %d rows", len(u.at))
	}
	u = make(Replacement, part)
	if u.choose(part); len(u.at) != 32 {
		t.Errorf("replacement: %d rows", len(u.at))
	}
}

// TestLabelledDraws: labels are drawn evenly, from all or from each kind, with replacement or
// without (chi-square), and depend on the seed.
func TestLabelledDraws(t *testing.T) {
	d := toy(300, 5, 3)
	l := bench.Labels{}
	for i := range 60 {
		l.Index, l.Anomaly = append(l.Index, 3*i), append(l.Anomaly, i%3 == 0)
	}
	const draws = 10000
	drawn := func(b LabelledBatch, seed uint64, n int) (all []int) {
		set := Settings{Hidden: []int{4, 2}, Batch: 32, Pretrain: 1, Seed: seed}
		u := NewUAI(NewClass(set), set, UAISettings{Labelled: b})
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		u.build(d)
		u.learn(l)
		for range n {
			u.choose(l)
			all = append(all, u.at...)
		}
		return all
	}
	for _, b := range []LabelledBatch{Uniform, Balanced, Replacement} {
		if slices.Equal(drawn(b, 1, 3), drawn(b, 2, 3)) {
			t.Errorf("labelled batch %d: two seeds draw the same labels", b)
		}
		if !slices.Equal(drawn(b, 1, 3), drawn(b, 1, 3)) {
			t.Errorf("labelled batch %d: one seed draws two ways", b)
		}
	}
	for b, share := range map[LabelledBatch]func(anomaly bool) float64{
		Uniform:     func(bool) float64 { return 1.0 / 60 },
		Replacement: func(bool) float64 { return 1.0 / 60 },
		Balanced: func(anomaly bool) float64 { // half of them of each kind, with 20 and 40 labels
			if anomaly {
				return 0.5 / 20
			}
			return 0.5 / 40
		},
	} {
		times := make([]float64, 60)
		for _, i := range drawn(b, 1, draws) {
			times[i]++
		}
		chi := 0.0
		for i, n := range times {
			want := draws * 32 * share(l.Anomaly[i])
			variance := want
			if b == Uniform { // each label at most once a batch
				variance *= 1 - want/draws
			}
			chi += (n - want) * (n - want) / variance
		}
		// 58 to 60 degrees of freedom: mean 59, sd 10.9.
		if chi > 59+5*10.9 {
			t.Errorf("labelled batch %d: chi-square %.1f, want about 59", b, chi)
		}
	}
}

// TestMembers: the cross-entropy of a base batch's audited members gives rows that were not audited
// no gradient.
func TestMembers(t *testing.T) {
	d := toy(40, 5, 3)
	set := Settings{Hidden: []int{4, 2}, Batch: 8, Pretrain: 1, Seed: 1}
	u := NewUAI(NewClass(set), set, UAISettings{Labelled: Members})
	if err := u.prepare(d); err != nil {
		t.Fatal(err)
	}
	u.build(d)
	l := bench.Labels{Index: []int{4, 9}, Anomaly: []bool{true, false}}
	u.learn(l)
	rows := []int{1, 9, 2, 4}
	lat, s := u.base.Forward(Training, d, rows)
	dl := u.members(rows, lat, s, l)
	for i, r := range rows {
		if got, want := anyNonzero(dl[2*i:2*i+2]), r == 4 || r == 9; got != want {
			t.Errorf("row %d: gradient %v, want %v", r, got, want)
		}
	}
	if u.members([]int{1, 2}, lat, s, l) != nil {
		t.Error("a batch without audited rows has a gradient")
	}
}

func TestInverseFrequency(t *testing.T) {
	u := NewUAI(NewClass(small(1)), small(1), UAISettings{})
	u.of = [2][]int{{0, 1, 2}, {3}}
	if got, want := u.inverse(), [2]float32{4.0 / 6, 2}; got != want {
		t.Errorf("weights %v, want %v", got, want)
	}
	u.of[1] = nil
	if got := u.inverse(); got != [2]float32{1, 1} {
		t.Errorf("one kind only: weights %v", got)
	}
}

// TestDivergence: a model with values that are not finite fails with the step; it never ranks.
func TestDivergence(t *testing.T) {
	d := toy(50, 5, 3)
	for i := range d.X.Data {
		d.X.Data[i] *= 1e30
	}
	set := small(1)
	err := NewUnsupervised(NewDAE(DAESettings{Settings: set}), set).Fit(context.Background(), d)
	if err == nil {
		t.Fatal("squares of 1e30 overflow float32, yet training went well")
	}
	t.Log(err)
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	set := small(1)
	if err := NewUnsupervised(NewClass(set), set).Fit(ctx, toy(50, 5, 3)); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	err := NewUnsupervised(NewClass(set), set).Fit(context.Background(),
		bench.Data{X: toy(5, 5, 3).X})
	if err == nil {
		t.Error("Class took data without classes")
	}
}

// TestLatents: Latents returns the inputs of the scores. s is the base score, and the layer's own
// weights turn l and s into the trained score.
func TestLatents(t *testing.T) {
	d := toy(100, 9, 4)
	ctx := context.Background()
	for _, base := range []Base{NewDAE(DAESettings{Settings: small(5), Noise: 0.1}),
		NewClass(small(5))} {
		u := NewUAI(base, small(5), UAISettings{Round: 5})
		for _, l := range []bench.Labels{{},
			{Index: []int{1, 2, 50}, Anomaly: []bool{true, false, false}}} {
			if err := u.Train(ctx, d, l); err != nil {
				t.Fatal(err)
			}
		}
		var m bench.Latent = u
		rows := []int{7, 99, 0, 7}
		rows = append(rows, make([]int, 40)...) // more than a batch
		h := m.LatentDim()
		lat, s := make([]float64, len(rows)*h), make([]float64, len(rows))
		if err := m.Latents(ctx, lat, s, d, rows); err != nil {
			t.Fatal(err)
		}
		if h != 3 || !slices.Equal(s, scoresOf(t, u, d, rows, bench.HeadBase)) {
			t.Errorf("h = %d; s %v", h, s)
		}
		w, b := u.layer.Layer(0)
		for i, want := range scoresOf(t, u, d, rows, bench.HeadTrained) {
			got := float64(b[0]) + float64(w[h])*s[i]
			for j := range h {
				got += float64(w[j]) * lat[i*h+j]
			}
			if math.Abs(got-want) > 1e-4*max(1, math.Abs(want)) {
				t.Errorf("row %d: w·[l; s] + β = %v, the trained score is %v", rows[i], got, want)
			}
		}
	}
}
