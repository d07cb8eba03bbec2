//go:build !purego

package f32

// The kernels of one panel: C (m x n, n at most the number in the name) += A * B, or = if add is
// false. Strides are in bytes; block is the distance between tiles of rows of A; mask is for the
// last vector of columns.

//go:noescape
func gemm16AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemm8AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemmMask16AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask *int32)

//go:noescape
func gemmMask8AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask *int32)

// Packing. Strides are in bytes.

//go:noescape
func copyPanel16AVX2(dst, b *float32, brs, k int)

//go:noescape
func copyPanel8AVX2(dst, b *float32, brs, k int)

//go:noescape
func transpose8AVX2(dst *float32, dstStride int, b *float32, bcs, blocks int)

//go:noescape
func packTilesAVX2(dst, a *float32, acs, k, tiles int)

// The same for AVX-512, where a tile has 14 rows and the mask, of 16 bits, is always used.

//go:noescape
func gemm32AVX512(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask int)

//go:noescape
func gemm16AVX512(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask int)

//go:noescape
func copyPanel32AVX512(dst, b *float32, brs, k int)

//go:noescape
func copyPanel16AVX512(dst, b *float32, brs, k int)

//go:noescape
func packTilesAVX512(dst, a *float32, acs, k, tiles int)

// rowMask holds masks of eight lanes: the mask of the first n starts at 8-n.
var rowMask = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

var tilesAVX2 = tiles{
	panel: 16, rows: 6, maxM: 300, sparse: 0.35,
	panelProduct: func(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, n int) {
		switch {
		case n == 16:
			gemm16AVX2(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		case n > 8:
			gemmMask16AVX2(a, b, c, ars, acs, block, brs, ldc, k, m, add, &rowMask[16-n])
		case n == 8:
			gemm8AVX2(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		default:
			gemmMask8AVX2(a, b, c, ars, acs, block, brs, ldc, k, m, add, &rowMask[8-n])
		}
	},
	copyPanel: copyPanel16AVX2,
	copyHalf:  copyPanel8AVX2,
	packTiles: packTilesAVX2,
}

var tilesAVX512 = tiles{
	// estimated: the break-even is at 0.4 if full products are twice as fast as AVX2's
	panel: 32, rows: 14, maxM: 420, sparse: 0.25,
	panelProduct: func(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, n int) {
		if n > 16 {
			gemm32AVX512(a, b, c, ars, acs, block, brs, ldc, k, m, add, 1<<(n-16)-1)
		} else {
			gemm16AVX512(a, b, c, ars, acs, block, brs, ldc, k, m, add, 1<<n-1)
		}
	},
	copyPanel: copyPanel32AVX512,
	copyHalf:  copyPanel16AVX512,
	packTiles: packTilesAVX512,
}

func transpose8(dst *float32, dstStride int, b *float32, bcs, blocks int) {
	transpose8AVX2(dst, dstStride, b, bcs, blocks)
}

// peakFMAAVX2 performs steps times 96 fused multiply-adds in registers.
//
//go:noescape
func peakFMAAVX2(steps int)

// peakFMAAVX512 performs steps times 192 fused multiply-adds in registers.
//
//go:noescape
func peakFMAAVX512(steps int)
