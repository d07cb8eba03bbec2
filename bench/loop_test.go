package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// scripted is a learner that records its calls. score returns a row's score given the labels of the
// last training.
type scripted struct {
	score   func(row int, l Labels) float64
	trained []Labels // a copy of each Train's labels
	scored  [][]int  // the rows of each Scores; nil: all
	wanted  []Head
	err     error
}

func (s *scripted) Train(_ context.Context, _ Data, l Labels) error {
	s.trained = append(s.trained, Labels{slices.Clone(l.Index), slices.Clone(l.Anomaly)})
	return s.err
}

func (s *scripted) Scores(_ context.Context, dst []float64, d Data, rows []int, want Head) (Head, error) {
	s.scored = append(s.scored, slices.Clone(rows))
	s.wanted = append(s.wanted, want)
	for i := range dst {
		row := i
		if rows != nil {
			row = rows[i]
		}
		dst[i] = s.score(row, s.trained[len(s.trained)-1])
	}
	return want, nil
}

type scriptedStatic struct{ *scripted }

func (scriptedStatic) Static() bool { return true }

type scriptedCold struct {
	*scripted
	calls int
}

func (c scriptedCold) Cold(call int, _ Labels) bool { return call <= c.calls }

// rounds is a Recorder that keeps copies of the rounds.
type rounds []Round

func (r *rounds) Record(x Round) error {
	x.Rows, x.Scores, x.Anomaly = slices.Clone(x.Rows), slices.Clone(x.Scores), slices.Clone(x.Anomaly)
	*r = append(*r, x)
	return nil
}

func pool(n int) Data { return Data{X: NewMatrix(n, 1)} }

func anomalies(n int, rows ...int) []bool {
	y := make([]bool, n)
	for _, r := range rows {
		y[r] = true
	}
	return y
}

// Algorithm 1 by hand. Ten rows on a line, anomalies at 6, 7 and 8. Without labels row i scores i
// modulo 5; later, its nearness to the nearest anomaly found, or the former score if none is.
//
//	round 1: scores 0 1 2 3 4 0 1 2 3 4: rows 4 and 9, ties to the lower; both normal
//	round 2: without 4 and 9 the best are 3 and 8 (3 each): 8 is an anomaly
//	round 3: nearest to 8: 7 (1 away), then 6 (2 away): both anomalies
//	round 4: nearest to 6, 7 or 8: 5 (1 away), then 2 (4 away); cut to one, for b = 7
func TestRunByHand(t *testing.T) {
	m := &scripted{score: func(row int, l Labels) float64 {
		best := math.Inf(-1)
		for i, r := range l.Index {
			if l.Anomaly[i] {
				best = max(best, -math.Abs(float64(r-row)))
			}
		}
		if math.IsInf(best, -1) {
			return float64(row % 5)
		}
		return best
	}}
	var got rounds
	l, err := Run(t.Context(), pool(10), m, Truth(anomalies(10, 6, 7, 8)), Settings{Budget: 7, K: 2}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := rounds{
		{1, HeadTrained, []int{4, 9}, []float64{4, 4}, []bool{false, false}, 2},
		{2, HeadTrained, []int{3, 8}, []float64{3, 3}, []bool{false, true}, 4},
		{3, HeadTrained, []int{7, 6}, []float64{-1, -2}, []bool{true, true}, 6},
		{4, HeadTrained, []int{5}, []float64{-1}, []bool{false}, 7},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{4, 9, 3, 8, 7, 6, 5}, l.Index); diff != "" {
		t.Error(diff)
	}
	// It is trained before each selection with the labels so far, and scored on the unaudited rows.
	for i, tr := range m.trained {
		if diff := cmp.Diff(l.Index[:2*i], tr.Index, cmp.Transformer("", func(x []int) string { return fmt.Sprint(x) })); diff != "" {
			t.Errorf("training %d: %s", i+1, diff)
		}
	}
	if diff := cmp.Diff([][]int{nil, {0, 1, 2, 3, 5, 6, 7, 8}, {0, 1, 2, 5, 6, 7}, {0, 1, 2, 5}}, m.scored); diff != "" {
		t.Error(diff)
	}
}

// For any pool, budget, k and scores, exactly b different rows are audited, in rounds of k except
// the last, each the best of the rest, and the answers are the oracle's.
func TestRunAuditsExactlyTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		b := rapid.IntRange(1, n).Draw(t, "b")
		k := rapid.IntRange(1, 45).Draw(t, "k")
		y := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "truth")
		base := rapid.SliceOfN(rapid.IntRange(0, 5), n, n).Draw(t, "scores")
		m := &scripted{score: func(row int, l Labels) float64 { return float64((base[row] + l.Len()*row) % 7) }}
		var got rounds
		l, err := Run(context.Background(), pool(n), m, Truth(y), Settings{Budget: b, K: k}, &got)
		if err != nil {
			t.Fatal(err)
		}
		if l.Len() != b || len(l.Anomaly) != b || len(got) != (b+k-1)/k {
			t.Fatalf("%d audits in %d rounds", l.Len(), len(got))
		}
		left := map[int]bool{}
		for row := range n {
			left[row] = true
		}
		for i, r := range got {
			if want := min(k, b-i*k); len(r.Rows) != want || r.Call != i+1 || r.Audited != i*k+want {
				t.Fatalf("round %+v, want %d rows", r, want)
			}
			for j, row := range r.Rows {
				if !left[row] {
					t.Fatalf("row %d is audited again", row)
				}
				delete(left, row)
				if r.Anomaly[j] != y[row] || r.Scores[j] != m.score(row, m.trained[i]) {
					t.Fatalf("row %d: answer or score is another row's", row)
				}
				for other := range left {
					s, o := r.Scores[j], m.score(other, m.trained[i])
					if !slices.Contains(r.Rows[j:], other) && (o > s || o == s && other < row) {
						t.Fatalf("row %d (%g) was passed over for %d (%g)", other, o, row, s)
					}
				}
			}
		}
	})
}

