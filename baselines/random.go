package baselines

import (
	"context"

	"github.com/uaibench/uaibench/bench"
)

var random = method{
	MethodInfo: bench.MethodInfo{
		ID: "random", Title: "random", Version: 1, Doc: "random order", Source: "App. B.3",
	},
	build: func(_ bench.Params, seed uint64, _ buildOptions) bench.Learner {
		return bench.Passive(newRandomOrder(seed))
	},
}

// randomOrder ranks in a random order that is drawn once.
type randomOrder struct {
	stream bench.Stream
	place  []float64
}

func newRandomOrder(seed uint64) *randomOrder {
	return &randomOrder{stream: bench.NewStream(seed, "random order")}
}

func (r *randomOrder) Fit(_ context.Context, d bench.Data) error {
	r.draw(d.Rows())
	return nil
}

func (r *randomOrder) draw(rows int) {
	r.place = make([]float64, rows)
	for i, p := range r.stream.Rand().Perm(rows) {
		r.place[i] = float64(p)
	}
}

// ScoresWithoutData returns the scores of the given number of rows where the cell's method uses no
// data; known is false for every other method.
func ScoresWithoutData(c bench.Cell, rows int) (scores []float64, known bool) {
	if c.Method.ID != random.ID || c.Method.Version != random.Version {
		return nil, false
	}
	r := newRandomOrder(c.Seed)
	r.draw(rows)
	return r.place, true
}

func (r *randomOrder) Scores(_ context.Context, dst []float64, _ bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	if rows == nil {
		copy(dst, r.place)
		return bench.HeadBase, nil
	}
	for i, row := range rows {
		dst[i] = r.place[row]
	}
	return bench.HeadBase, nil
}
