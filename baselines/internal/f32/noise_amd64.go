//go:build !purego

package f32

// block is the number of the first block, high the upper half of the counter, and keys are the key
// words of the ten rounds.

//go:noescape
func uniformAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func normalAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func addNormalAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64, x *float32,
	std float32)

//go:noescape
func uniformAVX512(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func normalAVX512(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func addNormalAVX512(dst *float32, groups int, keys *[20]uint32, block, high uint64, x *float32,
	std float32)

// noise selects the assembly to call. (With a function value the compiler could not keep buffers on
// the stack.)
type noise struct{ wide, uniform bool }

func (f noise) groups(dst []float32, groups int, keys *[20]uint32, counter, high uint64) {
	block := counter / group * 16
	switch {
	case f.wide && f.uniform:
		uniformAVX512(&dst[0], groups, keys, block, high)
	case f.wide:
		normalAVX512(&dst[0], groups, keys, block, high)
	case f.uniform:
		uniformAVX2(&dst[0], groups, keys, block, high)
	default:
		normalAVX2(&dst[0], groups, keys, block, high)
	}
}

func (f noise) addGroups(dst, x []float32, std float32, groups int, keys *[20]uint32,
	counter, high uint64) {
	block := counter / group * 16
	if f.wide {
		addNormalAVX512(&dst[0], groups, keys, block, high, &x[0], std)
	} else {
		addNormalAVX2(&dst[0], groups, keys, block, high, &x[0], std)
	}
}

func (noise) axpy(y, x []float32, a float32) { axpyAVX2(y, x, a) }
