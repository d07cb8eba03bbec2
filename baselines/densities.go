package baselines

import (
	"github.com/uaibench/uaibench/baselines/density"
	"github.com/uaibench/uaibench/bench"
)

var kdeParams = []bench.Param{
	{Name: "bandwidth", Kind: bench.Float, Default: 0.0, Min: bench.At(0), Max: bench.At(1e9), Doc: "standard deviation of each kernel; 0: of Scott's rule times powers of sqrt(2), the likeliest by leaving one out", Source: "our assumption; the paper names no density"},
	{Name: "subsample", Kind: bench.Int, Default: 10000, Min: bench.At(0), Max: bench.At(1 << 20), Doc: "kernels at most, on rows drawn without replacement; 0: one on every row", Source: "our assumption"},
}

var gmmParams = []bench.Param{
	{Name: "components", Kind: bench.Int, Default: 8, Min: bench.At(1), Max: bench.At(1000), Doc: "Gaussians; few are a model of low capacity", Source: "our assumption; the paper names no density"},
	{Name: "ridge", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-15), Max: bench.At(1e9), Doc: "added to the diagonals of covariances", Source: "scikit-learn's default"},
	{Name: "tolerance", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-15), Max: bench.At(1e3), Doc: "the fit ends once the mean log-likelihood grows by less", Source: "our assumption"},
	{Name: "iterations", Kind: bench.Int, Default: 500, Min: bench.At(1), Max: bench.At(1e6), Doc: "of expectation maximisation, at most", Source: "our assumption"},
	{Name: "restarts", Kind: bench.Int, Default: 5, Min: bench.At(1), Max: bench.At(1e4), Doc: "fits from centres drawn anew, of which the likeliest is kept", Source: "our assumption"},
}

func kernelDensity(p bench.Params, seed uint64, with means) bench.Learner {
	return bench.Passive(density.NewKDE(density.KDESettings{
		Bandwidth: p.Float("bandwidth"), Subsample: p.Int("subsample"), Seed: seed, Threads: with.threads,
	}))
}

func gaussians(p bench.Params, seed uint64, with means) bench.Learner {
	return bench.Passive(density.NewGMM(density.GMMSettings{
		Components: p.Int("components"), Ridge: p.Float("ridge"), Tolerance: p.Float("tolerance"),
		Iterations: p.Int("iterations"), Restarts: p.Int("restarts"), Seed: seed, Threads: with.threads,
	}))
}
