//go:build !purego

package f32

// block is the number of the first block, high the upper half of the counter, and keys are the key
// words of the ten rounds.

//go:noescape
func uniformNEON(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func normalNEON(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func addNormalNEON(dst *float32, groups int, keys *[20]uint32, block, high uint64, x *float32,
	std float32)

// noise selects the assembly to call.
type noise struct{ uniform bool }

func (f noise) groups(dst []float32, groups int, keys *[20]uint32, counter, high uint64) {
	block := counter / group * 16
	if f.uniform {
		uniformNEON(&dst[0], groups, keys, block, high)
	} else {
		normalNEON(&dst[0], groups, keys, block, high)
	}
}

func (noise) addGroups(dst, x []float32, std float32, groups int, keys *[20]uint32,
	counter, high uint64) {
	addNormalNEON(&dst[0], groups, keys, counter/group*16, high, &x[0], std)
}

func (noise) axpy(y, x []float32, a float32) { axpyNEON(y, x, a) }
