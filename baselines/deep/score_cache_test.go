package deep

import (
	"context"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestIdenticalRowsOnce: knowing which rows are identical changes no score and no count, for all
// rows and for some, in any order, with classes that differ between identical rows; each kind of
// row is computed once, but random scores are not shared.
func TestIdenticalRowsOnce(t *testing.T) {
	d := toy(300, 11, 3)
	known := d
	known.Same = make([]int32, d.Rows())
	for i := range known.Same {
		known.Same[i] = int32(i)
		if i > 20 && i%3 != 0 {
			copy(d.X.Row(i), d.X.Row(i%7)) // shared with known
			known.Same[i] = int32(i % 7)
		}
	}
	some := []int{250, 4, 11, 299, 11, 25, 3, 32}
	ctx := context.Background()
	set := Settings{Hidden: []int{6, 3}, Batch: 16, Seed: 5, Pretrain: 10}
	type base struct {
		make  func() Base
		kinds int // number of kinds of rows, counting classes where they matter
	}
	bases := map[string]base{
		"DAE": {func() Base { return NewDAE(DAESettings{Settings: set, Noise: 0.1}) },
			0},
		"DAE, noisy score": {func() Base { return NewDAE(DAESettings{Settings: set, Noise: 0.1, NoisyScore: true}) }, d.Rows()},
		"Class":            {func() Base { return NewClass(set) }, 0},
	}
	for name, make := range compared {
		bases[name] = base{func() Base { return make(set) }, 0}
	}
	for name, c := range bases {
		t.Run(name, func(t *testing.T) {
			var scores [2][]float64
			var counts [2]int64
			for i, data := range []bench.Data{d, known} {
				u := NewUAI(&counted{Base: c.make()}, set,
					UAISettings{Round: 2, Score: Standardized})
				if err := u.Train(ctx, data, bench.Labels{}); err != nil {
					t.Fatal(err)
				}
				l := bench.Labels{Index: []int{3, 8, 20}, Anomaly: []bool{true, false, false}}
				if err := u.Train(ctx, data, l); err != nil {
					t.Fatal(err)
				}
				for _, rows := range [][]int{nil, some, slices.Repeat(some, 40), {}} {
					n := len(rows)
					if rows == nil {
						n = d.Rows()
					}
					for _, head := range []bench.Head{bench.HeadBase, bench.HeadTrained} {
						dst := make([]float64, n)
						u.base.(*counted).rows = 0
						if _, err := u.Scores(ctx, dst, data, rows, head); err != nil {
							t.Fatal(err)
						}
						scores[i] = append(scores[i], dst...)
						if i == 1 && rows == nil {
							if got, want := u.base.(*counted).rows, kindsOf(known,
								c.kinds); got != want {
								t.Errorf("%d rows were computed, want %d", got, want)
							}
						}
					}
				}
				counts[i] = u.Counts()["rows_scored"]
			}
			if !slices.Equal(scores[0], scores[1]) {
				t.Error("scores differ where identical rows are known")
			}
			// One pass over all rows for the moments, then twice all, some, 40 times some, and
			// none.
			if want := int64(d.Rows() + 2*(d.Rows()+41*len(some))); counts[0] != want {
				t.Errorf("rows_scored is %d, want %d", counts[0], want)
			}
			if counts[0] != counts[1] {
				t.Errorf("rows_scored is %d, or %d where identical rows are known", counts[0],
					counts[1])
			}
		})
	}
}

// kindsOf returns known or, if that is 0, the number of pairs of features and class.
func kindsOf(d bench.Data, known int) int {
	if known > 0 {
		return known
	}
	type kind struct{ same, class int32 }
	seen := map[kind]bool{}
	for i, s := range d.Same {
		seen[kind{s, d.Class[i]}] = true
	}
	return len(seen)
}

// counted counts the rows of scoring passes.
type counted struct {
	Base
	rows int
}

func (c *counted) Refresh(ctx context.Context, d bench.Data) error {
	if r, ok := c.Base.(Refresher); ok {
		return r.Refresh(ctx, d)
	}
	return nil
}

func (c *counted) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	if mode == Scoring {
		c.rows += len(rows)
	}
	return c.Base.Forward(mode, d, rows)
}
