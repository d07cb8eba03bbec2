//go:build !purego

package f32

import "golang.org/x/sys/cpu"

// machineKernels returns the kernels in assembly that this machine can run, best first. Of
// AVX-512 only the foundation set is used, and AVX2 where vectors of 16 do not pay.
func machineKernels() []*kernel {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	if !cpu.X86.HasAVX512F {
		return []*kernel{&avx2}
	}
	return []*kernel{&avx512, &avx2}
}

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
// 1.6 to 2.4 times avx2's pace; those with 8 columns take up to 1.5 times as long as avx2's, which
// is little of a step. Sizes of blocks are chosen for caches of 32 to 48 KiB and 1 to 2 MiB, not
// tuned.
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
	softmaxRow:       softmaxRowAVX2, // rows of a softmax are as short as there are classes
	rmsprop:          rmspropAVX512,
	normal:           noise{wide: true}.fill,
	addNormal:        noise{wide: true}.add,
	uniform:          noise{wide: true, uniform: true}.fill,
	peak:             func() float64 { peakFMAAVX512(1000); return 2 * 192 * 1000 },
}
