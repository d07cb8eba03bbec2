package deep

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestHeadSelectorByHand follows the rule through five rounds with a window of five rows. A
// correctly ranked pair counts as two halves, a tied one as one.
func TestHeadSelectorByHand(t *testing.T) {
	r := headSelector{window: 5}
	var y []bool
	for i, round := range []struct {
		y    []bool
		s, z []float32
		want bool
	}{
		// Only normal rows: no pair, initially s.
		{[]bool{false, false}, []float32{1, 2}, []float32{5, 6}, false},
		// One anomaly against two normal rows: s 3 is above 1 and 2, both pairs; z 5.5 is above 5
		// only.
		{[]bool{true}, []float32{3}, []float32{5.5}, false},
		// Anomalies 3 and 2 against 1, 2, 0 by s: 3 of 3, and 1½ + 1 = 2½ of 3: 11 halves of 12. By
		// z, 5.5 and 9 against 5, 6, -1: 2 and 3 of 3: 10 halves.
		{[]bool{true, false}, []float32{2, 0}, []float32{9, -1}, false},
		// The first row is dropped. Anomalies 3, 2 and normal rows 2, 0, 2.5. s: 3 > all, 6; 2 = 2,
		// > 0, < 2.5: 1+2+0; 9 halves. z: 5.5 > -1 and 4, 4; 9 > all, 6; 10 halves.
		{[]bool{false}, []float32{2.5}, []float32{4}, true},
		// Two more are dropped (2 and 3 by s): anomalies 2 and 1 by s against 0 and 2.5: 2+0, 2+0.
		// By z 9 and 0 against -1 and 4: 4, 2+0. The last row, a normal one, is above all by z and
		// below all by s: s gets 2 more for each, z 0.
		{[]bool{true, false}, []float32{1, -1}, []float32{0, 10}, false},
	} {
		y = append(y, round.y...)
		r.s, r.z = append(r.s, round.s...), append(r.z, round.z...)
		if r.choose(y); r.uai != round.want || len(r.s) > 5 || len(r.s) != len(r.z) {
			t.Errorf("round %d: s_uai selects: %v, want %v; memory %v, %v", i+1, r.uai, round.want,
				r.s, r.z)
		}
	}
	if want := []float32{2, 0, 2.5, 1, -1}; !slices.Equal(r.s, want) {
		t.Errorf("the memory holds %v, want %v", r.s, want)
	}
	// At equal areas s_uai selects; without pairs the choice remains.
	even := headSelector{window: 2, s: []float32{1, 0}, z: []float32{1, 0}}
	if even.choose([]bool{true, false}); !even.uai {
		t.Error("equal areas: s selects")
	}
	even.s, even.z = []float32{0, 1}, []float32{1, 0}
	if even.choose([]bool{true, true}); !even.uai {
		t.Error("anomalies alone: the choice changes")
	}
}

// TestHeadsComparedBeforeTraining: the scores kept of a round's rows are those before its training,
// none of them from an untrained layer; and the areas of these scores determine the head that
// selects.
func TestHeadsComparedBeforeTraining(t *testing.T) {
	d, ctx := toy(100, 9, 4), context.Background()
	for name, make := range everyBase() {
		u := NewUAI(make(small(5)), small(5),
			UAISettings{Round: 5, Switch: 8, Cold: ColdStart{Calls: 1, Labels: 1}})
		var s, z []float32
		for round, n := range []int{0, 4, 10, 14} {
			l := someLabels(n)
			if round > 1 {
				fresh := l.Index[u.known:]
				for i, v := range scoresOf(t, u, d, fresh, bench.HeadBase) {
					s, z = append(s, float32(v)), append(z,
						float32(scoresOf(t, u, d, fresh, bench.HeadTrained)[i]))
				}
			}
			if err := u.Train(ctx, d, l); err != nil {
				t.Fatal(name, err)
			}
			keep := max(0, len(s)-8)
			if !slices.Equal(u.heads.s, s[keep:]) || !slices.Equal(u.heads.z, z[keep:]) {
				t.Errorf("%s, %d labels: remembered %v, %v; want %v, %v", name, n, u.heads.s,
					u.heads.z, s[keep:], z[keep:])
			}
			if u.Cold(round+1, l) == u.heads.uai || round < 2 && u.heads.uai {
				t.Errorf("%s, round %d: cold %v", name, round+1, u.Cold(round+1, l))
			}
		}
	}
}

// TestHeadSelectorSnapshot: a snapshot restores the selector; one that does not fit the settings is
// an error.
func TestHeadSelectorSnapshot(t *testing.T) {
	var b bytes.Buffer
	if err := (&headSelector{s: []float32{1, 2}, z: []float32{3, 4},
		uai: true}).snapshot(&b); err != nil {
		t.Fatal(err)
	}
	kept := b.Bytes()
	r := headSelector{window: 2}
	if err := r.restore(bytes.NewReader(kept), 2); err != nil || !r.uai ||
		!slices.Equal(r.s, []float32{1, 2}) || !slices.Equal(r.z, []float32{3, 4}) {
		t.Errorf("%+v, %v", r, err)
	}
	if r.restore(bytes.NewReader(kept), 1) == nil ||
		(&headSelector{window: 1}).restore(bytes.NewReader(kept), 2) == nil ||
		r.restore(bytes.NewReader(kept[:9]), 2) == nil {
		t.Error("a snapshot of more rows than there are was taken")
	}
}
