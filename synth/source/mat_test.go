package source

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// matWriter writes MATLAB files of level 5, for tests alone.
type matWriter struct {
	order      binary.AppendByteOrder
	compressed bool
}

func (w matWriter) element(kind uint32, data []byte) []byte {
	b := w.order.AppendUint32(nil, kind)
	b = append(w.order.AppendUint32(b, uint32(len(data))), data...)
	for kind != miCompressed && len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}

// short writes an element of at most four bytes in the small form.
func (w matWriter) short(kind uint32, data []byte) []byte {
	b := w.order.AppendUint32(nil, uint32(len(data))<<16|kind)
	return append(append(b, data...), make([]byte, 4-len(data))...)
}

// matrix writes a matrix whose values are stored as the given type.
func (w matWriter) matrix(name string, class, flags byte, rows, cols int, kind uint32, values []byte) []byte {
	var b []byte
	b = append(b, w.element(miUint32, w.order.AppendUint32(w.order.AppendUint32(nil, uint32(flags)<<8|uint32(class)), 0))...)
	b = append(b, w.element(miInt32, w.order.AppendUint32(w.order.AppendUint32(nil, uint32(rows)), uint32(cols)))...)
	if len(name) <= 4 {
		b = append(b, w.short(miInt8, []byte(name))...)
	} else {
		b = append(b, w.element(miInt8, []byte(name))...)
	}
	b = append(b, w.element(kind, values)...)
	b = w.element(miMatrix, b)
	if !w.compressed {
		return b
	}
	var z bytes.Buffer
	d := zlib.NewWriter(&z)
	d.Write(b)
	d.Close()
	return w.element(miCompressed, z.Bytes())
}

func (w matWriter) doubles(name string, rows, cols int, values ...float64) []byte {
	var b []byte
	for _, v := range values {
		b = w.order.AppendUint64(b, math.Float64bits(v))
	}
	return w.matrix(name, mxDouble, 0, rows, cols, miDouble, b)
}

func (w matWriter) file(elements ...[]byte) []byte {
	b := append([]byte("MATLAB 5.0 MAT-file"), bytes.Repeat([]byte{' '}, 105)...)
	b = w.order.AppendUint16(b, matVersion)
	b = w.order.AppendUint16(b, 'M'<<8|'I')
	return slices.Concat(append([][]byte{b}, elements...)...)
}

var (
	little = matWriter{order: binary.LittleEndian}
	big    = matWriter{order: binary.BigEndian}
)

func TestReadMAT(t *testing.T) {
	for what, w := range map[string]matWriter{"little endian": little, "big endian": big,
		"compressed": {binary.LittleEndian, true}, "big endian, compressed": {binary.BigEndian, true}} {
		x := w.doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25) // column by column
		other := w.matrix("a_long_name", 4, 0, 1, 1, miUint8, []byte{65})
		for form, y := range map[string][]byte{
			"doubles": w.doubles("y", 3, 1, 0, 1, 0), "a row": w.doubles("y", 1, 3, 0, 1, 0),
			"stored as bytes": w.matrix("y", mxDouble, 0, 3, 1, miUint8, []byte{0, 1, 0}),
			"stored as int16": w.matrix("y", mxDouble, 0, 3, 1, miInt16, w.order.AppendUint16(w.order.AppendUint16(w.order.AppendUint16(nil, 0), 1), 0)),
		} {
			got, err := readMAT(bytes.NewReader(w.file(other, x, y)), pair)
			if err != nil {
				t.Errorf("%s, %s: %v", what, form, err)
				continue
			}
			if fmt.Sprint(got.Rows, got.Cols, got.Values, got.Anomaly) != "3 2 [1.5 -2 0 100 3 4.25] [false true false]" {
				t.Errorf("%s, %s: %+v", what, form, got)
			}
		}
	}
}

