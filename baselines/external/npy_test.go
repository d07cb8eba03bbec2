package external

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestScoresForms checks that every form of floats that NumPy writes is read: both widths and byte
// orders, a vector, a column or a row.
func TestScoresForms(t *testing.T) {
	want := []float64{0.5, -2, 3e5}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, width := range []int{4, 8} {
			for _, shape := range []string{"3,", "3, 1", "1, 3"} {
				mark := "<"
				if order == binary.BigEndian {
					mark = ">"
				}
				for _, version := range []byte{1, 2} {
					header := "{'descr': '" + mark + "f" + string(rune('0'+width)) + "', 'fortran_order': False, 'shape': (" + shape + "), }   \n"
					b := append([]byte("\x93NUMPY"), version, 0)
					if version == 1 {
						b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
					} else {
						b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
					}
					b = append(b, header...)
					for _, v := range want {
						if width == 8 {
							b = order.AppendUint64(b, math.Float64bits(v))
						} else {
							b = order.AppendUint32(b, math.Float32bits(float32(v)))
						}
					}
					got := make([]float64, 3)
					if err := readScores(bytes.NewReader(b), int64(len(b)), got); err != nil || !slices.Equal(got, want) {
						t.Errorf("%s: %v, %v", header, got, err)
					}
					for n := range b {
						if err := readScores(bytes.NewReader(b[:n]), int64(n), got); err == nil {
							t.Fatalf("%s: %d of %d bytes are enough", header, n, len(b))
						}
					}
				}
			}
		}
	}
}

// TestMatrixFile checks the bytes of the matrix and its header, which is 128 bytes long for mmap.
func TestMatrixFile(t *testing.T) {
	x := bench.Matrix{Rows: 2, Cols: 3, Data: []float32{1, 2, 3, 4, 5, -6.5}}
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := writeMatrix(path, x); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
	if len(got) != 128+24 || string(got[:len(want)]) != want || got[127] != '\n' {
		t.Errorf("%q", got)
	}
	for i, v := range x.Data {
		if math.Float32frombits(binary.LittleEndian.Uint32(got[128+4*i:])) != v {
			t.Errorf("value %d", i)
		}
	}
	if err := writeClass(filepath.Join(t.TempDir(), "c.npy"), []int32{1, -1}); err != nil {
		t.Error(err)
	}
	if err := writeMatrix(path, x); err == nil {
		t.Error("it is written over")
	}
}
