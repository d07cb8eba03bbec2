package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Where defaults come from.
const (
	paperA1    = "paper, App. A.1"
	tensorflow = "TensorFlow 1.x default; the paper says \"default hyper-parameters\""
	assumed    = "our assumption; the paper leaves it open"
)

var activations = []string{"relu", "sigmoid", "tanh", "linear"}

// The largest networks and minibatches bound the memory that a spec can ask for: beyond them a
// mistake was more likely meant than a network.
const (
	maxWidth  = 4096
	maxLayers = 16
	maxBatch  = 8192
)

var networkParams = []bench.Param{
	{Name: "hidden", Kind: bench.Ints, Default: []int{256, 64, 8}, Min: bench.At(1), Max: bench.At(maxWidth), Most: maxLayers, Doc: "widths of the hidden layers; the last is the latent layer", Source: paperA1},
	{Name: "activation", Kind: bench.String, Default: "relu", Enum: activations, Doc: "of the hidden layers", Source: assumed, Open: "U1"},
	{Name: "batch", Kind: bench.Int, Default: 256, Min: bench.At(1), Max: bench.At(maxBatch), Doc: "rows a minibatch", Source: paperA1},
	{Name: "iid_batches", Kind: bench.Bool, Default: false, Doc: "minibatches drawn with replacement in place of epoch-wise shuffling", Source: assumed},
	{Name: "pretrain_steps", Kind: bench.Int, Default: 5000, Min: bench.At(1), Max: bench.At(1e8), Doc: "optimisation steps before the first label", Source: paperA1},
	{Name: "learning_rate", Kind: bench.Float, Default: 0.01, Min: bench.At(1e-12), Max: bench.At(1e3), Doc: "of RMSprop", Source: paperA1},
	{Name: "decay", Kind: bench.Float, Default: 0.9, Min: bench.At(1e-6), Max: bench.At(1 - 1e-6), Doc: "of RMSprop's mean square", Source: tensorflow},
	{Name: "epsilon", Kind: bench.Float, Default: 1e-10, Min: bench.At(1e-30), Max: bench.At(1), Doc: "of RMSprop, inside the root", Source: tensorflow},
}

var daeParams = slices.Concat(networkParams, []bench.Param{
	{Name: "latent_activation", Kind: bench.String, Default: "auto", Enum: append([]string{"auto"}, activations...), Doc: "of the latent layer; auto: linear", Source: assumed, Open: "U2"},
	{Name: "output_activation", Kind: bench.String, Default: "linear", Enum: activations, Doc: "of the decoder's output", Source: assumed, Open: "U3"},
	{Name: "noise", Kind: bench.Float, Default: 0.1, Min: bench.At(0), Max: bench.At(1e3), Doc: "standard deviation of the input noise (the paper's unprinted φ), or the share of masked inputs", Source: assumed, Open: "U4"},
	{Name: "noise_kind", Kind: bench.String, Default: "gaussian", Enum: []string{"gaussian", "masking"}, Doc: "gaussian: added; masking: inputs set to zero", Source: "paper, App. A.1 (Gaussian)", Open: "U4"},
	{Name: "reduction", Kind: bench.String, Default: "sum", Enum: []string{"sum", "mean"}, Doc: "of the squared error over features, in the loss and in s", Source: assumed, Open: "U6"},
	{Name: "noisy_scores", Kind: bench.Bool, Default: false, Doc: "noisy input when scoring too, as eq. 6 reads", Source: assumed},
})

var classParams = slices.Concat(networkParams, []bench.Param{
	{Name: "latent_activation", Kind: bench.String, Default: "auto", Enum: append([]string{"auto"}, activations...), Doc: "of the latent layer; auto: as the hidden layers, but sigmoid for a single ReLU unit, which could die", Source: assumed, Open: "U2"},
})

var roundSteps = bench.Param{Name: "round_steps", Kind: bench.Int, Default: 100, Min: bench.At(1), Max: bench.At(1e8), Doc: "optimisation steps after each labelling call", Source: paperA1}

var staticParams = []bench.Param{
	{Name: "rerank", Kind: bench.Bool, Default: false, Doc: "train on without labels after every round and rank anew: the same compute as the UaiNet", Source: assumed, Open: "U15"},
	roundSteps,
}

