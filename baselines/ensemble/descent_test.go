package ensemble

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// part returns F of some of the labelled rows.
func part(f *objective, rows []int32) *objective {
	g := *f
	g.rows, g.anomaly, g.within = nil, nil, nil
	for _, r := range rows {
		g.rows = append(g.rows, f.rows[r])
		g.anomaly = append(g.anomaly, f.anomaly[r])
		g.within = append(g.within, f.within[r])
	}
	return &g
}

// authors is an independent implementation of the authors' descent: RMSprop by batches of rows in a
// given order; an epoch's loss is the mean of its batches' after their steps; it returns the w of
// the least loss; it ends once the loss, its change from the epoch before, or its mean change over
// the window is below stop. ended is the criterion that was met, or "epochs".
func authors(f *objective, w []float64, order []int32, o RMSprop) (best []float64, epochs int,
	ended string) {
	r, g := make([]float64, len(w)), make([]float64, len(w))
	least := math.Inf(1)
	var losses []float64
	for range o.Epochs {
		loss, batches := 0.0, 0.0
		for rows := range slices.Chunk(order, o.Batch) {
			b := part(f, rows)
			s := make([]float64, len(rows))
			tau := b.scores(s, w, every(len(rows)))
			b.gradient(g, w, every(len(rows)), s, tau)
			for i, v := range g {
				r[i] = o.Decay*r[i] + (1-o.Decay)*v*v
				w[i] -= o.Rate * v / math.Sqrt(o.Epsilon+r[i])
			}
			loss += naive(b, w)
			batches++
		}
		loss /= batches
		losses = append(losses, loss)
		if loss < least {
			least, best = loss, slices.Clone(w)
		}
		e := len(losses) - 1
		switch {
		case loss < o.Stop:
			return best, e + 1, "loss"
		case e > 0 && math.Abs(loss-losses[e-1]) < o.Stop:
			return best, e + 1, "change"
		case e >= o.Window && math.Abs(loss-losses[e-o.Window])/float64(o.Window) < o.Stop:
			return best, e + 1, "window"
		}
	}
	return best, len(losses), "epochs"
}

// TestDescentAgainstAuthors: over batches, in the drawn order, with every criterion for ending.
func TestDescentAgainstAuthors(t *testing.T) {
	ends := map[string]int{}
	for seed := range uint64(60) {
		f, w := problem(seed, 23, 20, Costs{3, 1.5, 0.7}, float64(seed%2))
		o := RMSprop{
			Batch: []int{23, 5, 8}[seed%3], Epochs: 40, Rate: 0.02, Window: 3 + int(seed%4),
			Stop: []float64{1e-9, 0.003, 0.02, 0.5}[seed%4], Forget: true,
		}
		d := descent{opt: o}
		d.opt.fill()
		got := slices.Clone(w)
		var done work
		if err := d.minimise(context.Background(), f, got, bench.NewStream(seed, "batches"),
			&done); err != nil {
			t.Fatal(err)
		}
		want, epochs, ended := authors(f, w, d.order, d.opt)
		ends[ended]++
		if done.epochs != int64(epochs) {
			t.Errorf("seed %d: %d epochs, want %d, ended by %s", seed, done.epochs, epochs, ended)
		}
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-9 {
				t.Errorf("seed %d: w[%d] = %v, want %v", seed, i, got[i], want[i])
				break
			}
		}
	}
	for _, how := range []string{"loss", "change", "window", "epochs"} {
		if ends[how] == 0 {
			t.Errorf("no descent ended by %s: %v", how, ends)
		}
	}
}

// TestBatchesAreShuffled: rows that fill more than one batch are shuffled with every place equally
// likely for each row (chi-square), differently in each round and for each seed; those of one batch
// keep their order.
func TestBatchesAreShuffled(t *testing.T) {
	const n, streams = 9, 4000
	f, w := problem(1, n, 6, Costs{1, 1, 1}, 0)
	var place [n][n]float64
	for stream := range streams {
		d := descent{opt: RMSprop{Batch: 4, Epochs: 1}}
		d.opt.fill()
		var done work
		if err := d.minimise(context.Background(), f, slices.Clone(w),
			bench.NewStream(1, "batches", stream), &done); err != nil {
			t.Fatal(err)
		}
		for at, r := range d.order {
			place[r][at]++
		}
	}
	chi := 0.0
	for _, row := range place {
		for _, v := range row {
			chi += (v - streams/n) * (v - streams/n) / (streams / n)
		}
	}
	// 64 degrees of freedom (rows and columns have fixed sums): sd 11.3.
	if chi > 64+6*11.3 {
		t.Errorf("chi-square of places %.1f, want about 64", chi)
	}

	d, _ := clusters(300, 5, 4)
	l := bench.Labels{}
	for i := range 40 {
		l.Index, l.Anomaly = append(l.Index, 7*i), append(l.Anomaly, i%5 == 0)
	}
	orders := map[string]bool{}
	for _, batch := range []int{10, 40} {
		for _, seed := range []uint64{1, 2} {
			s := TreeAADSettings()
			s.RMSprop.Batch, s.Seed = batch, seed
			m := NewTreeAAD(ForestSettings{Trees: 10, Seed: 1}, s)
			for _, l := range []bench.Labels{{}, l, l} {
				if err := m.Train(context.Background(), d, l); err != nil {
					t.Fatal(err)
				}
				if l.Len() > 0 && batch < 40 {
					orders[fmt.Sprint(m.descent.order)] = true
				}
			}
			if batch == 40 && !slices.Equal(m.descent.order, every(40)) {
				t.Errorf("one batch comes in the order %v", m.descent.order)
			}
		}
	}
	if len(orders) != 4 {
		t.Errorf("two rounds of two seeds have %d orders", len(orders))
	}
}

// TestExactStartsWithMemory: the variables of the rows that stay in memory keep their values.
// Nominals far below the quantile have none, so dropping them does not change the minimum, and
// nothing is left to do.
func TestExactStartsWithMemory(t *testing.T) {
	for seed := range uint64(10) {
		f, w := problem(seed, 24, 12, Costs{3, 1.5, 0.7}, 1)
		for i := range 6 { // the oldest
			f.rows[i], f.anomaly[i], f.within[i] = sparse{}, false, false
		}
		for i := 6; i < 24; i++ {
			f.anomaly[i] = true
		}
		f.q = 0.1 // above the score, 0, of the first six
		o := dual{opt: Exact{Tolerance: 1e-9}}
		o.opt.fill()
		rng := rand.New(rand.NewPCG(seed, 1))
		var first, again work
		if err := o.minimise(context.Background(), f, w, 0, rng, &first); err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(w)
		rest := part(f, every(24)[6:])
		if err := o.minimise(context.Background(), rest, w, 6, rng, &again); err != nil {
			t.Fatal(err)
		}
		if first.gradients == 0 || again.gradients != 0 {
			t.Errorf("seed %d: %d sweeps, and after forgetting %d more", seed, first.gradients,
				again.gradients)
		}
		for i := range w {
			if math.Abs(w[i]-want[i]) > 1e-12 {
				t.Fatalf("seed %d: forgetting rows without a variable moves w", seed)
			}
		}
	}
}
