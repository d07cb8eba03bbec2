package table

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

const bomText = "\xef\xbb\xbf"

// The fixture in every variant of text.
func TestText(t *testing.T) {
	header := []string{"a", "b", "c", "label"}
	records := func(zero, one string, labelAt int) [][]string {
		out := [][]string{header}
		for i, row := range fixture.x {
			r := []string{fmt.Sprint(row[0]), fmt.Sprint(row[1]), fmt.Sprint(row[2]), zero}
			if fixture.y[i] == 1 {
				r[3] = one
			}
			out = append(out, r)
		}
		for i, r := range out {
			cells := append(append([]string{}, r[:3][:labelAt]...), r[3])
			out[i] = append(cells, r[:3][labelAt:]...)
		}
		return out
	}
	plain := asText(',', false, records("0", "1", 3))
	for what, c := range map[string]struct {
		name, text string
		opt        Options
	}{
		"commas":                {"t.csv", plain, Options{}},
		"semicolons":            {"t.csv", asText(';', false, records("0", "1", 3)), Options{}},
		"tabs":                  {"t.tsv", asText('\t', false, records("0", "1", 3)), Options{}},
		"tabs, CRLF, gzip":      {"t.tsv.gz", asText('\t', true, records("0", "1", 3)), Options{}},
		"gzip":                  {"t.csv.gz", plain, Options{}},
		"CRLF":                  {"t.csv", asText(',', true, records("0", "1", 3)), Options{}},
		"BOM":                   {"t.csv", bomText + plain, Options{}},
		"BOM, label first":      {"t.csv", bomText + asText(',', false, records("nominal", "anomaly", 0)), Options{}},
		"BOM, quoted":           {"t.csv", bomText + strings.ReplaceAll(plain, "a,b", `"a",b`), Options{}},
		"label in the middle":   {"t.csv", asText(',', false, records("no", "YES", 1)), Options{}},
		"1 and -1":              {"t.csv", asText(',', false, records("-1", "1", 3)), Options{}},
		"1.0 and 0.0":           {"t.csv", asText(',', false, records("0.0", "1.0", 3)), Options{}},
		"o and i":               {"t.csv", asText(',', false, records("i", "o", 3)), Options{}},
		"true and false":        {"t.csv", asText(',', false, records("False", "True", 3)), Options{}},
		"n and 1":               {"t.csv", asText(',', false, records("n", "1", 3)), Options{}},
		"normal":                {"t.csv", asText(',', false, records("Normal", "anomaly", 3)), Options{}},
		"other names":           {"t.csv", strings.Replace(asText(',', false, records("ham", "spam", 3)), "label", "kind", 1), Options{Label: "kind", Anomaly: []string{"SPAM"}}},
		"-1 is the anomaly":     {"t.csv", asText(',', false, records("1", "-1", 3)), Options{Anomaly: []string{"-1.0"}}},
		"two anomalies":         {"t.csv", strings.Replace(asText(',', false, records("5", "2", 3)), ",2\n", ",3\n", 1), Options{Anomaly: []string{"2", "3"}}},
		"no newline at the end": {"t.csv", strings.TrimSuffix(plain, "\n"), Options{}},
		"empty lines":           {"t.csv", strings.ReplaceAll(plain, "\n", "\n\n"), Options{}},
		"quotes":                {"t.csv", strings.NewReplacer("7", `"7"`, "label", `"label"`).Replace(plain), Options{}},
		"blanks":                {"t.csv", strings.ReplaceAll(plain, ",", " , "), Options{}},
		"numbers otherwise":     {"t.csv", strings.NewReplacer("100", "1e+2", "9", "+9.000").Replace(plain), Options{}},
	} {
		got, err := Read(t.Context(), write(t, c.name, c.text), c.opt)
		if err == nil {
			err = holds(got, "a", "b", "c")
		}
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		sum := sha256.Sum256([]byte(c.text))
		if got.SHA256 != hex.EncodeToString(sum[:]) || got.Form != Text {
			t.Errorf("%s: SHA-256 %s, form %s", what, got.SHA256, got.Form)
		}
	}
	_, bare, _ := strings.Cut(plain, "\n")
	got, err := Read(t.Context(), write(t, "t.csv", bare), Options{Label: "x4"})
	if err != nil || holds(got, "x1", "x2", "x3") != nil {
		t.Errorf("without a header: %v, %v", got, err)
	}
	got, err = Read(t.Context(), write(t, "t.csv", plain), Options{Label: "x4", Header: "no", Anomaly: []string{"1"}})
	if err == nil || !strings.Contains(err.Error(), `t.csv: line 1, column 1 (x1): "a" is not a number`) {
		t.Errorf("a header that is said to be none: %v, %v", got, err)
	}
}

