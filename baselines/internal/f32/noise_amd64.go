//go:build !purego

package f32

// The assembly fills whole groups of 64 elements. block is the number of the first block, high
// the upper half of the counter, and keys are the key words of the ten rounds.

//go:noescape
func uniformAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func normalAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64)

//go:noescape
func addNormalAVX2(dst *float32, groups int, keys *[20]uint32, block, high uint64, x *float32, std float32)

func roundKeys(key uint64) (k [20]uint32) {
	k0, k1 := uint32(key), uint32(key>>32)
	for r := 0; r < len(k); r += 2 {
		k[r], k[r+1] = k0, k1
		k0 += weylA
		k1 += weylB
	}
	return k
}

// A split cuts a sequence of n elements that begins at counter into the end of one group, whole
// groups, and the beginning of another.
func split(n int, counter uint64) (head, groups int) {
	if at := int(counter % group); at != 0 {
		head = min(group-at, n)
	}
	return head, (n - head) / group
}

func fillAVX2(dst []float32, uniform bool, key [2]uint64, counter uint64) {
	keys := roundKeys(key[0])
	fill := func(dst []float32, groups int, counter uint64) {
		if uniform {
			uniformAVX2(&dst[0], groups, &keys, counter/group*16, key[1])
		} else {
			normalAVX2(&dst[0], groups, &keys, counter/group*16, key[1])
		}
	}
	var buf [group]float32
	head, groups := split(len(dst), counter)
	if head > 0 {
		fill(buf[:], 1, counter)
		copy(dst[:head], buf[counter%group:])
		dst, counter = dst[head:], counter+uint64(head)
	}
	if groups > 0 {
		fill(dst, groups, counter)
		dst, counter = dst[groups*group:], counter+uint64(groups)*group
	}
	if len(dst) > 0 {
		fill(buf[:], 1, counter)
		copy(dst, buf[:])
	}
}

func fillNormalAVX2(dst []float32, key [2]uint64, counter uint64) { fillAVX2(dst, false, key, counter) }

func fillUniformAVX2(dst []float32, key [2]uint64, counter uint64) { fillAVX2(dst, true, key, counter) }

func fillAddNormalAVX2(dst, x []float32, std float32, key [2]uint64, counter uint64) {
	keys := roundKeys(key[0])
	head, groups := split(len(dst), counter)
	part := func(dst, x []float32, counter uint64) {
		var buf [group]float32
		normalAVX2(&buf[0], 1, &keys, counter/group*16, key[1])
		copy(dst, x)
		axpyAVX2(dst, buf[counter%group:][:len(dst)], std)
	}
	if head > 0 {
		part(dst[:head], x[:head], counter)
		dst, x, counter = dst[head:], x[head:], counter+uint64(head)
	}
	if groups > 0 {
		addNormalAVX2(&dst[0], groups, &keys, counter/group*16, key[1], &x[0], std)
		n := groups * group
		dst, x, counter = dst[n:], x[n:], counter+uint64(n)
	}
	if len(dst) > 0 {
		part(dst, x, counter)
	}
}
