package bench

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// A run resumed after any of its rounds does what the uninterrupted run does: the same rounds,
// trainings and checkpoints. The learner here has no state besides the labels.
func TestRunResumesFromAnyRound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(rt, "n")
		s := Settings{
			Budget: rapid.IntRange(1, n).Draw(rt, "budget"),
			K:      rapid.IntRange(1, 12).Draw(rt, "k"),
		}
		cold := rapid.IntRange(0, 4).Draw(rt, "cold calls")
		for at := rapid.IntRange(0, 7).Draw(rt, "first checkpoint"); at <= s.Budget; at += 7 {
			s.Checkpoints = append(s.Checkpoints, at)
		}
		y := rapid.SliceOfN(rapid.Bool(), n, n).Draw(rt, "truth")
		last := rapid.IntRange(1, s.Budget).Draw(rt, "ends after")

		type did struct {
			Rounds  rounds
			Trained []Labels
			Reached []int
		}
		run := func(from *Position, keep func(Position)) (did, Labels) {
			var d did
			m := &scripted{score: func(row int, l Labels) float64 { return float64((row*7 + 3*l.Len()) % 11) }}
			s := s
			s.From = from
			s.Between = func(p Position) error { keep(p); return nil }
			s.Checkpoint = func(at int, _ Labels, _ Learner) error { d.Reached = append(d.Reached, at); return nil }
			audited := 0
			if from != nil {
				audited = from.Labels.Len()
			}
			s.Done = func(rows []int) bool { audited += len(rows); return audited >= last }
			l, err := Run(t.Context(), pool(n), scriptedCold{m, cold}, Truth(y), s, &d.Rounds)
			if err != nil {
				rt.Fatal(err)
			}
			d.Trained = m.trained
			return d, l
		}

		var places []Position
		whole, _ := run(nil, func(p Position) { // the position's slices belong to the run
			p.Labels = Labels{slices.Clone(p.Labels.Index), slices.Clone(p.Labels.Anomaly)}
			places = append(places, p)
		})
		if len(places) != len(whole.Rounds)-1 {
			rt.Fatalf("%d places between %d rounds", len(places), len(whole.Rounds))
		}
		for i, p := range places {
			got, _ := run(&p, func(Position) {})
			left := did{Rounds: whole.Rounds[i+1:], Trained: whole.Trained[i+1:], Reached: whole.Reached[p.Reached:]}
			if diff := cmp.Diff(left, got, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("from round %d: %s", i+2, diff)
			}
		}
	})
}

func TestRunRefusesImpossiblePositions(t *testing.T) {
	m := &scripted{score: func(row int, _ Labels) float64 { return float64(row) }}
	for want, p := range map[string]Position{
		"3 audits are not the end of a round of 2": {Labels: Labels{[]int{1, 2, 3}, make([]bool, 3)}},
		"6 audits are not the end of a round":      {Labels: Labels{[]int{0, 1, 2, 3, 4, 5}, make([]bool, 6)}},
		"2 audits with 1 answers":                  {Labels: Labels{[]int{1, 2}, make([]bool, 1)}},
		"row 10 is not in [0, 10)":                 {Labels: Labels{[]int{1, 10}, make([]bool, 2)}},
		"row 1 is not":                             {Labels: Labels{[]int{1, 1}, make([]bool, 2)}},
		"1 of 0 checkpoints":                       {Reached: 1},
	} {
		_, err := Run(t.Context(), pool(10), m, Truth(make([]bool, 10)), Settings{Budget: 5, K: 2, From: &p}, &rounds{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", p, err, want)
		}
	}
	p := &Position{Labels: Labels{[]int{1, 2}, make([]bool, 2)}}
	if _, err := Run(t.Context(), pool(10), scriptedStatic{m}, Truth(make([]bool, 10)), Settings{Budget: 4, K: 2, From: p}, &rounds{}); err != errStatic {
		t.Errorf("a static learner: %v", err)
	}
	if m.trained != nil {
		t.Error("it was trained")
	}
}

// A Pauser made Passive keeps its threshold.
func TestPassivePauserFlags(t *testing.T) {
	var d struct {
		Pauser
		Detector
		Flagger
	}
	l := Passive(d)
	if _, ok := l.(Pauser); !ok {
		t.Error("it cannot be written down")
	}
	if _, ok := FlaggerOf(l); !ok {
		t.Error("it has no threshold")
	}
	if _, ok := FlaggerOf(Passive(struct{ Detector }{})); ok {
		t.Error("a detector without a threshold has one")
	}
}
