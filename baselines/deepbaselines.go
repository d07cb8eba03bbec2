package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Where the defaults of PAE, DSEBM and DCN come from. Zong et al. tuned the settings of what they compare with by
// exhaustive search and print none; the widths are those of DAGMM's compression network by dataset, in the specs.
const (
	zong    = "Zong et al. 2018, Section 4.2"
	vincent = "Vincent et al. 2010; how much and how long are our assumption"
	dcnCode = "the DCN authors' code (multi_layer_km.py)"
)

// comparedParams are those of every base that Table 3 compares with: DAE's, but for what noise and activations it has.
var comparedParams = slices.Concat(
	slices.DeleteFunc(slices.Clone(networkParams), func(p bench.Param) bool { return p.Name == "activation" }),
	[]bench.Param{
		{Name: "epochs", Kind: bench.Int, Default: 0, Min: bench.At(0), Max: bench.At(1e8), Doc: "where above 0, so many times rows/batch steps (rounded up) in place of pretrain_steps", Source: assumed},
		{Name: "optimizer", Kind: bench.String, Default: "rmsprop", Enum: []string{"rmsprop", "adam"}, Doc: "of the base, at learning_rate; adam: a UAI layer on it has RMSprop at its own defaults", Source: assumed},
	})

var autoencoderParams = slices.Concat(comparedParams, []bench.Param{
	{Name: "activation", Kind: bench.String, Default: "tanh", Enum: activations, Doc: "of the hidden layers", Source: zong},
	{Name: "latent_activation", Kind: bench.String, Default: "auto", Enum: append([]string{"auto"}, activations...), Doc: "of the latent layer; auto: linear", Source: zong},
	{Name: "output_activation", Kind: bench.String, Default: "linear", Enum: activations, Doc: "of the decoder's output", Source: zong},
	{Name: "layer_steps", Kind: bench.Int, Default: 1000, Min: bench.At(0), Max: bench.At(1e8), Doc: "steps of the greedy pre-training, for each layer", Source: vincent},
})

func corruption(share float64, kind string, source string) []bench.Param {
	return []bench.Param{
		{Name: "corruption", Kind: bench.Float, Default: share, Min: bench.At(0), Max: bench.At(1e3), Doc: "share of a layer's inputs that the greedy pre-training sets to zero, or the standard deviation of its noise", Source: source},
		{Name: "corruption_kind", Kind: bench.String, Default: kind, Enum: []string{"masking", "gaussian"}, Doc: "masking: inputs set to zero; gaussian: added", Source: source},
	}
}

var paeParams = slices.Concat(autoencoderParams, corruption(0.25, "masking", vincent))

var dcnParams = slices.Concat(autoencoderParams, corruption(0, "masking", dcnCode+": none"), []bench.Param{
	{Name: "end_steps", Kind: bench.Int, Default: 5000, Min: bench.At(0), Max: bench.At(1e8), Doc: "steps of the end-to-end pre-training, before there are centres; pretrain_steps are those with them", Source: "our assumption; " + dcnCode + " has phases of equal length"},
	{Name: "clusters", Kind: bench.Int, Default: 2, Min: bench.At(1), Max: bench.At(1e4), Doc: "K", Source: "our assumption: DAGMM's number of components"},
	{Name: "lambda", Kind: bench.Float, Default: 1.0, Min: bench.At(0), Max: bench.At(1e6), Doc: "weight of half the squared distance between code and centre, beside the reconstruction's 1", Source: "our assumption"},
	{Name: "restarts", Kind: bench.Int, Default: 10, Min: bench.At(1), Max: bench.At(1e4), Doc: "of the first K-means", Source: dcnCode},
	{Name: "kmeans_epochs", Kind: bench.Int, Default: 10, Min: bench.At(1), Max: bench.At(1e8), Doc: "epochs between two full K-means from the current centres", Source: dcnCode},
	{Name: "first_count", Kind: bench.Int, Default: 100, Min: bench.At(1), Max: bench.At(1e9), Doc: "at which the counts of the centres' running means begin", Source: dcnCode},
})

