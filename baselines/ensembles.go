package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/bench"
)

// Where the ensembles' defaults come from.
const (
	script2018 = "the AAD authors' batch script, May to December 2018"
	aadCode    = "the AAD authors' code (ad_examples)"
	lodaCode   = "the AAD authors' code (loda.py)"
)

var forestParams = []bench.Param{
	{Name: "trees", Kind: bench.Int, Default: 100, Min: bench.At(1), Max: bench.At(1e4), Doc: "trees of the isolation forest", Source: script2018},
	{Name: "subsample", Kind: bench.Int, Default: 256, Min: bench.At(1), Max: bench.At(1 << 16), Doc: "rows that a tree is grown on, drawn without replacement; all, where there are fewer", Source: script2018},
}

var lodaParams = []bench.Param{
	{Name: "k_min", Kind: bench.Int, Default: 300, Min: bench.At(0), Max: bench.At(1e4), Doc: "projections are more than this", Source: script2018},
	{Name: "k_max", Kind: bench.Int, Default: 500, Min: bench.At(1), Max: bench.At(1e4), Doc: "projections at most, and at least k_min + 1", Source: script2018},
	{Name: "stop_change", Kind: bench.Float, Default: 0.01, Min: bench.At(1e-12), Max: bench.At(1e6), Doc: "no more projections once the scores' mean change is below this share of the first", Source: lodaCode},
	{Name: "bin_tries", Kind: bench.Int, Default: 500, Min: bench.At(1), Max: bench.At(1e6), Doc: "numbers of bins that are tried for a histogram (and up to twice as many)", Source: lodaCode},
	{Name: "extra_bin", Kind: bench.Bool, Default: true, Doc: "build one bin more than the rule chose, as the authors' code does (an off-by-one)", Source: lodaCode},
	{Name: "density_floor", Kind: bench.Float, Default: 1e-8, Min: bench.At(1e-300), Max: bench.At(1e6), Doc: "least density of a bin", Source: lodaCode},
}

var nodeParams = []bench.Param{
	{Name: "node_features", Kind: bench.String, Default: "leaf", Enum: []string{"leaf", "all"}, Doc: "features of a row: the leaf that it reaches in each tree, or (2017) every node on the way but the root", Source: script2018},
	{Name: "node_value", Kind: bench.String, Default: "depth", Enum: []string{"depth", "constant"}, Doc: "of a feature: minus the node's depth, or (2017) -1", Source: script2018},
}

// aadParams are the parameters of AAD's weight learning with one method's defaults.
func aadParams(anomaly, relative float64, prior string, within int, unitNorm bool) []bench.Param {
	return []bench.Param{
		{Name: "c_a", Kind: bench.Float, Default: anomaly, Min: bench.At(0), Max: bench.At(1e9), Doc: "C_A: cost of an anomaly below the quantile", Source: script2018},
		{Name: "c_n", Kind: bench.Float, Default: 1.0, Min: bench.At(0), Max: bench.At(1e9), Doc: "C_N: cost of a nominal above the quantile", Source: script2018},
		{Name: "c_x", Kind: bench.Float, Default: relative, Min: bench.At(0), Max: bench.At(1e9), Doc: "C_x: cost of standing on the wrong side of the row at the quantile", Source: script2018},
		{Name: "tau", Kind: bench.Float, Default: 0.03, Min: bench.At(0), Max: bench.At(1), Doc: "share of the pool above the quantile", Source: script2018},
		{Name: "prior", Kind: bench.String, Default: prior, Enum: []string{"none", "fixed", "adaptive"}, Doc: "rho of the pull to the prior's mean: 0, 1, or 1/labels", Source: script2018 + "; LODA-AAD: its code leaves the term out"},
		{Name: "prior_mean", Kind: bench.String, Default: "uniform", Enum: []string{"uniform", "previous"}, Doc: "the uniform weights, or those of the last round", Source: script2018},
		{Name: "sigma2", Kind: bench.Float, Default: 0.5, Min: bench.At(1e-9), Max: bench.At(1e9), Doc: "variance of the prior", Source: script2018},
		{Name: "constraints", Kind: bench.Int, Default: within, Min: bench.At(0), Max: bench.At(1e9), Doc: "labelled rows of each kind that have C_x terms, drawn anew each round", Source: script2018},
		{Name: "unit_norm", Kind: bench.Bool, Default: unitNorm, Doc: "scale each row's features to unit length", Source: script2018},
		{Name: "memory", Kind: bench.Int, Default: 0, Min: bench.At(0), Max: bench.At(1e9), Doc: "labels that the objective remembers, the most recent ones; 0: all (App. B.2 forgets on kddcup and, LODA-AAD, kddcup_rev)", Source: "paper, App. B.2 (size not stated)"},
		{Name: "optimizer", Kind: bench.String, Default: "rmsprop", Enum: []string{"rmsprop", "exact"}, Doc: "the authors' subgradient descent, or the exact minimum by the dual", Source: aadCode},
		{Name: "epochs", Kind: bench.Int, Default: 1000, Min: bench.At(1), Max: bench.At(1e7), Doc: "rmsprop: at most, a round", Source: aadCode},
		{Name: "batch", Kind: bench.Int, Default: 100, Min: bench.At(1), Max: bench.At(1e7), Doc: "rmsprop: labelled rows a step", Source: aadCode},
		{Name: "learning_rate", Kind: bench.Float, Default: 0.001, Min: bench.At(1e-12), Max: bench.At(1e3), Doc: "of RMSprop", Source: aadCode},
		{Name: "decay", Kind: bench.Float, Default: 0.9, Min: bench.At(1e-6), Max: bench.At(1 - 1e-6), Doc: "of RMSprop's mean square, which starts at 0", Source: aadCode},
		{Name: "epsilon", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-30), Max: bench.At(1), Doc: "of RMSprop, inside the root", Source: aadCode},
		{Name: "stop_loss", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-300), Max: bench.At(1e9), Doc: "rmsprop: ends once the loss, its change, or its moving average's change is below", Source: aadCode},
		{Name: "stop_window", Kind: bench.Int, Default: 20, Min: bench.At(1), Max: bench.At(1e7), Doc: "rmsprop: epochs of that moving average", Source: aadCode},
		{Name: "keep_start", Kind: bench.Bool, Default: true, Doc: "rmsprop: return the round's first weights where no epoch was better; the authors' code never does", Source: "our assumption: a round must not make its own objective worse"},
		{Name: "tolerance", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-14), Max: bench.At(1), Doc: "exact: duality gap, relative to the objective", Source: "our assumption"},
		{Name: "proximity", Kind: bench.Float, Default: 0.1, Min: bench.At(1e-9), Max: bench.At(1e9), Doc: "exact, without a prior: strength of the pull to the round's first weights that picks one of many minima", Source: "our assumption"},
	}
}

