package baselines

import (
	"github.com/uaibench/uaibench/baselines/density"
	"github.com/uaibench/uaibench/bench"
)

var kdeParams = []bench.Param{
	number("bandwidth", 0.0, 0, 1e9, "our assumption; the paper names no density",
		"standard deviation of each kernel; 0: Scott's rule times a power of sqrt(2), the "+
			"likeliest by leave-one-out"),
	integer("subsample", 10000, 0, 1<<20, ours,
		"maximum number of kernels, on rows drawn without replacement; 0: one on every row"),
}

// kde evaluates every kernel at each row, and chooses a bandwidth by the densities of at most 1,000
// rows.
var kde = method{
	MethodInfo: bench.MethodInfo{
		ID: "kde", Title: "KDE", Version: 1,
		Doc:    "Gaussian kernel density, ranked by minus its logarithm",
		Source: "Sec. 2.1 (Figure 2); Parzen 1962",
		Params: kdeParams, Counts: []string{"kernels"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return bench.Passive(density.NewKDE(density.KDESettings{
			Bandwidth: p.Float("bandwidth"), Subsample: p.Int("subsample"),
			Seed: seed, Threads: o.threads,
		}))
	},
	cost: costModel{growth: func(p bench.Params, from, to int) (fit, score float64) {
		rows, kernels := float64(to)/float64(from), sampled(p, to)/sampled(p, from)
		return kernels * min(sampled(p, to), 1000) / min(sampled(p, from), 1000), rows * kernels
	}},
	memory: func(p bench.Params, s Shape, _ int) int64 {
		return 2 * wide * int64(sampled(p, s.Rows)) * int64(s.Features)
	},
}

// sampled returns how many of n rows a method's subsample keeps; a subsample of 0 keeps all.
func sampled(p bench.Params, n int) float64 {
	if most := p.Int("subsample"); most > 0 {
		n = min(n, most)
	}
	return float64(n)
}

var gmmParams = []bench.Param{
	integer("components", 8, 1, 1000, "our assumption; the paper names no density",
		"number of Gaussians; few give a model of low capacity"),
	number("ridge", 1e-6, 1e-15, 1e9, "scikit-learn's default",
		"added to the diagonals of covariances"),
	number("tolerance", 1e-6, 1e-15, 1e3, ours,
		"the fit ends once the mean log-likelihood grows by less"),
	integer("iterations", 500, 1, 1e6, ours, "maximum iterations of expectation maximisation"),
	integer("restarts", 5, 1, 1e4, ours,
		"fits from newly drawn centres, of which the likeliest is kept"),
}

// gmm holds covariances, and every row's responsibility for every component.
var gmm = method{
	MethodInfo: bench.MethodInfo{
		ID: "gmm", Title: "GMM", Version: 1,
		Doc: "Gaussian mixture with full covariances, ranked by minus the logarithm of its " +
			"density",
		Source: "Sec. 2.1 (Figure 2); Dempster, Laird and Rubin 1977",
		Params: gmmParams, Counts: []string{"iterations"},
	},
	build: func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		return bench.Passive(density.NewGMM(density.GMMSettings{
			Components: p.Int("components"), Ridge: p.Float("ridge"),
			Tolerance: p.Float("tolerance"), Iterations: p.Int("iterations"),
			Restarts: p.Int("restarts"), Seed: seed, Threads: o.threads,
		}))
	},
	memory: func(p bench.Params, s Shape, _ int) int64 {
		n, d := int64(s.Rows), int64(s.Features)
		return 3*wide*int64(p.Int("components"))*(n+d*d) + wide*n
	},
}
