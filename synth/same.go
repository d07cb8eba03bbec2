package synth

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// fewDistinct is the share of distinct rows above which Data.Same is not worthwhile.
const fewDistinct = 0.9

// same returns for each row the first one with the same bits; nil if more than nine in ten rows are
// distinct. Rows with equal hashes are compared value by value, so the result is exact for any
// hash.
func same(ctx context.Context, x bench.Matrix) ([]int32, error) {
	return sameBy(ctx, x, hashRow)
}

func sameBy(ctx context.Context, x bench.Matrix, hash func([]float32) uint64) ([]int32, error) {
	hashes := make([]uint64, x.Rows)
	err := parallel(ctx, x.Rows, func(from, to int) {
		for i := from; i < to; i++ {
			hashes[i] = hash(x.Row(i))
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]int32, x.Rows)
	first := make(map[uint64][]int32) // by hash: the first row of each distinct value
	distinct := 0
	for i := range out {
		kinds := first[hashes[i]]
		k := slices.IndexFunc(kinds, func(j int32) bool {
			return equalRows(x.Row(int(j)),
				x.Row(i))
		})
		if k >= 0 {
			out[i] = kinds[k]
			continue
		}
		out[i] = int32(i)
		first[hashes[i]] = append(kinds, int32(i))
		distinct++
	}
	if float64(distinct) > fewDistinct*float64(x.Rows) {
		return nil, nil
	}
	return out, nil
}

func hashRow(row []float32) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		h = bits.RotateLeft64(h^uint64(math.Float32bits(v)), 29) * 0x9e3779b97f4a7c15
	}
	return h
}

func equalRows(a, b []float32) bool {
	for i, v := range a {
		if math.Float32bits(v) != math.Float32bits(b[i]) {
			return false
		}
	}
	return true
}
