package source

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseIDX(t *testing.T) {
	for _, c := range []struct {
		what  string
		data  []byte
		magic uint32
		want  string // in the error; "": none
	}{
		{"images", idx(magicImages, []int{2, 1, 3}, ramp(6, 0, 256)), magicImages, ""},
		{"labels", idx(magicLabels, []int{4}, ramp(4, 0, 10)), magicLabels, ""},
		{"nothing", nil, magicImages, "0 bytes are too few"},
		{"labels as images", idx(magicLabels, []int{4}, ramp(4, 0, 10)), magicImages, "magic number is 0x00000801, want 0x00000803"},
		{"half a header", idx(magicImages, []int{2, 1, 3}, nil)[:9], magicImages, "its header is truncated: 9 of 16 bytes"},
		{"no values", idx(magicImages, []int{2, 1, 3}, nil), magicImages, "too few values: 0, its header declares 2 x 1 x 3"},
		{"one too few", idx(magicImages, []int{2, 1, 3}, ramp(5, 0, 256)), magicImages, "too few values: 5"},
		{"one too many", idx(magicImages, []int{2, 1, 3}, ramp(7, 0, 256)), magicImages, "1 bytes follow the last value"},
		{"no images", idx(magicImages, []int{0, 1, 3}, nil), magicImages, "dimension 1 of 3 is zero"},
		// 2^32-1 cubed does not fit 64 bits.
		{"enormous", idx(magicImages, []int{1<<32 - 1, 1<<32 - 1, 1<<32 - 1}, ramp(6, 0, 256)), magicImages, "too few values"},
		// 2^21 * 2^21 * 2^22 is 2^64, which wraps to 0.
		{"wraps to zero", idx(magicImages, []int{1 << 21, 1 << 21, 1 << 22}, nil), magicImages, "too few values"},
	} {
		t.Run(c.what, func(t *testing.T) {
			_, _, err := parseIDX(c.data, c.magic)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := parseLabels(idx(magicLabels, []int{3}, []byte{0, 10, 9}), 10); err == nil || !strings.Contains(err.Error(), "label 1 is 10") {
		t.Errorf("label out of range: %v", err)
	}
}

// Accepted data is exactly what its header describes: writing it again gives the same bytes.
func FuzzParseIDX(f *testing.F) {
	f.Add(idx(magicImages, []int{2, 1, 3}, ramp(6, 0, 256)))
	f.Add(idx(magicLabels, []int{4}, ramp(4, 0, 10)))
	f.Add(idx(magicImages, []int{1 << 21, 1 << 21, 1 << 22}, nil))
	f.Add([]byte{0, 0, 8})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, magic := range []uint32{magicImages, magicLabels} {
			dims, values, err := parseIDX(data, magic)
			if err != nil {
				continue
			}
			if !bytes.Equal(idx(magic, dims, values), data) {
				t.Errorf("dimensions %v and %d values are not the file", dims, len(values))
			}
		}
	})
}
