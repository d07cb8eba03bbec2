package source

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/internal/mattest"
)

// smallTable returns a set of one small table: a CSV file or, if mat is set, a MATLAB file with a
// CSV twin.
func smallTable(id string, mat bool) (s *Set, csv, matlab []byte) {
	csv = []byte(pairText)
	csv = bytes.Replace(csv, []byte("1e2"), []byte("100"), 1) // as converted
	matlab = mattest.Little.File(mattest.Little.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), mattest.Little.Doubles("y", 3, 1, 0, 1, 0))
	raw := func(name string, data []byte) bench.RawFile {
		sum := sha256.Sum256(data)
		return bench.RawFile{Name: name, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	}
	s = &Set{ID: id, Title: "Table " + id, Table: pair, Pages: []string{"https://host.invalid/page"}, bare: true}
	s.Files = []bench.RawFile{raw(id+".csv", csv)}
	if mat {
		s.Twins, s.Files = s.Files, []bench.RawFile{raw(id+".mat", matlab)}
	}
	return s, csv, matlab
}

// A MATLAB file and its CSV twin are equivalent in every place.
func TestTwins(t *testing.T) {
	s, csv, matlab := smallTable("a", true)
	for name, data := range map[string][]byte{"a.mat": matlab, "a.csv": csv, "a.csv.gz": zipped(t, csv), "a.mat.gz": zipped(t, matlab)} {
		f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{s}}
		path := write(t, data, f.Dir, name)
		got, err := f.Table(t.Context(), s)
		if err != nil || fmt.Sprint(got.Values) != "[1.5 -2 0 100 3 4.25]" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		list, err := verify(t, f)
		if err != nil || list[0].Path != path || list[0].State() != "ok" {
			t.Errorf("%s: %v, %+v", name, err, list)
		}
	}
}

// A wrong checksum is reported first, then the place of the error in the text.
func TestDamagedTable(t *testing.T) {
	s, csv, matlab := smallTable("a", true)
	s2, csv2, _ := smallTable("b", false)
	for _, c := range []struct {
		set  *Set
		name string
		data []byte
		want []string
	}{
		{s2, "b.csv", bytes.Replace(csv2, []byte("4.25"), []byte("4,25"), 1), []string{"right size but different content", "as a CSV file: line 4: has 4 fields, want 3", "SHA-256", "want " + s2.Files[0].SHA256}},
		{s2, "b.csv", bytes.Replace(csv2, []byte("4.25"), []byte("none"), 1), []string{`as a CSV file: line 4, column 2 (weight): "none" is not a number`}},
		{s2, "b.csv", bytes.Replace(csv2, []byte("4.25"), []byte("4.26"), 1), []string{"right size but different content; the SHA-256"}}, // it has no other fault
		{s2, "b.csv.gz", zipped(t, csv2)[:30], []string{"is truncated: its gzip stream ends early, after"}},
		{s2, "b.csv", csv2[:30], []string{"has 30 bytes of content, want 46", "as a CSV file: line 3: has 1 fields, want 3"}},
		{s2, "b.csv", nil, []string{"is empty (0 bytes)"}},
		{s, "a.mat", append([]byte("MATLAB 7.3 MAT-file"), make([]byte, 300)...), []string{"as a MATLAB file: is a MATLAB file of version 7.3 (HDF5)"}},
		{s, "a.mat", matlab[:len(matlab)-16], []string{"as a MATLAB file: at byte", "the file is truncated"}},
		{s, "a.mat", csv, []string{"is another file, a.csv of Table a"}},
		{s, "a.csv", []byte("x"), []string{"want " + s.Twins[0].SHA256, "it should be a.csv of Table a"}},
	} {
		f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{s, s2}}
		path := write(t, c.data, f.Dir, c.name)
		_, err := f.Table(t.Context(), c.set)
		var fe *FileError
		if !errors.As(err, &fe) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, w := range append(c.want, path+": ", "remove that file", "download it from https://host.invalid/page", "uaibench data import PATH") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the message lacks %q:\n%v", c.name, w, err)
			}
		}
	}
	// If the checksum is right but the table is not, the set's definition is wrong; the place is
	// still reported.
	bad := bytes.Replace(csv2, []byte("-2"), []byte("NaN"), 1)
	sum := sha256.Sum256(bad)
	s3 := *s2
	s3.Files = []bench.RawFile{{Name: "b.csv", Bytes: int64(len(bad)), SHA256: hex.EncodeToString(sum[:])}}
	f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{&s3}}
	path := write(t, bad, f.Dir, "b.csv")
	if _, err := f.Table(t.Context(), &s3); err == nil || err.Error() != path+`: line 2, column 2 (weight): "NaN" is not a finite number` {
		t.Errorf("%v", err)
	}
}