var dsebmParams = slices.Concat(comparedParams, []bench.Param{
	{Name: "noise", Kind: bench.Float, Default: 0.1, Min: bench.At(0), Max: bench.At(1e3), Doc: "standard deviation of the input noise of denoising score matching", Source: assumed},
})

// dsebmScore is DSEBM_uai's: as baselines its two scores are methods of their own.
var dsebmScore = []bench.Param{
	{Name: "score", Kind: bench.String, Default: "energy", Enum: []string{"energy", "reconstruction"}, Doc: "s: E(x), or ||x - f(x)||²", Source: assumed},
}

func comparedSettings(p bench.Params, seed uint64, with means) (deep.Settings, nn.Optimizer) {
	s := deep.Settings{
		Hidden:   p.Ints("hidden"),
		Batch:    p.Int("batch"),
		Pretrain: p.Int("pretrain_steps"),
		Epochs:   p.Int("epochs"),
		IID:      p.Bool("iid_batches"),
		Seed:     seed,
		Share:    with.share,
		Waive:    with.waive,
		Threads:  with.threads,
	}
	if p.Str("optimizer") == "adam" {
		return s, nn.Adam{Rate: float32(p.Float("learning_rate"))}
	}
	s.Optimizer = nn.RMSprop{
		Rate:    float32(p.Float("learning_rate")),
		Decay:   float32(p.Float("decay")),
		Epsilon: float32(p.Float("epsilon")),
	}
	return s, s.Optimizer
}

func autoencoderSettings(p bench.Params, seed uint64, with means) deep.AutoencoderSettings {
	s, rule := comparedSettings(p, seed, with)
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

func dcnSettings(p bench.Params, seed uint64, with means) deep.DCNSettings {
	return deep.DCNSettings{
		AutoencoderSettings: autoencoderSettings(p, seed, with),
		EndSteps:            p.Int("end_steps"),
		Clusters:            p.Int("clusters"),
		Lambda:              float32(p.Float("lambda")),
		Restarts:            p.Int("restarts"),
		Every:               p.Int("kmeans_epochs"),
		Count:               p.Int("first_count"),
	}
}

func dsebmSettings(p bench.Params, seed uint64, with means) deep.DSEBMSettings {
	s, rule := comparedSettings(p, seed, with)
	return deep.DSEBMSettings{Settings: s, Rule: rule, Noise: float32(p.Float("noise"))}
}

func pae(p bench.Params, seed uint64, with means) bench.Learner {
	s := autoencoderSettings(p, seed, with)
	return alone(deep.NewPAE(s), s.Settings, p)
}

func paeUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := autoencoderSettings(p, seed, with)
	return deep.NewUAI(deep.NewPAE(s), s.Settings, uaiSettings(p))
}

func dcn(p bench.Params, seed uint64, with means) bench.Learner {
	s := dcnSettings(p, seed, with)
	return alone(deep.NewDCN(s), s.Settings, p)
}

func dcnUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := dcnSettings(p, seed, with)
	return deep.NewUAI(deep.NewDCN(s), s.Settings, uaiSettings(p))
}

func dsebmE(p bench.Params, seed uint64, with means) bench.Learner {
	s := dsebmSettings(p, seed, with)
	return alone(deep.NewDSEBM(s), s.Settings, p)
}

func dsebmR(p bench.Params, seed uint64, with means) bench.Learner {
	s := dsebmSettings(p, seed, with)
	s.Slope = true
	return alone(deep.NewDSEBM(s), s.Settings, p)
}

func dsebmUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := dsebmSettings(p, seed, with)
	s.Slope = p.Str("score") == "reconstruction"
	s.CleanUAI = p.Bool("clean_uai")
	return deep.NewUAI(deep.NewDSEBM(s), s.Settings, uaiSettings(p))
}
