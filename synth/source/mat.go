package source

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Files of MATLAB level 5 (MathWorks, "MAT-File Format"): a header of 128 bytes, whose last four are
// the version and, as "MI" or "IM", the order of bytes; then elements. An element has a tag (type,
// number of bytes; both in four bytes where the data fits the other four) and data padded to eight bytes. A
// matrix is an element of elements: flags, dimensions, name, real part. Any element may be compressed.
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

	mxDouble   = 6
	mxComplex  = 0x08 // of the flags' second byte
	matHeader  = 128
	matVersion = 0x0100
)

// mxClasses names what else a matrix may be.
var mxClasses = map[byte]string{1: "cells", 2: "structures", 3: "objects", 4: "characters", 5: "sparse",
	7: "single precision", 8: "int8", 9: "uint8", 10: "int16", 11: "uint16", 12: "int32", 13: "uint32", 14: "int64", 15: "uint64",
	16: "functions", 17: "opaque"}

// matrix is a named matrix of doubles, column by column as MATLAB has it.
type matrix struct {
	name       string
	rows, cols int
	values     []float64
}

// readMAT reads a table from a MATLAB file with X (n x d) and y (n x 1 or 1 x n; 1 = anomaly).
func readMAT(r io.Reader, f *Format) (*Table, error) {
	// All values as doubles and, generously, what stands around them.
	limit := int64(16*f.Rows*(len(f.Columns)+1) + 1<<20)
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("is longer than the %s bytes that X and y can need", group(limit))
	}
	all, err := parseMAT(data, limit, "X", "y")
	if err != nil {
		return nil, err
	}
	return tableOf(all, f)
}

// tableOf joins X and y.
func tableOf(all map[string]matrix, f *Format) (*Table, error) {
	for _, name := range []string{"X", "y"} {
		if _, ok := all[name]; !ok {
			return nil, fmt.Errorf("has no matrix %s", name)
		}
	}
	x, y := all["X"], all["y"]
	switch {
	case x.rows != f.Rows || x.cols != len(f.Columns):
		return nil, fmt.Errorf("X is %d x %d, want %d x %d", x.rows, x.cols, f.Rows, len(f.Columns))
	case len(y.values) != f.Rows || y.rows != 1 && y.cols != 1:
		return nil, fmt.Errorf("y is %d x %d, want %d x 1", y.rows, y.cols, f.Rows)
	}
	t := newTable(f)
	for j := range x.cols {
		for i, v := range x.values[j*x.rows : (j+1)*x.rows] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("X(%d,%d) is %v, which is not a finite number", i+1, j+1, v)
			}
			t.Values[i*t.Cols+j] = v
		}
	}
	for i, v := range y.values {
		if v != 0 && v != 1 {
			return nil, fmt.Errorf("y(%d) is %v, want 0 or 1", i+1, v)
		}
		t.Anomaly[i] = v == 1
	}
	return t.checked(f)
}

// parseMAT returns the matrices of doubles with the given names. limit bounds what a compressed
// element may grow to.
func parseMAT(data []byte, limit int64, names ...string) (map[string]matrix, error) {
	order, err := matOrder(data)
	if err != nil {
		return nil, err
	}
	m := &matParser{order: order, limit: limit, wanted: names, found: map[string]matrix{}}
	return m.found, m.elements(data[matHeader:], matHeader, false)
}

// matOrder checks the header and tells the order of bytes.
func matOrder(data []byte) (binary.ByteOrder, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")), bytes.HasPrefix(data, []byte("MATLAB 7.3")):
		return nil, fmt.Errorf("is a MATLAB file of version 7.3 (HDF5), which is not read; save it with -v7")
	case len(data) >= 4 && bytes.IndexByte(data[:4], 0) >= 0:
		return nil, fmt.Errorf("is a MATLAB file of level 4, or none; level 5 is read; save it with -v7")
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
		return nil, fmt.Errorf("is no MATLAB file of level 5: bytes 127 and 128 are %q, want \"IM\" or \"MI\"", data[126:128])
	}
	if v := order.Uint16(data[124:]); v != matVersion {
		return nil, fmt.Errorf("is a MATLAB file of version 0x%04x, want 0x%04x (level 5); save it with -v7", v, matVersion)
	}
	return order, nil
}

type matParser struct {
	order  binary.ByteOrder
	limit  int64
	wanted []string
	found  map[string]matrix
}

