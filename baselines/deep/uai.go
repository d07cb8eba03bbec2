package deep

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// UAISettings of the UAI layer and its joint training. Zero values mean methods.md's defaults;
// the paper leaves most of these open (U7 to U19).
type UAISettings struct {
	Round     int // joint steps after each labelling call; 0: 100 (App. A.1)
	Cold      ColdStart
	Score     ScoreScale // of s as an input (U7)
	Init      UAIInit    // (U8)
	Labelled  LabelledBatch
	Inverse   bool    // cross-entropy weighted by inverse class frequency (U10)
	Gamma     float32 // weight of the cross-entropy; 0: 1 (U11)
	Alternate bool    // base and UAI losses in alternate steps in place of one joint step (U11)
	Decayed   bool    // the layer's mean squares start at 0, as after 5,000 zero gradients (U14)
	Reset     bool    // optimiser state reset before each round's steps (U17)
	Exclude   bool    // the base loss leaves out audited anomalies (U18)
	Stop      bool    // no gradient through l: the ablation behind "the gradient flow through l is important" (U19)
}

// ColdStart says how long selection goes by s (U12, U13).
type ColdStart struct {
	Calls  int  // so many calls of select_top (App. A.1: 10); as given, 0 is none
	Labels int  // or until so many labels; used where positive, in place of Calls
	Both   bool // and in any case until both answers have been heard
}

// ScoreScale is how s enters the UAI layer (U7).
type ScoreScale uint8

const (
	RawScore     ScoreScale = iota
	Standardized            // by mean and standard deviation over the pool, frozen after pre-training
	Running                 // by exponentially decaying moments (0.99 a step) of the training batches
	LogScore                // log(1 + s)
)

// UAIInit is how the layer's weights start (U8); the bias is zero.
type UAIInit uint8

const (
	GlorotInit UAIInit = iota
	ZeroInit
	BaseInit // weight 1 on s, 0 on l: the base ranking
)

// LabelledBatch is how a step's labelled rows are chosen (U9); at most a batch of 256.
type LabelledBatch uint8

const (
	Uniform     LabelledBatch = iota // all of H up to 256, then 256 without replacement
	Balanced                         // half anomalies, half normals, with replacement, 256 in all
	Replacement                      // always 256, uniform with replacement
	Members                          // those rows of the ordinary batch that were audited
)

// UAI is a UaiNet: a base with the paper's Universal Anomaly Inference layer on top (eq. 3),
//
//	s_uai(x) = sigmoid(w·[l(x); s(x)] + β)
//
// a logistic regression trained by cross-entropy on the audited rows. Its gradient goes into l and
// the encoder below, not through s. Ranking is by the logit, which has no ties where the sigmoid
// saturates.
type UAI struct {
	trainer
	opt   UAISettings
	layer *nn.Net // h+1 -> 1; input [l; s]
	pass  *nn.Pass
	slots *nn.Slots

	draw     *rand.Rand // of labelled batches
	at, rows []int      // the labelled batch: places in Labels, and their rows
	dl       []float32  // B x h
	moments  moments
	joint    int64

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
	return &UAI{trainer: trainer{base: base, set: s}, opt: opt}
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
	if c.Labels > 0 {
		return l.Len() < c.Labels
	}
	return call <= c.Calls
}

// Train is the pre-training at the first call, and a round of joint steps at every later one.
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
	u.learn(l)
	if u.opt.Exclude {
		u.batches.Exclude(func(row int) bool { i := u.audited[row]; return i > 0 && l.Anomaly[i-1] })
	}
	if u.opt.Reset {
		u.base.ResetOptimizer()
		u.slots.Fill(1)
	}
	for i := range u.opt.Round {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := u.step(i, d, l); err != nil {
			return err
		}
	}
	return nil
}

