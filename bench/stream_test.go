package bench

import (
	"fmt"
	"testing"
)

// Goldens that must never change: every result depends on them. The keys are computed by Python's
// hashlib from NewStream's layout (each text preceded by its length, the seed as 8 bytes), the
// numbers by a Python transcription of PCG-DXSM that reproduces Go's own test vector.
func TestStreamGolden(t *testing.T) {
	for _, c := range []struct {
		got, want Stream
	}{
		{NewStream(2019, "init"), Stream{0x4fc2b1cb711a8a39, 0x5d82e3d26e3ec1d6}},
		{NewStream(2019, "batches", 3, "x"), Stream{0x7c285505d9be373d, 0x4dec9233c9fa3293}},
		{NewStream(1<<64-1, ""), Stream{0xb2813cc2210ef506, 0xbcba34195a317086}},
	} {
		if c.got != c.want {
			t.Errorf("stream %#x, want %#x", c.got, c.want)
		}
	}
	rng := NewStream(2019, "init").Rand()
	for i, want := range []uint64{0x21cda9dbf537cbc1, 0xd5477c9133ce622f, 0xe954331564ae765b} {
		if got := rng.Uint64(); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestStreamsDiffer(t *testing.T) {
	seen := map[Stream]string{}
	for _, seed := range []uint64{0, 1, 1 << 40} {
		for _, role := range []string{"init", "init1", "noise", ""} {
			for _, axes := range [][]any{nil, {1}, {1, 2}, {2, 1}, {12}, {"a", "b"}, {"ab"}, {"ab", ""}} {
				s := NewStream(seed, role, axes...)
				name := fmt.Sprintf("%d %q %q", seed, role, axes)
				if other, twice := seen[s]; twice {
					t.Errorf("%s and %s have the same stream", name, other)
				}
				seen[s] = name
			}
		}
	}
	a, b := NewStream(1, "init").Rand(), NewStream(1, "init").Rand()
	if a.Uint64() != b.Uint64() {
		t.Error("Rand does not begin at the start of the stream")
	}
}
