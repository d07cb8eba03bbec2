package baselines

import (
	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// Where DAGMM's defaults come from. Shapes and lengths differ by dataset, so a spec gives them; the defaults here are
// those of the datasets for which nothing is published.
const (
	dagmmPaper = "Zong et al. 2018"
	dagmmNet   = "our assumption for a dataset without published settings"
)

// dagmmParams are DAGMM's. How long it trains, and on how large batches, differs between the method on its own and
// below a UAI layer.
func dagmmParams(steps, batch int, source string) []bench.Param {
	return []bench.Param{
		{Name: "compression", Kind: bench.Ints, Default: []int{30, 10, 1}, Min: bench.At(1), Max: bench.At(maxWidth), Most: maxLayers, Doc: "widths of the compression network's layers down to the linear code; the way up mirrors them", Source: dagmmNet},
		{Name: "estimation", Kind: bench.Ints, Default: []int{10}, Min: bench.At(1), Max: bench.At(maxWidth), Most: maxLayers, Doc: "widths of the estimation network's hidden layers", Source: dagmmPaper},
		{Name: "components", Kind: bench.Int, Default: 2, Min: bench.At(1), Max: bench.At(256), Doc: "Gaussians of the mixture", Source: dagmmPaper + ", most datasets"},
		{Name: "keep_probability", Kind: bench.Float, Default: 0.5, Min: bench.At(0.01), Max: bench.At(1), Doc: "of a unit of the last hidden layer of the estimation network in dropout; 1: no dropout", Source: dagmmPaper},
		{Name: "batch", Kind: bench.Int, Default: batch, Min: bench.At(2), Max: bench.At(maxBatch), Doc: "rows a minibatch, which make a mixture", Source: source},
		{Name: "pretrain_steps", Kind: bench.Int, Default: steps, Min: bench.At(1), Max: bench.At(1e8), Doc: "optimisation steps before the first label", Source: source},
		{Name: "epochs", Kind: bench.Int, Default: 0, Min: bench.At(0), Max: bench.At(1e8), Doc: "where above 0, so many times rows/batch steps (rounded up) in place of pretrain_steps", Source: "published for some datasets"},
		{Name: "untrained", Kind: bench.Bool, Default: false, Doc: "no steps before the first label: the networks' start and the mixture that it makes, as a control", Source: "our control"},
		{Name: "learning_rate", Kind: bench.Float, Default: 1e-4, Min: bench.At(1e-12), Max: bench.At(1e3), Doc: "of Adam", Source: dagmmPaper},
		{Name: "lambda_energy", Kind: bench.Float, Default: 0.1, Min: bench.At(1e-12), Max: bench.At(1e6), Doc: "weight of the mean energy in the loss", Source: dagmmPaper},
		{Name: "lambda_covariance", Kind: bench.Float, Default: 0.005, Min: bench.At(1e-12), Max: bench.At(1e6), Doc: "weight of the penalty on small variances", Source: dagmmPaper},
		{Name: "diagonal", Kind: bench.Float, Default: 1e-6, Min: bench.At(1e-300), Max: bench.At(1e6), Doc: "added to every covariance's diagonal", Source: "our assumption; the paper leaves singular covariances open"},
		{Name: "reduction", Kind: bench.String, Default: "sum", Enum: []string{"sum", "mean"}, Doc: "of the squared error over features, in the loss", Source: dagmmPaper},
	}
}

// Alone as Zong et al. train where they say how; below a UAI layer as the paper trains its own bases.
var (
	dagmmAlone = dagmmParams(20000, 1024, dagmmNet)
	dagmmBelow = dagmmParams(5000, 256, paperA1+", of DAE and Class")
)

// dagmmUAIParams are what the layer has beside other UaiNets': an optimiser that is not the base's, and a wider l.
var dagmmUAIParams = []bench.Param{
	{Name: "uai_learning_rate", Kind: bench.Float, Default: 0.01, Min: bench.At(1e-12), Max: bench.At(1e3), Doc: "of the UAI layer's RMSprop", Source: paperA1},
	{Name: "decay", Kind: bench.Float, Default: 0.9, Min: bench.At(1e-6), Max: bench.At(1 - 1e-6), Doc: "of the UAI layer's RMSprop's mean square", Source: tensorflow},
	{Name: "epsilon", Kind: bench.Float, Default: 1e-10, Min: bench.At(1e-30), Max: bench.At(1), Doc: "of the UAI layer's RMSprop, inside the root", Source: tensorflow},
	{Name: "latent", Kind: bench.String, Default: "code", Enum: []string{"code", "all"}, Doc: "l; code: z_c, all: the two features of the reconstruction too", Source: assumed},
}

func dagmmSettings(p bench.Params, seed uint64, with means) deep.DAGMMSettings {
	return deep.DAGMMSettings{
		Settings: deep.Settings{
			Hidden:    p.Ints("compression"),
			Batch:     p.Int("batch"),
			Pretrain:  p.Int("pretrain_steps"),
			Epochs:    p.Int("epochs"),
			Untrained: p.Bool("untrained"),
			Seed:      seed,
			Share:     with.share,
			Waive:     with.waive,
			Threads:   with.threads,
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
}

func dagmm(p bench.Params, seed uint64, with means) bench.Learner {
	s := dagmmSettings(p, seed, with)
	return alone(deep.NewDAGMM(s), s.Settings, p)
}

func dagmmUAI(p bench.Params, seed uint64, with means) bench.Learner {
	s := dagmmSettings(p, seed, with)
	s.Features = p.Str("latent") == "all"
	s.Optimizer = nn.RMSprop{
		Rate:    float32(p.Float("uai_learning_rate")),
		Decay:   float32(p.Float("decay")),
		Epsilon: float32(p.Float("epsilon")),
	}
	return deep.NewUAI(deep.NewDAGMM(s), s.Settings, uaiSettings(p))
}
