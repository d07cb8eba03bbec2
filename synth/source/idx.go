package source

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// The idx format (described on MNIST's page): four bytes 0, 0, type, number of dimensions; each
// dimension as a big-endian uint32; the values, last dimension fastest. Type 8 is unsigned byte.
const (
	magicImages = 0x00000803
	magicLabels = 0x00000801
)

// Images are labelled grey-scale images in the order of their file.
type Images struct {
	Set                  *Set
	Count, Height, Width int
	Pixels               []byte // len Count*Height*Width; image i follows image i-1
	Labels               []byte // len Count; each below len(Set.Labels)
}

// Size returns the number of pixels per image.
func (m *Images) Size() int { return m.Height * m.Width }

// Image returns the pixels of image i, row by row, sharing memory.
func (m *Images) Image(i int) []byte {
	return m.Pixels[i*m.Size() : (i+1)*m.Size() : (i+1)*m.Size()]
}

// parseIDX returns the dimensions and values of an idx file with the given magic number, which
// contains the number of dimensions. Values share data's memory. Trailing bytes are an error.
func parseIDX(data []byte, magic uint32) (dims []int, values []byte, err error) {
	if len(data) < 4 {
		return nil, nil, fmt.Errorf("%d bytes are too few for an idx file", len(data))
	}
	if got := binary.BigEndian.Uint32(data); got != magic {
		return nil, nil, fmt.Errorf("its magic number is 0x%08x, want 0x%08x", got, magic)
	}
	n := int(magic & 0xff)
	header := 4 + 4*n
	if len(data) < header {
		return nil, nil, fmt.Errorf("its header is truncated: %d of %d bytes", len(data),
			header)
	}
	values = data[header:]
	dims = make([]int, n)
	want := uint64(1)
	for i := range dims {
		d := binary.BigEndian.Uint32(data[4+4*i:])
		if d == 0 {
			return nil, nil, fmt.Errorf("dimension %d of %d is zero", i+1, n)
		}
		dims[i] = int(d)
		// Checking here prevents overflow: beyond len(values), want only grows.
		if want *= uint64(d); want > uint64(len(values)) {
			return nil, nil, fmt.Errorf("it has too few values: %d, its header declares %s",
				len(values), product(data, n))
		}
	}
	if extra := uint64(len(values)) - want; extra > 0 {
		return nil, nil, fmt.Errorf("%d bytes follow the last value", extra)
	}
	return dims, values, nil
}

func product(data []byte, n int) string {
	s := ""
	for i := range n {
		if i > 0 {
			s += " x "
		}
		s += fmt.Sprint(binary.BigEndian.Uint32(data[4+4*i:]))
	}
	return s
}

// parseLabels returns the labels of an idx1 file; each must be below classes.
func parseLabels(data []byte, classes int) ([]byte, error) {
	_, labels, err := parseIDX(data, magicLabels)
	if err != nil {
		return nil, err
	}
	for i, l := range labels {
		if int(l) >= classes {
			return nil, fmt.Errorf("label %d is %d: there are %d classes", i, l, classes)
		}
	}
	return labels, nil
}

// parseImages combines an idx3 file of images with an idx1 file of their labels.
func parseImages(s *Set, images, labels []byte) (*Images, error) {
	dims, pixels, err := parseIDX(images, magicImages)
	if err != nil {
		return nil, fmt.Errorf("images of %s: %w", s.Title, err)
	}
	l, err := parseLabels(labels, len(s.Labels))
	if err != nil {
		return nil, fmt.Errorf("labels of %s: %w", s.Title, err)
	}
	if dims[0] != len(l) {
		return nil, fmt.Errorf("%s: %d images but %d labels: they belong to different sets",
			s.Title, dims[0], len(l))
	}
	return &Images{Set: s, Count: dims[0], Height: dims[1], Width: dims[2], Pixels: pixels,
		Labels: l}, nil
}

// magicOf returns the magic number for an idx file's customary name.
func magicOf(name string) (uint32, bool) {
	switch {
	case strings.HasSuffix(name, "-idx3-ubyte"):
		return magicImages, true
	case strings.HasSuffix(name, "-idx1-ubyte"):
		return magicLabels, true
	}
	return 0, false
}
