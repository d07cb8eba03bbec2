package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/bench"
)

const siddiqui = "Siddiqui et al. 2018"

var fif = method{
	MethodInfo: bench.MethodInfo{
		ID: "fif", Title: "FIF", Version: 2, Active: true,
		Doc:    "isolation forest with edge weights updated from labels by mirror descent",
		Source: siddiqui,
		Params: slices.Concat(forestParams, []bench.Param{
			choice("loss", "linear", []string{"linear", "likelihood"}, siddiqui,
				"loss of a label; linear: minus its score, in constant time; likelihood: minus "+
					"the logarithm of its share of the pool's e^score, in time that grows with "+
					"the rows"),
			number("learning_rate", 1.0, 1e-12, 1e6, siddiqui, "size of a label's step"),
		}),
		Counts: []string{"labels", "edges_touched", "rows_scored", "weights"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return ensemble.NewFIF(ensemble.FIFSettings{
			Forest: forestSettings(p, seed, o),
			Rate:   p.Float("learning_rate"), Likelihood: p.Str("loss") == "likelihood",
		})
	},
	memory: forestMemory,
}
