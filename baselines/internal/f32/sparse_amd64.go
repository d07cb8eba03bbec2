//go:build !purego

package f32

import "math/bits"

// Products of mostly empty matrices use AVX2 with either kernel.

// nonzerosAVX2 stores the non-zero elements of a row of A of length k in values, and step times
// their indices in offsets. It writes up to seven elements more than the n that it returns. masks
// is rowMask.
//
//go:noescape
func nonzerosAVX2(values *float32, offsets *int32, a *float32, k, step int, lanes *[256][8]int32,
	masks *int32) (n int)

// sparse64AVX2 computes 64 columns of a row of C from n values of A and the byte offsets of their
// rows in four panels of B, each of 16 columns and panel bytes long. If a sum ends as -0 it writes
// nothing and returns true.
//
//go:noescape
func sparse64AVX2(c, b, values *float32, offsets *int32, panel, n int, add bool) (odd bool)

// finiteAVX2 reports whether blocks times 32 elements are finite.
//
//go:noescape
func finiteAVX2(x *float32, blocks int) bool

// keptLanes are, for each pattern of eight bits, the indices of its ones in ascending order.
var keptLanes = func() (t [256][8]int32) {
	for pattern := range t {
		for n, rest := 0, uint(pattern); rest != 0; n, rest = n+1, rest&(rest-1) {
			t[pattern][n] = int32(bits.TrailingZeros(rest))
		}
	}
	return t
}()

// compressRow stores the non-zero elements of a row of A of length k in values, and step times
// their indices in offsets. It may write up to seven elements more than the n that it returns.
func compressRow(values *float32, offsets *int32, a *float32, k, step int) (n int) {
	return nonzerosAVX2(values, offsets, a, k, step, &keptLanes, &rowMask[0])
}

func sparse64(c, b, values *float32, offsets *int32, panel, n int, add bool) (odd bool) {
	return sparse64AVX2(c, b, values, offsets, panel, n, add)
}

func allFinite(x *float32, blocks int) bool { return finiteAVX2(x, blocks) }

func copyPanel16(dst, b *float32, brs, k int) { copyPanel16AVX2(dst, b, brs, k) }

// gemmRow16 computes 16 columns of a row of C from a packed panel of B.
func gemmRow16(a, b, c *float32, k int, add bool) {
	gemm16AVX2(a, b, c, 0, word, 0, word*sparsePanel, 0, k, 1, add)
}
