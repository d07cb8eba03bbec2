package baselines

import (
	"github.com/uaibench/uaibench/baselines/ocsvm"
	"github.com/uaibench/uaibench/bench"
)

var ocsvmParams = []bench.Param{
	number("nu", 0.1, 1e-6, 1,
		"Zong et al. 2018, as remembered; the printed false-positive rates agree",
		"at most this share of the training rows is outside, at least this share are support "+
			"vectors; Table 3's were 0.1, 0.02, 0.04 and 0.1 on kddcup, thyroid, arrhythmia and "+
			"kddcup_rev"),
	number("gamma", 0.0, 0, 1e9, "our assumption; LIBSVM's default",
		"gamma of the kernel exp(-gamma |x - y|²); 0: 1/d"),
	number("tolerance", 1e-3, 1e-9, 1, "LIBSVM's default",
		"tolerance of the dual's optimality conditions, with alphas that sum to nu n"),
	integer("subsample", 20000, 0, 1<<20, ours,
		"maximum number of training rows, drawn without replacement; 0: all"),
	integer("cache_megabytes", 200, 1, 1<<20, "LIBSVM's default in scikit-learn",
		"megabytes of cached kernel values; changes the time, not the result"),
	boolean("shrinking", true, "LIBSVM's default",
		"set rows aside whose alphas seem final; changes the time, and the result at most "+
			"within the tolerance"),
}

// oneClassSVM evaluates its kernel between every support vector (a share of the training rows) and
// all training rows, and scores each row against every support vector. It holds a cache and two
// float64 copies of the rows.
var oneClassSVM = method{
	MethodInfo: bench.MethodInfo{
		ID: "ocsvm", Title: "OC-SVM", Version: 1, Flags: true,
		Doc: "one-class support vector machine with a Gaussian kernel, ranked and flagged by its " +
			"decision function",
		Source: "App. B.2; Schölkopf et al. 2001",
		Params: ocsvmParams, Counts: []string{"training_rows", "iterations", "support_vectors"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return bench.Passive(ocsvm.New(ocsvm.Settings{
			Nu: p.Float("nu"), Gamma: p.Float("gamma"), Tolerance: p.Float("tolerance"),
			Subsample: p.Int("subsample"), CacheBytes: int64(p.Int("cache_megabytes")) * mebi,
			NoShrink: !p.Bool("shrinking"), Seed: seed, Threads: o.threads,
		}))
	},
	cost: costModel{growth: func(p bench.Params, from, to int) (fit, score float64) {
		rows, kept := float64(to)/float64(from), sampled(p, to)/sampled(p, from)
		return kept * kept, rows * kept
	}},
	memory: func(p bench.Params, s Shape, _ int) int64 {
		return int64(p.Int("cache_megabytes"))*mebi + 2*wide*int64(s.Rows)*int64(s.Features)
	},
}
