package ensemble

import (
	"cmp"
	"context"
	"math"

	"github.com/uaibench/uaibench/bench"
)

// RMSprop is the authors' optimiser of F (ad_examples). Zero values mean theirs, except that the
// start is a candidate for the best w (see Forget).
type RMSprop struct {
	Epochs  int     // at most; 0: 1,000
	Batch   int     // labelled rows per step; 0: 100
	Rate    float64 // 0: 0.001
	Decay   float64 // of the mean square, which starts at zero; 0: 0.9
	Epsilon float64 // inside the root; 0: 1e-6
	Stop    float64 // ends when the loss or its change is below this; 0: 1e-6
	Window  int     // … or that of its moving average over this many epochs; 0: 20
	// Forget: the start is not a candidate for the best w, as in the authors' code, which may
	// return a worse one.
	Forget bool
}

func (o *RMSprop) fill() {
	o.Epochs, o.Batch, o.Window = cmp.Or(o.Epochs, 1000), cmp.Or(o.Batch, 100), cmp.Or(o.Window, 20)
	o.Rate, o.Decay = cmp.Or(o.Rate, 0.001), cmp.Or(o.Decay, 0.9)
	o.Epsilon, o.Stop = cmp.Or(o.Epsilon, 1e-6), cmp.Or(o.Stop, 1e-6)
}

// work counts the work of learning.
type work struct {
	rounds, epochs, gradients, rows int64
}

// descent is the optimiser's memory, kept between rounds to save allocations.
type descent struct {
	opt           RMSprop
	g, r, best, w []float64
	s             []float64
	order         []int32
	losses        []float64
}

// minimise moves w to the best epoch's w. rng shuffles the labelled rows once, if they fill more
// than one batch.
func (o *descent) minimise(ctx context.Context, f *objective, w []float64, rng bench.Stream,
	done *work) error {
	n, m := len(f.rows), len(w)
	o.order = o.order[:0]
	for i := range n {
		o.order = append(o.order, int32(i))
	}
	if n > o.opt.Batch {
		rng.Rand().Shuffle(n, func(i, j int) { o.order[i], o.order[j] = o.order[j], o.order[i] })
	}
	o.g, o.r, o.w = sized(o.g, m), sized(o.r, m), sized(o.w, m)
	o.best, o.s = sized(o.best, m), sized(o.s, n)
	clear(o.r)
	copy(o.w, w) // the start
	copy(o.best, w)
	batches := (n + o.opt.Batch - 1) / o.opt.Batch
	batch := func(b int) []int32 { return o.order[b*o.opt.Batch : min((b+1)*o.opt.Batch, n)] }

	lossBest := math.Inf(1)
	tau := 0.0
	if !o.opt.Forget {
		lossBest = 0
		for b := range batches {
			t := f.scores(o.s, w, batch(b))
			lossBest += f.value(w, batch(b), o.s, t)
		}
		lossBest /= float64(batches)
	}
	o.losses = o.losses[:0]
	last := math.Inf(1)
	for epoch := range o.opt.Epochs {
		if err := ctx.Err(); err != nil {
			return err
		}
		loss := 0.0
		for b := range batches {
			rows := batch(b)
			s := o.s[:len(rows)]
			if batches > 1 || epoch == 0 { // a single batch's scores are those of the last loss
				tau = f.scores(s, w, rows)
				done.rows += int64(len(rows))
			}
			f.gradient(o.g, w, rows, s, tau)
			o.step(w)
			tau = f.scores(s, w, rows)
			loss += f.value(w, rows, s, tau)
			done.rows += int64(len(rows))
			done.gradients++
		}
		done.epochs++
		loss /= float64(batches)
		o.losses = append(o.losses, loss)
		if loss < lossBest {
			copy(o.best, w)
			lossBest = loss
		}
		e := len(o.losses)
		averaged := e > o.opt.Window &&
			math.Abs(loss-o.losses[e-1-o.opt.Window])/float64(o.opt.Window) < o.opt.Stop
		if loss < o.opt.Stop || math.Abs(loss-last) < o.opt.Stop || averaged {
			break
		}
		last = loss
	}
	copy(w, o.best)
	if !o.opt.Forget && batches > 1 {
		// An epoch's loss is the mean over batches, each at another w: compare F itself with the
		// start's.
		o.s = sized(o.s, n)
		if at(f, w, o.order, o.s) > at(f, o.w, o.order, o.s) {
			copy(w, o.w)
		}
	}
	return nil
}

// at returns F of all labelled rows.
func at(f *objective, w []float64, order []int32, s []float64) float64 {
	tau := f.scores(s, w, order)
	return f.value(w, order, s, tau)
}

// step updates w by g once.
func (o *descent) step(w []float64) {
	decay, rest, rate, epsilon := o.opt.Decay, 1-o.opt.Decay, o.opt.Rate, o.opt.Epsilon
	g, r := o.g[:len(w)], o.r[:len(w)]
	for i, v := range g {
		if v == 0 && r[i] == 0 {
			continue
		}
		q := float64(decay*r[i]) + float64(rest*float64(v*v))
		r[i] = q
		w[i] -= float64(rate*v) / math.Sqrt(epsilon+q)
	}
}

// sized returns a slice of len n, reusing s's memory.
func sized(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n, n+n/4)
	}
	return s[:n]
}
