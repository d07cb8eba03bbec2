package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Sources of the defaults of PAE, DSEBM and DCN. Zong et al. tuned the settings of their baselines
// by exhaustive search and print none; the widths are those of DAGMM's compression network, by
// dataset, in the specs.
const (
	zong    = "Zong et al. 2018, Section 4.2"
	vincent = "Vincent et al. 2010; how much and how long are our assumption"
	dcnCode = "the DCN authors' code (multi_layer_km.py)"
)

// comparedParams are shared by all bases of Table 3's baselines: DAE's, except its noise and
// activations.
var comparedParams = slices.Concat(
	slices.DeleteFunc(slices.Clone(networkParams), func(p bench.Param) bool {
		return p.Name == "activation"
	}),
	[]bench.Param{
		integer("epochs", 0, 0, 1e8, assumed,
			"if above 0, this many times rows/batch steps (rounded up) replace pretrain_steps"),
		choice("optimizer", "rmsprop", []string{"rmsprop", "adam"}, assumed,
			"optimiser of the base, at learning_rate; adam: a UAI layer on it uses RMSprop "+
				"with its own defaults"),
	})

var autoencoderParams = slices.Concat(comparedParams, []bench.Param{
	choice("activation", "tanh", activations, zong, "activation of the hidden layers"),
	choice("latent_activation", "auto", append([]string{"auto"}, activations...), zong,
		"activation of the latent layer; auto: linear"),
	choice("output_activation", "linear", activations, zong, "activation of the decoder's output"),
	integer("layer_steps", 1000, 0, 1e8, vincent,
		"steps of the greedy pre-training per layer"),
})

func corruption(share float64, kind string, source string) []bench.Param {
	return []bench.Param{
		number("corruption", share, 0, 1e3, source,
			"share of a layer's inputs that the greedy pre-training sets to zero, or the "+
				"standard deviation of its noise"),
		choice("corruption_kind", kind, []string{"masking", "gaussian"}, source,
			"masking: inputs set to zero; gaussian: noise added"),
	}
}

var paeParams = slices.Concat(autoencoderParams, corruption(0.25, "masking", vincent))

var paeNetwork = network{"pae", paeParams, "hidden", buildPAE}

var pae = paeNetwork.baseline(bench.MethodInfo{
	ID: "pae", Title: "PAE", Version: 1,
	Doc:    "autoencoder with greedy layer-wise pre-training, ranked by reconstruction error",
	Source: "App. B.2; Zong et al. 2018, Vincent et al. 2010",
	Params: slices.Concat(paeParams, rerankParams),
})

var paeUAI = paeNetwork.withUAI(bench.MethodInfo{
	ID: "pae_uai", Title: "PAE_uai", Version: 1, Over: "pae",
	Doc:    "pre-trained autoencoder with a UAI layer",
	Source: "Sec. 3.1 over Zong et al. 2018",
	Params: slices.Concat(paeParams, uaiParams),
})

var dcnParams = slices.Concat(autoencoderParams, corruption(0, "masking", dcnCode+": none"),
	[]bench.Param{
		integer("end_steps", 5000, 0, 1e8, "our assumption; "+dcnCode+" has phases of equal length",
			"steps of the end-to-end pre-training without centres; pretrain_steps are those "+
				"with centres"),
		integer("clusters", 2, 1, 1e4, "our assumption: DAGMM's number of components", "number "+
			"of clusters"),
		number("lambda", 1.0, 0, 1e6, ours,
			"weight of half the squared distance between code and centre, against the "+
				"reconstruction's 1"),
		integer("restarts", 10, 1, 1e4, dcnCode, "restarts of the first K-means"),
		integer("kmeans_epochs", 10, 1, 1e8, dcnCode,
			"epochs between full K-means runs from the current centres"),
		integer("first_count", 100, 1, 1e9, dcnCode,
			"initial counts of the centres' running means"),
	})

var dcnNetwork = network{"dcn", dcnParams, "hidden", buildDCN}

var dcn = dcnNetwork.baseline(bench.MethodInfo{
	ID: "dcn", Title: "DCN", Version: 1,
	Doc:    "deep clustering network, ranked by the distance to the nearest centre",
	Source: "App. B.2; Yang et al. 2017",
	Params: slices.Concat(dcnParams, rerankParams),
})

var dcnUAI = dcnNetwork.withUAI(bench.MethodInfo{
	ID: "dcn_uai", Title: "DCN_uai", Version: 1, Over: "dcn",
	Doc:    "deep clustering network with a UAI layer",
	Source: "Sec. 3.1 over Yang et al. 2017",
	Params: slices.Concat(dcnParams, uaiParams),
})

// comparedSettings returns the settings that comparedParams give, and the base's optimiser.
func comparedSettings(p bench.Params, seed uint64, o buildOptions) (deep.Settings, nn.Optimizer) {
	s := deep.Settings{
		Hidden:   p.Ints("hidden"),
		Batch:    p.Int("batch"),
		Pretrain: p.Int("pretrain_steps"),
		Epochs:   p.Int("epochs"),
		IID:      p.Bool("iid_batches"),
		Seed:     seed,
		Cache:    o.cache,
		Threads:  o.threads,
		More:     o.more,
	}
	if p.Str("optimizer") == "adam" {
		return s, nn.Adam{Rate: float32(p.Float("learning_rate"))}
	}
	s.Optimizer = rmsprop(p, "learning_rate")
	return s, s.Optimizer
}

func autoencoderSettings(p bench.Params, seed uint64, o buildOptions) deep.AutoencoderSettings {
	s, rule := comparedSettings(p, seed, o)
	s.Activation = nn.ParseActivation(p.Str("activation"))
	s.Latent = nn.ParseActivation(p.Str("latent_activation"))
	return deep.AutoencoderSettings{
		Settings:   s,
		Output:     nn.ParseActivation(p.Str("output_activation")),
		Rule:       rule,
		LayerSteps: p.Int("layer_steps"),
		Corruption: float32(p.Float("corruption")),
		Gaussian:   p.Str("corruption_kind") == "gaussian",
	}
}

func dcnSettings(p bench.Params, seed uint64, o buildOptions) deep.DCNSettings {
	return deep.DCNSettings{
		AutoencoderSettings: autoencoderSettings(p, seed, o),
		EndSteps:            p.Int("end_steps"),
		Clusters:            p.Int("clusters"),
		Lambda:              float32(p.Float("lambda")),
		Restarts:            p.Int("restarts"),
		Every:               p.Int("kmeans_epochs"),
		Count:               p.Int("first_count"),
	}
}

func buildPAE(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := autoencoderSettings(p, seed, o)
	return deep.NewPAE(s), s.Settings
}

func buildDCN(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := dcnSettings(p, seed, o)
	return deep.NewDCN(s), s.Settings
}
