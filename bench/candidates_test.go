package bench

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Six rows that score 0 to 5, and after the first audit the other way round. With a shortlist of three and a full
// pass every third round, one audit a round:
//
//	round 1  full: 0 1 2 3 4 5        audits 5; the shortlist 3 4 5 becomes 3 4
//	round 2  3 4, now -3 -4           audits 3, where all rows would have given 0
//	round 3  4                        audits 4
//	round 4  full: 0 1 2              audits 0; 1 2 remain
//	round 5  1 2                      audits 1
func TestCandidatesByHand(t *testing.T) {
	s := &scripted{score: func(row int, l Labels) float64 {
		if l.Len() > 0 {
			return -float64(row)
		}
		return float64(row)
	}}
	l, err := Run(context.Background(), pool(6), s, Truth(make([]bool, 6)),
		Settings{Budget: 5, K: 1, Candidates: Candidates{Rows: 3, Every: 3}}, new(rounds))
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{5, 3, 4, 0, 1}; !slices.Equal(l.Index, want) {
		t.Errorf("audits %v, want %v", l.Index, want)
	}
	if want := [][]int{nil, {3, 4}, {4}, {0, 1, 2}, {1, 2}}; !cmp.Equal(s.scored, want) {
		t.Errorf("scored %v, want %v", s.scored, want)
	}
}

// The best rows by one score are not those by another: a round that wants the other one scores all. So does a round
// that selects more than the shortlist has left.
func TestCandidatesFullPasses(t *testing.T) {
	s := &scripted{score: func(row int, _ Labels) float64 { return float64(row) }}
	_, err := Run(context.Background(), pool(12), scriptedCold{s, 2}, Truth(make([]bool, 12)),
		Settings{Budget: 8, K: 2, Candidates: Candidates{Rows: 5, Every: 100}}, new(rounds))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int{nil, {7, 8, 9}, {0, 1, 2, 3, 4, 5, 6, 7}, {3, 4, 5}}
	if !cmp.Equal(s.scored, want) {
		t.Errorf("scored %v, want %v", s.scored, want)
	}
	s = &scripted{score: func(row int, _ Labels) float64 { return float64(row) }}
	if _, err := Run(context.Background(), pool(12), s, Truth(make([]bool, 12)),
		Settings{Budget: 6, K: 2, Candidates: Candidates{Rows: 3, Every: 100}}, new(rounds)); err != nil {
		t.Fatal(err)
	}
	if want := [][]int{nil, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 3, 4, 5, 6, 7}}; !cmp.Equal(s.scored, want) {
		t.Errorf("scored %v, want %v", s.scored, want)
	}
}

// With room for the whole pool nothing is approximated: the same passes over the same rows, the same rounds.
func TestCandidatesWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		salt := rapid.IntRange(0, 1000).Draw(t, "salt")
		settings := Settings{Budget: rapid.IntRange(1, n).Draw(t, "budget"), K: rapid.IntRange(1, 12).Draw(t, "k")}
		y := make([]bool, n)
		for i := range y {
			y[i] = (i*7+salt)%5 == 0
		}
		run := func(c Candidates) string {
			s := &scripted{score: func(row int, l Labels) float64 { return float64((row*row*31 + l.Len()*17*row + salt) % 13) }}
			var r rounds
			settings.Candidates = c
			if _, err := Run(context.Background(), pool(n), scriptedCold{s, 3}, Truth(y), settings, &r); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(r, s.scored, s.wanted)
		}
		c := Candidates{Rows: n + rapid.IntRange(0, 5).Draw(t, "more"), Every: rapid.IntRange(1, 12).Draw(t, "every")}
		if diff := cmp.Diff(run(Candidates{}), run(c)); diff != "" {
			t.Error(diff)
		}
		if c := (Candidates{Rows: 1, Every: 1}); run(Candidates{}) != run(c) {
			t.Error("a full pass every round is an approximation")
		}
	})
}
