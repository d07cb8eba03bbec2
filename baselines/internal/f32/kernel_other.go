//go:build (!amd64 && !arm64) || purego

package f32

// machineKernels returns the kernels in assembly that this machine can run, best first.
func machineKernels() []*kernel { return nil }

// automatic returns the kernel that is used unless another is forced.
func automatic() *kernel { return available[0] }
