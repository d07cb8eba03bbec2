package baselines

import (
	"math"
	"slices"

	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/bench"
)

// aadParams returns the parameters of AAD's weight learning, with one method's defaults.
func aadParams(anomaly, relative float64, prior string, within int, unitNorm bool) []bench.Param {
	return []bench.Param{
		number("c_a", anomaly, 0, 1e9, script2018, "C_A: cost of an anomaly below the quantile"),
		number("c_n", 1.0, 0, 1e9, script2018, "C_N: cost of a nominal above the quantile"),
		number("c_x", relative, 0, 1e9, script2018,
			"C_x: cost of a score on the wrong side of the row at the quantile"),
		number("tau", 0.03, 0, 1, script2018, "share of the pool above the quantile"),
		choice("prior", prior, []string{"none", "fixed", "adaptive"},
			script2018+"; LODA-AAD's code omits the term",
			"weight rho of the pull to the prior's mean: 0, 1, or 1/labels"),
		choice("prior_mean", "uniform", []string{"uniform", "previous"}, script2018,
			"mean of the prior: the uniform weights, or those of the last round"),
		number("sigma2", 0.5, 1e-9, 1e9, script2018, "variance of the prior"),
		integer("constraints", within, 0, 1e9, script2018,
			"labelled rows of each kind that have C_x terms, redrawn each round"),
		boolean("unit_norm", unitNorm, script2018, "scale each row's features to unit length"),
		integer("memory", 0, 0, 1e9, "paper, App. B.2 (size not stated)",
			"number of most recent labels in the objective; 0: all (App. B.2 forgets labels on "+
				"kddcup and, with LODA-AAD, kddcup_rev)"),
		choice("optimizer", "rmsprop", []string{"rmsprop", "exact"}, aadCode,
			"the authors' subgradient descent, or the exact minimum by the dual"),
		integer("epochs", 1000, 1, 1e7, aadCode, "rmsprop: maximum epochs per round"),
		integer("batch", 100, 1, 1e7, aadCode, "rmsprop: labelled rows per step"),
		number("learning_rate", 0.001, 1e-12, 1e3, aadCode, "RMSprop's learning rate"),
		number("decay", 0.9, 1e-6, 1-1e-6, aadCode,
			"decay of RMSprop's mean square, which starts at 0"),
		number("epsilon", 1e-6, 1e-30, 1, aadCode, "RMSprop's epsilon, inside the root"),
		number("stop_loss", 1e-6, 1e-300, 1e9, aadCode,
			"rmsprop: ends once the loss, its change, or its moving average's change is below "+
				"this"),
		integer("stop_window", 20, 1, 1e7, aadCode, "rmsprop: epochs of that moving average"),
		boolean("keep_start", true, "our assumption: a round must not make its own objective worse",
			"rmsprop: return the round's first weights if no epoch was better; the "+
				"authors' code never does"),
		number("tolerance", 1e-6, 1e-14, 1, ours,
			"exact: duality gap, relative to the objective"),
		number("proximity", 0.1, 1e-9, 1e9, ours,
			"exact, without a prior: strength of the pull to the round's first weights that "+
				"picks one of many minima"),
	}
}

var nodeParams = []bench.Param{
	choice("node_features", "leaf", []string{"leaf", "all"}, script2018,
		"features of a row: the leaf that it reaches in each tree, or (2017) every node on "+
			"the way but the root"),
	choice("node_value", "depth", []string{"depth", "constant"}, script2018,
		"value of a feature: minus the node's depth, or (2017) -1"),
}

// aadCounts: gradient_evaluations, epochs and rows_touched count the learning, rows_scored the
// pool's rows of every round, and weights the features.
var aadCounts = []string{
	"rounds", "epochs", "gradient_evaluations", "rows_touched", "rows_scored", "weights",
}

// aadCost: the pool is encoded once; every round scores all of it again and learns from the labels
// in memory. The number of passes over the labels differs by dataset and falls as labels are added:
// our runs of Table 1 touched about 700 sqrt(labels) rows a round, from 14 to 12,000 labels, with
// rmsprop and the other defaults, most within a factor of 2; LODA-AAD from 0.2 times (few labels,
// and kddcup_rev) to 5 times as many (mmg). On random labels it may run to its limit.
var aadCost = costModel{
	rescoresAll: true,
	learning: func(p bench.Params, labels int) float64 {
		if memory := p.Int("memory"); memory > 0 {
			labels = min(labels, memory)
		}
		return min(700*math.Sqrt(float64(labels)), float64(labels)*float64(p.Int("epochs")))
	},
	brief: func(p bench.Params) { p["epochs"] = min(p.Int("epochs"), 20) },
}

var treeAAD = method{
	MethodInfo: bench.MethodInfo{
		ID: "tree_aad", Title: "Tree-AAD", Version: 1, Active: true,
		Doc:    "active anomaly discovery over an isolation forest",
		Source: "Sec. 4.2, App. A.3",
		Params: slices.Concat(forestParams, nodeParams, aadParams(1, 1, "adaptive", 1000, true)),
		Counts: aadCounts,
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		f := forestSettings(p, seed, o)
		f.Constant = p.Str("node_value") == "constant"
		if p.Str("node_features") == "all" {
			f.Nodes = ensemble.AllNodes
		}
		return ensemble.NewTreeAAD(f, aadSettings(p, seed))
	},
	cost:   aadCost,
	memory: forestMemory,
}

var lodaAAD = method{
	MethodInfo: bench.MethodInfo{
		ID: "loda_aad", Title: "LODA-AAD", Version: 1, Active: true,
		Doc:    "active anomaly discovery over LODA",
		Source: "Sec. 4.2, App. A.3",
		Params: slices.Concat(lodaParams, aadParams(100, 0.001, "none", 100, false)),
		Counts: aadCounts,
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return ensemble.NewLODAAAD(lodaSettings(p, seed, o), aadSettings(p, seed))
	},
	cost:   aadCost,
	memory: lodaMemory,
}

var priors = map[string]ensemble.Prior{
	"none": ensemble.NoPrior, "fixed": ensemble.Fixed, "adaptive": ensemble.Adaptive,
}

func aadSettings(p bench.Params, seed uint64) ensemble.AADSettings {
	return ensemble.AADSettings{
		Costs: ensemble.Costs{Anomaly: p.Float("c_a"), Nominal: p.Float("c_n"),
			Relative: p.Float("c_x")},
		Tau:       p.Float("tau"),
		Prior:     priors[p.Str("prior")],
		Sigma2:    p.Float("sigma2"),
		Previous:  p.Str("prior_mean") == "previous",
		Anomalies: p.Int("constraints"),
		Nominals:  p.Int("constraints"),
		UnitNorm:  p.Bool("unit_norm"),
		Memory:    p.Int("memory"),
		Exact:     p.Str("optimizer") == "exact",
		RMSprop: ensemble.RMSprop{
			Epochs: p.Int("epochs"), Batch: p.Int("batch"), Rate: p.Float("learning_rate"),
			Decay: p.Float("decay"), Epsilon: p.Float("epsilon"), Stop: p.Float("stop_loss"),
			Window: p.Int("stop_window"), Forget: !p.Bool("keep_start"),
		},
		Solver: ensemble.Exact{Tolerance: p.Float("tolerance"), Proximity: p.Float("proximity")},
		Seed:   seed,
	}
}
