//go:build linux

package f32

import (
	"math/rand/v2"
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// pages returns slices that begin right after, or end right before, an inaccessible page.
type pages struct {
	memory []byte
	page   int
}

func newPages(t *testing.T) *pages {
	page := os.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 10*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []int{0, 9} {
		if err := syscall.Mprotect(memory[p*page:(p+1)*page], syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { syscall.Munmap(memory) })
	return &pages{memory[page : 9*page], page}
}

func (p *pages) slice(n int, atEnd bool) []float32 {
	whole := unsafe.Slice((*float32)(unsafe.Pointer(&p.memory[0])), len(p.memory)/4)
	if atEnd {
		return whole[len(whole)-n:]
	}
	return whole[:n:n]
}

// TestPages: an access outside a slice is a fault, which ends the test.
func TestPages(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	areas := []*pages{newPages(t), newPages(t), newPages(t)}
	eachKernel(t, func(t *testing.T, k *kernel) {
		r := random(1)
		for _, atEnd := range []bool{true, false} {
			next := 0
			place := func(n int) ([]float32, func(string)) {
				next++
				return areas[next%len(areas)].slice(n, atEnd), func(string) {}
			}
			for n := 1; n < 100; n++ {
				for _, o := range operations {
					o.check(t, k, r, 1+r.IntN(3), n, ordinary, place)
				}
				pagesGemm(t, k, r, areas, atEnd, n)
			}
		}
	})
}

func pagesGemm(t *testing.T, k *kernel, r *rand.Rand, areas []*pages, atEnd bool, size int) {
	for _, layout := range layouts {
		for which := range 3 {
			d := [3]int{1 + r.IntN(15), 1 + r.IntN(20), 1 + r.IntN(10)}
			d[which] = size
			pagesProduct(t, k, r, areas, atEnd, product{layout, d[0], d[1], d[2], 0, r.IntN(2) == 0}, 1)
		}
	}
	// Large enough that zeros of A are skipped.
	pagesProduct(t, k, r, areas, atEnd, product{[]string{"NN", "TN"}[size%2], sparseM, sparseN + size%9, sparseK + size%19, 0, r.IntN(2) == 0}, 0.2)
}

const sparseM, sparseN, sparseK = 32, 64, 64

func pagesProduct(t *testing.T, k *kernel, r *rand.Rand, areas []*pages, atEnd bool, p product, share float64) {
	a, b, c := p.operands(r, ordinary)
	thin(r, a, share)
	if max(len(a), len(b), len(c)) > 8*1024 {
		return
	}
	ars, acs, brs, bcs := p.strides()
	pa, pb, pc := areas[0].slice(len(a), atEnd), areas[1].slice(len(b), atEnd), areas[2].slice(len(c), atEnd)
	copy(pa, a)
	copy(pb, b)
	copy(pc, c)
	p.byDefinition(a, b, c)
	k.gemm(new(Workspace), p.add, p.m, p.n, p.k, pa, ars, acs, pb, brs, bcs, pc, p.n)
	compare(t, pc, c, "%v", p)
}
