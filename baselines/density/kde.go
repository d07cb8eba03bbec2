package density

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// KDESettings are the settings of a KDE.
type KDESettings struct {
	Bandwidth float64 // standard deviation in all directions; 0: chosen by leaving one out
	Subsample int     // maximal number of kernels, without replacement; 0: one on each row
	Seed      uint64  // of the subsample
	Threads   int     // 0: 1
}

// KDE is the density (1/n) Σ_i N(x; x_i, h² I): a bench.Detector. It follows every row, so that
// isolated rows have the least density: a model of high capacity.
type KDE struct {
	set     KDESettings
	centres bench.Matrix
	h       float64
}

// NewKDE returns an unfitted detector.
func NewKDE(s KDESettings) *KDE {
	if !(s.Bandwidth >= 0) || math.IsInf(s.Bandwidth, 1) || s.Subsample < 0 {
		panic(fmt.Sprintf("density: kernel density with settings %+v", s))
	}
	s.Threads = max(1, s.Threads)
	return &KDE{set: s}
}

// Bandwidth returns the bandwidth in use.
func (k *KDE) Bandwidth() float64 { return k.h }

// Fit keeps the rows that are the kernels' centres, and chooses their width.
func (k *KDE) Fit(ctx context.Context, d bench.Data) error {
	least := 1
	if k.set.Bandwidth == 0 {
		least = 2
	}
	if err := split.Finite("kernel density", d, least); err != nil {
		return err
	}
	k.centres = d.X
	if n := k.set.Subsample; n > 0 && n < d.Rows() {
		rng := bench.NewStream(k.set.Seed, "density/subsample").Rand()
		rows := rng.Perm(d.Rows())[:n]
		slices.Sort(rows)
		k.centres = bench.NewMatrix(n, d.X.Cols)
		for i, r := range rows {
			copy(k.centres.Row(i), d.X.Row(r))
		}
	}
	k.h = k.set.Bandwidth
	if k.h == 0 {
		return k.choose(ctx)
	}
	return nil
}

const (
	tries = 21   // widths: Scott's times 2^(-i/2), i = -4 … 16
	probe = 1000 // maximal number of rows whose densities choose the width
)

// choose takes, from a range of widths around Scott's rule, the one with the greatest likelihood of
// rows under the kernels of all others. Scott's rule is the root mean variance of columns times
// n^(-1/(d+4)), which suits one Gaussian and is too wide for clusters.
func (k *KDE) choose(ctx context.Context) error {
	n, d := k.centres.Rows, k.centres.Cols
	variance := 0.0
	for j := range d {
		sum, squares := 0.0, 0.0
		for i := range n {
			sum += float64(k.centres.Row(i)[j])
		}
		for i := range n {
			e := float64(k.centres.Row(i)[j]) - sum/float64(n)
			squares += float64(e * e)
		}
		variance += squares / float64(n) / float64(d)
	}
	if variance == 0 {
		return fmt.Errorf("kernel density: all rows are the same, so no bandwidth can be " +
			"chosen: give one")
	}
	scott := math.Sqrt(variance) * detmath.Exp(-detmath.Ln(float64(n))/float64(d+4))
	var total [tries]float64
	square, terms := make([]float64, n-1), make([]float64, n-1)
	stride := (n + probe - 1) / probe
	for i := 0; i < n; i += stride {
		if err := ctx.Err(); err != nil {
			return err
		}
		x, at := k.centres.Row(i), 0
		for j := range n {
			if j != i {
				square[at] = distance(x, k.centres.Row(j))
				at++
			}
		}
		for t := range total {
			h := width(scott, t)
			for j, q := range square {
				terms[j] = -q / (2 * h * h)
			}
			total[t] += logSum(terms) - float64(float64(d)*detmath.Ln(h))
		}
	}
	best := 0
	for t, v := range total {
		if v > total[best] {
			best = t
		}
	}
	k.h = width(scott, best)
	return nil
}

func width(scott float64, try int) float64 {
	return scott * detmath.Exp2(float64(4-try)/2)
}

func distance(x, y []float32) float64 {
	s := 0.0
	for j, v := range x {
		e := float64(v) - float64(y[j])
		s += float64(e * e)
	}
	return s
}

// Scores: see bench.Scorer. The score is minus the logarithm of the density.
func (k *KDE) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	n, cols := k.centres.Rows, k.centres.Cols
	if n == 0 || d.X.Cols != cols {
		panic(fmt.Sprintf("density: %d columns to score, %d fitted", d.X.Cols, cols))
	}
	constant := detmath.Ln(float64(n)) + float64(float64(cols)*(ln2Pi/2+detmath.Ln(k.h)))
	room := func() []float64 { return make([]float64, n) }
	score := func(terms []float64, x []float32) float64 {
		for i := range terms {
			terms[i] = -distance(x, k.centres.Row(i)) / (2 * k.h * k.h)
		}
		return constant - logSum(terms)
	}
	err := split.Scores(ctx, k.set.Threads, dst, d, rows, room, score)
	return bench.HeadBase, err
}

// Counts: see bench.Counter.
func (k *KDE) Counts() map[string]int64 {
	return map[string]int64{"kernels": int64(k.centres.Rows)}
}