func (u *UAI) build(d bench.Data) {
	h, b := u.base.LatentDim(), u.set.Batch
	u.layer = nn.NewNet([]int{h + 1, 1}, []nn.Activation{nn.Linear}, bench.NewStream(u.set.Seed, "init uai", h))
	if w, _ := u.layer.Layer(0); u.opt.Init != GlorotInit {
		clear(w)
		if u.opt.Init == BaseInit {
			w[h] = 1
		}
	}
	u.pass = u.layer.NewPass(b)
	u.slots = u.set.Optimizer.Slots(len(u.layer.Params))
	if u.opt.Decayed {
		u.slots.Fill(0)
	}
	u.draw = bench.NewStream(u.set.Seed, "labelled").Rand()
	u.dl = make([]float32, b*h)
	u.audited = make([]int32, d.Rows())
}

// learn takes in the labels of the last round.
func (u *UAI) learn(l bench.Labels) {
	for i := u.known; i < l.Len(); i++ {
		u.audited[l.Index[i]] = int32(i + 1)
		y := truth(l.Anomaly[i])
		u.of[y] = append(u.of[y], i)
		u.taken = append(u.taken, 0)
	}
	u.known = l.Len()
}

// step is one joint step (methods.md 2.4):
//
//	J = mean over B of the base loss + γ · mean over H_B of CE(y, s_uai)
//
// one backward pass of each, one update of all parameters.
func (u *UAI) step(i int, d bench.Data, l bench.Labels) error {
	baseTurn := !u.opt.Alternate || i%2 == 0
	uaiTurn := !u.opt.Alternate || i%2 == 1
	members := u.opt.Labelled == Members
	var loss float32
	if baseTurn {
		rows := u.batches.Next()
		lat, s := u.base.Forward(Training, d, rows)
		if u.opt.Score == Running {
			u.moments.follow(s)
		}
		var dl []float32
		if uaiTurn && members {
			dl = u.members(rows, lat, s, l)
		}
		loss = u.base.Backward(1, dl)
	}
	switch {
	case uaiTurn && !members:
		u.choose(l)
		lat, s := u.base.Forward(Labelled, d, u.rows)
		u.base.Backward(0, u.crossEntropy(lat, s, l))
	case uaiTurn && !baseTurn:
		rows := u.batches.Next()
		lat, s := u.base.Forward(Labelled, d, rows)
		u.base.Backward(0, u.members(rows, lat, s, l))
	}
	u.base.Step()
	if uaiTurn {
		u.slots.Step(u.layer)
	}
	u.steps++
	u.joint++
	if !finite(loss) || !finite(u.layer.Params[0]) {
		return diverged(u.steps, loss)
	}
	return nil
}

// choose draws the step's labelled batch into u.at and u.rows.
func (u *UAI) choose(l bench.Labels) {
	n, b := l.Len(), u.set.Batch
	u.at = u.at[:0]
	switch {
	case u.opt.Labelled == Balanced:
		for j := range b {
			from := u.of[j%2]
			if len(from) == 0 {
				from = u.of[1-j%2]
			}
			u.at = append(u.at, from[u.draw.IntN(len(from))])
		}
	case u.opt.Labelled == Replacement:
		for range b {
			u.at = append(u.at, u.draw.IntN(n))
		}
	case n <= b:
		for i := range n {
			u.at = append(u.at, i)
		}
	default: // b of n without replacement (Floyd's sampling), in audit order; no cost in n
		u.drawings++
		for j := n - b; j < n; j++ {
			i := u.draw.IntN(j + 1)
			if u.taken[i] == u.drawings {
				i = j
			}
			u.taken[i] = u.drawings
			u.at = append(u.at, i)
		}
		slices.Sort(u.at)
	}
	u.rows = u.rows[:0]
	for _, i := range u.at {
		u.rows = append(u.rows, l.Index[i])
	}
}

// members does the cross-entropy on those rows of an ordinary batch that were audited, and returns
// dl for the whole batch (nil where none was): the others' gradients are zero.
func (u *UAI) members(rows []int, lat, s []float32, l bench.Labels) []float32 {
	h := u.base.LatentDim()
	u.at = u.at[:0]
	var places []int
	var ml, ms []float32
	for i, r := range rows {
		if a := u.audited[r]; a > 0 {
			u.at = append(u.at, int(a-1))
			places = append(places, i)
			ml = append(ml, lat[i*h:(i+1)*h]...)
			ms = append(ms, s[i])
		}
	}
	if len(places) == 0 {
		return nil
	}
	part := u.crossEntropy(ml, ms, l)
	if part == nil {
		return nil
	}
	dl := make([]float32, len(rows)*h)
	for j, i := range places {
		copy(dl[i*h:(i+1)*h], part[j*h:(j+1)*h])
	}
	return dl
}

