//go:build !purego

package f32

import "golang.org/x/sys/cpu"

// machineKernels returns the kernels in assembly that this machine can run, best first.
func machineKernels() []*kernel {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	avx2 := generic
	avx2.name = "avx2"
	avx2.gemm = gemmAVX2
	return []*kernel{&avx2}
}
