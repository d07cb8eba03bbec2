package f32

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// EnvKernel is the environment variable that forces a kernel when the program starts.
const EnvKernel = "UAIBENCH_KERNEL"

// A kernel is one implementation of every function. The exported functions check lengths and
// shapes; the fields below rely on these checks. A new instruction set adds one kernel and may use
// any field of another, since all give the same bits.
type kernel struct {
	name string
	rows int // rows of a tile of C in gemm

	gemm func(w *Workspace, add bool, m, n, k int, a []float32, ars, acs int,
		b []float32, brs, bcs int, c []float32, ldc int)
	addRow           func(x []float32, rows, cols int, bias []float32)
	sumRows          func(dst, x []float32, rows, cols int, add bool)
	relu             func(x []float32)
	reluBack         func(dy, y []float32)
	sigmoid          func(x []float32)
	sigmoidBack      func(dy, y []float32)
	tanh             func(x []float32)
	tanhBack         func(dy, y []float32)
	exp              func(dst, x []float32)
	log              func(dst, x []float32)
	scale            func(x []float32, a float32)
	axpy             func(y []float32, a float32, x []float32)
	diffScaled       func(dst, a, b []float32, s float32)
	flush            func(x []float32)
	squaredDistances func(dst, a, b []float32, rows, cols int)
	dot              func(a, b []float32) float32
	sum              func(a []float32) float32
	softmaxRow       func(p, z []float32) (max, sum float32)
	rmsprop          func(w, ms, g []float32, lr, decay, eps float32)
	normal           func(dst []float32, key [2]uint64, counter uint64)
	addNormal        func(dst, x []float32, std float32, key [2]uint64, counter uint64)
	uniform          func(dst []float32, key [2]uint64, counter uint64)

	peak func() (operations float64) // multiply-adds at the peak rate; nil: not known
}

var generic = kernel{
	name:             "generic",
	rows:             1,
	gemm:             gemmGeneric,
	addRow:           addRowGeneric,
	sumRows:          sumRowsGeneric,
	relu:             reluGeneric,
	reluBack:         reluBackGeneric,
	sigmoid:          sigmoidGeneric,
	sigmoidBack:      sigmoidBackGeneric,
	tanh:             tanhGeneric,
	tanhBack:         tanhBackGeneric,
	exp:              expGeneric,
	log:              logGeneric,
	scale:            scaleGeneric,
	axpy:             axpyGeneric,
	diffScaled:       diffScaledGeneric,
	flush:            flushGeneric,
	squaredDistances: squaredDistancesGeneric,
	dot:              dotGeneric,
	sum:              sumGeneric,
	softmaxRow:       softmaxRowGeneric,
	rmsprop:          rmspropGeneric,
	normal:           normalGeneric,
	addNormal:        addNormalGeneric,
	uniform:          uniformGeneric,
}

var (
	available []*kernel // kernels that this machine can run, best first
	active    *kernel
	envError  error
)

func init() {
	available = append(machineKernels(), &generic)
	if err := Use(os.Getenv(EnvKernel)); err != nil {
		active = automatic()
		envError = fmt.Errorf("environment variable %s: %w", EnvKernel, err)
	}
}

// EnvError returns an error if the environment variable UAIBENCH_KERNEL does not name a kernel of
// this machine, nil if it does, or is unset or empty. After an error the automatic choice is in
// use; a command should report the error and stop rather than run with a kernel that was not
// requested.
func EnvError() error { return envError }

// Kernel returns the name of the kernel in use: one of Kernels, or "avx512+avx2", the automatic
// choice where each of the two is faster for products of some shapes.
func Kernel() string { return active.name }

// Kernels returns the names of the kernels that this machine can run, best first. The last is
// "generic".
func Kernels() []string {
	names := make([]string, len(available))
	for i, k := range available {
		names[i] = k.name
	}
	return names
}

// Use makes every function use the named kernel from now on; "" is the automatic choice. It must
// not be called while another goroutine runs a function of this package.
func Use(name string) error {
	for _, k := range append(slices.Clone(available), automatic()) {
		if k.name == name || name == "" && k == automatic() {
			active = k
			return nil
		}
	}
	return fmt.Errorf("f32: no kernel %q on this machine; it has %s", name,
		strings.Join(Kernels(), ", "))
}

func checkLen(function, name string, got, want int) {
	if got != want {
		panic(fmt.Sprintf("f32: %s: len(%s) is %d, want %d", function, name, got, want))
	}
}

func checkShape(function string, rows, cols int) {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("f32: %s: negative shape %d x %d", function, rows, cols))
	}
}

// Peak performs multiply-adds in registers for a few microseconds, at the peak rate of the kernel
// in use, and returns the number of floating-point operations (two each): the reference for Gemm.
// It returns 0 for the portable kernel.
func Peak() (operations float64) {
	if active.peak == nil {
		return 0
	}
	return active.peak()
}
