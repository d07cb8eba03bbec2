package table

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// MATLAB level 5 files (MathWorks, "MAT-File Format") have a header of 128 bytes, whose last four
// are the version and the byte order ("MI" or "IM"), then elements. An element is a tag (type and
// number of bytes, four bytes each; in the small form the tag takes four bytes and the data the
// next four) and data padded to eight bytes. A matrix is an element of elements: flags, dimensions,
// name, real part. Any element may be compressed.
const (
	miInt8       = 1
	miUint8      = 2
	miInt16      = 3
	miUint16     = 4
	miInt32      = 5
	miUint32     = 6
	miSingle     = 7
	miDouble     = 9
	miInt64      = 12
	miUint64     = 13
	miMatrix     = 14
	miCompressed = 15

	// the numeric classes: double, single, int8, uint8, …, uint64; logical is a flag
	mxFirst, mxLast = 6, 15
	mxComplex       = 0x08 // in the flags' second byte
	matHeader       = 128
	matVersion      = 0x0100
)

// mxClasses names the other classes of a matrix.
var mxClasses = map[byte]string{1: "cells", 2: "structures", 3: "objects", 4: "characters",
	5: "sparse values", 16: "functions", 17: "opaque values"}

// Matrix is a named matrix of a MATLAB file. Its values are decoded by At.
type Matrix struct {
	Name       string
	Rows, Cols int
	at         func(i int) float64 // column-major
}

// At returns the value at a row and a column, each from 0.
func (m Matrix) At(row, col int) float64 { return m.at(col*m.Rows + row) }

// Len returns the number of values.
func (m Matrix) Len() int { return m.Rows * m.Cols }

// ParseMAT returns the real matrices with the given names; without names, all real numeric
// matrices. It reads any numeric class and logical matrices. A compressed element may decompress to
// at most limit bytes. Uncompressed values share data's memory.
func ParseMAT(data []byte, limit int64, names ...string) (map[string]Matrix, error) {
	order, err := matOrder(data)
	if err != nil {
		return nil, err
	}
	m := &matParser{order: order, limit: limit, wanted: names, found: map[string]Matrix{}}
	return m.found, m.elements(data[matHeader:], matHeader, false)
}

// matOrder checks the header and returns the byte order.
func matOrder(data []byte) (binary.ByteOrder, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")), bytes.HasPrefix(data,
		[]byte("MATLAB 7.3")):
		return nil, fmt.Errorf("is a MATLAB file of version 7.3 (HDF5): save it with -v7")
	case len(data) >= 4 && bytes.IndexByte(data[:4], 0) >= 0:
		return nil, fmt.Errorf("is a MATLAB file of level 4, or not one at all: save it with " +
			"-v7 (level 5)")
	case len(data) < matHeader:
		return nil, fmt.Errorf("%d bytes are too few for a MATLAB file of level 5", len(data))
	}
	var order binary.ByteOrder
	switch string(data[126:128]) {
	case "IM":
		order = binary.LittleEndian
	case "MI":
		order = binary.BigEndian
	default:
		return nil, fmt.Errorf("is not a MATLAB file of level 5: bytes 127 and 128 are %q, want "+
			"\"IM\" or \"MI\"",
			data[126:128])
	}
	if v := order.Uint16(data[124:]); v != matVersion {
		return nil, fmt.Errorf("is a MATLAB file of version 0x%04x, want 0x%04x (level 5); save "+
			"it with -v7",
			v, matVersion)
	}
	return order, nil
}

type matParser struct {
	order  binary.ByteOrder
	limit  int64
	wanted []string
	found  map[string]Matrix
}

// elements reads a sequence of elements that begins at byte at of the file.
func (m *matParser) elements(data []byte, at int, compressed bool) error {
	for len(data) > 0 {
		kind, body, rest, err := m.element(data)
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		switch {
		case kind == miMatrix:
			err = m.matrix(body)
		case kind == miCompressed && compressed:
			err = fmt.Errorf("a compressed element contains another")
		case kind == miCompressed:
			err = m.compressed(body)
		}
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		at += len(data) - len(rest)
		data = rest
	}
	return nil
}