func TestRunStopsWhenDone(t *testing.T) {
	m := &scripted{score: func(row int, _ Labels) float64 { return -float64(row) }}
	found := 0
	y := anomalies(20, 1, 4)
	l, err := Run(t.Context(), pool(20), m, Truth(y), Settings{Budget: 20, K: 3, Done: func(rows []int) bool {
		for _, r := range rows {
			if y[r] {
				found++
			}
		}
		return found == 2
	}}, new(rounds))
	if err != nil || l.Len() != 6 || len(m.trained) != 2 {
		t.Errorf("%d audits, %d trainings, %v; want 6 and 2", l.Len(), len(m.trained), err)
	}
}

func TestRunDefaultK(t *testing.T) {
	var got rounds
	m := &scripted{score: func(row int, _ Labels) float64 { return 0 }}
	if _, err := Run(t.Context(), pool(30), m, Truth(make([]bool, 30)), Settings{Budget: 25}, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || len(got[0].Rows) != 10 || len(got[2].Rows) != 5 {
		t.Errorf("rounds: %v", got)
	}
}

func TestColdStart(t *testing.T) {
	m := scriptedCold{&scripted{score: func(row int, _ Labels) float64 { return 0 }}, 2}
	var got rounds
	if _, err := Run(t.Context(), pool(9), m, Truth(make([]bool, 9)), Settings{Budget: 8, K: 2}, &got); err != nil {
		t.Fatal(err)
	}
	want := []Head{HeadBase, HeadBase, HeadTrained, HeadTrained}
	if diff := cmp.Diff(want, m.wanted); diff != "" {
		t.Error(diff)
	}
	for i, r := range got {
		if r.Head != want[i] {
			t.Errorf("round %d was selected by %v", i+1, r.Head)
		}
	}
}

func TestStaticIsScoredOnce(t *testing.T) {
	score := []float64{3, 9, 1, 9, 7, 0, 2}
	m := scriptedStatic{&scripted{score: func(row int, _ Labels) float64 { return score[row] }}}
	l, err := Run(t.Context(), pool(7), m, Truth(make([]bool, 7)), Settings{Budget: 7, K: 2}, new(rounds))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 3, 4, 0, 6, 2, 5}, l.Index); diff != "" {
		t.Error(diff)
	}
	if len(m.scored) != 1 {
		t.Errorf("scored %d times", len(m.scored))
	}
}

// fitter is a detector that counts its fits.
type fitter struct {
	scripted
	fits int
}

func (f *fitter) Fit(context.Context, Data) error { f.fits++; f.trained = []Labels{{}}; return f.err }
func (f *fitter) Counts() map[string]int64        { return map[string]int64{"fits": int64(f.fits)} }

func TestPassiveFitsOnce(t *testing.T) {
	f := &fitter{scripted: scripted{score: func(row int, _ Labels) float64 { return float64(row) }}}
	m := Passive(f)
	l, err := Run(t.Context(), pool(5), m, Truth(make([]bool, 5)), Settings{Budget: 4, K: 1}, new(rounds))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{4, 3, 2, 1}, l.Index); diff != "" {
		t.Error(diff)
	}
	if got := m.(Counter).Counts()["fits"]; got != 1 || !m.(Static).Static() {
		t.Errorf("fitted %d times", got)
	}
	f.err = errors.New("singular")
	if err := Passive(f).Train(t.Context(), pool(5), Labels{}); !errors.Is(err, f.err) {
		t.Errorf("Fit's error is lost: %v", err)
	}
}

// A checkpoint is called with the model trained on all labels so far, at the first round at or
// after it; those not reached, at the end.
func TestCheckpoints(t *testing.T) {
	m := &scripted{score: func(row int, _ Labels) float64 { return float64(row) }}
	type look struct{ At, Audited, TrainedOn int }
	var got []look
	s := Settings{Budget: 9, K: 2, Checkpoints: []int{0, 3, 4, 9, 50}, Checkpoint: func(at int, l Labels, _ Learner) error {
		got = append(got, look{at, l.Len(), m.trained[len(m.trained)-1].Len()})
		return nil
	}}
	if _, err := Run(t.Context(), pool(12), m, Truth(make([]bool, 12)), s, new(rounds)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]look{{0, 0, 0}, {3, 4, 4}, {4, 4, 4}, {9, 9, 9}, {50, 9, 9}}, got); diff != "" {
		t.Error(diff)
	}
	boom := errors.New("boom")
	for _, at := range []int{0, 4, 50} {
		s.Checkpoints = []int{at}
		s.Checkpoint = func(int, Labels, Learner) error { return boom }
		if _, err := Run(t.Context(), pool(12), m, Truth(make([]bool, 12)), s, new(rounds)); !errors.Is(err, boom) {
			t.Errorf("the error of checkpoint %d is lost: %v", at, err)
		}
	}
}

func TestFirstSeesAllScores(t *testing.T) {
	m := scriptedCold{&scripted{score: func(row int, l Labels) float64 { return float64(row + 100*l.Len()) }}, 1}
	calls := 0
	s := Settings{Budget: 4, K: 2, First: func(scores []float64, h Head) error {
		calls++
		if diff := cmp.Diff([]float64{0, 1, 2, 3, 4}, scores); diff != "" || h != HeadBase {
			t.Errorf("%v %s", h, diff)
		}
		return nil
	}}
	if _, err := Run(t.Context(), pool(5), m, Truth(make([]bool, 5)), s, new(rounds)); err != nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
