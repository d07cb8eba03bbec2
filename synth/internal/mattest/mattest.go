// Package mattest writes MATLAB level 5 files for tests. It shares no code with the reader in
// synth/table, so that each checks the other.
package mattest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"math"
	"slices"
)

// Types of elements, and the class of matrices of doubles.
const (
	Int8       = 1
	Uint8      = 2
	Int16      = 3
	Uint16     = 4
	Int32      = 5
	Uint32     = 6
	Single     = 7
	Double     = 9
	Int64      = 12
	Uint64     = 13
	MatrixType = 14
	Compressed = 15

	ClassDouble = 6
)

// Writer writes matrices in one byte order, compressed or not.
type Writer struct {
	Order    binary.AppendByteOrder
	Compress bool
}

// Little and Big write uncompressed matrices.
var (
	Little = Writer{Order: binary.LittleEndian}
	Big    = Writer{Order: binary.BigEndian}
)

// Element returns a tag and data, padded to eight bytes unless it is a compressed element.
func (w Writer) Element(kind uint32, data []byte) []byte {
	b := w.Order.AppendUint32(nil, kind)
	b = append(w.Order.AppendUint32(b, uint32(len(data))), data...)
	for kind != Compressed && len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

// Short returns an element of at most four bytes in the small form.
func (w Writer) Short(kind uint32, data []byte) []byte {
	b := w.Order.AppendUint32(nil, uint32(len(data))<<16|kind)
	return append(append(b, data...), make([]byte, 4-len(data))...)
}

// Matrix returns a matrix of the given class; its values, column-major, are stored as type kind.
func (w Writer) Matrix(name string, class, flags byte, rows, cols int, kind uint32,
	values []byte) []byte {
	head := w.Order.AppendUint32(nil, uint32(flags)<<8|uint32(class))
	b := w.Element(Uint32, w.Order.AppendUint32(head, 0))
	dims := w.Order.AppendUint32(nil, uint32(rows))
	b = append(b, w.Element(Int32, w.Order.AppendUint32(dims, uint32(cols)))...)
	if len(name) <= 4 {
		b = append(b, w.Short(Int8, []byte(name))...)
	} else {
		b = append(b, w.Element(Int8, []byte(name))...)
	}
	b = w.Element(MatrixType, append(b, w.Element(kind, values)...))
	if !w.Compress {
		return b
	}
	var z bytes.Buffer
	d := zlib.NewWriter(&z)
	d.Write(b)
	d.Close()
	return w.Element(Compressed, z.Bytes())
}

// Doubles returns a matrix of doubles; values are column-major.
func (w Writer) Doubles(name string, rows, cols int, values ...float64) []byte {
	var b []byte
	for _, v := range values {
		b = w.Order.AppendUint64(b, math.Float64bits(v))
	}
	return w.Matrix(name, ClassDouble, 0, rows, cols, Double, b)
}

// File returns a complete file of the given elements.
func (w Writer) File(elements ...[]byte) []byte {
	b := append([]byte("MATLAB 5.0 MAT-file"), bytes.Repeat([]byte{' '}, 105)...)
	b = w.Order.AppendUint16(b, 0x0100)
	b = w.Order.AppendUint16(b, 'M'<<8|'I')
	return slices.Concat(append([][]byte{b}, elements...)...)
}
