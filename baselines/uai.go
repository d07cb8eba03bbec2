package baselines

import (
	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

// uaiParams are the parameters of the UAI layer and its training, on any base.
var uaiParams = []bench.Param{
	roundSteps,
	open("U7", choice("score_scale", "raw", []string{"raw", "standardized", "running", "log1p"},
		assumed,
		"scale of s as an input of the UAI layer")),
	open("U8", choice("uai_init", "glorot", []string{"glorot", "zero", "base"}, assumed,
		"initial weights of the UAI layer; base: 1 on s, 0 on l")),
	open("U9", choice("labelled_batch", "uniform",
		[]string{"uniform", "balanced", "replacement", "members"}, assumed,
		"labelled rows of a step; uniform: all up to one batch, then a batch without "+
			"replacement")),
	open("U10", boolean("inverse_frequency", false, assumed,
		"weigh the cross-entropy by inverse class frequency")),
	open("U11", number("gamma", 1.0, 1e-6, 1e6, assumed,
		"weight of the cross-entropy against the base loss")),
	open("U11", boolean("alternate", false, assumed,
		"base loss and cross-entropy in alternate steps")),
	open("U12", boolean("wait_for_both", false, assumed,
		"select by s until both an anomaly and a normal row are labelled")),
	open("U13", integer("cold_start_calls", 10, 0, 1e9, paperA1,
		"selections by s before the UAI layer selects")),
	open("U13", integer("cold_start_labels", 0, 0, 1e9, assumed,
		"if above 0, replaces cold_start_calls: select by s until there are this many labels")),
	open("U14", choice("uai_slots", "fresh", []string{"fresh", "decayed"}, assumed,
		"RMSprop state of the UAI layer at the first label")),
	open("U17", boolean("reset_optimizer", false, assumed,
		"reset RMSprop's state after each labelling call")),
	open("U18", boolean("exclude_anomalies", false, assumed,
		"the base loss leaves out audited anomalies")),
	later(open("U20", choice("round_loss", "joint", []string{"joint", "uai"}, assumed,
		"loss of a round's steps; joint: base loss and cross-entropy; uai: only the "+
			"cross-entropy, with the base loss minimised only in pre-training (alternate and "+
			"exclude_anomalies then have no effect)"))),
	later(open("U21", choice("uai_optimizer", "shared", []string{"shared", "separate"}, assumed,
		"optimiser of the cross-entropy in the encoder; shared: the base's; separate: the UAI "+
			"layer's RMSprop, with its own mean squares for the encoder"))),
	later(choice("head", "linear", []string{"linear", "mlp"},
		"paper, Sec. 3.1; others are its future work (Sec. 6)",
		"map of the UAI layer from [l; s] to the logit; mlp: a multilayer perceptron of ReLU "+
			"units")),
	later(widths("head_hidden", []int{16}, "our choice",
		"with head mlp: widths of its hidden layers")),
	later(choice("switch", "calls", []string{"calls", "confidence"},
		"paper, App. A.1; confidence is its future work (Sec. 6), with our own rule",
		"what ends the selection by s; calls: the counts of App. A.1 and cold_start_*; "+
			"confidence: instead of those counts, s_uai selects as long as it ranked the "+
			"audits of the last rounds, before training on them, at least as well as s")),
	later(integer("switch_window", 100, 2, 1e5, "our choice",
		"with switch confidence: number of latest audits compared, by the area under the ROC "+
			"curve")),
	open("U19", boolean("gradient_through_latent", true, "paper, Sec. 3.1",
		"the cross-entropy's gradient enters the encoder through l")),
}

// cleanUAI is for the bases with input noise: DAE and DSEBM.
var cleanUAI = []bench.Param{
	open("U16", boolean("clean_uai", false, assumed,
		"no input noise in the labelled batch (labelled_batch members has no separate one)")),
}

var (
	scoreScales = map[string]deep.ScoreScale{
		"raw": deep.RawScore, "standardized": deep.Standardized, "running": deep.Running,
		"log1p": deep.LogScore,
	}
	uaiInits = map[string]deep.UAIInit{
		"glorot": deep.GlorotInit, "zero": deep.ZeroInit, "base": deep.BaseInit,
	}
	labelledBatches = map[string]deep.LabelledBatch{
		"uniform": deep.Uniform, "balanced": deep.Balanced, "replacement": deep.Replacement,
		"members": deep.Members,
	}
)

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
		Score:     scoreScales[p.Str("score_scale")],
		Init:      uaiInits[p.Str("uai_init")],
		Labelled:  labelledBatches[p.Str("labelled_batch")],
		Inverse:   p.Bool("inverse_frequency"),
		Gamma:     float32(p.Float("gamma")),
		Alternate: p.Bool("alternate"),
		UAIOnly:   p.Str("round_loss") == "uai",
		Separate:  p.Str("uai_optimizer") == "separate",
		Decayed:   p.Str("uai_slots") == "decayed",
		Reset:     p.Bool("reset_optimizer"),
		Exclude:   p.Bool("exclude_anomalies"),
		Stop:      !p.Bool("gradient_through_latent"),
	}
}