// Whole numbers are stored in the smallest type that holds them.
func TestMATValues(t *testing.T) {
	for _, w := range []matWriter{little, big} {
		o := w.order.(binary.ByteOrder)
		for _, c := range []struct {
			kind uint32
			body []byte
			want float64
		}{
			{miInt8, []byte{0xfe}, -2}, {miUint8, []byte{0xfe}, 254}, {miInt16, w.order.AppendUint16(nil, 0xfffe), -2}, {miUint16, w.order.AppendUint16(nil, 0xfffe), 65534},
			{miInt32, w.order.AppendUint32(nil, 0xfffffffe), -2}, {miUint32, w.order.AppendUint32(nil, 0xfffffffe), 4294967294},
			{miSingle, w.order.AppendUint32(nil, math.Float32bits(0.5)), 0.5}, {miDouble, w.order.AppendUint64(nil, math.Float64bits(0.1)), 0.1},
			{miInt64, w.order.AppendUint64(nil, 1<<64-2), -2}, {miUint64, w.order.AppendUint64(nil, 1<<40), 1 << 40},
		} {
			p := matParser{order: o}
			if got, err := p.values(c.kind, c.body); err != nil || len(got) != 1 || got[0] != c.want {
				t.Errorf("%v, type %d: %v, %v; want %v", o, c.kind, got, err, c.want)
			}
		}
	}
}

func TestBrokenMAT(t *testing.T) {
	w := little
	x, y := w.doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), w.doubles("y", 3, 1, 0, 1, 0)
	good := w.file(x, y)
	changed := func(at int, to ...byte) []byte {
		b := slices.Clone(good)
		copy(b[at:], to)
		return b
	}
	packed := matWriter{binary.LittleEndian, true}
	bomb := packed.matrix("X", mxDouble, 0, 1<<20, 1, miDouble, make([]byte, 8<<20))
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"nothing", nil, "0 bytes are too few for a MATLAB file"},
		{"half a header", good[:100], "100 bytes are too few for a MATLAB file"},
		{"version 7.3", append([]byte("MATLAB 7.3 MAT-file, Platform: GLNXA64"), make([]byte, 600)...), "is a MATLAB file of version 7.3 (HDF5), which is not read; save it with -v7"},
		{"HDF5 itself", append([]byte("\x89HDF\r\n\x1a\n"), make([]byte, 600)...), "version 7.3 (HDF5)"},
		{"level 4", append([]byte{0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 'X', 0}, make([]byte, 200)...), "is a MATLAB file of level 4, or none; level 5 is read"},
		{"another version", changed(124, 0, 2), "is a MATLAB file of version 0x0200, want 0x0100"},
		{"text", bytes.Repeat([]byte("height,weight,label\n"), 10), "is no MATLAB file of level 5: bytes 127 and 128"},
		{"no elements", good[:128], "has no matrix X"},
		{"no y", w.file(x), "has no matrix y"},
		{"truncated", good[:len(good)-20], "the file is truncated: an element promises 72 bytes, 52 are left"},
		{"truncated in a tag", append(slices.Clone(good), 1, 2, 3), "the file is truncated: 3 bytes are too few for an element"},
		{"X twice", w.file(x, x, y), "there are two matrices X"},
		{"another shape", w.file(w.doubles("X", 2, 3, 1, 2, 3, 4, 5, 6), y), "X is 2 x 3, want 3 x 2"},
		{"too short a y", w.file(x, w.doubles("y", 2, 1, 0, 1)), "y is 2 x 1, want 3 x 1"},
		{"values missing", w.file(w.doubles("X", 3, 2, 1, 2, 3), y), "X has 3 values, its dimensions are 3 x 2"},
		{"negative dimensions", w.file(w.doubles("X", -3, -2, 1, 2, 3, 4, 5, 6), y), "its dimensions are -3 x -2"},
		{"NaN", w.file(w.doubles("X", 3, 2, 1, 2, 3, 4, math.NaN(), 6), y), "X(2,2) is NaN, which is not a finite number"},
		{"infinity", w.file(w.doubles("X", 3, 2, 1, 2, math.Inf(-1), 4, 5, 6), y), "X(3,1) is -Inf"},
		{"a wrong label", w.file(x, w.doubles("y", 3, 1, 0, 2, 0)), "y(2) is 2, want 0 or 1"},
		{"two anomalies", w.file(x, w.doubles("y", 3, 1, 0, 1, 1)), "has 2 anomalies, want 1"},
		{"integers", w.file(x, w.matrix("y", 9, 0, 3, 1, miUint8, []byte{0, 1, 0})), "y is a matrix of uint8 (class 9), want doubles"},
		{"cells", w.file(w.matrix("X", 1, 0, 3, 2, miDouble, nil), y), "X is a matrix of cells (class 1), want doubles"},
		{"sparse", w.file(w.matrix("X", 5, 0, 3, 2, miInt32, nil), y), "X is a matrix of sparse (class 5), want doubles"},
		{"complex", w.file(w.matrix("X", mxDouble, mxComplex, 3, 2, miDouble, make([]byte, 48)), y), "X is complex, want real"},
		{"characters as values", w.file(w.matrix("X", mxDouble, 0, 3, 2, 16, make([]byte, 48)), y), "the values of X: type 16 is not a number's"},
		{"half a value", w.file(w.matrix("X", mxDouble, 0, 3, 2, miDouble, make([]byte, 47)), y), "47 bytes are no whole number of values of 8 bytes"},
		{"three dimensions", w.file(w.element(miMatrix, slices.Concat(w.element(miUint32, []byte{mxDouble, 0, 0, 0, 0, 0, 0, 0}), w.element(miInt32, make([]byte, 12)), w.short(miInt8, []byte("X")))), y), "X has 3 dimensions, want 2"},
		{"no flags", w.file(w.element(miMatrix, w.short(miInt8, []byte("X"))), y), "a matrix's flags are of type 1, want 6"},
		{"a damaged stream", w.file(w.element(miCompressed, []byte("not zlib")), y), "at byte 128: the compressed element: zlib: invalid header"},
		{"half a stream", w.file(w.element(miCompressed, packed.doubles("X", 3, 2, 1, 2, 3, 4, 5, 6)[8:30])), "the compressed element is truncated"},
		{"a bomb", w.file(bomb, y), "the compressed element holds more than"},
		{"too long", append(slices.Clone(good), make([]byte, 2<<20)...), "is longer than the"},
	} {
		if got, err := readMAT(bytes.NewReader(c.data), pair); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.what, got, err, c.want)
		}
	}
}

