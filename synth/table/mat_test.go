package table

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/uaibench/uaibench/synth/internal/mattest"
)

// MATLAB stores numbers in the smallest type that holds them.
func TestMATValues(t *testing.T) {
	for _, w := range []mattest.Writer{mattest.Little, mattest.Big} {
		o := w.Order.(binary.ByteOrder)
		for _, c := range []struct {
			kind uint32
			body []byte
			want float64
		}{
			{mattest.Int8, []byte{0xfe}, -2}, {mattest.Uint8, []byte{0xfe}, 254}, {mattest.Int16, w.Order.AppendUint16(nil, 0xfffe), -2}, {mattest.Uint16, w.Order.AppendUint16(nil, 0xfffe), 65534},
			{mattest.Int32, w.Order.AppendUint32(nil, 0xfffffffe), -2}, {mattest.Uint32, w.Order.AppendUint32(nil, 0xfffffffe), 4294967294},
			{mattest.Single, w.Order.AppendUint32(nil, math.Float32bits(0.5)), 0.5}, {mattest.Double, w.Order.AppendUint64(nil, math.Float64bits(0.1)), 0.1},
			{mattest.Int64, w.Order.AppendUint64(nil, 1<<64-2), -2}, {mattest.Uint64, w.Order.AppendUint64(nil, 1<<40), 1 << 40},
		} {
			p := matParser{order: o}
			at, n, err := p.values(c.kind, c.body)
			if err != nil || n != 1 || at(0) != c.want {
				t.Errorf("%v, type %d: %d values, %v; want %v", o, c.kind, n, err, c.want)
			}
		}
	}
}

// Parsed matrices have as many values as their dimensions require, and read back equal when written
// again in either byte order.
func FuzzParseMAT(f *testing.F) {
	for _, w := range []mattest.Writer{mattest.Little, mattest.Big, {Order: binary.LittleEndian, Compress: true}} {
		f.Add(w.File(w.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), w.Doubles("y", 3, 1, 0, 1, 0)))
		f.Add(w.File(w.Matrix("y", mattest.ClassDouble, 0, 3, 1, mattest.Uint8, []byte{0, 1, 0})))
	}
	f.Add([]byte("MATLAB 7.3 MAT-file"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ParseMAT(data, 1<<16, "X", "y")
		if err != nil {
			return
		}
		for _, w := range []mattest.Writer{mattest.Little, mattest.Big} {
			var all [][]byte
			for _, m := range got {
				var values []float64
				for j := range m.Cols {
					for i := range m.Rows {
						values = append(values, m.At(i, j))
					}
				}
				all = append(all, w.Doubles(m.Name, m.Rows, m.Cols, values...))
			}
			again, err := ParseMAT(w.File(all...), 1<<16, "X", "y")
			if err != nil {
				t.Fatal(err)
			}
			for name, m := range got {
				if a := again[name]; a.Rows != m.Rows || a.Cols != m.Cols {
					t.Fatalf("%s: %d x %d, then %d x %d", name, m.Rows, m.Cols, a.Rows, a.Cols)
				}
				for i := range m.Len() { // bits, since NaN differs from itself
					if math.Float64bits(again[name].at(i)) != math.Float64bits(m.at(i)) {
						t.Errorf("%s: value %d is %v, then %v", name, i, m.at(i), again[name].at(i))
					}
				}
			}
		}
	})
}
