//go:build !purego

package f32

import (
	"sync"
	"time"

	"golang.org/x/sys/cpu"
)

// machineKernels returns the kernels in assembly that this machine can run, best first. The AVX-512
// kernel uses only the foundation set, and AVX2 where vectors of 16 do not pay.
func machineKernels() []*kernel {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	if !cpu.X86.HasAVX512F {
		return []*kernel{&avx2}
	}
	return []*kernel{&avx512, &avx2}
}

// automatic returns the kernel that is used unless another is forced.
func automatic() *kernel {
	switch {
	case len(available) < 3: // no AVX-512
		return available[0]
	case halfWide():
		return &avx2
	}
	return &byShape
}

// byShape is avx512 where its vectors pay. In a product 8 columns wide they would be half empty:
// where avx512 was measured, avx2 takes 0.4 to 0.85 of its time for those of up to 64 terms or of
// few rows, and about the same time for the others.
var byShape = func() kernel {
	k := avx512
	k.name = "avx512+avx2"
	k.gemm = func(w *Workspace, add bool, m, n, k int, a []float32, ars, acs int, b []float32,
		brs, bcs int, c []float32, ldc int) {
		t := &tilesAVX512
		if n == 8 {
			t = &tilesAVX2
		}
		t.gemm(w, add, m, n, k, a, ars, acs, b, brs, bcs, c, ldc)
	}
	return k
}()

// halfWide measures, in a fifth of a millisecond, or in two if true, whether this processor runs
// AVX-512 on 256-bit units, one half after the other, like AMD's Zen 4: then its multiply-adds are
// no faster than AVX2's, whose smaller tiles waste less.
var halfWide = sync.OnceValue(func() bool {
	const least, most = 30, 300
	var best [2]float64
	for try := range most {
		if try >= least && best[1] >= 1.4*best[0] {
			return false
		}
		for i, k := range []*kernel{&avx2, &avx512} {
			begin := time.Now()
			operations := k.peak()
			best[i] = max(best[i], operations/time.Since(begin).Seconds())
		}
	}
	return best[1] < 1.4*best[0]
})

var avx2 = kernel{
	name:             "avx2",
	rows:             tilesAVX2.rows,
	gemm:             tilesAVX2.gemm,
	addRow:           addRowAVX2,
	sumRows:          sumRowsAVX2,
	relu:             reluAVX2,
	reluBack:         reluBackAVX2,
	sigmoid:          sigmoidAVX2,
	sigmoidBack:      sigmoidBackAVX2,
	tanh:             tanhAVX2,
	tanhBack:         tanhBackAVX2,
	exp:              expAVX2,
	log:              logAVX2,
	scale:            scaleAVX2,
	axpy:             func(y []float32, a float32, x []float32) { axpyAVX2(y, x, a) },
	diffScaled:       diffScaledAVX2,
	flush:            flushAVX2,
	squaredDistances: squaredDistancesAVX2,
	dot:              dotAVX2,
	sum:              sumAVX2,
	softmaxRow:       softmaxRowAVX2,
	rmsprop:          rmspropAVX2,
	normal:           noise{}.fill,
	addNormal:        noise{}.add,
	uniform:          noise{uniform: true}.fill,
	peak:             func() float64 { peakFMAAVX2(1000); return 2 * 96 * 1000 },
}

// avx512 has passed this package's tests in emulation and on one machine, an Intel Xeon with caches
// of 48 KiB and 2 MiB. There the products of the paper's wide layers reach 74 to 100 % of the peak,
// 1.6 to 2.4 times avx2's speed; for those with 8 columns see byShape. Block sizes are chosen for
// caches of 32 to 48 KiB and 1 to 2 MiB, not tuned.
var avx512 = kernel{
	name:             "avx512",
	rows:             tilesAVX512.rows,
	gemm:             tilesAVX512.gemm,
	addRow:           addRowAVX512,
	sumRows:          sumRowsAVX512,
	relu:             reluAVX512,
	reluBack:         reluBackAVX512,
	sigmoid:          sigmoidAVX512,
	sigmoidBack:      sigmoidBackAVX512,
	tanh:             tanhAVX512,
	tanhBack:         tanhBackAVX512,
	exp:              expAVX512,
	log:              logAVX512,
	scale:            scaleAVX512,
	axpy:             func(y []float32, a float32, x []float32) { axpyAVX512(y, x, a) },
	diffScaled:       diffScaledAVX512,
	flush:            flushAVX512,
	squaredDistances: squaredDistancesAVX512,
	dot:              dotAVX512,
	sum:              sumAVX512,
	softmaxRow:       softmaxRowAVX2, // a softmax row is as short as the number of classes
	rmsprop:          rmspropAVX512,
	normal:           noise{wide: true}.fill,
	addNormal:        noise{wide: true}.add,
	uniform:          noise{wide: true, uniform: true}.fill,
	peak:             func() float64 { peakFMAAVX512(1000); return 2 * 192 * 1000 },
}