// Whatever comes in, matrices that come out have as many values as their dimensions say, and read the
// same when they are written again, in either order of bytes.
func FuzzParseMAT(f *testing.F) {
	for _, w := range []matWriter{little, big, {binary.LittleEndian, true}} {
		f.Add(w.file(w.doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), w.doubles("y", 3, 1, 0, 1, 0)))
		f.Add(w.file(w.matrix("y", mxDouble, 0, 3, 1, miUint8, []byte{0, 1, 0})))
	}
	f.Add([]byte("MATLAB 7.3 MAT-file"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseMAT(data, 1<<16, "X", "y")
		if err != nil {
			return
		}
		for _, w := range []matWriter{little, big} {
			var all [][]byte
			for _, m := range got {
				if len(m.values) != m.rows*m.cols {
					t.Fatalf("%s: %d values for %d x %d", m.name, len(m.values), m.rows, m.cols)
				}
				all = append(all, w.doubles(m.name, m.rows, m.cols, m.values...))
			}
			again, err := parseMAT(w.file(all...), 1<<16, "X", "y")
			if err != nil {
				t.Fatal(err)
			}
			for name, m := range got {
				for i, v := range m.values { // NaN is not equal to itself
					if math.Float64bits(again[name].values[i]) != math.Float64bits(v) {
						t.Errorf("%s: value %d is %v, then %v", name, i, v, again[name].values[i])
					}
				}
				m.values = again[name].values
				if !reflect.DeepEqual(again[name], m) {
					t.Errorf("%+v, then %+v", m, again[name])
				}
			}
		}
	})
}
