package baselines

import (
	"github.com/uaibench/uaibench/baselines/ocsvm"
	"github.com/uaibench/uaibench/bench"
)

var ocsvmParams = []bench.Param{
	{Name: "nu", Kind: bench.Float, Default: 0.1, Min: bench.At(1e-6), Max: bench.At(1), Doc: "at most this share of the training rows is outside, at least this share are support vectors; Table 3's were 0.1, 0.02, 0.04 and 0.1 on kddcup, thyroid, arrhythmia and kddcup_rev", Source: "Zong et al. 2018, as remembered; the printed false-positive rates agree"},
	{Name: "gamma", Kind: bench.Float, Default: 0.0, Min: bench.At(0), Max: bench.At(1e9), Doc: "of the kernel exp(-gamma |x - y|²); 0: 1/d", Source: "our assumption; LIBSVM's default"},
	{Name: "tolerance", Kind: bench.Float, Default: 1e-3, Min: bench.At(1e-9), Max: bench.At(1), Doc: "by which the dual's optimality conditions may fail, where the alpha sum to nu n", Source: "LIBSVM's default"},
	{Name: "subsample", Kind: bench.Int, Default: 20000, Min: bench.At(0), Max: bench.At(1 << 20), Doc: "training rows at most, drawn without replacement; 0: all", Source: "our assumption"},
	{Name: "cache_megabytes", Kind: bench.Int, Default: 200, Min: bench.At(1), Max: bench.At(1 << 20), Doc: "of kernel values kept; changes the time, not the result", Source: "LIBSVM's default in scikit-learn"},
	{Name: "shrinking", Kind: bench.Bool, Default: true, Doc: "leave rows out of play that seem to stay where they are; changes the time, and the result within the tolerance at most", Source: "LIBSVM's default"},
}

func oneClassSVM(p bench.Params, seed uint64, with means) bench.Learner {
	return bench.Passive(ocsvm.New(ocsvm.Settings{
		Nu: p.Float("nu"), Gamma: p.Float("gamma"), Tolerance: p.Float("tolerance"), Subsample: p.Int("subsample"),
		CacheBytes: int64(p.Int("cache_megabytes")) << 20, NoShrink: !p.Bool("shrinking"), Seed: seed, Threads: with.threads,
	}))
}
