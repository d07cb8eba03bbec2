package deep

import (
	"context"
	"math/rand/v2"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// UAISettings of the UAI layer and its joint training. Zero values mean methods.md's defaults;
// the paper leaves most of these open (U7 to U21).
type UAISettings struct {
	Round     int   // steps after each labelling call; 0: 100 (App. A.1)
	Head      []int // widths of hidden ReLU layers between [l; s] and the logit; nil: none, the paper's logistic regression
	Cold      ColdStart
	Switch    int        // above 0: in place of Cold's counts, the head that ranked the last so many audits better selects
	Score     ScoreScale // of s as an input (U7)
	Init      UAIInit    // (U8)
	Labelled  LabelledBatch
	Inverse   bool    // cross-entropy weighted by inverse class frequency (U10)
	Gamma     float32 // weight of the cross-entropy; 0: 1 (U11)
	Alternate bool    // base and UAI losses in alternate steps (U11); ignored with Lone
	Lone      bool    // a round's steps minimise the cross-entropy alone (U20)
	Separate  bool    // the cross-entropy has mean squares of its own in the encoder too (U21)
	Decayed   bool    // the layer's, and those, start at 0, as after 5,000 zero gradients (U14)
	Reset     bool    // optimiser state reset before each round's steps (U17)
	Exclude   bool    // the base loss leaves out audited anomalies (U18); ignored with Lone
	Stop      bool    // no gradient through l: the ablation behind "the gradient flow through l is important" (U19)
}

// ColdStart says how long selection goes by s (U12, U13).
type ColdStart struct {
	Calls  int  // so many calls of select_top (App. A.1: 10); as given, 0 is none
	Labels int  // or until so many labels; used where positive, in place of Calls
	Both   bool // and in any case until both answers have been heard
}

// UAIInit is how the layer's weights start (U8); the bias is zero.
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
// a logistic regression trained by cross-entropy on the audited rows. Its gradient goes into l and
// the encoder below, not through s. Ranking is by the logit, which has no ties where the sigmoid
// saturates.
//
// Beyond the paper ("testing new architectures for UAI layers", Sec. 6) the layer may have hidden
// layers: a small multilayer perceptron from [l; s] to the logit, trained in the same way.
type UAI struct {
	trainer
	opt   UAISettings
	layer *nn.Net // h+1 -> (Head ->) 1; input [l; s]
	pass  *nn.Pass
	slots *nn.Slots
	own   *own // nil: the base's optimiser makes the encoder's steps

	draw     *rand.Rand // of labelled batches
	place    *rand.PCG  // its source
	at, rows []int      // the labelled batch: places in Labels, and their rows
	dl       []float32  // B x h
	dx       []float32  // B x (h+1), of a layer with hidden layers
	moments  moments
	joint    int64
	rivals   rivals

	known    int      // labels seen by earlier rounds
	audited  []int32  // len n: 1 + place in Labels, 0 if not audited
	of       [2][]int // places in Labels of normals and of anomalies
	taken    []int64  // by place in Labels: the last draw that took it
	drawings int64
}

// NewUAI returns an untrained UaiNet over base, which must be made with the same settings.
func NewUAI(base Base, s Settings, opt UAISettings) *UAI {
	if opt.Round == 0 {
		opt.Round = 100
	}
	if opt.Gamma == 0 {
		opt.Gamma = 1
	}
	return &UAI{trainer: trainer{base: base, set: s}, opt: opt, rivals: rivals{most: opt.Switch}}
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
		return !u.rivals.trusted
	}
	if c.Labels > 0 {
		return l.Len() < c.Labels
	}
	return call <= c.Calls
}

// Train is the pre-training at the first call, and a round of steps at every later one.
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
		if err := u.judge(ctx, d, l); err != nil {
			return err
		}
	}
	u.learn(l)
	if u.opt.Exclude && !u.opt.Lone {
		u.batches.Exclude(func(row int) bool { i := u.audited[row]; return i > 0 && l.Anomaly[i-1] })
	}
	if u.opt.Reset {
		u.base.ResetOptimizer()
		u.slots.Reset()
		if u.own != nil {
			u.own.slots.Reset()
		}
	}
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
	u.own = newOwn(u.base, u.set.Optimizer, u.opt)
	if u.opt.Decayed {
		u.slots.Fill(0)
		if u.own != nil {
			u.own.slots.Fill(0)
		}
	}
	u.place = bench.NewStream(u.set.Seed, "labelled").Source()
	u.draw = rand.New(u.place)
	u.dl = make([]float32, b*h)
	u.dx = make([]float32, b*(h+1))
	u.audited = make([]int32, d.Rows())
}

// crossEntropy does the layer's forward and backward pass for the labelled batch with the given l
// (B x h) and s, and returns γ/B · dCE/dl, or nil where the gradient through l is switched off
// (U19). s enters as a constant.
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

// forward computes the logits of [l; s] into the pass's output.
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
func (u *UAI) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int, want bench.Head) (bench.Head, error) {
	if want == bench.HeadBase {
		return want, u.baseScores(ctx, dst, d, rows)
	}
	return want, u.once(ctx, dst, d, rows, func(dst []float64, rows []int) error {
		return u.score(ctx, d, rows, func(at int, l, s []float32) {
			u.forward(l, s)
			for i, z := range u.logits() {
				dst[at+i] = float64(z)
			}
		})
	})
}

// LatentDim is h.
func (u *UAI) LatentDim() int { return u.base.LatentDim() }

// Latents: see bench.Latent. They are those that a score is made of: of clean input.
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

// Counts: see bench.Counter. joint_steps are those of the rounds, whatever these minimise.
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
