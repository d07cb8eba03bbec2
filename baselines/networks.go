package baselines

import (
	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// network is a base network, used on its own or under a UAI layer.
type network struct {
	name   string        // name of its pre-training, which all its methods share
	params []bench.Param // parameters that the pre-training depends on
	layers string        // name of the parameter that sets the widths of its layers
	build  func(p bench.Params, seed uint64, o buildOptions) (deep.Base, deep.Settings)
}

// baseline returns the method that ranks by the network without a UAI layer. With rerank the
// network trains further after every round, without labels (U15).
func (n network) baseline(m bench.MethodInfo) method {
	m.Counts = []string{"steps", "rows_scored"}
	rounds := func(p bench.Params) int {
		if p.Bool("rerank") {
			return p.Int("round_steps")
		}
		return 0
	}
	return n.method(m, rounds, func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		base, s := n.build(p, seed, o)
		if p.Bool("rerank") {
			return deep.NewReranked(base, s, p.Int("round_steps"))
		}
		return bench.Passive(deep.NewUnsupervised(base, s))
	})
}

// withUAI returns the method with a UAI layer on the network.
func (n network) withUAI(m bench.MethodInfo) method {
	m.Active = true
	m.Counts = []string{"steps", "rows_scored", "joint_steps"}
	rounds := func(p bench.Params) int { return p.Int("round_steps") }
	return n.method(m, rounds, func(p bench.Params, seed uint64, o buildOptions) bench.Learner {
		base, s := n.build(p, seed, o)
		return deep.NewUAI(base, s, uaiSettings(p))
	})
}

func (n network) method(m bench.MethodInfo, rounds func(bench.Params) int, build buildFunc) method {
	return method{
		MethodInfo: m, build: build, pretraining: pretraining{n.name, n.params}, memory: n.memory,
		cost: costModel{
			steps: func(p bench.Params, rows int) (before, round int) {
				return stepsBefore(p, rows), rounds(p)
			},
			trial: trialOfSteps,
			refreshes: func(p bench.Params) bool {
				base, _ := n.build(p, 0, buildOptions{})
				_, ok := base.(deep.Refresher)
				return ok
			},
		},
	}
}

// memory counts five numbers per parameter (weights, gradients, two of an optimiser, and a
// snapshot), a minibatch with all its activations and their gradients, and the workspaces of the
// products. A separate optimiser of the cross-entropy adds three for each parameter that it reaches
// (gradients, mean squares, their snapshot): the encoder's, which are half, or all of DAGMM's with
// latent all.
func (n network) memory(p bench.Params, s Shape, threads int) int64 {
	const number = 4
	// The sizes are those of an autoencoder, the largest network; a classifier's outputs are few.
	widths := append([]int{s.Features}, p.Ints(n.layers)...)
	var params, width int64
	for i, w := range widths {
		width += 2 * int64(w)
		if i > 0 {
			params += 2 * int64(widths[i-1]+1) * int64(w)
		}
	}
	total := 5*number*params + 3*number*int64(p.Int("batch"))*width + 4*mebi*int64(threads)
	if p["uai_optimizer"] == "separate" {
		reached := params / 2
		if p["latent"] == "all" {
			reached = params
		}
		total += 3 * number * reached
	}
	return total
}

// stepsBefore returns the number of steps before the first label. Steps of a base's own phases
// count in full, although they take less time.
func stepsBefore(p bench.Params, rows int) int {
	if p["untrained"] == true {
		return 0
	}
	of := func(name string) int { // 0: the base has no such phase
		if _, ok := p[name]; ok {
			return p.Int(name)
		}
		return 0
	}
	n := p.Int("pretrain_steps")
	if epochs := of("epochs"); epochs > 0 {
		n = epochs * ((rows + p.Int("batch") - 1) / p.Int("batch"))
	}
	if layer := of("layer_steps"); layer > 0 {
		n += layer * len(p.Ints("hidden"))
	}
	return n + of("end_steps")
}

// trialOfSteps sets p to the given number of steps before the first label and after each round, and
// disables the base's own phases.
func trialOfSteps(p bench.Params, steps int) {
	// The rate does not affect the time; at this one, no network diverges on random data and no
	// cluster of DCN becomes empty.
	const harmlessRate = 1e-6
	set := func(value any, names ...string) {
		for _, name := range names {
			if _, ok := p[name]; ok {
				p[name] = value
			}
		}
	}
	set(steps, "pretrain_steps", "round_steps")
	set(harmlessRate, "learning_rate", "uai_learning_rate")
	set(0, "epochs", "layer_steps", "end_steps")
}

var activations = []string{"relu", "sigmoid", "tanh", "linear"}

var networkParams = []bench.Param{
	widths("hidden", []int{256, 64, 8}, paperA1,
		"widths of the hidden layers; the last is the latent layer"),
	open("U1", choice("activation", "relu", activations, assumed, "activation of the hidden "+
		"layers")),
	integer("batch", 256, 1, maxBatch, paperA1, "rows per minibatch"),
	boolean("iid_batches", false, assumed,
		"minibatches drawn with replacement in place of epoch-wise shuffling"),
	integer("pretrain_steps", 5000, 1, 1e8, paperA1, "optimisation steps before the first label"),
	number("learning_rate", 0.01, 1e-12, 1e3, paperA1, "RMSprop's learning rate"),
	number("decay", 0.9, 1e-6, 1-1e-6, tensorflow, "decay of RMSprop's mean square"),
	number("epsilon", 1e-10, 1e-30, 1, tensorflow, "RMSprop's epsilon, inside the root"),
}

var roundSteps = integer("round_steps", 100, 1, 1e8, paperA1,
	"optimisation steps after each labelling call")

// rerankParams are added to a network without a UAI layer.
var rerankParams = []bench.Param{
	open("U15", boolean("rerank", false, assumed,
		"train further without labels after every round and rank again: the same compute as "+
			"the UaiNet")),
	roundSteps,
}

// settings returns the settings of a network that has all of networkParams.
func settings(p bench.Params, seed uint64, o buildOptions) deep.Settings {
	return deep.Settings{
		Hidden:     p.Ints("hidden"),
		Activation: nn.ParseActivation(p.Str("activation")),
		Latent:     nn.ParseActivation(p.Str("latent_activation")),
		Batch:      p.Int("batch"),
		Pretrain:   p.Int("pretrain_steps"),
		IID:        p.Bool("iid_batches"),
		Optimizer:  rmsprop(p, "learning_rate"),
		Seed:       seed,
		Cache:      o.cache,
		Threads:    o.threads,
		More:       o.more,
	}
}

// rmsprop returns the optimiser whose learning rate is the named parameter.
func rmsprop(p bench.Params, rate string) nn.RMSprop {
	return nn.RMSprop{
		Rate:    float32(p.Float(rate)),
		Decay:   float32(p.Float("decay")),
		Epsilon: float32(p.Float("epsilon")),
	}
}
