//go:build !purego

package f32

// The kernels of one panel: C (m x n, n at most the name's number) += A * B, or = if add is
// false. Strides are in bytes; block is from one tile of six rows of A to the next; mask is for
// the last vector of columns.

//go:noescape
func gemm16AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemm8AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool)

//go:noescape
func gemmMask16AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask *int32)

//go:noescape
func gemmMask8AVX2(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, mask *int32)

// Packing; strides are in bytes.

//go:noescape
func copyPanel16AVX2(dst, b *float32, brs, k int)

//go:noescape
func copyPanel8AVX2(dst, b *float32, brs, k int)

//go:noescape
func transpose8AVX2(dst *float32, dstStride int, b *float32, bcs, blocks int)

//go:noescape
func packTilesAVX2(dst, a *float32, acs, k, tiles int)

const (
	word  = 4  // bytes of a float32
	panel = 16 // columns of a panel of B
	tile  = 6  // rows of a tile of C

	// A panel of B (16 KiB at 256) and a tile of A stay in the first-level cache, a block of A
	// (300 KiB at 300 rows) in the second.
	maxK = 320
	maxM = 300

	// Fewer rows than this do not repay the packing of B.
	packRows = 2 * tile
)

// rowMask holds masks of eight lanes: the mask of the first n starts at 8-n.
var rowMask = [16]int32{-1, -1, -1, -1, -1, -1, -1, -1}

// gemmAVX2 goes over blocks of k, blocks of rows, and panels of columns. Blocks of k come in
// ascending order and resume from C, so that every element still sums in ascending k. A panel
// of B is packed next to where it is used, and A is packed if its rows are not contiguous and
// it is used more than once.
func gemmAVX2(w *Workspace, add bool, m, n, k int, a []float32, ars, acs int, b []float32, brs, bcs int, c []float32, ldc int) {
	if n == 1 && (ldc == 1 || m == 1) {
		// A column of C is a row of its transpose, which vectors suit.
		m, n, a, b, ars, acs, brs, bcs, ldc = 1, m, b, a, bcs, brs, acs, ars, m
	}
	kBlock := balanced(k, maxK, 8)
	mBlock := balanced(m, maxM, tile)
	packA := ars == 1 && acs != 1 && n > panel && m >= tile
	need := kBlock * panel
	if packA {
		need += kBlock * mBlock
	}
	if len(w.buf) < need {
		w.buf = make([]float32, need)
	}
	packedB, packedA := w.buf[:kBlock*panel], w.buf[kBlock*panel:]

	for p := 0; p < k; p += kBlock {
		kb := min(kBlock, k-p)
		add := add || p > 0
		for i := 0; i < m; i += mBlock {
			mb := min(mBlock, m-i)
			ab, tileRow, tileCol, block := a[i*ars+p*acs:], ars, acs, tile*ars
			if packA {
				packTiles(packedA, ab, acs, mb, kb)
				ab, tileRow, tileCol, block = packedA, 1, tile, tile*kb
			}
			for j := 0; j < n; j += panel {
				nb := min(panel, n-j)
				bb, rowB := packPanel(packedB, b[p*brs+j*bcs:], brs, bcs, nb, kb, mb)
				cb := c[i*ldc+j:]
				switch {
				case nb == panel:
					gemm16AVX2(&ab[0], &bb[0], &cb[0], word*tileRow, word*tileCol, word*block, word*rowB, word*ldc, kb, mb, add)
				case nb > 8:
					gemmMask16AVX2(&ab[0], &bb[0], &cb[0], word*tileRow, word*tileCol, word*block, word*rowB, word*ldc, kb, mb, add, &rowMask[panel-nb])
				case nb == 8:
					gemm8AVX2(&ab[0], &bb[0], &cb[0], word*tileRow, word*tileCol, word*block, word*rowB, word*ldc, kb, mb, add)
				default:
					gemmMask8AVX2(&ab[0], &bb[0], &cb[0], word*tileRow, word*tileCol, word*block, word*rowB, word*ldc, kb, mb, add, &rowMask[8-nb])
				}
			}
		}
	}
}

// balanced returns the size of the blocks that n is cut into: nearly equal, at most about most,
// a multiple of unit.
func balanced(n, most, unit int) int {
	blocks := (n + most - 1) / most
	size := (n + blocks - 1) / blocks
	return (size + unit - 1) / unit * unit
}

// packPanel returns a panel of B, n columns by k rows, and its row stride: b itself where its
// rows can be read as vectors and are not too far apart or not read often enough, else a copy
// in dst, padded with zeros to 8 or 16 columns.
func packPanel(dst, b []float32, brs, bcs, n, k, m int) ([]float32, int) {
	width := panel
	if n <= 8 {
		width = 8
	}
	switch {
	case bcs == 1 && n == width:
		if brs == width || m < packRows {
			return b, brs
		}
		if n == panel {
			copyPanel16AVX2(&dst[0], &b[0], word*brs, k)
		} else {
			copyPanel8AVX2(&dst[0], &b[0], word*brs, k)
		}
	case brs == 1 && n%8 == 0:
		whole := k &^ 7
		for j := 0; j < n; j += 8 {
			if whole > 0 {
				transpose8AVX2(&dst[j], word*width, &b[j*bcs], word*bcs, whole/8)
			}
			for p := whole; p < k; p++ {
				for l := range 8 {
					dst[p*width+j+l] = b[(j+l)*bcs+p]
				}
			}
		}
	default:
		for p := range k {
			row := dst[p*width:][:width]
			for j := range n {
				row[j] = b[p*brs+j*bcs]
			}
			clear(row[n:])
		}
	}
	return dst, width
}

// packTiles copies the block of A (m x k, row stride 1) into tiles of six rows, each k by k.
func packTiles(dst, a []float32, acs, m, k int) {
	whole := m / tile
	const few = 8 // tiles at a time, so that as few streams are written
	for t := 0; t < whole; t += few {
		packTilesAVX2(&dst[t*tile*k], &a[t*tile], word*acs, k, min(few, whole-t))
	}
	for p := range k {
		for r := whole * tile; r < m; r++ {
			dst[whole*tile*k+p*tile+r-whole*tile] = a[p*acs+r]
		}
	}
}

// peakFMAAVX2 does steps times 96 fused multiply-adds in registers. Only the benchmarks call
// it.
//
//go:noescape
func peakFMAAVX2(steps int)