// crossEntropy does the layer's forward and backward pass for the labelled batch with the given l
// (B x h) and s, and returns γ/B · dCE/dl, or nil where the gradient through l is switched off
// (U19). s enters as a constant.
func (u *UAI) crossEntropy(lat, s []float32, l bench.Labels) []float32 {
	b, h := len(u.at), u.base.LatentDim()
	u.forward(lat, s)
	z := u.pass.Out(0)
	dz := u.pass.Delta(0)
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
	defer u.pass.Backward(0, -1, nil)
	if u.opt.Stop {
		return nil
	}
	w, _ := u.layer.Layer(0)
	dl := u.dl[:b*h]
	for i, g := range dz {
		for j := range h {
			dl[i*h+j] = w[j] * g
		}
	}
	f32.Flush(dl)
	return dl
}

// inverse gives each answer's weight: |H| / (2 |H_y|), 1 where only one kind is known.
func (u *UAI) inverse() [2]float32 {
	n := [2]int{len(u.of[0]), len(u.of[1])}
	if n[0] == 0 || n[1] == 0 {
		return [2]float32{1, 1}
	}
	all := float32(n[0] + n[1])
	return [2]float32{all / float32(2*n[0]), all / float32(2*n[1])}
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

func (u *UAI) scale(s float32) float32 {
	switch u.opt.Score {
	case Standardized, Running:
		return u.moments.standardize(s)
	case LogScore:
		return f32.Log1(1 + s)
	}
	return s
}

// measure takes the mean and standard deviation of s over the pool.
func (u *UAI) measure(ctx context.Context, d bench.Data) error {
	var sum, sq float64
	n := float64(d.Rows())
	var all []float64
	err := u.score(ctx, d, nil, func(_ int, _, s []float32) {
		for _, v := range s {
			sum += float64(v)
			all = append(all, float64(v))
		}
	})
	for _, v := range all {
		e := v - sum/n
		sq += float64(e * e)
	}
	u.moments = moments{mean: float32(sum / n), std: float32(math.Sqrt(sq / n)), set: true}
	return err
}

// Scores: see bench.Scorer. The trained score is the logit of s_uai.
func (u *UAI) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int, want bench.Head) (bench.Head, error) {
	if want == bench.HeadBase {
		return want, u.baseScores(ctx, dst, d, rows)
	}
	return want, u.once(ctx, dst, d, rows, func(dst []float64, rows []int) error {
		return u.score(ctx, d, rows, func(at int, l, s []float32) {
			u.forward(l, s)
			for i, z := range u.pass.Out(0) {
				dst[at+i] = float64(z)
			}
		})
	})
}

// Counts: see bench.Counter.
func (u *UAI) Counts() map[string]int64 {
	c := u.counts()
	c["joint_steps"] = u.joint
	return c
}

// moments standardise s.
type moments struct {
	mean, variance, std float32
	set                 bool
}

// follow moves the moments by one training batch: decay 0.99 a step, the first batch as it is.
func (m *moments) follow(s []float32) {
	mu := mean(s)
	var v float32
	for _, x := range s {
		e := x - mu
		v += float32(e * e)
	}
	v /= float32(len(s))
	if !m.set {
		m.mean, m.variance, m.set = mu, v, true
	} else {
		m.mean += float32(0.01 * (mu - m.mean))
		m.variance += float32(0.01 * (v - m.variance))
	}
	m.std = float32(math.Sqrt(float64(m.variance)))
}

func (m *moments) standardize(s float32) float32 {
	if !m.set || m.std == 0 {
		return s - m.mean
	}
	return (s - m.mean) / m.std
}

func truth(y bool) int {
	if y {
		return 1
	}
	return 0
}
