//go:build (amd64 || arm64) && !purego

package f32

const (
	word = 4 // bytes of a float32

	// A panel of B (20 KiB at 320 with AVX2 and NEON) and a tile of A stay in the first-level
	// cache; the rest of AVX-512's panels of 40 KiB arrives from the second in time.
	maxK = 320
)

// tiles describes a kernel's blocking, with its functions in assembly.
type tiles struct {
	panel int // columns of a panel of B; one of half the width is for the last columns
	rows  int // rows of a tile of C
	maxM  int // rows of a block of A, which stays in the second-level cache

	// contiguous: panelProduct needs contiguous rows or columns of A; otherwise A is packed.
	contiguous bool

	// sparse is the share of non-zero elements of A up to which skipping zeros is faster.
	sparse float64

	// panelProduct computes a panel, n columns of C, from a panel of B. Strides are in bytes; block
	// is the distance between tiles of A.
	panelProduct func(a, b, c *float32, ars, acs, block, brs, ldc, k, m int, add bool, n int)
	copyPanel    func(dst, b *float32, brs, k int) // for full panels of contiguous rows
	copyHalf     func(dst, b *float32, brs, k int)
	packTiles    func(dst, a *float32, acs, k, tiles int)
}

// gemm loops over blocks of k, blocks of rows, and panels of columns. Blocks of k are in ascending
// order and continue from C, so that every element still sums in ascending k. A is packed if its
// rows are not contiguous and it is used more than once.
func (t *tiles) gemm(w *Workspace, add bool, m, n, k int, a []float32, ars, acs int, b []float32,
	brs, bcs int, c []float32, ldc int) {
	if n == 1 && (ldc == 1 || m == 1) {
		// A column of C is computed as a row of its transpose, which suits vectors.
		m, n, a, b, ars, acs, brs, bcs, ldc = 1, m, b, a, bcs, brs, acs, ars, m
	}
	if bcs == 1 && t.sparsePays(m, n, k, a, ars, acs) && finite(b, brs, k, n) {
		t.sparseProduct(w, add, m, n, k, a, ars, acs, b, brs, c, ldc)
		return
	}
	kBlock := balanced(k, maxK, 8)
	mBlock := balanced(m, t.maxM, t.rows)
	packA := ars == 1 && acs != 1 && n > t.panel && m >= t.rows ||
		t.contiguous && ars != 1 && acs != 1
	// A panel of B is packed just before its use; all panels are kept if there are several blocks
	// of rows.
	keep := kBlock * t.panel
	if m <= mBlock {
		keep = 0
	}
	sizeB := kBlock*t.panel + keep*((n-1)/t.panel)
	need := sizeB
	if packA {
		need += kBlock * mBlock
	}
	if len(w.buf) < need {
		w.buf = make([]float32, need)
	}
	packedB, packedA := w.buf[:sizeB], w.buf[sizeB:]

	for p := 0; p < k; p += kBlock {
		kb := min(kBlock, k-p)
		add := add || p > 0
		for i := 0; i < m; i += mBlock {
			mb := min(mBlock, m-i)
			ab, tileRow, tileCol, block := a[i*ars+p*acs:], ars, acs, t.rows*ars
			if packA {
				t.packRows(packedA, ab, ars, acs, mb, kb)
				ab, tileRow, tileCol, block = packedA, 1, t.rows, t.rows*kb
			}
			for j := 0; j < n; j += t.panel {
				nb := min(t.panel, n-j)
				bb, rowB := t.packPanel(packedB[keep*(j/t.panel):], b[p*brs+j*bcs:],
					brs, bcs, nb, kb, m, i > 0)
				t.panelProduct(&ab[0], &bb[0], &c[i*ldc+j], word*tileRow, word*tileCol, word*block,
					word*rowB, word*ldc, kb, mb, add, nb)
			}
		}
	}
}

// balanced returns the size of the blocks that n is divided into: nearly equal, not much more than
// most, a multiple of unit.
func balanced(n, most, unit int) int {
	blocks := (n + most - 1) / most
	size := (n + blocks - 1) / blocks
	return (size + unit - 1) / unit * unit
}

// packPanel returns a panel of B, n columns by k rows, and its row stride: b itself if its rows can
// be read as vectors and are close enough or rarely read, otherwise a copy in dst, padded with
// zeros to a panel or half a panel, which already exists if packed.
func (t *tiles) packPanel(dst, b []float32, brs, bcs, n, k, m int, packed bool) ([]float32, int) {
	width := t.panel
	if n <= t.panel/2 {
		width = t.panel / 2
	}
	switch {
	case bcs == 1 && n == width:
		if brs == width || m < 2*t.rows {
			return b, brs
		}
		switch {
		case packed:
		case n == t.panel:
			t.copyPanel(&dst[0], &b[0], word*brs, k)
		default:
			t.copyHalf(&dst[0], &b[0], word*brs, k)
		}
	case packed:
	case brs == 1 && n%8 == 0:
		whole := k &^ 7
		for j := 0; j < n; j += 8 {
			if whole > 0 {
				transpose8(&dst[j], word*width, &b[j*bcs], word*bcs, whole/8)
			}
			for p := whole; p < k; p++ {
				for l := range 8 {
					dst[p*width+j+l] = b[(j+l)*bcs+p]
				}
			}
		}
		if n < width {
			for p := range k {
				clear(dst[p*width+n:][:width-n])
			}
		}
	case bcs == 1:
		for p := range k {
			row := dst[p*width:][:width]
			clear(row[copy(row, b[p*brs:][:n]):])
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

// packRows copies the block of A (m x k) into tiles, each k x rows.
func (t *tiles) packRows(dst, a []float32, ars, acs, m, k int) {
	whole := 0
	if ars == 1 {
		whole = m / t.rows
		const few = 8 // tiles at a time, to write few streams
		for i := 0; i < whole; i += few {
			t.packTiles(&dst[i*t.rows*k], &a[i*t.rows], word*acs, k, min(few, whole-i))
		}
	}
	for i := whole * t.rows; i < m; i += t.rows {
		rows, tile := min(t.rows, m-i), dst[i*k:]
		for p := range k {
			for r := range rows {
				tile[p*t.rows+r] = a[(i+r)*ars+p*acs]
			}
		}
	}
}
