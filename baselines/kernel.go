package baselines

import "github.com/uaibench/uaibench/baselines/internal/f32"

// Kernel returns the name of the float32 kernel in use. It affects times, not results.
func Kernel() string { return f32.Kernel() }

// KernelError returns an error if the environment variable UAIBENCH_KERNEL, which forces a kernel,
// has no valid value.
func KernelError() error { return f32.EnvError() }
