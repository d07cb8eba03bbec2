package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

var daeParams = slices.Concat(networkParams, []bench.Param{
	open("U2", choice("latent_activation", "auto", append([]string{"auto"}, activations...),
		assumed,
		"activation of the latent layer; auto: linear")),
	open("U3", choice("output_activation", "linear", activations, assumed,
		"activation of the decoder's output")),
	open("U4", number("noise", 0.1, 0, 1e3, assumed,
		"standard deviation of the input noise (the paper's unprinted φ), or the share of "+
			"masked inputs")),
	open("U4", choice("noise_kind", "gaussian", []string{"gaussian", "masking"},
		"paper, App. A.1 (Gaussian)",
		"gaussian: noise added; masking: inputs set to zero")),
	open("U6", choice("reduction", "sum", []string{"sum", "mean"}, assumed,
		"reduction of the squared error over features, in the loss and in s")),
	boolean("noisy_scores", false, assumed, "noisy input when scoring too, as in eq. 6"),
})

var daeNetwork = network{"dae", daeParams, "hidden", buildDAE}

var dae = daeNetwork.baseline(bench.MethodInfo{
	ID: "dae", Title: "DAE", Version: 1,
	Doc:    "denoising autoencoder, ranked by reconstruction error",
	Source: "App. A.1",
	Params: slices.Concat(daeParams, rerankParams),
})

var daeUAI = daeNetwork.withUAI(bench.MethodInfo{
	ID: "dae_uai", Title: "DAE_uai", Version: 1, Over: "dae",
	Doc:    "denoising autoencoder with a UAI layer",
	Source: "Sec. 3.1, App. A.1",
	Params: slices.Concat(daeParams, uaiParams, cleanUAI),
})

func daeSettings(p bench.Params, seed uint64, o buildOptions) deep.DAESettings {
	return deep.DAESettings{
		Settings:     settings(p, seed, o),
		Noise:        float32(p.Float("noise")),
		Masking:      p.Str("noise_kind") == "masking",
		Output:       nn.ParseActivation(p.Str("output_activation")),
		MeanFeatures: p.Str("reduction") == "mean",
		NoisyScore:   p.Bool("noisy_scores"),
		CleanUAI:     p["clean_uai"] == true,
	}
}

func buildDAE(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := daeSettings(p, seed, o)
	return deep.NewDAE(s), s.Settings
}
