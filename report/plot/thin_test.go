package plot

import (
	"math"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/bench"
)

// thin drops corners but makes no visible change.
func TestThin(t *testing.T) {
	rng := bench.NewStream(2, "test").Rand()
	for _, n := range []int{0, 1, 2, 100, 97278} {
		var x, y []vg.Length
		at := 0.0
		for i := range n {
			at += rng.ExpFloat64()
			x = append(x, vg.Length(at))
			y = append(y, vg.Length(i))
		}
		for i := range x { // onto a canvas of 600 x 300 points
			x[i] *= 600 / vg.Length(at)
			y[i] *= 300 / vg.Length(n)
		}
		line := corners(x, y, 605)
		got := thin(line)
		if len(got) > maxVertices {
			t.Errorf("%d corners are left of %d", len(got), len(line))
		}
		if n == 0 {
			continue
		}
		near := func(a, b vg.Point) bool { return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)) < 0.1 }
		if !near(got[0], line[0]) || !near(got[len(got)-1], line[len(line)-1]) {
			t.Errorf("n = %d: the ends moved", n)
		}
		farthest := 0.0
		seg := 0
		for _, p := range line {
			// The line is monotone, so the nearest segment only moves forward.
			best := math.Inf(1)
			for s := seg; s < max(len(got)-1, 1) && s < seg+50; s++ {
				if d := distance(p, got[s], got[min(s+1, len(got)-1)]); d < best {
					best, seg = d, s
				}
			}
			farthest = max(farthest, best)
		}
		if farthest > 0.3 {
			t.Errorf("n = %d: the line moved by %.2f points", n, farthest)
		}
	}
}
