package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/labels"
	"github.com/uaibench/uaibench/bench"
)

var labelsAlone = method{
	MethodInfo: bench.MethodInfo{
		ID: "labels", Title: "labels alone", Version: 1, Active: true,
		Doc: "logistic regression of the labels on features and isolation-forest score; only " +
			"the forest until both answers are known",
		Source: "our own baseline: the value of labels alone",
		Params: slices.Concat(forestParams, []bench.Param{
			number("c", 1.0, 1e-9, 1e9, "scikit-learn's default",
				"weight of the log loss against half the squared weights"),
			number("tolerance", 1e-8, 1e-12, 1, ours, "tolerance of the gradient's largest "+
				"component"),
		}),
		Counts: []string{"fits", "newton_steps"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return labels.New(labels.Settings{
			Forest: forestSettings(p, seed, o), C: p.Float("c"), Tolerance: p.Float("tolerance"),
		})
	},
	// The forest's memory, and the labelled rows' inputs.
	memory: func(p bench.Params, s Shape, threads int) int64 {
		return forestMemory(p, s, threads) +
			wide*int64(min(s.Rows, max(s.Budget, 10000)))*int64(s.Features+2)
	},
}
