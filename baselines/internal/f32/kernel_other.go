//go:build (!amd64 && !arm64) || purego

package f32

// machineKernels returns the kernels in assembly that this machine can run, best first.
func machineKernels() []*kernel { return nil }
