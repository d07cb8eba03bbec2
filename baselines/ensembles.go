package baselines

import (
	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/bench"
)

// Sources of the ensembles' defaults.
const (
	script2018 = "the AAD authors' batch script, May to December 2018"
	aadCode    = "the AAD authors' code (ad_examples)"
	lodaCode   = "the AAD authors' code (loda.py)"
)

var forestParams = []bench.Param{
	integer("trees", 100, 1, 1e4, script2018, "trees of the isolation forest"),
	integer("subsample", 256, 1, 1<<16, script2018,
		"rows per tree, drawn without replacement; all, if there are fewer"),
}

var iforest = method{
	MethodInfo: bench.MethodInfo{
		ID: "iforest", Title: "IForest", Version: 1,
		Doc:    "isolation forest, ranked by mean path length",
		Source: "Liu, Ting and Zhou 2008",
		Params: forestParams, Counts: []string{"trees", "leaves"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return bench.Passive(ensemble.NewIForest(forestSettings(p, seed, o)))
	},
	memory: forestMemory,
}

func forestSettings(p bench.Params, seed uint64, o buildOptions) ensemble.ForestSettings {
	return ensemble.ForestSettings{Trees: p.Int("trees"), Subsample: p.Int("subsample"), Seed: seed,
		Workers: max(1, o.threads)}
}

// forestMemory counts a 2-byte code for each row and tree, and the tables of scores.
func forestMemory(p bench.Params, s Shape, threads int) int64 {
	const number = 4
	trees, sample := int64(p.Int("trees")), int64(p.Int("subsample"))
	nodes := trees * 2 * max(256, sample)
	return 2*trees*int64(s.Rows) + 3*wide*nodes +
		int64(threads)*(2*256*trees+2*number*sample*int64(s.Features))
}

var lodaParams = []bench.Param{
	integer("k_min", 300, 0, 1e4, script2018, "the number of projections is above this"),
	integer("k_max", 500, 1, 1e4, script2018, "maximum number of projections, at least k_min + 1"),
	number("stop_change", 0.01, 1e-12, 1e6, lodaCode,
		"stop adding projections once the scores' mean change is below this share of the first"),
	integer("bin_tries", 500, 1, 1e6, lodaCode,
		"numbers of bins tried for a histogram (and up to twice as many)"),
	boolean("extra_bin", true, lodaCode,
		"build one bin more than the rule chose, as the authors' code does (an off-by-one)"),
	number("density_floor", 1e-8, 1e-300, 1e6, lodaCode, "minimum density of a bin"),
}

var loda = method{
	MethodInfo: bench.MethodInfo{
		ID: "loda", Title: "LODA", Version: 1,
		Doc:    "histograms along random projections, ranked by mean negative log density",
		Source: "Pevny 2016",
		Params: lodaParams, Counts: []string{"projections", "bins"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return bench.Passive(ensemble.NewLODA(lodaSettings(p, seed, o)))
	},
	memory: lodaMemory,
}

func lodaSettings(p bench.Params, seed uint64, o buildOptions) ensemble.LodaSettings {
	return ensemble.LodaSettings{
		Least: p.Int("k_min"), Most: p.Int("k_max"), Stop: p.Float("stop_change"),
		Tries: p.Int("bin_tries"), Plain: !p.Bool("extra_bin"), Floor: p.Float("density_floor"),
		Seed: seed, Workers: max(1, o.threads),
	}
}

// lodaMemory counts a 2-byte code for each row and projection, the tables of scores, which grow with
// the rows as the histograms have more bins, and the histograms' working memory.
func lodaMemory(p bench.Params, s Shape, threads int) int64 {
	n, members := int64(s.Rows), int64(max(p.Int("k_max"), p.Int("k_min")+1))
	codes := 2 * members * n
	padding := min(codes, members*(32<<10)) // a round's tables
	return codes + padding + wide*n*(26+3*int64(threads)) + 2*wide*members*512
}
