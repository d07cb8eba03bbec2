//go:build !purego

package f32

// machineKernels returns the kernels in assembly that this machine can run, best first: every
// processor that Go's arm64 programs run on has vectors of four.
func machineKernels() []*kernel { return []*kernel{&neon} }

// automatic returns the kernel that is used unless another is forced.
func automatic() *kernel { return available[0] }

// neon has passed this package's tests in emulation. Its speed has not been measured.
var neon = kernel{
	name:             "neon",
	rows:             tilesNEON.rows,
	gemm:             tilesNEON.gemm,
	addRow:           addRowNEON,
	sumRows:          sumRowsNEON,
	relu:             reluNEON,
	reluBack:         reluBackNEON,
	sigmoid:          sigmoidNEON,
	sigmoidBack:      sigmoidBackNEON,
	tanh:             tanhNEON,
	tanhBack:         tanhBackNEON,
	exp:              expNEON,
	log:              logNEON,
	scale:            scaleNEON,
	axpy:             func(y []float32, a float32, x []float32) { axpyNEON(y, x, a) },
	diffScaled:       diffScaledNEON,
	flush:            flushNEON,
	squaredDistances: squaredDistancesNEON,
	dot:              dotNEON,
	sum:              sumNEON,
	softmaxRow:       softmaxRowNEON,
	rmsprop:          rmspropNEON,
	normal:           noise{}.fill,
	addNormal:        noise{}.add,
	uniform:          noise{uniform: true}.fill,
	peak:             func() float64 { peakFMANEON(1000); return 2 * 96 * 1000 },
}
