package deep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench"
)

// kmeans is Lloyd's algorithm over n codes of h numbers: float32 centres, as the codes are, and
// float64 sums in a fixed order.
type kmeans struct {
	k, h    int
	x       []float32 // n x h
	centres []float32 // k x h
	own     []int32   // len n, each code's cluster
	sizes   []int     // of the clusters

	sums    []float64 // k x h
	squared []float64 // len n, to the nearest centre
}

// iterations of Lloyd's algorithm at most, as in scikit-learn.
const iterations = 300

func newKMeans(n, h, k int) *kmeans {
	return &kmeans{
		k: k, h: h, x: make([]float32, n*h), centres: make([]float32, k*h), own: make([]int32, n),
		sizes: make([]int, k), sums: make([]float64, k*h), squared: make([]float64, n),
	}
}

// emptyCluster is an error: a cluster lost all its rows.
type emptyCluster struct{ number, of int }

func (e emptyCluster) Error() string {
	return fmt.Sprintf("cluster %d of %d is empty", e.number, e.of)
}

// best takes the best of so many restarts, by the sum of squared distances; the earlier of equals. A
// restart that loses a cluster does not count, unless all do.
func (m *kmeans) best(ctx context.Context, restarts int, s bench.Stream) error {
	if err := m.check(); err != nil {
		return err
	}
	rng := s.Rand()
	least := math.Inf(1)
	centres, own, sizes := make([]float32, len(m.centres)), make([]int32, len(m.own)), make([]int, m.k)
	var lost error
	for range restarts {
		if err := m.spread(rng); err != nil {
			return err
		}
		sum, err := m.lloyd(ctx)
		switch {
		case errors.As(err, new(emptyCluster)):
			lost = err
		case err != nil:
			return err
		case sum < least:
			least = sum
			copy(centres, m.centres)
			copy(own, m.own)
			copy(sizes, m.sizes)
		}
	}
	if math.IsInf(least, 1) {
		return fmt.Errorf("K-means, in each of %d restarts: %w", restarts, lost)
	}
	m.centres, m.own, m.sizes = centres, own, sizes
	return nil
}

// check finds a code that is no number.
func (m *kmeans) check() error {
	for i, v := range m.x {
		if !finite(v) {
			return fmt.Errorf("K-means: the code of row %d is %v", i/m.h, v)
		}
	}
	return nil
}

// spread draws the first centres by k-means++ (Arthur and Vassilvitskii 2007): rows, the first
// uniformly, each further one with a probability in proportion to its squared distance from the
// nearest centre drawn before.
func (m *kmeans) spread(rng *rand.Rand) error {
	n := len(m.own)
	row := rng.IntN(n)
	for c := range m.k {
		if c > 0 {
			total := 0.0
			for i := range n {
				_, d := nearest(m.centres[:c*m.h], m.x[i*m.h:(i+1)*m.h])
				m.squared[i] = d
				total += d
			}
			if total == 0 {
				return fmt.Errorf("K-means: the codes of all %d rows are only %d different points, and %d clusters are wanted", n, c, m.k)
			}
			row = draw(m.squared, total*rng.Float64())
		}
		copy(m.centres[c*m.h:], m.x[row*m.h:(row+1)*m.h])
	}
	return nil
}

// draw returns the first place up to which weights sum to more than at, else the last of weight.
func draw(weights []float64, at float64) int {
	last, sum := 0, 0.0
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

// lloyd goes from m.centres to assignments that no iteration changes, and returns the sum of squared
// distances.
func (m *kmeans) lloyd(ctx context.Context) (float64, error) {
	for i := range m.own {
		m.own[i] = -1
	}
	sum := 0.0
	for range iterations {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		changed := false
		sum = 0
		clear(m.sizes)
		for i := range m.own {
			c, d := nearest(m.centres, m.x[i*m.h:(i+1)*m.h])
			changed = changed || m.own[i] != int32(c)
			m.own[i] = int32(c)
			m.sizes[c]++
			sum += d
		}
		for c, n := range m.sizes {
			if n == 0 {
				return 0, emptyCluster{c + 1, m.k}
			}
		}
		if !changed {
			break
		}
		clear(m.sums)
		for i, c := range m.own {
			at := m.sums[int(c)*m.h:]
			for j, v := range m.x[i*m.h : (i+1)*m.h] {
				at[j] += float64(v)
			}
		}
		for i, v := range m.sums {
			m.centres[i] = float32(v / float64(m.sizes[i/m.h]))
		}
	}
	return sum, nil
}

// nearest returns the number of the nearest of the centres (k x len x), the lowest of equals, and the
// squared distance from it.
func nearest(centres, x []float32) (at int, least float64) {
	h := len(x)
	for c := 0; c*h < len(centres); c++ {
		d := 0.0
		for j, v := range centres[c*h : (c+1)*h] {
			e := float64(x[j]) - float64(v)
			d += float64(e * e)
		}
		if c == 0 || d < least {
			at, least = c, d
		}
	}
	return at, least
}
