package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Sources of DAGMM's defaults. Shapes and lengths differ by dataset, so the specs set them; the
// defaults here are those of datasets without published settings.
const (
	dagmmPaper = "Zong et al. 2018"
	dagmmNet   = "our assumption for a dataset without published settings"
)

// dagmmParams are DAGMM's parameters. Its training steps and batch size differ between the method
// on its own and below a UAI layer.
func dagmmParams(steps, batch int, source string) []bench.Param {
	return []bench.Param{
		widths("compression", []int{30, 10, 1}, dagmmNet,
			"widths of the compression network's layers down to the linear code; the way up "+
				"mirrors them"),
		widths("estimation", []int{10}, dagmmPaper,
			"widths of the estimation network's hidden layers"),
		integer("components", 2, 1, 256, dagmmPaper+", most datasets",
			"Gaussians of the mixture"),
		number("keep_probability", 0.5, 0.01, 1, dagmmPaper,
			"probability that dropout keeps a unit of the estimation network's last hidden "+
				"layer; 1: no dropout"),
		integer("batch", batch, 2, maxBatch, source,
			"rows per minibatch; each determines a mixture"),
		integer("pretrain_steps", steps, 1, 1e8, source,
			"optimisation steps before the first label"),
		integer("epochs", 0, 0, 1e8, "published for some datasets",
			"if above 0, this many times rows/batch steps (rounded up) replace pretrain_steps"),
		boolean("untrained", false, "our control",
			"no steps before the first label: the initial networks and their mixture, as a "+
				"control"),
		number("learning_rate", 1e-4, 1e-12, 1e3, dagmmPaper, "Adam's learning rate"),
		number("lambda_energy", 0.1, 1e-12, 1e6, dagmmPaper,
			"weight of the mean energy in the loss"),
		number("lambda_covariance", 0.005, 1e-12, 1e6, dagmmPaper,
			"weight of the penalty on small variances"),
		number("diagonal", 1e-6, 1e-300, 1e6,
			"our assumption; the paper leaves singular covariances open",
			"added to every covariance's diagonal"),
		choice("reduction", "sum", []string{"sum", "mean"}, dagmmPaper,
			"reduction of the squared error over features, in the loss"),
	}
}

// dagmmAlone follows the training of Zong et al. where they publish it; dagmmBelow, under a UAI
// layer, follows the paper's training of its own bases.
var (
	dagmmAlone = dagmmParams(20000, 1024, dagmmNet)
	dagmmBelow = dagmmParams(5000, 256, paperA1+", of DAE and Class")
)

// dagmmUAIParams are added by the UAI layer on DAGMM only: an optimiser separate from the base's,
// and a wider l.
var dagmmUAIParams = []bench.Param{
	number("uai_learning_rate", 0.01, 1e-12, 1e3, paperA1, "learning rate of the UAI layer's "+
		"RMSprop"),
	number("decay", 0.9, 1e-6, 1-1e-6, tensorflow, "decay of the mean square in the UAI "+
		"layer's RMSprop"),
	number("epsilon", 1e-10, 1e-30, 1, tensorflow, "epsilon of the UAI layer's RMSprop, inside "+
		"the root"),
	choice("latent", "code", []string{"code", "all"}, assumed,
		"what l is; code: z_c; all: also the two features of the reconstruction"),
}

var dagmmNetwork = network{"dagmm", dagmmAlone, "compression", buildDAGMM}

var dagmm = dagmmNetwork.baseline(bench.MethodInfo{
	ID: "dagmm", Title: "DAGMM", Version: 1,
	Doc:    "deep autoencoding Gaussian mixture model, ranked by energy",
	Source: "App. B.2; Zong et al. 2018",
	Params: slices.Concat(dagmmAlone, rerankParams),
})

var dagmmUAI = dagmmNetwork.withUAI(bench.MethodInfo{
	ID: "dagmm_uai", Title: "DAGMM_uai", Version: 1, Over: "dagmm",
	Doc:    "deep autoencoding Gaussian mixture model with a UAI layer",
	Source: "Sec. 3.1 over Zong et al. 2018",
	Params: slices.Concat(dagmmBelow, dagmmUAIParams, uaiParams),
})

func dagmmSettings(p bench.Params, seed uint64, o buildOptions) deep.DAGMMSettings {
	s := deep.DAGMMSettings{
		Settings: deep.Settings{
			Hidden:    p.Ints("compression"),
			Batch:     p.Int("batch"),
			Pretrain:  p.Int("pretrain_steps"),
			Epochs:    p.Int("epochs"),
			Untrained: p.Bool("untrained"),
			Seed:      seed,
			Cache:     o.cache,
			Threads:   o.threads,
			More:      o.more,
		},
		Adam:         nn.Adam{Rate: float32(p.Float("learning_rate"))},
		Estimation:   p.Ints("estimation"),
		Components:   p.Int("components"),
		Keep:         float32(p.Float("keep_probability")),
		Energy:       p.Float("lambda_energy"),
		Covariance:   p.Float("lambda_covariance"),
		Diagonal:     p.Float("diagonal"),
		MeanFeatures: p.Str("reduction") == "mean",
	}
	if _, ok := p["uai_learning_rate"]; ok { // below a UAI layer
		s.Features = p.Str("latent") == "all"
		s.Optimizer = rmsprop(p, "uai_learning_rate")
	}
	return s
}

func buildDAGMM(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings) {
	s := dagmmSettings(p, seed, o)
	return deep.NewDAGMM(s), s.Settings
}
