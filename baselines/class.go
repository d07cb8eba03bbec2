package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

var classParams = slices.Concat(networkParams, []bench.Param{
	open("U2", choice("latent_activation", "auto", append([]string{"auto"}, activations...),
		assumed,
		"activation of the latent layer; auto: as the hidden layers, but sigmoid for a single "+
			"ReLU unit, which could die")),
})

var classNetwork = network{"class", classParams, "hidden", buildClass}

var class = classNetwork.baseline(bench.MethodInfo{
	ID: "class", Title: "Class", Version: 1, Class: true,
	Doc:    "classifier, ranked by the cross-entropy of the given label",
	Source: "App. A.1",
	Params: slices.Concat(classParams, rerankParams),
})

var classUAI = classNetwork.withUAI(bench.MethodInfo{
	ID: "class_uai", Title: "Class_uai", Version: 1, Class: true, Over: "class",
	Doc:    "classifier with a UAI layer",
	Source: "Sec. 3.1, App. A.1",
	Params: slices.Concat(classParams, uaiParams),
})

func buildClass(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := settings(p, seed, o)
	return deep.NewClass(s), s
}
