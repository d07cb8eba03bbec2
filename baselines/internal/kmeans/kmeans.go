// Package kmeans implements K-means: Lloyd's algorithm from initial centres drawn by k-means++
// (Arthur and Vassilvitskii 2007). DCN's centres have the precision of its codes, float32; a
// Gaussian mixture starts with float64 ones. Distances and sums are float64, in a fixed order, for
// both.
package kmeans

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/text"
)

// Model is a K-means of n points of d dimensions into K clusters.
type Model[C float32 | float64] struct {
	X       []float32 // n x d, row-major: the points
	Centres []C       // K x d, row-major
	Own     []int32   // len n: cluster of each point
	Sizes   []int     // len K: number of points of each cluster

	// KeepEmpty lets a cluster without points keep its centre; otherwise it is an error,
	// EmptyCluster.
	KeepEmpty bool

	d       int
	sums    []float64 // K x d
	squared []float64 // len n: squared distance to the nearest centre
}

// New returns a model of n points of d dimensions, all zero, in k clusters.
func New[C float32 | float64](n, d, k int) *Model[C] {
	return &Model[C]{
		X: make([]float32, n*d), Centres: make([]C, k*d), Own: make([]int32, n), Sizes: make([]int,
			k),
		d: d, sums: make([]float64, k*d), squared: make([]float64, n),
	}
}

// EmptyCluster is the error for a cluster that has lost all its points.
type EmptyCluster struct{ Number, Of int } // Number counts from 1

func (e EmptyCluster) Error() string {
	return fmt.Sprintf("cluster %d of %d is empty", e.Number, e.Of)
}

// Best keeps the best of several restarts, by the sum of squared distances, and the first of
// equals. Restarts that lose a cluster are ignored; if all do, Best returns that error.
func (m *Model[C]) Best(ctx context.Context, restarts, iterations int, s bench.Stream) error {
	if err := m.Check(); err != nil {
		return err
	}
	rng := s.Rand()
	least := math.Inf(1)
	centres, own := make([]C, len(m.Centres)), make([]int32, len(m.Own))
	sizes := make([]int, len(m.Sizes))
	var lost error
	for range restarts {
		if err := m.Spread(rng, Draw); err != nil {
			return err
		}
		sum, err := m.Lloyd(ctx, iterations)
		switch {
		case errors.As(err, new(EmptyCluster)):
			lost = err
		case err != nil:
			return err
		case sum < least:
			least = sum
			copy(centres, m.Centres)
			copy(own, m.Own)
			copy(sizes, m.Sizes)
		}
	}
	if math.IsInf(least, 1) {
		return fmt.Errorf("K-means, in each of %d restarts: %w", restarts, lost)
	}
	m.Centres, m.Own, m.Sizes = centres, own, sizes
	return nil
}

// Check returns an error that names the first point that is not finite.
func (m *Model[C]) Check() error {
	for i, v := range m.X {
		if v-v != 0 {
			return fmt.Errorf("K-means: the code of row %d is %v", i/m.d, v)
		}
	}
	return nil
}

// Drawing returns a point, drawn with a probability in proportion to its weight; total is the sum
// of the weights.
type Drawing func(rng *rand.Rand, weights []float64, total float64) int

// Draw is a Drawing: it returns the first point up to which the weights sum to more than a uniform
// share of the total, otherwise the last one with a weight.
func Draw(rng *rand.Rand, weights []float64, total float64) int {
	at, last, sum := total*rng.Float64(), 0, 0.0
	for i, w := range weights {
		if w == 0 {
			continue
		}
		last = i
		if sum += w; sum > at {
			break
		}
	}
	return last
}

// Spread draws the initial centres among the points by k-means++: the first uniformly, each further
// one by its squared distance from the nearest centre so far. Fewer different points than clusters
// are an error, unless clusters may be empty.
func (m *Model[C]) Spread(rng *rand.Rand, draw Drawing) error {
	for i := range m.squared {
		m.squared[i] = math.Inf(1)
	}
	row := rng.IntN(len(m.Own))
	for c := range m.Sizes {
		if c > 0 {
			total := 0.0
			for i := range m.squared {
				_, d := Nearest(m.Centres[(c-1)*m.d:c*m.d], m.X[i*m.d:(i+1)*m.d])
				m.squared[i] = min(m.squared[i], d)
				total += m.squared[i]
			}
			if total == 0 && !m.KeepEmpty {
				return fmt.Errorf("K-means: the codes of all %d rows are only %s, but %d "+
					"clusters are wanted", len(m.Own), text.Plural(c, "distinct point"), len(m.Sizes))
			}
			row = draw(rng, m.squared, total)
		}
		for j, v := range m.X[row*m.d : (row+1)*m.d] {
			m.Centres[c*m.d+j] = C(v)
		}
	}
	return nil
}

// Lloyd iterates from the current centres until no assignment changes, at most the given number of
// times, and returns the sum of squared distances. A tie between centres goes to the lower index.
func (m *Model[C]) Lloyd(ctx context.Context, iterations int) (sum float64, err error) {
	for i := range m.Own {
		m.Own[i] = -1
	}
	for range iterations {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		changed := false
		sum = 0
		clear(m.Sizes)
		for i := range m.Own {
			c, d := Nearest(m.Centres, m.X[i*m.d:(i+1)*m.d])
			changed = changed || m.Own[i] != int32(c)
			m.Own[i] = int32(c)
			m.Sizes[c]++
			sum += d
		}
		for c, n := range m.Sizes {
			if n == 0 && !m.KeepEmpty {
				return 0, EmptyCluster{c + 1, len(m.Sizes)}
			}
		}
		if !changed {
			break
		}
		m.means()
	}
	return sum, nil
}

// means moves each centre to the mean of its points.
func (m *Model[C]) means() {
	clear(m.sums)
	for i, c := range m.Own {
		at := m.sums[int(c)*m.d:]
		for j, v := range m.X[i*m.d : (i+1)*m.d] {
			at[j] += float64(v)
		}
	}
	for i, v := range m.sums {
		if n := m.Sizes[i/m.d]; n > 0 {
			m.Centres[i] = C(v / float64(n))
		}
	}
}

// Nearest returns the index of the nearest of the centres (K x len x), the lowest of equals, and
// the squared distance from it.
func Nearest[C float32 | float64](centres []C, x []float32) (at int, least float64) {
	d := len(x)
	for c := 0; c*d < len(centres); c++ {
		sum := 0.0
		for j, v := range centres[c*d : (c+1)*d] {
			e := float64(x[j]) - float64(v)
			sum += float64(e * e)
		}
		if c == 0 || sum < least {
			at, least = c, sum
		}
	}
	return at, least
}
