package ensemble

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// clusters has n rows of d columns in five Gaussian clusters; one row in a hundred, marked true, lies
// anywhere in the same box.
func clusters(n, d int, seed uint64) (bench.Data, []bool) {
	rng := bench.NewStream(seed, "clusters").Rand()
	x := bench.NewMatrix(n, d)
	truth := make([]bool, n)
	centres := make([]float64, 5*d)
	for i := range centres {
		centres[i] = rng.Float64()
	}
	for i := range n {
		truth[i] = rng.IntN(100) == 0
		c := rng.IntN(5)
		for j := range d {
			if truth[i] {
				x.Data[i*d+j] = float32(rng.Float64())
			} else {
				x.Data[i*d+j] = float32(centres[c*d+j] + 0.1*normal(rng))
			}
		}
	}
	return bench.Data{X: x}, truth
}

// peerData is the matrix that bench/peers/sklearn_iforest.py wrote, or one of the same shape.
func peerData(b *testing.B) bench.Data {
	const rows, cols = 284807, 30
	file := os.Getenv("UAIBENCH_PEER_MATRIX")
	if file == "" {
		d, _ := clusters(rows, cols, 1)
		return d
	}
	raw, err := os.ReadFile(file)
	if err != nil || len(raw) != 4*rows*cols {
		b.Fatalf("%s: %d bytes, %v", file, len(raw), err)
	}
	x := bench.NewMatrix(rows, cols)
	for i := range x.Data {
		x.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return bench.Data{X: x}
}

// BenchmarkIForest: fit and score of 100 trees x 256 on 284,807 x 30, on one core.
func BenchmarkIForest(b *testing.B) {
	d := peerData(b)
	scores := make([]float64, d.Rows())
	ctx := context.Background()
	for b.Loop() {
		f := NewIForest(ForestSettings{Seed: 1, Workers: 1})
		if err := f.Fit(ctx, d); err != nil {
			b.Fatal(err)
		}
		if _, err := f.Scores(ctx, scores, d, nil, bench.HeadBase); err != nil {
			b.Fatal(err)
		}
	}
}
