package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/synth/internal/mattest"
)

// drawn is a table of arbitrary finite numbers.
type drawn struct {
	x       [][]float64
	anomaly []bool
}

func (d *drawn) y(i int) float64 {
	if d.anomaly[i] {
		return 1
	}
	return 0
}

func drawTable(t *rapid.T) *drawn {
	n, cols := rapid.IntRange(2, 12).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "columns")
	number := rapid.OneOf(rapid.Map(rapid.IntRange(-300, 300), func(i int) float64 { return float64(i) }),
		rapid.Float64().Filter(func(v float64) bool { return v-v == 0 }))
	d := &drawn{}
	for range n {
		d.x = append(d.x, rapid.SliceOfN(number, cols, cols).Draw(t, "row"))
		d.anomaly = append(d.anomaly, rapid.Bool().Draw(t, "anomaly"))
	}
	d.anomaly[0], d.anomaly[1] = true, false
	return d
}

// writers write a table in each form, with columns x1 to xd and a label y.
var writers = map[string]func(d *drawn, v *rapid.T) []byte{
	"csv": func(d *drawn, v *rapid.T) []byte {
		comma := rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(v, "comma")
		at := rapid.IntRange(0, len(d.x[0])).Draw(v, "label's place")
		records := [][]string{slices.Insert(numbered(len(d.x[0])), at, "y")}
		for i, row := range d.x {
			var r []string
			for _, x := range row {
				r = append(r, strconv.FormatFloat(x, 'g', -1, 64))
			}
			records = append(records, slices.Insert(r, at, strconv.FormatFloat(d.y(i), 'f', -1, 64)))
		}
		text := asText(comma, rapid.Bool().Draw(v, "CRLF"), records)
		if rapid.Bool().Draw(v, "BOM") {
			text = bomText + text
		}
		return []byte(text)
	},
	"npz": func(d *drawn, v *rapid.T) []byte {
		fortran := rapid.Bool().Draw(v, "fortran")
		var values []float64
		for k := range len(d.x) * len(d.x[0]) {
			if i, j := k/len(d.x[0]), k%len(d.x[0]); fortran {
				values = append(values, d.x[k%len(d.x)][k/len(d.x)])
			} else {
				values = append(values, d.x[i][j])
			}
		}
		order := binary.AppendByteOrder(binary.LittleEndian)
		descr := "<f8"
		if rapid.Bool().Draw(v, "big endian") {
			order, descr = binary.BigEndian, ">f8"
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		put := func(name, descr, shape string, fortran bool, values []byte) {
			w, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: uint16(8 * rapid.IntRange(0, 1).Draw(v, "deflated"))})
			header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, map[bool]string{true: "True", false: "False"}[fortran], shape)
			header += strings.Repeat(" ", 64-(len(header)+11)%64) + "\n"
			w.Write([]byte("\x93NUMPY\x01\x00"))
			w.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(header))))
			w.Write(append([]byte(header), values...))
		}
		var raw, y []byte
		for _, x := range values {
			raw = order.AppendUint64(raw, math.Float64bits(x))
		}
		for i := range d.x {
			y = append(y, byte(d.y(i)))
		}
		put("X.npy", descr, fmt.Sprintf("(%d, %d)", len(d.x), len(d.x[0])), fortran, raw)
		put("y.npy", rapid.SampledFrom([]string{"|b1", "|u1", "|i1"}).Draw(v, "y"), fmt.Sprintf("(%d,)", len(d.x)), false, y)
		z.Close()
		return b.Bytes()
	},
	"mat": func(d *drawn, v *rapid.T) []byte {
		w := mattest.Writer{Order: mattest.Little.Order, Compress: rapid.Bool().Draw(v, "compressed")}
		if rapid.Bool().Draw(v, "big endian") {
			w.Order = mattest.Big.Order
		}
		var values, y []float64
		for j := range d.x[0] {
			for i := range d.x {
				values = append(values, d.x[i][j])
			}
		}
		for i := range d.x {
			y = append(y, d.y(i))
		}
		return w.File(w.Doubles("y", len(y), 1, y...), w.Doubles("X", len(d.x), len(d.x[0]), values...))
	},
	"parquet": func(d *drawn, v *rapid.T) []byte {
		group := pq.Group{"y": pq.Leaf(pq.BooleanType)}
		for _, name := range numbered(len(d.x[0])) {
			group[name] = pq.Leaf(pq.DoubleType)
			if rapid.Bool().Draw(v, "optional") {
				group[name] = pq.Optional(group[name])
			}
		}
		schema := pq.NewSchema("t", group)
		var b bytes.Buffer
		w := pq.NewWriter(&b, schema, pq.MaxRowsPerRowGroup(int64(rapid.IntRange(1, 20).Draw(v, "rows of a group"))),
			pq.Compression(rapid.SampledFrom([]compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Gzip, &pq.Zstd}).Draw(v, "codec")))
		for i, row := range d.x {
			var out pq.Row
			for j, x := range row {
				level := 0
				if group[numbered(len(row))[j]].Optional() {
					level = 1
				}
				out = append(out, pq.DoubleValue(x).Level(0, level, j))
			}
			out = append(out, pq.BooleanValue(d.anomaly[i]).Level(0, 0, len(row)))
			w.WriteRows([]pq.Row{out})
		}
		w.Close()
		return b.Bytes()
	},
}