// compressed decompresses an element, up to the limit, and reads the elements in it.
func (m *matParser) compressed(body []byte) error {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the compressed element: %w", err)
	}
	defer z.Close()
	data := make([]byte, 8)
	n, err := io.ReadFull(z, data)
	if err == nil {
		want := int64(m.order.Uint32(data[4:]))
		if m.order.Uint32(data)>>16 != 0 { // the small form has no data beyond the tag
			want = 0
		}
		if want > m.limit {
			return fmt.Errorf("the compressed element holds more than %s bytes", Group(m.limit))
		}
		// Deflate compresses at most 1032:1, so a false size in the tag cannot allocate more than
		// that.
		grown := make([]byte, 8, 8+min(want, inflated(int64(len(body)))))
		copy(grown, data)
		buf := bytes.NewBuffer(grown)
		_, err = io.Copy(buf, io.LimitReader(z, m.limit+1))
		data, n = buf.Bytes(), buf.Len()
	}
	switch {
	case err == io.ErrUnexpectedEOF || err == io.EOF:
		return fmt.Errorf("the compressed element is truncated")
	case err != nil:
		return fmt.Errorf("the compressed element: %w", err)
	case int64(n) > m.limit:
		return fmt.Errorf("the compressed element holds more than %s bytes", Group(m.limit))
	}
	if err := m.elements(data, 0, true); err != nil {
		return fmt.Errorf("in the compressed element %w", err)
	}
	return nil
}

// inflated bounds the decompressed size of n bytes of deflate.
func inflated(n int64) int64 { return 1032*n + 1024 }

// element splits the first element off data.
func (m *matParser) element(data []byte) (kind uint32, body, rest []byte, err error) {
	if len(data) < 8 {
		return 0, nil, nil, fmt.Errorf("the file is truncated: %d bytes are too few for an element",
			len(data))
	}
	kind = m.order.Uint32(data)
	if n := kind >> 16; n != 0 { // the small form
		if n > 4 {
			return 0, nil, nil, fmt.Errorf("a small element of %d bytes", n)
		}
		return kind & 0xffff, data[4 : 4+n], data[8:], nil
	}
	n := int64(m.order.Uint32(data[4:]))
	if n > int64(len(data)-8) {
		return 0, nil, nil, fmt.Errorf("the file is truncated: an element declares %s bytes, "+
			"but %s are left",
			Group(n), Group(int64(len(data)-8)))
	}
	body = data[8 : 8+n]
	if kind != miCompressed { // only compressed elements are not padded
		n = min((n+7)/8*8, int64(len(data)-8))
	}
	return kind, body, data[8+n:], nil
}

// matrix reads a matrix element; it skips one that is not wanted.
func (m *matParser) matrix(data []byte) error {
	var part [3][]byte
	for i, want := range []struct {
		what string
		kind uint32
	}{{"flags", miUint32}, {"dimensions", miInt32}, {"name", miInt8}} {
		kind, body, rest, err := m.element(data)
		if err != nil {
			return fmt.Errorf("a matrix's %s: %w", want.what, err)
		}
		if kind != want.kind {
			return fmt.Errorf("a matrix's %s are of type %d, want %d", want.what, kind, want.kind)
		}
		part[i], data = body, rest
	}
	flags, dims, name := part[0], part[1], string(part[2])
	wanted := slices.Contains(m.wanted, name)
	if len(m.wanted) > 0 && !wanted {
		return nil
	}
	why := m.unreadable(flags, dims)
	switch _, twice := m.found[name]; {
	case twice:
		return fmt.Errorf("there are two matrices named %s", name)
	case why != "" && !wanted:
		return nil
	case why != "":
		return fmt.Errorf("%s %s", name, why)
	}
	kind, body, _, err := m.element(data)
	if err != nil {
		return fmt.Errorf("the values of %s: %w", name, err)
	}
	at, n, err := m.values(kind, body)
	if err != nil {
		return fmt.Errorf("the values of %s: %w", name, err)
	}
	out := Matrix{Name: name, Rows: int(int32(m.order.Uint32(dims))),
		Cols: int(int32(m.order.Uint32(dims[4:]))), at: at}
	if out.Rows < 0 || out.Cols < 0 || int64(out.Rows)*int64(out.Cols) != int64(n) {
		return fmt.Errorf("%s has %d values, but its dimensions are %d x %d", name, n, out.Rows,
			out.Cols)
	}
	m.found[name] = out
	return nil
}

