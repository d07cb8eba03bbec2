package deep

import (
	"context"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// UAISettings are the settings of the UAI layer and its training. The paper leaves most of them
// open (U7 to U21); zero values follow its text where it has one, and else its plainest reading.
type UAISettings struct {
	Round    int           // steps after each labelling call; 0: 100 (App. A.1)
	Head     []int         // widths of hidden ReLU layers; nil: none, a logistic regression (eq. 3)
	Cold     ColdStart     // end of the selection by s
	Switch   int           // above 0: window of a headSelector, which replaces Cold's counts
	Score    ScoreScale    // scale of s as an input (U7)
	Init     UAIInit       // (U8)
	Labelled LabelledBatch // (U9)
	Inverse  bool          // cross-entropy weighted by inverse class frequency (U10)
	Gamma    float32       // weight of the cross-entropy; 0: 1 (U11)

	// Alternate minimises base loss and cross-entropy in alternate steps instead of joint ones
	// (U11).
	Alternate bool
	// UAIOnly minimises only the cross-entropy in the rounds (U20), and the base loss only in the
	// pre-training; Alternate and Exclude have no effect.
	UAIOnly bool
	// Separate gives the cross-entropy a separate optimiser for the encoder too (U21).
	Separate bool
	// Decayed starts the mean squares of the cross-entropy's optimiser at 0, their value after
	// 5,000 zero gradients, instead of 1 (U14).
	Decayed bool
	Reset   bool // optimiser state reset before each round's steps (U17)
	Exclude bool // audited anomalies are left out of the base loss (U18)
	// Stop blocks the gradient through l: the ablation behind "the gradient flow through l is
	// important" (U19).
	Stop bool
}

// ColdStart determines how long s selects (U12, U13).
type ColdStart struct {
	Calls  int  // calls of select_top (App. A.1: 10); 0: none
	Labels int  // above 0: replaces Calls by this number of labels
	Both   bool // and in any case until both answers are known
}

// UAIInit is the initialisation of the layer's weights (U8); the bias is zero.
type UAIInit uint8

const (
	GlorotInit UAIInit = iota
	ZeroInit
	BaseInit // weight 1 on s, 0 on l: the base ranking
)

// UAI is a UaiNet: a base with the paper's Universal Anomaly Inference layer on top (eq. 3),
//
//	s_uai(x) = sigmoid(w·[l(x); s(x)] + β)
//
// a logistic regression trained by cross-entropy on the audited rows. Its gradient flows into l and
// the encoder below, not through s. Ranking is by the logit, which has no ties where the sigmoid
// saturates.
//
// Beyond the paper ("testing new architectures for UAI layers", Sec. 6) the layer may have hidden
// layers: a small multilayer perceptron from [l; s] to the logit, trained in the same way.
type UAI struct {
	trainer
	opt     UAISettings
	layer   *nn.Net // h+1 -> (Head ->) 1; input [l; s]
	pass    *nn.Pass
	slots   *nn.Slots
	encoder *encoderOptimizer // nil: the base's optimiser updates the encoder

	draw     state.Generator // random source of labelled batches
	at, rows []int           // the labelled batch: indices in Labels, and their rows
	dl       []float32       // B x h
	dx       []float32       // B x (h+1), for a layer with hidden layers
	moments  moments
	joint    int64
	heads    headSelector

	known    int      // number of labels known from earlier rounds
	audited  []int32  // len n: 1 + index in Labels, 0 if not audited
	of       [2][]int // indices in Labels of normal rows and of anomalies
	taken    []int64  // by index in Labels: the last draw that took it
	drawings int64
}

// NewUAI returns an untrained UaiNet over base, which must have been made with the same settings.
func NewUAI(base Base, s Settings, opt UAISettings) *UAI {
	if opt.Round == 0 {
		opt.Round = 100
	}
	if opt.Gamma == 0 {
		opt.Gamma = 1
	}
	return &UAI{trainer: trainer{base: base, set: s}, opt: opt,
		heads: headSelector{window: opt.Switch}}
}

// Cold: see bench.ColdStarter.
func (u *UAI) Cold(call int, l bench.Labels) bool {
	c := u.opt.Cold
	if c.Both {
		var seen [2]bool
		for _, y := range l.Anomaly {
			seen[truth(y)] = true
		}
		if !seen[0] || !seen[1] {
			return true
		}
	}
	if u.opt.Switch > 0 {
		return !u.heads.uai
	}
	if c.Labels > 0 {
		return l.Len() < c.Labels
	}
	return call <= c.Calls
}

// Train pre-trains at the first call, and runs a round of steps at every call with labels.
func (u *UAI) Train(ctx context.Context, d bench.Data, l bench.Labels) error {
	if u.layer == nil {
		if err := u.start(ctx, d); err != nil {
			return err
		}
		u.build(d)
		if u.opt.Score == Standardized {
			if err := u.measure(ctx, d); err != nil {
				return err
			}
		}
	}
	if l.Len() == 0 {
		return nil
	}
	if u.opt.Switch > 0 {
		if err := u.compareHeads(ctx, d, l); err != nil {
			return err
		}
	}
	u.learn(l)
	if u.opt.Exclude && !u.opt.UAIOnly {
		u.batches.Exclude(func(row int) bool {
			i := u.audited[row]
			return i > 0 && l.Anomaly[i-1]
		})
	}
	if u.opt.Reset {
		u.base.ResetOptimizer()
		u.slots.Reset()
		if u.encoder != nil {
			u.encoder.slots.Reset()
		}
	}
	u.updateThreads()
	for i := range u.opt.Round {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := u.step(i, d, l); err != nil {
			return err
		}
	}
	return u.refresh(ctx, d)
}

func (u *UAI) build(d bench.Data) {
	h, b := u.base.LatentDim(), u.set.Batch
	u.layer = newHead(h, u.opt, u.set.Seed)
	u.pass = u.layer.NewPass(b)
	u.slots = u.set.Optimizer.Slots(len(u.layer.Params))
	u.encoder = newEncoderOptimizer(u.base, u.set.Optimizer, u.opt)
	if u.opt.Decayed {
		u.slots.Fill(0)
		if u.encoder != nil {
			u.encoder.slots.Fill(0)
		}
	}
	u.draw = state.NewGenerator(bench.NewStream(u.set.Seed, "labelled").Source())
	u.dl = make([]float32, b*h)
	u.dx = make([]float32, b*(h+1))
	u.audited = make([]int32, d.Rows())
}

// crossEntropy computes the layer's forward and backward pass for the labelled batch with the given
// l (B x h) and s, and returns γ/B · dCE/dl, or nil if the gradient through l is off (U19). s is a
// constant.
func (u *UAI) crossEntropy(lat, s []float32, l bench.Labels) []float32 {
	b := len(u.at)
	u.forward(lat, s)
	top := len(u.layer.Layers) - 1
	z := u.pass.Out(top)
	dz := u.pass.Delta(top)
	copy(dz, z)
	f32.Sigmoid(dz)
	weight := [2]float32{1, 1}
	if u.opt.Inverse {
		weight = u.inverse()
	}
	for i, a := range u.at {
		y := truth(l.Anomaly[a])
		dz[i] = (dz[i] - float32(y)) * weight[y] * (u.opt.Gamma / float32(b))
	}
	return u.back(b)
}

// forward computes the logits of [l; s] in the pass's output.
func (u *UAI) forward(lat, s []float32) {
	b, h := len(s), u.base.LatentDim()
	x := u.pass.Input(b)
	for i := range b {
		copy(x[i*(h+1):], lat[i*h:(i+1)*h])
		x[i*(h+1)+h] = u.scale(s[i])
	}
	u.pass.Forward()
}

// Scores: see bench.Scorer. The trained score is the logit of s_uai.
func (u *UAI) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	want bench.Head) (bench.Head, error) {
	if want == bench.HeadBase {
		return want, u.baseScores(ctx, dst, d, rows)
	}
	return want, u.cached(ctx, dst, d, rows, func(dst []float64, rows []int) error {
		return u.score(ctx, d, rows, func(at int, l, s []float32) {
			u.forward(l, s)
			for i, z := range u.logits() {
				dst[at+i] = float64(z)
			}
		})
	})
}

// LatentDim returns h.
func (u *UAI) LatentDim() int { return u.base.LatentDim() }

// Latents: see bench.Latent. l and s are those of scoring.
func (u *UAI) Latents(ctx context.Context, l, s []float64, d bench.Data, rows []int) error {
	h := u.base.LatentDim()
	if rows == nil || len(s) != len(rows) || len(l) != len(rows)*h {
		panic("deep: Latents needs rows, and room for l and s of each")
	}
	return u.score(ctx, d, rows, func(at int, lat, base []float32) {
		for i, v := range lat {
			l[at*h+i] = float64(v)
		}
		for i, v := range base {
			s[at+i] = float64(v)
		}
	})
}

// Counts: see bench.Counter. joint_steps are the steps of all rounds, whichever loss they minimise.
func (u *UAI) Counts() map[string]int64 {
	c := u.counts()
	c["joint_steps"] = u.joint
	return c
}

func truth(y bool) int {
	if y {
		return 1
	}
	return 0
}