// Each other form of a table is recognised and gives the same file; near misses are refused.
func TestImportOtherForms(t *testing.T) {
	s, csv, matlab := smallTable("a", false)
	das := "label,V1,V2\nnominal,1.50,-2\nanomaly,0,1e2\nnominal,3,4.25\n"
	for what, c := range map[string]struct {
		data []byte
		ok   bool
	}{
		"MATLAB":           {matlab, true},
		"big endian":       {mattest.Big.File(mattest.Big.Doubles("y", 1, 3, 0, 1, 0), mattest.Big.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25)), true},
		"of Das et al.":    {[]byte(das), true},
		"zipped":           {zipped(t, []byte(das)), true},
		"quoted, 0 and 1":  {[]byte("\"V1\",\"V2\",\"Label\"\n1.5,-2,\"0\"\n0,100,\"1\"\n3,4.25,\"0\"\n"), true},
		"like covtype":     {[]byte("1.5,-2,2\n9,9,1\n0,100,4\n3,4.25,2\n8,8,7\n"), true},
		"another value":    {[]byte(strings.Replace(das, "4.25", "4.250001", 1)), false},
		"another order":    {[]byte("label,V1,V2\nanomaly,0,1e2\nnominal,1.50,-2\nnominal,3,4.25\n"), false},
		"a row too many":   {[]byte(das + "nominal,3,4.25\n"), false},
		"other labels":     {[]byte(strings.Replace(das, "anomaly", "outlier", 1)), false},
		"ragged":           {[]byte(das + "nominal,3\n"), false},
		"a word":           {[]byte(strings.Replace(das, "4.25", "x", 1)), false},
		"another label":    {mattest.Little.File(mattest.Little.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), mattest.Little.Doubles("y", 3, 1, 1, 0, 0)), false},
		"another MATLAB":   {mattest.Little.File(mattest.Little.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.5), mattest.Little.Doubles("y", 3, 1, 0, 1, 0)), false},
		"MATLAB without y": {mattest.Little.File(mattest.Little.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25)), false},
	} {
		f := &Finder{Cache: t.TempDir(), Sets: []*Set{s}}
		// The largest known file bounds what is read.
		f.Sets = append(f.Sets, &Set{ID: "large", Title: "Large", Files: []bench.RawFile{{Name: "large", Bytes: 1 << 20}}})
		path := write(t, c.data, t.TempDir(), "any.name")
		got, err := f.Import(t.Context(), path)
		if !c.ok {
			if err == nil || !strings.Contains(err.Error(), "is not a known raw file") {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
			continue
		}
		if err != nil || got[0].Set != s || got[0].To != filepath.Join(f.Cache, "a", "a.csv") {
			t.Errorf("%s: %+v, %v", what, got, err)
			continue
		}
		if written, _ := os.ReadFile(got[0].To); !bytes.Equal(written, csv) {
			t.Errorf("%s: became %q", what, written)
		}
		if _, err := f.Table(t.Context(), s); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Also in a folder, by the usual suffixes.
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{s, {ID: "large", Title: "Large", Files: []bench.RawFile{{Name: "large", Bytes: 1 << 20}}}}}
	from := t.TempDir()
	write(t, matlab, from, "deep", "x.mat")
	write(t, []byte("a,b\n1,2\n"), from, "other.csv")
	if got, err := f.Import(t.Context(), from); err != nil || len(got) != 1 || got[0].Set != s {
		t.Errorf("folder: %+v, %v", got, err)
	}
}

// The published tables, converted to their other forms and imported.
func TestImportKnownTables(t *testing.T) {
	here := &Finder{Dir: os.Getenv("UAIBENCH_DATA")}
	for _, s := range []*Set{Thyroid, Arrhythmia, Abalone, Yeast, CTG, Shuttle, Mammography} {
		t.Run(s.ID, func(t *testing.T) {
			table, err := here.Table(t.Context(), s)
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("data missing: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			das := strings.Builder{}
			fmt.Fprintf(&das, "label%s\n", strings.Repeat(",v", table.Cols))
			x, y := make([]float64, table.Rows*table.Cols), make([]float64, table.Rows)
			for i := range table.Rows {
				das.WriteString(map[bool]string{true: "anomaly", false: "nominal"}[table.Anomaly[i]])
				if table.Anomaly[i] {
					y[i] = 1
				}
				for j, v := range table.Values[i*table.Cols : (i+1)*table.Cols] {
					fmt.Fprintf(&das, ",%v", v)
					x[j*table.Rows+i] = v
				}
				das.WriteString("\n")
			}
			w := mattest.Writer{Order: mattest.Little.Order, Compress: true}
			for name, data := range map[string][]byte{
				"x.csv": []byte(das.String()),
				"x.mat": w.File(w.Doubles("X", table.Rows, table.Cols, x...), w.Doubles("y", table.Rows, 1, y...)),
			} {
				f := &Finder{Cache: t.TempDir()}
				got, err := f.Import(t.Context(), write(t, data, t.TempDir(), name))
				if err != nil || got[0].Set != s {
					t.Errorf("%s: %+v, %v", name, got, err)
					continue
				}
				again, err := f.Table(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				for i, v := range table.Values {
					if math.Float64bits(v) != math.Float64bits(again.Values[i]) {
						t.Fatalf("%s: value %d is %v, then %v", name, i, v, again.Values[i])
					}
				}
			}
		})
	}
}

// UCI's covtype.data has all cover types and no header.
func TestImportCovtype(t *testing.T) {
	here := &Finder{Dir: os.Getenv("UAIBENCH_DATA")}
	path, err := here.read(t.Context(), Covtype, Covtype.Files[0], nil)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("data missing: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var r io.Reader = in
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := bytes.Cut(data, []byte("\n"))
	out := make([]byte, 0, len(rows)*4/3+1<<10)
	for i := 0; len(rows) > 0; i++ {
		var line []byte
		line, rows, _ = bytes.Cut(rows, []byte("\n"))
		features := line[:len(line)-1]
		out = append(append(out, features...), map[byte]string{'0': "2\n", '1': "4\n"}[line[len(line)-1]]...)
		if i%3 == 0 { // another cover type
			out = append(append(out, features...), "7\n"...)
		}
	}
	f := &Finder{Cache: t.TempDir()}
	got, err := f.Import(t.Context(), write(t, out, t.TempDir(), "covtype.data"))
	if err != nil || got[0].Set != Covtype {
		t.Errorf("%+v, %v", got, err)
	}
}
