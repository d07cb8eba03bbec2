//go:build (!amd64 && !arm64) || purego

package f32

// machineKernels returns the kernels in assembly that this machine can run, best first.
func machineKernels() []*kernel { return nil }

// automatic is the kernel of whoever forces none.
func automatic() *kernel { return available[0] }
