//go:build !purego

package f32

import "golang.org/x/sys/cpu"

// machineKernels returns the kernels in assembly that this machine can run, best first.
func machineKernels() []*kernel {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	return []*kernel{{
		name:             "avx2",
		gemm:             gemmAVX2,
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
		normal:           fillNormalAVX2,
		addNormal:        fillAddNormalAVX2,
		uniform:          fillUniformAVX2,
	}}
}