// cleanUAI is for the bases with noise: DAE and DSEBM.
var cleanUAI = []bench.Param{
	{Name: "clean_uai", Kind: bench.Bool, Default: false, Doc: "no input noise in the labelled batch (with labelled_batch members there is none of its own)", Source: assumed, Open: "U16"},
}

var uaiParams = []bench.Param{
	roundSteps,
	{Name: "score_scale", Kind: bench.String, Default: "raw", Enum: []string{"raw", "standardized", "running", "log1p"}, Doc: "of s as an input of the UAI layer", Source: assumed, Open: "U7"},
	{Name: "uai_init", Kind: bench.String, Default: "glorot", Enum: []string{"glorot", "zero", "base"}, Doc: "weights of the UAI layer; base: 1 on s, 0 on l", Source: assumed, Open: "U8"},
	{Name: "labelled_batch", Kind: bench.String, Default: "uniform", Enum: []string{"uniform", "balanced", "replacement", "members"}, Doc: "labelled rows of a step; uniform: all up to one batch, then a batch without replacement", Source: assumed, Open: "U9"},
	{Name: "inverse_frequency", Kind: bench.Bool, Default: false, Doc: "weigh the cross-entropy by inverse class frequency", Source: assumed, Open: "U10"},
	{Name: "gamma", Kind: bench.Float, Default: 1.0, Min: bench.At(1e-6), Max: bench.At(1e6), Doc: "weight of the cross-entropy beside the base loss", Source: assumed, Open: "U11"},
	{Name: "alternate", Kind: bench.Bool, Default: false, Doc: "base loss and cross-entropy in alternate steps", Source: assumed, Open: "U11"},
	{Name: "wait_for_both", Kind: bench.Bool, Default: false, Doc: "select by s until an anomaly and a normal row have been heard of", Source: assumed, Open: "U12"},
	{Name: "cold_start_calls", Kind: bench.Int, Default: 10, Min: bench.At(0), Max: bench.At(1e9), Doc: "selections by s before the UAI layer selects", Source: paperA1, Open: "U13"},
	{Name: "cold_start_labels", Kind: bench.Int, Default: 0, Min: bench.At(0), Max: bench.At(1e9), Doc: "in place of calls where above 0: select by s until so many labels", Source: assumed, Open: "U13"},
	{Name: "uai_slots", Kind: bench.String, Default: "fresh", Enum: []string{"fresh", "decayed"}, Doc: "RMSprop state of the UAI layer at the first label", Source: assumed, Open: "U14"},
	{Name: "reset_optimizer", Kind: bench.Bool, Default: false, Doc: "reset RMSprop's state after each labelling call", Source: assumed, Open: "U17"},
	{Name: "exclude_anomalies", Kind: bench.Bool, Default: false, Doc: "the base loss leaves out audited anomalies", Source: assumed, Open: "U18"},
	{Name: "round_loss", Kind: bench.String, Default: "joint", Enum: []string{"joint", "uai"}, Later: true, Doc: "of the steps of a round; joint: base loss and cross-entropy; uai: the cross-entropy alone, the base loss is minimised in the pre-training only (alternate and exclude_anomalies then mean nothing)", Source: assumed, Open: "U20"},
	{Name: "uai_optimizer", Kind: bench.String, Default: "shared", Enum: []string{"shared", "separate"}, Later: true, Doc: "of the cross-entropy in the encoder; shared: the base's; separate: the UAI layer's RMSprop, with mean squares of its own for the encoder", Source: assumed, Open: "U21"},
	{Name: "head", Kind: bench.String, Default: "linear", Enum: []string{"linear", "mlp"}, Later: true, Doc: "of the UAI layer, from [l; s] to the logit; mlp: a multilayer perceptron of ReLU units", Source: "paper, Sec. 3.1; others are its future work (Sec. 6)"},
	{Name: "head_hidden", Kind: bench.Ints, Default: []int{16}, Min: bench.At(1), Max: bench.At(maxWidth), Most: maxLayers, Later: true, Doc: "with head mlp: widths of its hidden layers", Source: "our choice"},
	{Name: "switch", Kind: bench.String, Default: "calls", Enum: []string{"calls", "confidence"}, Later: true, Doc: "what ends the selection by s; calls: their number, as App. A.1 and cold_start_* say; confidence: s_uai selects, in place of those counts, as long as it ranked the audits of the last rounds, before training on them, at least as well as s did", Source: "paper, App. A.1; confidence is its future work (Sec. 6), and the rule our own"},
	{Name: "switch_window", Kind: bench.Int, Default: 100, Min: bench.At(2), Max: bench.At(1e5), Later: true, Doc: "with switch confidence: how many of the last audits are compared, by the area under the ROC curve", Source: "our choice"},
	{Name: "gradient_through_latent", Kind: bench.Bool, Default: true, Doc: "the cross-entropy's gradient enters the encoder through l", Source: "paper, Sec. 3.1", Open: "U19"},
}

