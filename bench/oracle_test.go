package bench

import (
	"math"
	"slices"
	"testing"
)

func TestTruth(t *testing.T) {
	y := []bool{false, true, false}
	got, err := Truth(y).Audit(t.Context(), []int{1, 0, 1})
	if err != nil || !slices.Equal(got, []bool{true, false, true}) {
		t.Errorf("%v, %v", got, err)
	}
	got[1] = true // the caller owns the answer
	if y[0] {
		t.Error("the answer shares memory with the truth")
	}
	for _, row := range []int{-1, 3} {
		if _, err := Truth(y).Audit(t.Context(), []int{row}); err == nil {
			t.Errorf("row %d of 3 was answered", row)
		}
	}
}

func answers(t *testing.T, o Oracle, rows []int) []bool {
	t.Helper()
	a, err := o.Audit(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNoisy(t *testing.T) {
	const n = 20000
	y := make([]bool, n)
	rows := make([]int, n)
	for i := range n {
		y[i], rows[i] = i%2 == 0, i
	}
	s := NewStream(5, "oracle")
	noise := Noise{Miss: 0.3, Alarm: 0.05}
	got := answers(t, Noisy(Truth(y), noise, s), rows)
	var miss, alarm float64
	for i := range got {
		if y[i] && !got[i] {
			miss++
		}
		if !y[i] && got[i] {
			alarm++
		}
	}
	// n/2 draws each: five standard deviations of a binomial.
	for _, c := range []struct{ p, got float64 }{{noise.Miss, miss}, {noise.Alarm, alarm}} {
		if sd := math.Sqrt(n / 2 * c.p * (1 - c.p)); math.Abs(c.got-n/2*c.p) > 5*sd {
			t.Errorf("%g wrong answers of %d, want %g ± %g", c.got, n/2, n/2*c.p, sd)
		}
	}
	// A row gets the same answer in any order and any batches.
	back := slices.Clone(rows)
	slices.Reverse(back)
	other := Noisy(Truth(y), noise, s)
	for i := 0; i < n; i += 7 {
		batch := back[i:min(i+7, n)]
		for j, a := range answers(t, other, batch) {
			if a != got[batch[j]] {
				t.Fatalf("row %d is answered otherwise in another order", batch[j])
			}
		}
	}
	if slices.Equal(got, answers(t, Noisy(Truth(y), noise, NewStream(6, "oracle")), rows)) {
		t.Error("another stream errs on the same rows")
	}
	if !slices.Equal(y, answers(t, Noisy(Truth(y), Noise{}, s), rows)) {
		t.Error("without noise it errs")
	}
	for i, a := range answers(t, Noisy(Truth(y), Noise{1, 1}, s), rows) {
		if a == y[i] {
			t.Fatal("with certain noise it is right")
		}
	}
	if _, err := Noisy(Truth(y), noise, s).Audit(t.Context(), []int{n}); err == nil {
		t.Error("the wrapped oracle's error is lost")
	}
}

// A golden that must never change: the wrong answers according to a Python transcription of
// splitmix64's finaliser and PCG-DXSM.
func TestNoisyGolden(t *testing.T) {
	rows := make([]int, 40)
	for i := range rows {
		rows[i] = i
	}
	var wrong []int
	for i, a := range answers(t, Noisy(Truth(make([]bool, 40)), Noise{Alarm: 0.3}, NewStream(2019, "oracle")), rows) {
		if a {
			wrong = append(wrong, i)
		}
	}
	if want := []int{0, 1, 4, 5, 9, 14, 20, 22, 23, 24, 26, 29, 38, 39}; !slices.Equal(wrong, want) {
		t.Errorf("wrong on rows %v, want %v", wrong, want)
	}
}
