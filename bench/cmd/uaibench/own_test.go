package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"

	"github.com/uaibench/uaibench/bench/runlog"
)

// command runs uaibench in a folder and returns its status and output.
func command(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	status = run(context.Background(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// ownX and ownY are the table that is also in synth/table's test files.
var (
	ownX = [][3]int{{1, 0, 7}, {2, 1, 7}, {3, 0, 9}, {100, 1, 7}, {5, 0, 8}}
	ownY = []bool{false, true, false, false, true}
)

// asText formats the table: sep between fields, end after lines, the label in the first or last
// column with these words for normal and anomaly, and a header if the label has a name.
func asText(sep, end string, first bool, name string, words [2]string) string {
	var b strings.Builder
	line := func(label string, rest ...string) {
		if first {
			rest = slices.Concat([]string{label}, rest)
		} else {
			rest = append(rest, label)
		}
		b.WriteString(strings.Join(rest, sep) + end)
	}
	if name != "" {
		line(name, "a", "b", "c")
	}
	for i, x := range ownX {
		word := words[0]
		if ownY[i] {
			word = words[1]
		}
		line(word, fmt.Sprint(x[0]), fmt.Sprint(x[1]), fmt.Sprint(x[2]))
	}
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func parquetText(t *testing.T) string {
	type row struct {
		A     int64   `parquet:"a"`
		B     float32 `parquet:"b"`
		C     int32   `parquet:"c"`
		Label bool    `parquet:"label"`
	}
	var b bytes.Buffer
	w := pq.NewGenericWriter[row](&b)
	for i, x := range ownX {
		if _, err := w.Write([]row{{int64(x[0]), float32(x[1]), int32(x[2]), ownY[i]}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestOwnTables runs the program on one table in every form: init writes a spec, run runs it, and
// every audit of every cell is the same in all forms. The report, the slowest part, is written for
// one form of each reader; the other forms run as the only shard, which writes none.
func TestOwnTables(t *testing.T) {
	tables, err := filepath.Abs(filepath.Join("..", "..", "..", "synth", "table", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	stored := func(name string) string {
		text, err := os.ReadFile(filepath.Join(tables, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	t.Setenv("UAIBENCH_DATA", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	plain := [2]string{"0", "1"}
	base := asText(",", "\n", false, "label", plain)
	reported := []string{"plain.csv", "tab.tsv", "packed.csv.gz", "uint8_fortran.npz", "integer.mat",
		"table.parquet"}
	want, pages := "", 0
	for _, c := range []struct{ name, text, entry string }{
		{"plain.csv", base, ""},
		{"semicolon.csv", asText(";", "\n", false, "label", plain), ""},
		{"tab.tsv", asText("\t", "\n", false, "label", plain), ""},
		{"bom.csv", "\ufeff" + base, ""},
		{"crlf.csv", asText(",", "\r\n", false, "label", plain), ""},
		{"bom_crlf_first.csv", "\ufeff" + asText(";", "\r\n", true, "label", plain), ""},
		{"first.csv", asText(",", "\n", true, "label", plain), ""},
		{"quotes.csv", strings.ReplaceAll(asText(",", "\n", false, `"label"`, [2]string{`"0"`, `"1"`}), "100", `"100"`), ""},
		{"signs.csv", asText(",", "\n", false, "label", [2]string{"-1", "1"}), ""},
		{"inverted.csv", asText(",", "\n", false, "label", [2]string{"1", "-1"}), `anomaly: ["-1"]`},
		{"words.csv", asText(",", "\n", false, "label", [2]string{"nominal", "anomaly"}), ""},
		{"truth.csv", asText(",", "\n", false, "fraud", [2]string{"false", "true"}), "label: fraud"},
		{"yes.csv", asText(",", "\n", false, "is fraud", [2]string{"no", "yes"}), `label: "is fraud"`},
		{"bare.csv", asText(",", "\n", false, "", [2]string{"n", "o"}), "label: x4"},
		{"packed.csv.gz", gzipped(base), ""},
		{"uint8_fortran.npz", stored("u1_F.npz"), ""},
		{"int16_be.npz", stored("be_u2_C.npz"), ""},
		{"float.npz", stored("le_f8_F.npz"), ""},
		{"integer.mat", stored("i4_plain.mat"), ""},
		{"packed_uint8.mat", stored("u1_z.mat"), ""},
		{"table.parquet", parquetText(t), ""},
	} {
		if slices.Contains(reported, c.name) {
			pages++
		}
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.name), []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			if status, out, errs := command(t, dir, "init", c.name, "-o", "it.yaml"); status != 0 {
				t.Fatalf("init: %d\n%s%s", status, out, errs)
			}
			text, err := os.ReadFile("it.yaml")
			if err != nil || !strings.Contains(string(text), c.entry) || !strings.Contains(string(text), "path: "+c.name) {
				t.Errorf("%v: the spec lacks %s:\n%s", err, c.entry, text)
			}
			args := []string{"run", "it.yaml", "--set", "methods=tree_aad,iforest", "--set", "budget=4",
				"--set", "k=1", "--set", "seeds.count=2", "--out", "it"}
			if !slices.Contains(reported, c.name) {
				args = append(args, "--shard", "1/1")
			}
			status, out, errs := command(t, dir, args...)
			if status != 0 {
				t.Fatalf("run: %d\n%s%s", status, out, errs)
			}
			if status, out, errs := command(t, dir, "verify", "it"); status != 0 {
				t.Errorf("verify: %d\n%s%s", status, out, errs)
			}
			r, err := runlog.Read("it")
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, cell := range r.Cells {
				audits, err := cell.Audits(r)
				if err != nil {
					t.Fatal(err)
				}
				got += fmt.Sprintf("%s %d: %+v\n", cell.Label, cell.Cell.Seed, audits)
				if cell.DatasetLabel != c.name {
					t.Errorf("the dataset is called %q", cell.DatasetLabel)
				}
			}
			if want == "" {
				want = got
			}
			if got != want || strings.Count(got, "\n") != 4 {
				t.Errorf("other audits than of plain.csv:\n%s\n%s", got, want)
			}
			if !slices.Contains(reported, c.name) {
				return
			}
			page, err := os.ReadFile(filepath.Join("it", "report.html"))
			if err != nil || !strings.Contains(string(page), c.name) || !strings.Contains(string(page), "the user's own file, with SHA-256 ") && !strings.Contains(string(page), "the user&#39;s own file, with SHA-256 ") {
				t.Errorf("the report does not say whose file it is: %v", err)
			}
		})
	}
	if pages != len(reported) {
		t.Errorf("%d forms have a report, want %d", pages, len(reported))
	}
}

// TestOwnTablesRefused checks that all errors of a table are reported at once, each with the
// position in the spec, the line and column in the file and the column's name, and that nothing
// runs.
func TestOwnTablesRefused(t *testing.T) {
	t.Setenv("UAIBENCH_DATA", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, c := range []struct{ text, entry, want string }{
		{"a,city,label\n1,Rome,0\n2,Bonn,1\n", "", `t.csv: column 2 (city): `},
		{"a,label\n1,0\n,1\n2,0\n", "", "t.csv: line 3, column 1 (a): is empty (set missing: mean or missing: drop to continue without it)"},
		{"a,label\n1,0\nNaN,1\n2,0\n", "", `t.csv: line 3, column 1 (a): is "NaN", which means no value`},
		{"a,label\n1,0\n1e400,1\n2,0\n", "", "t.csv: line 3, column 1 (a): "},
		{"a,label\n1,0\n1,2,1\n2,0\n", "", "t.csv: line 3: has 3 fields, want 2, as in the header"},
		{"a,label\n1,0\n1,2\n2,0\n", "", "t.csv: line 3, column 2 (label): the label is \"2\": want one of 1, true, anomaly, yes, o (anomalies) or 0, -1, false"},
		{"a,label\n1,0\n1,0\n", "", "t.csv: column 2 (label): no row is an anomaly: the label is \"0\" in 2 rows"},
		{"a,label\n1,1\n1,1\n", "", "t.csv: column 2 (label): every row is an anomaly"},
		{"a,b\n1,0\n1,1\n", "", "t.csv: "},
		{"a,label\n1,0\n1,1\n", ", anomaly: [yes please]", `t.csv: column 2 (label): anomaly: no row has "yes please"`},
		{"a,label\n1,0\n1,1\n", ", drop: [b]", "t.csv: "},
		{"", "", "t.csv: is empty (0 bytes)"},
		{"<!DOCTYPE html>\n<html></html>\n", "", "t.csv: is a web page, not a table"},
	} {
		dir := t.TempDir()
		text := "version: 1\nname: t\ndatasets:\n  - {id: file, path: t.csv" + c.entry + "}\nmethods: [random]\nbudget: 1\n"
		for name, text := range map[string]string{"t.csv": c.text, "t.yaml": text} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		status, out, errs := command(t, dir, "run", "t.yaml")
		if _, err := os.Stat("runs"); status != statusUsage || err == nil || !strings.HasPrefix(errs, "t.yaml:4:22: datasets[0].path: "+c.want) {
			t.Errorf("%q, %s: status %d\n%s%s\nwant %s", c.text, c.entry, status, out, errs, c.want)
		}
	}
	// Several errors at once, in a file and in the spec.
	dir := t.TempDir()
	text := "version: 1\nname: t\ndatasets:\n  - {id: file, path: t.csv}\nmethods: [rendom]\nbudget: 1\n"
	for name, text := range map[string]string{"t.csv": "a,b,label\n1,,0\n2,x,3\n3,1\n", "t.yaml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, _, errs := command(t, dir, "plan", "t.yaml")
	for _, want := range []string{"column 2 (b): holds text", "line 3, column 3 (label)", "line 4: has 2 fields", "did you mean random?"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%s is not in\n%s", want, errs)
		}
	}
}
