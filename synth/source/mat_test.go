package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/synth/internal/mattest"
)

func TestReadMAT(t *testing.T) {
	for what, w := range map[string]mattest.Writer{"little endian": mattest.Little, "big endian": mattest.Big,
		"compressed": {Order: binary.LittleEndian, Compress: true}, "big endian, compressed": {Order: binary.BigEndian, Compress: true}} {
		x := w.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25) // column-major
		other := w.Matrix("a_long_name", 4, 0, 1, 1, mattest.Uint8, []byte{65})
		for form, y := range map[string][]byte{
			"doubles": w.Doubles("y", 3, 1, 0, 1, 0), "a row": w.Doubles("y", 1, 3, 0, 1, 0),
			"integers":         w.Matrix("y", 9, 0, 3, 1, mattest.Uint8, []byte{0, 1, 0}),
			"logical":          w.Matrix("y", 9, 0x02, 1, 3, mattest.Uint8, []byte{0, 1, 0}),
			"single precision": w.Matrix("y", 7, 0, 3, 1, mattest.Int8, []byte{0, 1, 0}),
			"stored as bytes":  w.Matrix("y", mattest.ClassDouble, 0, 3, 1, mattest.Uint8, []byte{0, 1, 0}),
			"stored as int16":  w.Matrix("y", mattest.ClassDouble, 0, 3, 1, mattest.Int16, w.Order.AppendUint16(w.Order.AppendUint16(w.Order.AppendUint16(nil, 0), 1), 0)),
		} {
			got, err := readMAT(bytes.NewReader(w.File(other, x, y)), pair)
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

func TestBrokenMAT(t *testing.T) {
	w := mattest.Little
	x, y := w.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), w.Doubles("y", 3, 1, 0, 1, 0)
	good := w.File(x, y)
	changed := func(at int, to ...byte) []byte {
		b := slices.Clone(good)
		copy(b[at:], to)
		return b
	}
	packed := mattest.Writer{Order: binary.LittleEndian, Compress: true}
	bomb := packed.Matrix("X", mattest.ClassDouble, 0, 1<<20, 1, mattest.Double, make([]byte, 8<<20))
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"nothing", nil, "0 bytes are too few for a MATLAB file"},
		{"half a header", good[:100], "100 bytes are too few for a MATLAB file"},
		{"version 7.3", append([]byte("MATLAB 7.3 MAT-file, Platform: GLNXA64"), make([]byte, 600)...), "is a MATLAB file of version 7.3 (HDF5): save it with -v7"},
		{"HDF5 itself", append([]byte("\x89HDF\r\n\x1a\n"), make([]byte, 600)...), "version 7.3 (HDF5)"},
		{"level 4", append([]byte{0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 'X', 0}, make([]byte, 200)...), "is a MATLAB file of level 4, or not one at all"},
		{"another version", changed(124, 0, 2), "is a MATLAB file of version 0x0200, want 0x0100"},
		{"text", bytes.Repeat([]byte("height,weight,label\n"), 10), "is not a MATLAB file of level 5: bytes 127 and 128"},
		{"no elements", good[:128], "has no matrix X"},
		{"no y", w.File(x), "has no matrix y"},
		{"truncated", good[:len(good)-20], "the file is truncated: an element declares 72 bytes, but 52 are left"},
		{"truncated in a tag", append(slices.Clone(good), 1, 2, 3), "the file is truncated: 3 bytes are too few for an element"},
		{"X twice", w.File(x, x, y), "there are two matrices named X"},
		{"another shape", w.File(w.Doubles("X", 2, 3, 1, 2, 3, 4, 5, 6), y), "X is 2 x 3, want 3 x 2"},
		{"too short a y", w.File(x, w.Doubles("y", 2, 1, 0, 1)), "y is 2 x 1, want 3 x 1"},
		{"values missing", w.File(w.Doubles("X", 3, 2, 1, 2, 3), y), "X has 3 values, but its dimensions are 3 x 2"},
		{"negative dimensions", w.File(w.Doubles("X", -3, -2, 1, 2, 3, 4, 5, 6), y), "its dimensions are -3 x -2"},
		{"NaN", w.File(w.Doubles("X", 3, 2, 1, 2, 3, 4, math.NaN(), 6), y), "X(2,2) is NaN, which is not a finite number"},
		{"infinity", w.File(w.Doubles("X", 3, 2, 1, 2, math.Inf(-1), 4, 5, 6), y), "X(3,1) is -Inf"},
		{"a wrong label", w.File(x, w.Doubles("y", 3, 1, 0, 2, 0)), "y holds 2: want 0 or 1 (y(2))"},
		{"two anomalies", w.File(x, w.Doubles("y", 3, 1, 0, 1, 1)), "has 2 anomalies, want 1"},
		{"cells", w.File(w.Matrix("X", 1, 0, 3, 2, mattest.Double, nil), y), "X is a matrix of cells (class 1), want numbers"},
		{"sparse", w.File(w.Matrix("X", 5, 0, 3, 2, mattest.Int32, nil), y), "X is a matrix of sparse values (class 5), want numbers"},
		{"complex", w.File(w.Matrix("X", mattest.ClassDouble, 0x08, 3, 2, mattest.Double, make([]byte, 48)), y), "X is complex, want real"},
		{"characters as values", w.File(w.Matrix("X", mattest.ClassDouble, 0, 3, 2, 16, make([]byte, 48)), y), "the values of X: type 16 is not numeric"},
		{"half a value", w.File(w.Matrix("X", mattest.ClassDouble, 0, 3, 2, mattest.Double, make([]byte, 47)), y), "47 bytes are not a multiple of 8"},
		{"three dimensions", w.File(w.Element(mattest.MatrixType, slices.Concat(w.Element(mattest.Uint32, []byte{mattest.ClassDouble, 0, 0, 0, 0, 0, 0, 0}), w.Element(mattest.Int32, make([]byte, 12)), w.Short(mattest.Int8, []byte("X")))), y), "X has 3 dimensions, want 2"},
		{"no flags", w.File(w.Element(mattest.MatrixType, w.Short(mattest.Int8, []byte("X"))), y), "a matrix's flags are of type 1, want 6"},
		{"a damaged stream", w.File(w.Element(mattest.Compressed, []byte("not zlib")), y), "at byte 128: the compressed element: zlib: invalid header"},
		{"half a stream", w.File(w.Element(mattest.Compressed, packed.Doubles("X", 3, 2, 1, 2, 3, 4, 5, 6)[8:30])), "the compressed element is truncated"},
		{"a bomb", w.File(bomb, y), "the compressed element holds more than"},
		{"too long", append(slices.Clone(good), make([]byte, 2<<20)...), "is longer than the"},
	} {
		if got, err := readMAT(bytes.NewReader(c.data), pair); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.what, got, err, c.want)
		}
	}
}
