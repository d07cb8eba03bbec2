package spec_test

import (
	"errors"

	"github.com/uaibench/uaibench/bench"
)

// catalog is a small catalogue with every kind of parameter: networks that share parameters, a
// method without any, datasets with and without classes, an exact row count and one that is not.
func catalog() bench.Catalog {
	network := []bench.Param{
		{Name: "hidden", Kind: bench.Ints, Default: []int{256, 64, 8}, Min: bench.At(1), Max: bench.At(4096), Most: 16, Doc: "hidden sizes, the latent layer last", Source: "paper, App. A.1"},
		{Name: "noise", Kind: bench.Float, Default: 0.1, Min: bench.At(0), Doc: "standard deviation of the input noise", Source: "our assumption", Open: "U4"},
		{Name: "activation", Kind: bench.String, Default: "relu", Enum: []string{"relu", "sigmoid", "tanh", "off"}, Doc: "of hidden layers", Source: "our assumption", Open: "U1"},
		{Name: "pretrain_steps", Kind: bench.Int, Default: 5000, Min: bench.At(0), Doc: "steps before the first audit", Source: "paper, App. A.1"},
	}
	uai := append(network[:len(network):len(network)],
		bench.Param{Name: "gamma", Kind: bench.Float, Default: 1.0, Min: bench.At(0), Doc: "weight of the labelled loss", Source: "our assumption", Open: "U11"},
		bench.Param{Name: "gradient", Kind: bench.Bool, Default: true, Doc: "gradient through the latent layer", Source: "paper, Sec. 3", Open: "U19"},
	)
	without := func(l []bench.Param, name string) []bench.Param {
		var out []bench.Param
		for _, p := range l {
			if p.Name != name {
				out = append(out, p)
			}
		}
		return out
	}
	mnist := []bench.Param{
		{Name: "rows", Kind: bench.Int, Default: 0, Min: bench.At(0), Doc: "use this many rows; 0: all", Source: "ours"},
		{Name: "keep", Kind: bench.Float, Default: 0.1, Min: bench.At(0), Max: bench.At(1), Doc: "probability that an anomaly stays", Source: "paper, App. B.1"},
	}
	images := []bench.RawFile{{Name: "train-images-idx3-ubyte.gz", SHA256: "aa", Bytes: 9}, {Name: "train-labels-idx1-ubyte.gz", SHA256: "bb", Bytes: 3}}
	upTo := func(n int, exact bool) func(bench.Params, uint64) (int, bool) {
		return func(p bench.Params, _ uint64) (int, bool) {
			if v, ok := p["rows"]; ok && v.(int) > 0 && v.(int) <= n {
				return v.(int), true
			}
			return n, exact
		}
	}
	known := func(n int) func(bench.Params, uint64) (int, bool) {
		return func(p bench.Params, _ uint64) (int, bool) { return n, p["rows"] == nil || p.Int("rows") == 0 }
	}
	latent := func(p bench.Params, look string) error { // explained with sigmoids only
		if look == bench.ProbeExplanations && p.Str("activation") != "sigmoid" {
			return errors.New("its scores are not explained")
		}
		return nil
	}
	type halves = struct{ Ratio, Contamination float64 }
	return bench.Catalog{
		Datasets: []bench.DatasetInfo{
			{ID: "mnist0", Title: "MNIST0", Doc: "zeros are anomalies", Version: 1, Features: 784, Classes: 9, Raw: images, TestSet: true, Params: mnist, Rows: upTo(60000, false)},
			{ID: "mnist_pca", Title: "MNISTpca", Doc: "worst reconstructed are anomalies", Version: 2, Features: 784, Classes: 10, Raw: images, Params: without(mnist, "keep"), Rows: upTo(60000, true), Anomalies: known(3000), Halves: halves{0.05, 0.01}},
			{ID: "mammography", Doc: "calcifications", Version: 1, Features: 6, Raw: []bench.RawFile{{Name: "mammography.mat", SHA256: "cc", Bytes: 7}}, TestSet: true, Rows: upTo(11183, true), Anomalies: known(260), Halves: halves{Ratio: 0.023}},
		},
		Methods: []bench.MethodInfo{
			{ID: "dae", Title: "DAE", Doc: "denoising autoencoder", Version: 1, Params: network, Supports: latent},
			{ID: "dae_uai", Title: "DAE_uai", Doc: "UAI layer over DAE", Version: 3, Active: true, Params: uai, Supports: latent},
			{ID: "class", Title: "Class", Doc: "classifier", Version: 1, Class: true, Flags: true, Params: without(network, "noise")},
			{ID: "class_uai", Title: "Class_uai", Doc: "UAI layer over Class", Version: 1, Active: true, Class: true, Params: without(uai, "noise")},
			{ID: "random", Title: "random", Doc: "random order", Version: 1},
		},
	}
}