// Any table in any form reads back equal, to the bit.
func TestAnyFormReadsBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(v *rapid.T) {
		d := drawTable(v)
		for form, write := range writers {
			path := filepath.Join(dir, "t."+form)
			if err := os.WriteFile(path, write(d, v), 0o666); err != nil {
				v.Fatal(err)
			}
			got, err := Read(t.Context(), path, Options{Label: "y"})
			if err != nil {
				v.Fatalf("%s: %v", form, err)
			}
			if got.Rows != len(d.x) || got.Cols != len(d.x[0]) || !slices.Equal(got.Names, numbered(got.Cols)) || !slices.Equal(got.Anomaly, d.anomaly) {
				v.Fatalf("%s: %d x %d, %v, %v", form, got.Rows, got.Cols, got.Names, got.Anomaly)
			}
			for i, row := range d.x {
				for j, x := range row {
					if math.Float64bits(got.Row(i)[j]) != math.Float64bits(x) {
						v.Fatalf("%s: row %d, column %d is %v, was %v", form, i, j, got.Row(i)[j], x)
					}
				}
			}
			about, err := Describe(t.Context(), path)
			if err != nil || about.Rows != got.Rows || len(about.Columns) != got.Cols+1 || about.SHA256 != got.SHA256 || len(about.Problems) > 0 {
				v.Fatalf("%s: %+v, %v", form, about, err)
			}
		}
	})
}

// Any input gives either an error or a valid table, and the same one again.
func FuzzRead(f *testing.F) {
	for _, path := range []string{"u1_C.npz", "le_f8_F.npz", "stored.npz", "nan.npz", "f8_z.mat", "u1_plain.mat", "logical.mat"} {
		data, err := os.ReadFile(filepath.Join("testdata", path))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "y", "", uint8(0))
	}
	f.Add([]byte("a;b;label\n1;\"2\";0\n\n3;4;1\n"), "", "b", uint8(0))
	f.Add([]byte("\xef\xbb\xbflabel\ta\r\nno\t?\r\nyes\t2\r\n"), "label", "", uint8(1))
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), "x1", "", uint8(2))
	type row struct {
		A     float64 `parquet:"a,dict"`
		B     *string `parquet:"b,optional"`
		Label int32   `parquet:"label"`
	}
	one := "1"
	for _, codec := range []compress.Codec{&pq.Uncompressed, &pq.Snappy, &pq.Zstd, &pq.Gzip} {
		data, err := os.ReadFile(parquetFile(f, []row{{1, &one, 0}, {1, nil, 1}, {2, &one, 0}}, pq.Compression(codec)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "label", "b", uint8(1))
	}
	path := filepath.Join(f.TempDir(), "t.any")
	f.Fuzz(func(t *testing.T, data []byte, label, categorical string, how uint8) {
		path := fmt.Sprint(path, os.Getpid())
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		opt := Options{Label: label, Missing: MissingWays[int(how)%3], Header: HeaderWays[int(how)/3%3]}
		if categorical != "" {
			opt.Categorical = []string{categorical}
		}
		if about, err := Describe(t.Context(), path); err == nil {
			Spec([]*Description{about})
		}
		got, err := Read(t.Context(), path, opt)
		if err != nil {
			if !strings.HasPrefix(err.Error(), path+": ") {
				t.Fatalf("%v", err)
			}
			return
		}
		if got.Rows < 2 || got.Cols < 1 || len(got.X) != got.Rows*got.Cols || len(got.Anomaly) != got.Rows || len(got.Names) != got.Cols ||
			got.Anomalies() == 0 || got.Anomalies() == got.Rows || len(got.SHA256) != 64 {
			t.Fatalf("%+v", got)
		}
		for _, v := range got.X {
			if v-v != 0 {
				t.Fatalf("%v is not finite", v)
			}
		}
		again, err := Read(t.Context(), path, opt)
		if err != nil || fmt.Sprint(*again) != fmt.Sprint(*got) {
			t.Fatalf("%+v, then %+v, %v", got, again, err)
		}
	})
}
