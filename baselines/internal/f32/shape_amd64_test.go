//go:build !purego

package f32

import "testing"

// TestByShape: the kernel that chooses by shape gives the same results as the others, with a
// Workspace used before for other shapes by other tiles. It chooses AVX2 for 8 columns only.
func TestByShape(t *testing.T) {
	if len(machineKernels()) < 2 {
		t.Skip("this machine has no AVX-512")
	}
	if got := automatic().name; got != "avx512+avx2" && got != "avx2" {
		t.Errorf("the automatic choice is %s", got)
	}
	r, w := random(3), new(Workspace)
	for range 3000 {
		p := product{layouts[r.IntN(len(layouts))], r.IntN(40), 4 + r.IntN(9), r.IntN(90), r.IntN(2),
			r.IntN(2) == 0}
		a, b, c := p.operands(r, r.IntN(kinds))
		p.check(t, &byShape, w, a, b, c, r.IntN(8))
	}
	for n := range 65 {
		used := new(Workspace)
		k, m := 30, 200 // B is packed unless its columns are a panel's
		byShape.gemm(used, false, m, n, k, make([]float32, m*k), k, 1, make([]float32, (n+1)*k), n+1, 1,
			make([]float32, m*n), n)
		want := new(Workspace)
		tiles := &tilesAVX512
		if n == 8 {
			tiles = &tilesAVX2
		}
		tiles.gemm(want, false, m, n, k, make([]float32, m*k), k, 1, make([]float32, (n+1)*k), n+1, 1,
			make([]float32, m*n), n)
		if got, want := len(used.buf), len(want.buf); got != want {
			t.Errorf("%d columns: a workspace of %d, want %d", n, got, want)
		}
	}
}
