// Package toy draws Figure 2's two-dimensional data (Sec. 2.1; experiments/methods.md): three
// classes in four clusters, one of them small and of wider spread, and scattered points. Either of
// the last two may be anomalous: only labels can tell.
package toy

import (
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// Kind is the kind of a point.
type Kind uint8

const (
	Normal Kind = iota // of one of the three large clusters
	Small              // of the small cluster
	Scattered
)

// The paper prints no numbers; these are ours (experiments/methods.md).
const (
	Classes = 3
	large   = 300 // points of each large cluster
	small   = 30
	stray   = 30
	Rows    = Classes*large + small + stray

	spread      = 0.3 // standard deviation of a large cluster
	smallSpread = 0.6
	// margin is the width around the square of the centres in which scattered points are uniform
	margin = 2.0
)

// The centres are the corners of a square: those of the large clusters, each one class, and that of
// the small one, which belongs to the last class.
var (
	centres     = [Classes][2]float64{{0, 0}, {4, 0}, {0, 4}}
	smallCentre = [2]float64{4, 4}
)

// Point is a point in the plane.
type Point struct {
	X, Y  float64
	Class int32 // in [0, Classes); any for a scattered point
	Kind  Kind
}

// Draw returns the points for a seed, in random order.
func Draw(seed uint64) []Point {
	rng := bench.NewStream(seed, "synth/toy").Rand()
	var out []Point
	blob := func(n int, at [2]float64, sd float64, class int32, kind Kind) {
		for range n {
			x := at[0] + float64(sd*detmath.Normal(rng))
			y := at[1] + float64(sd*detmath.Normal(rng))
			out = append(out, Point{x, y, class, kind})
		}
	}
	for c, at := range centres {
		blob(large, at, spread, int32(c), Normal)
	}
	blob(small, smallCentre, smallSpread, Classes-1, Small)
	for range stray {
		x := float64((4+2*margin)*rng.Float64()) - margin
		y := float64((4+2*margin)*rng.Float64()) - margin
		out = append(out, Point{x, y, int32(rng.IntN(Classes)), Scattered})
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// Count returns the number of points of a kind, the same for any seed.
func Count(k Kind) int { return [...]int{Normal: Classes * large, Small: small, Scattered: stray}[k] }

// Anomalous returns the kind of points that is anomalous by the dataset's parameter anomalies,
// cluster or scattered. It panics for any other value.
func Anomalous(definition string) Kind {
	switch definition {
	case "cluster":
		return Small
	case "scattered":
		return Scattered
	}
	panic("toy: unknown definition of anomalies " + definition)
}