// elements reads a row of elements; at is where in the file they begin.
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
			err = fmt.Errorf("a compressed element holds another")
		case kind == miCompressed:
			err = m.compressed(body, at)
		}
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		at += len(data) - len(rest)
		data = rest
	}
	return nil
}

func (m *matParser) compressed(body []byte, at int) error {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the compressed element: %w", err)
	}
	defer z.Close()
	data, err := io.ReadAll(io.LimitReader(z, m.limit+1))
	switch {
	case err == io.ErrUnexpectedEOF:
		return fmt.Errorf("the compressed element is truncated")
	case err != nil:
		return fmt.Errorf("the compressed element: %w", err)
	case int64(len(data)) > m.limit:
		return fmt.Errorf("the compressed element holds more than %s bytes", group(m.limit))
	}
	if err := m.elements(data, 0, true); err != nil {
		return fmt.Errorf("in the compressed element %w", err)
	}
	return nil
}

// element takes the first element off data.
func (m *matParser) element(data []byte) (kind uint32, body, rest []byte, err error) {
	if len(data) < 8 {
		return 0, nil, nil, fmt.Errorf("the file is truncated: %d bytes are too few for an element", len(data))
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
		return 0, nil, nil, fmt.Errorf("the file is truncated: an element promises %s bytes, %s are left", group(n), group(int64(len(data)-8)))
	}
	body = data[8 : 8+n]
	if kind != miCompressed { // which alone is not padded
		n = min((n+7)/8*8, int64(len(data)-8))
	}
	return kind, body, data[8+n:], nil
}

// matrix reads a matrix element; one that is not wanted is passed over.
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
	if !slices.Contains(m.wanted, name) {
		return nil
	}
	if _, twice := m.found[name]; twice {
		return fmt.Errorf("there are two matrices %s", name)
	}
	if len(flags) != 8 || len(dims) != 8 {
		return fmt.Errorf("%s has %d dimensions, want 2", name, len(dims)/4)
	}
	word := m.order.Uint32(flags)
	switch class := byte(word); {
	case class != mxDouble:
		return fmt.Errorf("%s is a matrix of %s (class %d), want doubles", name, mxClasses[class], class)
	case byte(word>>8)&mxComplex != 0:
		return fmt.Errorf("%s is complex, want real", name)
	}
	kind, body, _, err := m.element(data)
	if err != nil {
		return fmt.Errorf("the values of %s: %w", name, err)
	}
	values, err := m.values(kind, body)
	if err != nil {
		return fmt.Errorf("the values of %s: %w", name, err)
	}
	out := matrix{name: name, rows: int(int32(m.order.Uint32(dims))), cols: int(int32(m.order.Uint32(dims[4:]))), values: values}
	if out.rows < 0 || out.cols < 0 || int64(out.rows)*int64(out.cols) != int64(len(values)) {
		return fmt.Errorf("%s has %d values, its dimensions are %d x %d", name, len(values), out.rows, out.cols)
	}
	m.found[name] = out
	return nil
}

// values reads numbers: doubles that are whole are stored in fewer bytes.
func (m *matParser) values(kind uint32, body []byte) ([]float64, error) {
	size := map[uint32]int{miInt8: 1, miUint8: 1, miInt16: 2, miUint16: 2, miInt32: 4, miUint32: 4, miSingle: 4, miDouble: 8, miInt64: 8, miUint64: 8}[kind]
	if size == 0 {
		return nil, fmt.Errorf("type %d is not a number's", kind)
	}
	if len(body)%size != 0 {
		return nil, fmt.Errorf("%d bytes are no whole number of values of %d bytes", len(body), size)
	}
	out := make([]float64, len(body)/size)
	for i := range out {
		b := body[i*size:]
		switch kind {
		case miInt8:
			out[i] = float64(int8(b[0]))
		case miUint8:
			out[i] = float64(b[0])
		case miInt16:
			out[i] = float64(int16(m.order.Uint16(b)))
		case miUint16:
			out[i] = float64(m.order.Uint16(b))
		case miInt32:
			out[i] = float64(int32(m.order.Uint32(b)))
		case miUint32:
			out[i] = float64(m.order.Uint32(b))
		case miSingle:
			out[i] = float64(math.Float32frombits(m.order.Uint32(b)))
		case miDouble:
			out[i] = math.Float64frombits(m.order.Uint64(b))
		case miInt64:
			out[i] = float64(int64(m.order.Uint64(b)))
		case miUint64:
			out[i] = float64(m.order.Uint64(b))
		}
	}
	return out, nil
}
