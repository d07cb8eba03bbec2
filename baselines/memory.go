package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Memory estimates, rather generously, the bytes that a cell of a method holds at its peak besides the
// dataset, with so many threads. Rows are what most of it grows with:
//
//	every method: 96 a row (scores, order, audit state), and 8 MiB
//	networks: five numbers a parameter (weights, gradients, two of an optimiser, and a snapshot), a minibatch
//	with all its activations and their gradients, the workspaces of the products
//	a separate optimiser of the cross-entropy: three more for each parameter that it reaches
//	(gradients, mean squares, a snapshot): half of them, or all of DAGMM's with latent all
//	ensembles: a code of 2 bytes for each row and member, and their tables of scores
//	OC-SVM: its cache and two wide copies of the rows; densities: their kernels or covariances and a row's shares
func Memory(ref bench.MethodRef, s Shape, threads int) int64 {
	const number, wide, mebi = 4, 8, 1 << 20
	info := slices.IndexFunc(methods, func(m method) bool { return m.ID == ref.ID })
	if info < 0 {
		return 0
	}
	p := bench.Complete(methods[info].Params, ref.Params)
	n, d, workers := int64(s.Rows), int64(s.Features), int64(max(1, threads))
	has := func(name string) bool { _, ok := p[name]; return ok }
	get := func(name string) int64 { return int64(p.Int(name)) }
	total := 96*n + 8*mebi
	for _, layers := range []string{"hidden", "compression"} {
		if !has(layers) {
			continue
		}
		// As of an autoencoder, which is the largest; classes are a handful of outputs.
		widths := append([]int{s.Features}, p.Ints(layers)...)
		var params, width int64
		for i, w := range widths {
			width += 2 * int64(w)
			if i > 0 {
				params += 2 * int64(widths[i-1]+1) * int64(w)
			}
		}
		if has("uai_optimizer") && p.Str("uai_optimizer") == "separate" {
			reached := params / 2
			if has("latent") && p.Str("latent") == "all" {
				reached = params
			}
			total += 3 * number * reached
		}
		batch := get("batch")
		total += 5*number*params + 3*number*batch*width + 4*mebi*workers
	}
	if has("trees") {
		nodes := get("trees") * 2 * max(256, get("subsample"))
		total += 2*get("trees")*n + 3*wide*nodes + workers*(2*256*get("trees")+2*number*get("subsample")*d)
	}
	if has("k_max") {
		members := max(get("k_max"), get("k_min")+1)
		total += 2*members*n + wide*n*(16+3*workers) + 2*wide*members*512
	}
	if has("cache_megabytes") {
		total += get("cache_megabytes")*mebi + 2*wide*n*d
	}
	if has("bandwidth") {
		kernels := get("subsample")
		if kernels == 0 || kernels > n {
			kernels = n
		}
		total += 2 * wide * kernels * d
	}
	if has("ridge") {
		total += 3*wide*get("components")*(n+d*d) + wide*n
	}
	return total
}

// DataMemory estimates the bytes of a dataset: its features, and what else it knows of a row.
func DataMemory(s Shape) int64 { return int64(s.Rows) * (4*int64(s.Features) + 24) }
