package baselines

import "github.com/uaibench/uaibench/baselines/internal/f32"

// Kernel is the name of the float32 kernel in use. Results do not depend on it, times do.
func Kernel() string { return f32.Kernel() }

// KernelError says what is wrong with the environment variable UAIBENCH_KERNEL, which forces one.
func KernelError() error { return f32.EnvError() }
