//go:build !purego

package f32

import "unsafe"

// The kernels of one panel: C (m x n, n being the number in the name) += A * B, or = if add is
// false. Strides are in bytes; block is the distance between tiles of rows of A. Either the rows of
// A are contiguous, or its columns.

//go:noescape
func gemmRows16NEON(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemmRows8NEON(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemmColumns16NEON(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemmColumns8NEON(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

// Packing. Strides are in bytes.

//go:noescape
func copyPanel16NEON(dst, b *float32, brs, k int)

//go:noescape
func copyPanel8NEON(dst, b *float32, brs, k int)

//go:noescape
func transpose8NEON(dst *float32, dstStride int, b *float32, bcs, blocks int)

//go:noescape
func packTilesNEON(dst, a *float32, acs, k, tiles int)

// tilesNEON: sparse is AVX2's value. Neither it nor a block size has been measured on a machine
// with NEON.
var tilesNEON = tiles{
	panel: 16, rows: rowsNEON, maxM: 300, sparse: 0.35, contiguous: true,
	panelProduct: panelProductNEON,
	copyPanel:    copyPanel16NEON,
	copyHalf:     copyPanel8NEON,
	packTiles:    packTilesNEON,
}

const rowsNEON = 6

// panelProductNEON computes tiles of C in a buffer where the panel is not full.
func panelProductNEON(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, n int) {
	byRows := acs == word || k == 1
	switch n {
	case 16:
		if byRows {
			gemmRows16NEON(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		} else {
			gemmColumns16NEON(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		}
		return
	case 8:
		if byRows {
			gemmRows8NEON(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		} else {
			gemmColumns8NEON(a, b, c, ars, acs, block, brs, ldc, k, m, add)
		}
		return
	}
	width := 16
	if n < 8 {
		width = 8
	}
	var tile [rowsNEON * 16]float32
	all := unsafe.Slice(c, (m-1)*ldc/word+n)
	for i := 0; i < m; i += rowsNEON {
		rows := min(rowsNEON, m-i)
		if add {
			for r := range rows {
				copy(tile[r*width:][:n], all[(i+r)*ldc/word:])
			}
		}
		panelProductNEON(a, b, &tile[0], ars, acs, block, brs, word*width, k, rows, add, width)
		for r := range rows {
			copy(all[(i+r)*ldc/word:][:n], tile[r*width:])
		}
		if i+rowsNEON < m {
			a = (*float32)(unsafe.Add(unsafe.Pointer(a), block))
		}
	}
}

func transpose8(dst *float32, dstStride int, b *float32, bcs, blocks int) {
	transpose8NEON(dst, dstStride, b, bcs, blocks)
}

// peakFMANEON performs steps times 96 fused multiply-adds in registers.
//
//go:noescape
func peakFMANEON(steps int)