var (
	treeAADParams = slices.Concat(forestParams, nodeParams, aadParams(1, 1, "adaptive", 1000, true))
	lodaAADParams = slices.Concat(lodaParams, aadParams(100, 0.001, "none", 100, false))
)

func forestSettings(p bench.Params, seed uint64, with means) ensemble.ForestSettings {
	return ensemble.ForestSettings{Trees: p.Int("trees"), Subsample: p.Int("subsample"), Seed: seed, Workers: max(1, with.threads)}
}

func lodaSettings(p bench.Params, seed uint64, with means) ensemble.LodaSettings {
	return ensemble.LodaSettings{
		Least: p.Int("k_min"), Most: p.Int("k_max"), Stop: p.Float("stop_change"),
		Tries: p.Int("bin_tries"), Plain: !p.Bool("extra_bin"), Floor: p.Float("density_floor"),
		Seed: seed, Workers: max(1, with.threads),
	}
}

func aadSettings(p bench.Params, seed uint64) ensemble.AADSettings {
	return ensemble.AADSettings{
		Costs:     ensemble.Costs{Anomaly: p.Float("c_a"), Nominal: p.Float("c_n"), Relative: p.Float("c_x")},
		Tau:       p.Float("tau"),
		Prior:     map[string]ensemble.Prior{"none": ensemble.NoPrior, "fixed": ensemble.Fixed, "adaptive": ensemble.Adaptive}[p.Str("prior")],
		Sigma2:    p.Float("sigma2"),
		Previous:  p.Str("prior_mean") == "previous",
		Anomalies: p.Int("constraints"),
		Nominals:  p.Int("constraints"),
		UnitNorm:  p.Bool("unit_norm"),
		Memory:    p.Int("memory"),
		Exact:     p.Str("optimizer") == "exact",
		RMSprop: ensemble.RMSprop{
			Epochs: p.Int("epochs"), Batch: p.Int("batch"), Rate: p.Float("learning_rate"), Decay: p.Float("decay"),
			Epsilon: p.Float("epsilon"), Stop: p.Float("stop_loss"), Window: p.Int("stop_window"), Forget: !p.Bool("keep_start"),
		},
		Solver: ensemble.Exact{Tolerance: p.Float("tolerance"), Proximity: p.Float("proximity")},
		Seed:   seed,
	}
}

func iforest(p bench.Params, seed uint64, with means) bench.Learner {
	return bench.Passive(ensemble.NewIForest(forestSettings(p, seed, with)))
}

func loda(p bench.Params, seed uint64, with means) bench.Learner {
	return bench.Passive(ensemble.NewLODA(lodaSettings(p, seed, with)))
}

func treeAAD(p bench.Params, seed uint64, with means) bench.Learner {
	f := forestSettings(p, seed, with)
	f.Constant = p.Str("node_value") == "constant"
	if p.Str("node_features") == "all" {
		f.Nodes = ensemble.AllNodes
	}
	return ensemble.NewTreeAAD(f, aadSettings(p, seed))
}

func lodaAAD(p bench.Params, seed uint64, with means) bench.Learner {
	return ensemble.NewLODAAAD(lodaSettings(p, seed, with), aadSettings(p, seed))
}
