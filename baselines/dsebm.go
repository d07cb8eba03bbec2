package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

var dsebmParams = slices.Concat(comparedParams, []bench.Param{
	number("noise", 0.1, 0, 1e3, assumed,
		"standard deviation of the input noise of denoising score matching"),
})

// dsebmScore is a parameter of DSEBM_uai; among the baselines the two scores are separate methods.
var dsebmScore = []bench.Param{
	choice("score", "energy", []string{"energy", "reconstruction"}, assumed,
		"s: E(x), or ||x - f(x)||²"),
}

var dsebmNetwork = network{"dsebm", dsebmParams, "hidden", buildDSEBM}

var dsebmE = dsebmNetwork.baseline(bench.MethodInfo{
	ID: "dsebm_e", Title: "DSEBM-e", Version: 1,
	Doc:    "deep structured energy-based model, ranked by energy",
	Source: "App. B.2; Zhai et al. 2016",
	Params: slices.Concat(dsebmParams, rerankParams),
})

// dsebmR has DSEBM-e's network and another score.
var dsebmR = network{"dsebm", dsebmParams, "hidden", buildDSEBMR}.baseline(bench.MethodInfo{
	ID: "dsebm_r", Title: "DSEBM-r", Version: 1,
	Doc:    "deep structured energy-based model, ranked by reconstruction error",
	Source: "App. B.2; Zhai et al. 2016",
	Params: slices.Concat(dsebmParams, rerankParams),
})

var dsebmUAI = dsebmNetwork.withUAI(bench.MethodInfo{
	ID: "dsebm_uai", Title: "DSEBM_uai", Version: 1, Over: "dsebm_e",
	Doc:    "deep structured energy-based model with a UAI layer",
	Source: "Sec. 3.1 over Zhai et al. 2016",
	Params: slices.Concat(dsebmParams, dsebmScore, uaiParams, cleanUAI),
})

func dsebmSettings(p bench.Params, seed uint64, o buildOptions) deep.DSEBMSettings {
	s, rule := comparedSettings(p, seed, o)
	return deep.DSEBMSettings{
		Settings: s, Rule: rule, Noise: float32(p.Float("noise")),
		Slope: p["score"] == "reconstruction", CleanUAI: p["clean_uai"] == true,
	}
}

func buildDSEBM(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := dsebmSettings(p, seed, o)
	return deep.NewDSEBM(s), s.Settings
}

func buildDSEBMR(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := dsebmSettings(p, seed, o)
	s.Slope = true
	return deep.NewDSEBM(s), s.Settings
}