// The fixture in every type and order of NumPy and MATLAB, as they write it.
func TestFixtures(t *testing.T) {
	files, _ := filepath.Glob("testdata/*_*.*")
	if len(files) != 40 {
		t.Fatalf("%d files: testdata is not whole", len(files))
	}
	for _, path := range files {
		got, err := Read(t.Context(), path, Options{})
		if err == nil {
			err = holds(got, "x1", "x2", "x3")
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); got.SHA256 != hex.EncodeToString(sum[:]) || got.Label != "y" {
			t.Errorf("%s: SHA-256 %s, label %s", path, got.SHA256, got.Label)
		}
	}
	got, err := Read(t.Context(), "testdata/stored.npz", Options{Class: "kind", Drop: []string{"names"}})
	if err != nil || holds(got, "x1", "x2", "x3") != nil || fmt.Sprint(got.Class, got.Classes) != "[1 0 1 0 1] [1 2]" {
		t.Errorf("stored: %+v, %v", got, err)
	}
	got, err = Read(t.Context(), "testdata/logical.mat", Options{Class: "kind"})
	if err != nil || fmt.Sprint(got.X, got.Anomaly) != "[0 0 1 0 0 1 0 0 1 1 0 1 0 0 1] [false true false false true]" || fmt.Sprint(got.Class) != "[1 0 1 0 1]" {
		t.Errorf("logical: %+v, %v", got, err)
	}
	for name, want := range map[string]string{
		"noX.npz":        "has no array X; it has data, y",
		"positional.npz": "has no array X; it has arr_0, arr_1",
		"complex.npz":    "X holds complex numbers (<c16), want real ones",
		"objects.npz":    "X holds Python objects",
		"three.npz":      "X has 3 dimensions, want 2",
		"X.npy":          "is a single NumPy array (.npy)",
		"stored.npz":     "column 6 (names): holds text (<U1), want numbers",
		"cell.mat":       "X is a matrix of cells (class 1), want numbers",
		"sparse.mat":     "X is a matrix of sparse values (class 5)",
		"level4.mat":     "is a MATLAB file of level 4, or not one at all",
		"nan.npz": `row 2, column 3 (x3): is NaN (set missing: mean or missing: drop to continue without it) (the first of 3 problems)
  row 4, column 1 (x1): -Inf is not a finite number
  row 4, column 4 (y): the label is "2": want one of 1, true, anomaly`,
	} {
		_, err := Read(t.Context(), filepath.Join("testdata", name), Options{})
		if err == nil || !strings.Contains(err.Error(), name+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Parquet as written by the library, with every type that a table may have.
func TestParquet(t *testing.T) {
	type row struct {
		A     int8     `parquet:"a"`
		B     bool     `parquet:"b"`
		C     float32  `parquet:"c"`
		Label string   `parquet:"label,dict"`
		D     *float64 `parquet:"d,optional"`
		E     uint64   `parquet:"e,delta"`
		F     int64    `parquet:"f,decimal(2:10)"`
		G     string   `parquet:"g,zstd"`
	}
	var rows []row
	for i, x := range fixture.x {
		rows = append(rows, row{A: int8(x[0]), B: x[1] == 1, C: float32(x[2]), Label: map[float64]string{0: "normal", 1: "anomaly"}[fixture.y[i]],
			E: 1<<63 + 1<<20, F: int64(i) * 125, G: fmt.Sprint(i % 2)})
		if i != 2 {
			rows[i].D = &x[2]
		}
	}
	path := parquetFile(t, rows, pq.MaxRowsPerRowGroup(2))
	got, err := Read(t.Context(), path, Options{Drop: []string{"d", "e", "f", "g"}})
	if err == nil {
		err = holds(got, "a", "b", "c")
	}
	if err != nil {
		t.Error(err)
	}
	got, err = Read(t.Context(), path, Options{Drop: []string{"a", "b", "c"}, Missing: "mean"})
	if err != nil || fmt.Sprint(got.Names, got.X) != "[d e f g] [7 9.223372036855824e+18 0 0 7 9.223372036855824e+18 1.25 1 7.25 9.223372036855824e+18 2.5 0 7 9.223372036855824e+18 3.75 1 8 9.223372036855824e+18 5 0]" || got.Filled != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err = Read(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "row 3, column 5 (d): has no value") {
		t.Errorf("%v", err)
	}
	type nested struct {
		A     []int32 `parquet:"a"`
		At    int64   `parquet:"at,timestamp"`
		Label int32   `parquet:"label"`
		B     int32   `parquet:"b"`
	}
	_, err = Read(t.Context(), parquetFile(t, []nested{{[]int32{1, 2}, 5, 1, 2}, {nil, 6, 0, 3}}), Options{})
	for _, want := range []string{"column 1 (a): is repeated or nested", "column 2 (at): holds dates or times", "(the first of 2 problems)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nested: %v, want %s", err, want)
		}
	}
}

// The effects of the options, computed by hand.
func TestOptions(t *testing.T) {
	const text = "id,age,city,size,kind,label\n" +
		"1,20,Rome,10,b,0\n" +
		"2,,Paris,2,a,1\n" +
		"3,40,,9,b,0\n" +
		"4,30,Rome,1,c,0\n"
	path := write(t, "t.csv", text)
	base := Options{Class: "kind", Drop: []string{"id"}, Categorical: []string{"city", "size"}}
	for missing, want := range map[string]string{
		"mean": "[age city=Paris city=Rome size=1 size=2 size=9 size=10] " +
			"[20 0 1 0 0 0 1 30 1 0 0 1 0 0 40 0.3333333333333333 0.6666666666666666 0 0 1 0 30 0 1 1 0 0 0] " +
			"[false true false false] [1 0 1 2] [a b c] filled 3, dropped 0",
		"drop": "none",
	} {
		opt := base
		opt.Missing = missing
		got, err := Read(t.Context(), path, opt)
		if missing == "drop" { // the only anomaly is dropped
			if err == nil || !strings.Contains(err.Error(), `column 6 (label): no row is an anomaly: the label is "0" in 3 rows, "1" in 1 row`) {
				t.Errorf("drop: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if s := fmt.Sprint(got.Names, got.X, got.Anomaly, got.Class, got.Classes) + fmt.Sprintf(" filled %d, dropped %d", got.Filled, got.Dropped); strings.ReplaceAll(s, "][", "] [") != want {
			t.Errorf("%s: %s\nwant %s", missing, s, want)
		}
	}
	opt := base
	opt.Missing, opt.Anomaly = "drop", []string{"0"}
	got, err := Read(t.Context(), write(t, "t.csv", strings.Replace(text, "4,30,Rome,1,c,0", "4,30,Rome,1,c,no", 1)), opt)
	if err != nil || fmt.Sprint(got.Rows, got.Names, got.X, got.Anomaly, got.Class, got.Classes, got.Dropped) !=
		"2 [age city=Paris city=Rome size=1 size=2 size=9 size=10] [20 0 1 0 0 0 1 30 0 1 1 0 0 0] [true false] [1 2] [a b c] 2" {
		t.Errorf("drop: %+v, %v", got, err)
	}
}

// All faults are reported at once, each with its line, column number and column name.
func TestFaults(t *testing.T) {
	const head = "a,b,label\n"
	for _, c := range []struct {
		what, text string
		opt        Options
		want       []string
	}{
		{"a word", head + "1,2,0\n1,x,1\n2,3,0\n", Options{}, []string{`: line 3, column 2 (b): "x" is not a number`}},
		{"empty", head + "1,,0\n1,2,1\n", Options{}, []string{"line 2, column 2 (b): is empty (set missing: mean or missing: drop to continue without it)"}},
		{"NaN", head + "1,2,0\n1,NaN,1\n", Options{}, []string{`line 3, column 2 (b): is "NaN", which means no value`}},
		{"1e400", head + "1,2,0\n1,1e400,1\n", Options{}, []string{`line 3, column 2 (b): "1e400" is too large for a number`}},
		{"infinity", head + "1,2,0\n1,-inf,1\n", Options{Missing: "mean"}, []string{`line 3, column 2 (b): "-inf" is not a finite number`}},
		{"ragged", head + "1,2,0\n1,2\n1,2,1,\n3,4,1\n", Options{}, []string{"line 3: has 2 fields, want 3, as in the header (the first of 2 problems)\n  line 4: has 4 fields"}},
		{"a tab too few", "a\tb\tlabel\n1\t2\t0\n\n1\t2\n3\t4\t1\n", Options{}, []string{"line 4: has 2 fields, want 3"}},
		{"neither", head + "1,2,0\n1,2,1\n1,2,2\n", Options{}, []string{`line 4, column 3 (label): the label is "2": want one of 1, true, anomaly, yes, o (anomalies) or 0, -1,`, "anomaly: [2]"}},
		{"no anomaly", head + "1,2,0\n1,3,no\n1,4,0\n", Options{}, []string{`column 3 (label): no row is an anomaly: the label is "0" in 2 rows, "no" in 1 row`}},
		{"all anomalies", head + "1,2,1\n1,3,1\n", Options{}, []string{`column 3 (label): every row is an anomaly: the label is "1" in 2 rows`}},
		{"no such anomaly", head + "1,2,0\n1,3,1\n", Options{Anomaly: []string{"1", "2"}}, []string{`column 3 (label): anomaly: no row has "2"; the label is "0" in 1 row, "1" in 1 row`}},
		{"an empty label", head + "1,2,0\n1,2,\n1,3,1\n", Options{Missing: "mean"}, []string{"line 3, column 3 (label): is empty; a label cannot be filled in"}},
		{"no label", "a,b,Class\n1,2,0\n1,2,1\n", Options{}, []string{`has no column called label: name the column that marks anomalies (label: NAME); the columns are a, b, Class; perhaps it is "Class"`}},
		{"another label", head + "1,2,0\n1,2,1\n", Options{Label: "y"}, []string{`label: there is no column "y"; the columns are a, b, label`}},
		{"names", head + "1,2,0\n1,2,1\n", Options{Drop: []string{"x"}, Class: "z", Categorical: []string{"label"}}, []string{`class: there is no column "z"`, `drop: there is no column "x"`, "column 3 (label): both label and categorical name it"}},
		{"two of one name", "a,a,label\n1,2,0\n1,2,1\n", Options{}, []string{"line 1, column 2 (a): has the same name as column 1: names must differ"}},
		{"text", head + "1,Rome,0\n1,Paris,1\n2,,0\n", Options{}, []string{`column 2 (b): holds text (line 2: "Rome"): make columns of its values (categorical: [b]) or leave it out (drop: [b])`}},
		{"thousands", "a;b;label\n1;2,500;0\n1;3,500;1\n", Options{}, []string{`column 2 (b): holds commas in its numbers (line 2: "2,500"): remove them if they separate thousands, or write decimal points`}},
		{"millions", "a;b;label\n1;2,500,000;0\n1;3,500;1\n", Options{}, []string{`column 2 (b): holds commas in its numbers (line 2: "2,500,000"): remove them`}},
		{"empty category", "a,b,label\n1,,0\n2,,1\n", Options{Categorical: []string{"b"}, Missing: "mean"}, []string{"column 2 (b): has no value in any row: leave it out (drop: [b])"}},
		{"decimal commas", "a;b;label\n1;2,5;0\n1;3,5;1\n", Options{}, []string{`column 2 (b): holds decimal commas (line 2: "2,5"): write decimal points`}},
		{"nothing", "a,b,label\n", Options{}, []string{"has no rows besides its header"}},
		{"the label alone", "label\n0\n1\n", Options{}, []string{"no column is left as a feature"}},
		{"no values", head + "1,,0\n1,,1\n", Options{Missing: "mean"}, []string{"column 2 (b): has no value in any row: leave it out (drop: [b])"}},
		{"nothing left", head + "1,,0\n1,,1\n", Options{Missing: "drop"}, []string{"column 2 (b): has no value in any row"}},
		{"a quotation mark", head + "1,2,0\n1,\"2,1\n3,4,0\n", Options{}, []string{"line 3: its opening quotation mark is not closed"}},
		{"blanks", "1 2  3\n4 5 6\n", Options{}, []string{"separates its fields with blanks: save it with commas"}},
		{"vertical bars", "a|b\n4|0\n", Options{}, []string{"separates its fields with vertical bars: save it with commas"}},
		{"a bare one", head + "1,2,0\n1,2\",1\n", Options{}, []string{"line 3: an unquoted field contains a quotation mark"}},
		{"a number in quotes over lines", head + "\"1\n\",2,0\n1,x,1\n2,3,0\n", Options{}, []string{`line 4, column 2 (b): "x" is not a number`}},
		{"all of them", "a,a,label\n1,x,0\n,2,7\n1\n", Options{}, []string{"(the first of 5 problems)", "line 1, column 2", "\n  line 2, column 2 (a): \"x\"", "\n  line 3, column 1 (a): is empty", "\n  line 3, column 3 (label)", "\n  line 4: has 1 field"}},
	} {
		_, err := Read(t.Context(), write(t, "t.csv", c.text), c.opt)
		if err == nil {
			t.Errorf("%s: no error", c.what)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %s", c.what, err, want)
			}
		}
	}
	many := write(t, "t.csv", head+strings.Repeat("x,2,0\n1,,1\n3,y,9\n5\n", 1000)+strings.Repeat("1,2,0\n", 2000))
	_, err := Read(t.Context(), many, Options{})
	var e *Error
	if !errors.As(err, &e) || len(e.List) != MaxProblems || len(e.List)+e.More != 5000 {
		t.Fatalf("%v", err)
	}
	if lines := strings.Count(err.Error(), "\n"); lines != MaxProblems || !strings.Contains(err.Error(), "(the first of 5,000 problems)") || !strings.HasSuffix(err.Error(), "… and 4,980 more") {
		t.Errorf("%d lines: %v", lines, err)
	}
}

// The detected kind of a file, independent of its name.
func TestSniff(t *testing.T) {
	for _, c := range []struct{ name, start, want string }{
		{"t.csv", "", "is empty (0 bytes)"},
		{"t.csv", "\n \r\n", "holds only white space"},
		{"t.csv", "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x06\x00\x00\x00ab.csv", `is a zip archive: unpack it (it holds "ab.csv")`},
		{"t.csv", "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x13\x00\x00\x00[Content_Types].xml", "is an Excel workbook (.xlsx): save the sheet as CSV"},
		{"thyroid.mat", "\x89HDF\r\n\x1a\n" + strings.Repeat("0", 100), "is a MATLAB file of version 7.3 (HDF5): save it with -v7"},
		{"t.h5", "\x89HDF\r\n\x1a\n", "is an HDF5 file"},
		{"t.mat", "MATLAB 7.3 MAT-file, Platform", "version 7.3 (HDF5): save it with -v7"},
		{"t.mat", "a,b\n1,2\n", "are too few for a MATLAB file of level 5"},
		{"t.csv", "<!DOCTYPE html>\n<html>", "is a web page, not a table: download the file itself"},
		{"t.csv", bomText + "\n<HTML>", "is a web page"},
		{"t.csv", "<?xml version", "is XML"},
		{"t.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "is a Git LFS pointer"},
		{"t.npz", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "git lfs pull"},
		{"t.csv", "/annex/objects/SHA256E-s5--0.csv\n", "is a git-annex pointer"},
		{"t.csv", "\xff\xfea\x00,\x00", "is UTF-16 text: save it as UTF-8"},
		{"t.csv", "{\"a\": 1}", "is JSON"},
		{"t.csv", "% comment\n@RELATION x\n@ATTRIBUTE a REAL\n", "is an ARFF file"},
		{"t.csv", "a,b\r1,2\r", "ends its lines with only CR"},
		{"t.csv", "a,b\n1,\x00\n", "is binary"},
		{"t.csv", "\x80\x04\x95", "is a Python pickle"},
		{"t.csv", "BZh91AY", "is compressed by bzip2: unpack it"},
		{"t.xls", "\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel workbook"},
		{"t.csv", "na\xefve,label\n1,0\n2,1\n", "is not UTF-8 text: save it as UTF-8"},
	} {
		if form, why := Sniff(c.name, []byte(c.start)); form != "" || !strings.Contains(why, c.want) {
			t.Errorf("%q: form %q, %q, want %q", c.start, form, why, c.want)
		}
		if _, err := Read(t.Context(), write(t, c.name, c.start), Options{}); err == nil || !strings.Contains(err.Error(), c.name+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("read %q: %v", c.start, err)
		}
	}
	for start, want := range map[string]Form{"a,b\n": Text, "PAR1": Parquet, "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00X.npy": NPZ, "Ångström;µ\n1;2\n": Text, "a,b\n1,é"[:7]: Text} {
		if form, why := Sniff("t", []byte(start)); form != want || why != "" {
			t.Errorf("%q: form %q, %q", start, form, why)
		}
	}
	for _, c := range []struct{ path, want string }{
		{t.TempDir(), "is a folder, not a file"}, {"testdata/none.csv", "cannot be opened: no such file"},
		{write(t, "u.csv", "\x1f\x8b\x08\x00"), "is truncated: its gzip stream ends early"},
		{write(t, "u.csv", "\x1f\x8bnot gzip at all"), "is damaged: gzip: invalid header"},
	} {
		if _, err := Read(t.Context(), c.path, Options{}); err == nil || !strings.Contains(err.Error(), c.path+": "+c.want) {
			t.Errorf("%s: %v, want %s", c.path, err, c.want)
		}
	}
}

// Headers and first rows that resemble one.
func TestHeader(t *testing.T) {
	for _, c := range []struct {
		first, second string
		want          bool
	}{
		{"a,b,label", "1,2,0", true}, {"1,2,nominal", "3,4,anomaly", false}, {"1,2,0", "3,4,1", false},
		{"2019,2020,label", "1,2,0", true}, {",a,b", "0,1,2", true}, {"a,b,c", "x,y,z", true}, {"1,NA,3", "1,2,3", false},
		{"0,1,2,3,4,5,6,7", "0.5,1,2,3,4,5,6,7", true}, {"0,1,2", "0.5,1,2", false}, {"NA,NA", "1,2", false},
		{"0,1,2,3,label", "0.5,1,2,3,normal", true}, {"400,401,402,Class", "1,2,3,benign", true}, {"0,1,2,3,4,diagnosis", "1,2,3,4,5,benign", true},
		{"1,2,anomaly", "3,4,normal", false}, {"1,2,class", "3,4,class", false}, {"1,2,3,4,5,y", "9,2,3,4,5,n", true}, {"1,2,y", "9,2,n", false},
	} {
		if got := isHeader(strings.Split(c.first, ","), strings.Split(c.second, ",")); got != c.want {
			t.Errorf("%s over %s: %v", c.first, c.second, got)
		}
	}
}

func TestDelimiter(t *testing.T) {
	for text, want := range map[string]byte{"a,b\n1,2\n": ',', "a;b\n1,5;2\n": ';', "a\tb\n1,5\t2;3\n": '\t', "a\n1\n": ',',
		"\"a;b\",c\n\"1;2;3\",4\n": ',', "1,5;2,5\n3,5;4,5\n1;2\n": ';', bomText + "a;b": ';', "\n\na;b\n": ';'} {
		if got := Delimiter([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReadIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, path := range []string{"testdata/u1_C.npz", write(t, "t.csv", "a,label\n1,0\n2,1\n")} {
		if _, err := Read(ctx, path, Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Reading allocates, in total, less than half a matrix besides the matrix.
func TestOneCopy(t *testing.T) {
	const n, d = 100_000, 20
	var b strings.Builder
	b.WriteString(strings.Join(numbered(d), ",") + ",label\n")
	for i := range n {
		for j := range d {
			fmt.Fprintf(&b, "%d,", (i*31+j*17)%9)
		}
		b.WriteString(map[bool]string{true: "1\n", false: "0\n"}[i%50 == 0])
	}
	path := write(t, "t.csv", b.String())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := Read(t.Context(), path, Options{})
	runtime.ReadMemStats(&after)
	if err != nil || got.Rows != n || got.Anomalies() != n/50 {
		t.Fatal(err)
	}
	if allocated, matrix := after.TotalAlloc-before.TotalAlloc, uint64(8*n*d); allocated > matrix*3/2 {
		t.Errorf("%d bytes were allocated for a matrix of %d", allocated, matrix)
	}
}
