package synth

import (
	"context"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

var reduceParams = []bench.Param{
	{Name: "keep", Kind: bench.Float, Default: 0.1, Min: bench.At(0), Max: bench.At(1),
		Doc:    "probability that an image of a reduced class is kept; unused with draw: exact",
		Source: paper41},
	{Name: "draw", Kind: bench.String, Default: "bernoulli", Enum: []string{"bernoulli", "exact"},
		Doc: "which images of the reduced classes are kept: each independently with " +
			"probability keep, or exactly as many as the paper prints", Source: inferred},
}

// reduce makes the paper's X0 and X0-2: some images of the reduced classes stay, each under a label
// drawn uniformly from the other classes; they are the anomalies.
func reduce(_ context.Context, r *recipe, m *source.Images, p bench.Params,
	seed uint64) (marks, error) {
	out := marks{drop: make([]bool, m.Count), anomaly: make([]bool, m.Count), class: make([]int32,
		m.Count)}
	kept := r.kept(p, seed)
	label := make([]func() int32, r.first)
	for c := range label {
		rng := bench.NewStream(seed, "synth/label", c).Rand()
		label[c] = func() int32 { return int32(r.first + rng.IntN(classes-r.first)) }
	}
	seen := make([]int, r.first) // images of each reduced class so far
	for i, l := range m.Labels {
		c := int(l)
		if c >= r.first {
			out.class[i] = int32(c)
			continue
		}
		out.class[i] = label[c]()
		out.anomaly[i] = kept[c][seen[c]]
		out.drop[i] = !out.anomaly[i]
		seen[c]++
	}
	return out, nil
}

// kept marks, per reduced class, the images that stay, in file order. It needs only the numbers of
// images, not data, so a plan can compute the number of rows.
func (r *recipe) kept(p bench.Params, seed uint64) [][]bool {
	out := make([][]bool, r.first)
	if p.Str("draw") == "exact" {
		n := 0
		for c := range out {
			n += r.counts[c]
		}
		chosen := choose(n, r.Published.Anomalies, bench.NewStream(seed, "synth/exact").Rand())
		for c := range out {
			out[c], chosen = chosen[:r.counts[c]], chosen[r.counts[c]:]
		}
		return out
	}
	keep := p.Float("keep")
	for c := range out {
		rng := bench.NewStream(seed, "synth/keep", c).Rand()
		out[c] = make([]bool, r.counts[c])
		for i := range out[c] {
			out[c][i] = rng.Float64() < keep
		}
	}
	return out
}
