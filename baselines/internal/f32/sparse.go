//go:build (amd64 || arm64) && !purego

package f32

// Where A is mostly zeros (images, outputs of ReLU), most multiply-adds add nothing, and skipping
// them changes no bit of C: fma(0, b, c) is c for every finite b, unless c is -0. The sign of a sum
// that ends as -0 may depend on a skipped zero, so such a sum is computed again; a sum that was -0
// only on the way does not depend on one. So only B must be checked first.

const (
	sparsePanel   = 16
	sparseColumns = 4 * sparsePanel
	// rows of A at a time: their non-zero elements and 64 columns of B share the second-level cache
	sparseRows = 160

	// From these sizes on, checking B and packing it once for sparseRows rows pays.
	sparseLeastM, sparseLeastK = 32, 64
)

// sparsePays reports whether skipping zeros is likely to be faster for A, whose rows or columns
// must be contiguous. It samples A; the result of the product is the same either way.
func (t *tiles) sparsePays(m, n, k int, a []float32, ars, acs int) bool {
	if m < sparseLeastM || n < sparseColumns || k < sparseLeastK || min(ars, acs) != 1 {
		return false
	}
	const rows, stride = 8, 3
	seen, kept := 0, 0
	for r := range rows {
		row := a[(m-1)*r/(rows-1)*ars:]
		for p := r % stride; p < k; p += stride {
			if row[p*acs] != 0 {
				kept++
			}
			seen++
		}
	}
	return float64(kept) <= t.sparse*float64(seen)
}

// finite reports whether all elements of B (k x n) are finite.
func finite(b []float32, brs, k, n int) bool {
	if brs == n {
		k, n = 1, k*n
	}
	const block = 32
	for p := range k {
		row := b[p*brs:][:n]
		if n >= block && !allFinite(&row[0], n/block) {
			return false
		}
		for _, x := range row[n-n%block:] {
			if x-x != 0 {
				return false
			}
		}
	}
	return true
}

// sparseProduct is gemm for contiguous rows of B, a mostly zero A and a finite B.
func (t *tiles) sparseProduct(w *Workspace, add bool, m, n, k int, a []float32, ars, acs int,
	b []float32, brs int, c []float32, ldc int) {
	panels := k * sparseColumns
	need := panels
	if acs != 1 {
		need += sparseRows * k
	}
	if len(w.buf) < need {
		w.buf = make([]float32, need)
	}
	if need := sparseRows*k + 7; len(w.kept) < need {
		w.kept, w.places = make([]float32, need), make([]int32, need)
	}
	whole := n - n%sparseColumns
	var from [sparseRows + 1]int
	block := balanced(m, sparseRows, 1)
	for i := 0; i < m; i += block {
		rows := min(block, m-i)
		ab, stride := a[i*ars:], ars
		if acs != 1 {
			ab, stride = w.buf[panels:], k
			transpose(ab, a[i:], acs, rows, k)
		}
		for r := range rows {
			at := from[r]
			from[r+1] = at +
				compressRow(&w.kept[at], &w.places[at], &ab[r*stride], k, word*sparsePanel)
		}
		for j := 0; j < whole; j += sparseColumns {
			for p := 0; p < sparseColumns; p += sparsePanel {
				copyPanel16(&w.buf[p*k], &b[j+p], word*brs, k)
			}
			for r := range rows {
				at, out := from[r], (i+r)*ldc+j
				if sparse64(&c[out], &w.buf[0], &w.kept[at], &w.places[at], word*sparsePanel*k,
					from[r+1]-at, add) {
					for p := 0; p < sparseColumns; p += sparsePanel {
						gemmRow16(&ab[r*stride], &w.buf[p*k], &c[out+p], k, add)
					}
				}
			}
		}
	}
	if whole < n {
		t.gemm(w, add, m, n-whole, k, a, ars, acs, b[whole:], brs, 1, c[whole:], ldc)
	}
}

// transpose copies a block of A (rows x k, row stride 1) into dst, row by row.
func transpose(dst, a []float32, acs, rows, k int) {
	whole, deep := rows&^7, k&^7
	for p := 0; p < deep && whole > 0; p += 8 {
		transpose8(&dst[p], word*k, &a[p*acs], word*acs, whole/8)
	}
	for r := range rows {
		p := 0
		if r < whole {
			p = deep
		}
		for ; p < k; p++ {
			dst[r*k+p] = a[r+p*acs]
		}
	}
}
