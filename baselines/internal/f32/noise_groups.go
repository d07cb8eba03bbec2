//go:build (amd64 || arm64) && !purego

package f32

// The assembly (noise.groups and noise.addGroups) fills complete groups of 64 elements; the code
// here handles the rest.

func roundKeys(key uint64) (k [20]uint32) {
	k0, k1 := uint32(key), uint32(key>>32)
	for r := 0; r < len(k); r += 2 {
		k[r], k[r+1] = k0, k1
		k0 += weylA
		k1 += weylB
	}
	return k
}

// split divides a sequence of n elements from counter on into head elements at the end of a group,
// complete groups, and the start of another.
func split(n int, counter uint64) (head, groups int) {
	if at := int(counter % group); at != 0 {
		head = min(group-at, n)
	}
	return head, (n - head) / group
}

func (f noise) fill(dst []float32, key [2]uint64, counter uint64) {
	keys := roundKeys(key[0])
	var buf [group]float32
	head, groups := split(len(dst), counter)
	if head > 0 {
		f.groups(buf[:], 1, &keys, counter, key[1])
		copy(dst[:head], buf[counter%group:])
		dst, counter = dst[head:], counter+uint64(head)
	}
	if groups > 0 {
		f.groups(dst, groups, &keys, counter, key[1])
		dst, counter = dst[groups*group:], counter+uint64(groups)*group
	}
	if len(dst) > 0 {
		f.groups(buf[:], 1, &keys, counter, key[1])
		copy(dst, buf[:])
	}
}

func (f noise) add(dst, x []float32, std float32, key [2]uint64, counter uint64) {
	keys := roundKeys(key[0])
	head, groups := split(len(dst), counter)
	part := func(dst, x []float32, counter uint64) {
		var buf [group]float32
		f.groups(buf[:], 1, &keys, counter, key[1])
		copy(dst, x)
		f.axpy(dst, buf[counter%group:][:len(dst)], std)
	}
	if head > 0 {
		part(dst[:head], x[:head], counter)
		dst, x, counter = dst[head:], x[head:], counter+uint64(head)
	}
	if groups > 0 {
		f.addGroups(dst, x, std, groups, &keys, counter, key[1])
		n := groups * group
		dst, x, counter = dst[n:], x[n:], counter+uint64(n)
	}
	if len(dst) > 0 {
		part(dst, x, counter)
	}
}
