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
		return bench.Passive(&randomOrder{stream: bench.NewStream(seed, "random order")})
	},
}

// randomOrder ranks in a random order drawn once.
type randomOrder struct {
	stream bench.Stream
	place  []float64
}

func (r *randomOrder) Fit(_ context.Context, d bench.Data) error {
	r.place = make([]float64, d.Rows())
	for i, p := range r.stream.Rand().Perm(d.Rows()) {
		r.place[i] = float64(p)
	}
	return nil
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