func settings(p bench.Params, seed uint64, with means) deep.Settings {
	return deep.Settings{
		Hidden:     p.Ints("hidden"),
		Activation: nn.ParseActivation(p.Str("activation")),
		Latent:     nn.ParseActivation(p.Str("latent_activation")),
		Batch:      p.Int("batch"),
		Pretrain:   p.Int("pretrain_steps"),
		IID:        p.Bool("iid_batches"),
		Optimizer: nn.RMSprop{
			Rate:    float32(p.Float("learning_rate")),
			Decay:   float32(p.Float("decay")),
			Epsilon: float32(p.Float("epsilon")),
		},
		Seed:    seed,
		Share:   with.share,
		Waive:   with.waive,
		Threads: with.threads,
	}
}

func daeSettings(p bench.Params, seed uint64, with means) deep.DAESettings {
	return deep.DAESettings{
		Settings:     settings(p, seed, with),
		Noise:        float32(p.Float("noise")),
		Masking:      p.Str("noise_kind") == "masking",
		Output:       nn.ParseActivation(p.Str("output_activation")),
		MeanFeatures: p.Str("reduction") == "mean",
		NoisyScore:   p.Bool("noisy_scores"),
	}
}

func uaiSettings(p bench.Params) deep.UAISettings {
	var head []int
	if p.Str("head") == "mlp" {
		head = p.Ints("head_hidden")
	}
	window := 0
	if p.Str("switch") == "confidence" {
		window = p.Int("switch_window")
	}
	return deep.UAISettings{
		Head:   head,
		Switch: window,
		Round:  p.Int("round_steps"),
		Cold: deep.ColdStart{
			Calls:  p.Int("cold_start_calls"),
			Labels: p.Int("cold_start_labels"),
			Both:   p.Bool("wait_for_both"),
		},
		Score:     map[string]deep.ScoreScale{"raw": deep.RawScore, "standardized": deep.Standardized, "running": deep.Running, "log1p": deep.LogScore}[p.Str("score_scale")],
		Init:      map[string]deep.UAIInit{"glorot": deep.GlorotInit, "zero": deep.ZeroInit, "base": deep.BaseInit}[p.Str("uai_init")],
		Labelled:  map[string]deep.LabelledBatch{"uniform": deep.Uniform, "balanced": deep.Balanced, "replacement": deep.Replacement, "members": deep.Members}[p.Str("labelled_batch")],
		Inverse:   p.Bool("inverse_frequency"),
		Gamma:     float32(p.Float("gamma")),
		Alternate: p.Bool("alternate"),
		Lone:      p.Str("round_loss") == "uai",
		Separate:  p.Str("uai_optimizer") == "separate",
		Decayed:   p.Str("uai_slots") == "decayed",
		Reset:     p.Bool("reset_optimizer"),
		Exclude:   p.Bool("exclude_anomalies"),
		Stop:      !p.Bool("gradient_through_latent"),
	}
}

func daeUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := daeSettings(p, seed, with)
	s.CleanUAI = p.Bool("clean_uai")
	return deep.NewUAI(deep.NewDAE(s), s.Settings, uaiSettings(p))
}

func classUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := settings(p, seed, with)
	return deep.NewUAI(deep.NewClass(s), s, uaiSettings(p))
}

func dae(p bench.Params, seed uint64, with means) bench.Learner {
	s := daeSettings(p, seed, with)
	return alone(deep.NewDAE(s), s.Settings, p)
}

func class(p bench.Params, seed uint64, with means) bench.Learner {
	s := settings(p, seed, with)
	return alone(deep.NewClass(s), s, p)
}

// alone is a base without a UAI layer, as a baseline (U15).
func alone(base deep.Base, s deep.Settings, p bench.Params) bench.Learner {
	if p.Bool("rerank") {
		return deep.NewReranked(base, s, p.Int("round_steps"))
	}
	return bench.Passive(deep.NewUnsupervised(base, s))
}