// unreadable returns why a matrix is not one of real numbers; "" if it is.
func (m *matParser) unreadable(flags, dims []byte) string {
	if len(flags) != 8 || len(dims) != 8 {
		return fmt.Sprintf("has %d dimensions, want 2", len(dims)/4)
	}
	word := m.order.Uint32(flags)
	switch class := byte(word); {
	case class < mxFirst || class > mxLast:
		return fmt.Sprintf("is a matrix of %s (class %d), want numbers", mxClasses[class], class)
	case byte(word>>8)&mxComplex != 0:
		return "is complex, want real"
	}
	return ""
}

// values decodes numbers, which MATLAB stores in the smallest type that holds them all.
func (m *matParser) values(kind uint32, body []byte) (at func(i int) float64, n int, err error) {
	t, ok := map[uint32]dtype{miInt8: {'i', 1}, miUint8: {'u', 1}, miInt16: {'i', 2},
		miUint16: {'u', 2},
		miInt32:  {'i', 4}, miUint32: {'u', 4}, miSingle: {'f', 4}, miDouble: {'f', 8},
		miInt64:  {'i', 8},
		miUint64: {'u', 8}}[kind]
	if !ok {
		return nil, 0, fmt.Errorf("type %d is not numeric", kind)
	}
	if len(body)%t.size != 0 {
		return nil, 0, fmt.Errorf("%d bytes are not a multiple of %d, the size of a value",
			len(body), t.size)
	}
	value := t.reader(m.order)
	return func(i int) float64 { return value(body[i*t.size:]) }, len(body) / t.size, nil
}

// dtype is a numeric type: kind is i, u, f or b (boolean); size is in bytes.
type dtype struct {
	kind byte
	size int
}

// reader returns a function that decodes the number at the start of b; nil if there is no such
// type. Integers beyond 2^53 are rounded.
func (t dtype) reader(order binary.ByteOrder) func(b []byte) float64 {
	switch t {
	case dtype{'b', 1}:
		return func(b []byte) float64 { return float64(min(b[0], 1)) }
	case dtype{'u', 1}:
		return func(b []byte) float64 { return float64(b[0]) }
	case dtype{'i', 1}:
		return func(b []byte) float64 { return float64(int8(b[0])) }
	case dtype{'i', 2}:
		return func(b []byte) float64 { return float64(int16(order.Uint16(b))) }
	case dtype{'u', 2}:
		return func(b []byte) float64 { return float64(order.Uint16(b)) }
	case dtype{'i', 4}:
		return func(b []byte) float64 { return float64(int32(order.Uint32(b))) }
	case dtype{'u', 4}:
		return func(b []byte) float64 { return float64(order.Uint32(b)) }
	case dtype{'i', 8}:
		return func(b []byte) float64 { return float64(int64(order.Uint64(b))) }
	case dtype{'u', 8}:
		return func(b []byte) float64 { return float64(order.Uint64(b)) }
	case dtype{'f', 2}:
		return func(b []byte) float64 { return half(order.Uint16(b)) }
	case dtype{'f', 4}:
		return func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }
	case dtype{'f', 8}:
		return func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }
	}
	return nil
}

// half returns the value of an IEEE 754 half-precision number.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10&0x1f), float64(b&0x3ff)
	v := 0.0
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 31:
		v = math.Inf(1)
		if fraction != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if b>>15 != 0 {
		v = -v
	}
	return v
}
