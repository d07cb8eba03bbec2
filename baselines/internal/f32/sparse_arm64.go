//go:build !purego

package f32

import "math/bits"

// nonzerosNEON stores the non-zero elements of a row of A of length k in values, and step times
// their indices in offsets. It writes up to three elements more than the n that it returns.
//
//go:noescape
func nonzerosNEON(values *float32, offsets *int32, a *float32, k, step int,
	lanes *[16][16]byte) (n int)

// sparse64NEON computes 64 columns of a row of C from n values of A and the byte offsets of their
// rows in four panels of B, each of 16 columns and panel bytes long. If a sum ends as -0 it writes
// nothing and returns true.
//
//go:noescape
func sparse64NEON(c, b, values *float32, offsets *int32, panel, n int, add bool) (odd bool)

// finiteNEON reports whether blocks times 32 elements are finite.
//
//go:noescape
func finiteNEON(x *float32, blocks int) bool

// keptBytes are, for each pattern of four bits, the bytes of the elements of its ones in ascending
// order.
var keptBytes = func() (t [16][16]byte) {
	for pattern := range t {
		n := 0
		for rest := uint(pattern); rest != 0; rest &= rest - 1 {
			for i := range word {
				t[pattern][n] = byte(word*bits.TrailingZeros(rest) + i)
				n++
			}
		}
	}
	return t
}()

// compressRow stores the non-zero elements of a row of A of length k in values, and step times
// their indices in offsets. It may write up to three elements more than the n that it returns.
func compressRow(values *float32, offsets *int32, a *float32, k, step int) (n int) {
	return nonzerosNEON(values, offsets, a, k, step, &keptBytes)
}

func sparse64(c, b, values *float32, offsets *int32, panel, n int, add bool) (odd bool) {
	return sparse64NEON(c, b, values, offsets, panel, n, add)
}

func allFinite(x *float32, blocks int) bool { return finiteNEON(x, blocks) }

func copyPanel16(dst, b *float32, brs, k int) { copyPanel16NEON(dst, b, brs, k) }

// gemmRow16 computes 16 columns of a row of C from a packed panel of B.
func gemmRow16(a, b, c *float32, k int, add bool) {
	gemmRows16NEON(a, b, c, 0, word, 0, word*sparsePanel, 0, k, 1, add)
}
