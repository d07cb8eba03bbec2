package table

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Types, missing fields, constants, a row counter, duplicates and the label, counted by hand.
func TestDescribe(t *testing.T) {
	const text = "id,age,city,flag,half,note,is_fraud\n" +
		"1,20,Rome,1,0.5,a,0\n2,,Paris,1,0.5,7,1\n3,20,Rome,1,0.5,b,0\n4,20,Rome,1,0.5,c\n" +
		"5,1e400,Rome,1,0.5,d,0\n"
	path := write(t, "My Fraud.csv", text)
	d, err := Describe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range d.Columns {
		got = append(got, fmt.Sprintf("%s %s missing %d constant %v counts %v %v", c.Name, c.Type,
			c.Missing, c.Constant(), c.Counts, c.Values))
	}
	want := []string{
		"id integer missing 0 constant false counts false [{1 1} {2 1} {3 1} {5 1}]",
		"age mixed missing 1 constant false counts false [{20 2} {1e400 1}]",
		"city text missing 0 constant false counts false [{Rome 3} {Paris 1}]",
		"flag integer missing 0 constant true counts false [{1 4}]",
		"half number missing 0 constant true counts false [{0.5 4}]",
		"note mixed missing 0 constant false counts false [{7 1} {a 1} {b 1} {d 1}]",
		"is_fraud integer missing 0 constant false counts false [{0 3} {1 1}]",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if d.Rows != 4 || !d.Header || len(d.Problems) != 1 || d.Problems[0].Line != 5 ||
		d.Duplicates != 0 {
		t.Errorf("%+v", d)
	}
	if d.Label == nil || fmt.Sprint(*d.Label) != "{is_fraud false [] 1}" {
		t.Errorf("label %+v", d.Label)
	}
	entry := fmt.Sprintf(
		`{id: file, path: %q, label: is_fraud, drop: [age, note], categorical: [city]}`, path)
	if got := Entry(d); got != entry {
		t.Errorf("%s\nwant %s", got, entry)
	}
	for _, part := range []string{"name: my_fraud\n", "budget: anomalies",
		"  # 4 rows, 7 columns; anomalies: 1, by is_fraud\n  - {id: file"} {
		if got := Spec([]*Description{d}); !strings.Contains(got, part) {
			t.Errorf("the spec lacks %q:\n%s", part, got)
		}
	}
}

// The guessed label column and its anomalous values.
func TestGuess(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a,b,label\n1,5,0\n1,6,0\n0,7,1\n", "{label true [] 1}"},
		{"Label,b\n0,5\n0,6\n1,7\n", "{Label true [] 1}"},
		{"y,b\n0,5\n0,6\n1,7\n", "{y false [] 1}"},
		{"a,b,c\n1,5,no\n1,6,no\n0,7,yes\n", "{c false [] 1}"},
		{"a,b,c\nnominal,5,3\nnominal,6,3\nanomaly,7,8\n", "{a false [] 1}"},
		// scikit-learn's labels
		{"a,label\n1,1\n2,1\n3,-1\n", "{label true [-1] 1}"},
		// the rarest value
		{"a,class\n1,bus\n2,bus\n3,van\n4,bus\n", "{class false [van] 1}"},
		// KDDCUP's
		{"a,class\n1,normal.\n2,normal.\n3,dos.\n4,probe.\n", "{class false [dos. probe.] 2}"},
		// no minority
		{"a,class\n1,Benign\n2,bot\n3,bot\n4,dos\n", "{class false [dos] 1}"},
		{"a,b\n1,normal\n2,dos\n3,normal\n", "{b false [dos] 1}"},
		{"a,b\n1,5\n1,6\n0,7\n", "<nil>"},
		{"a,label\n1,0\n1,0\n0,\n", "<nil>"},
	} {
		d, err := Describe(t.Context(), write(t, "t.csv", c.text))
		got := "<nil>"
		if err == nil && d.Label != nil {
			got = fmt.Sprint(*d.Label)
		}
		if err != nil || got != c.want {
			t.Errorf("%q: %s, %v, want %s", c.text, got, err, c.want)
		}
	}
	d, err := Describe(t.Context(), write(t, "t.csv", ",b,label\n0,5,0\n1,6,0\n2,5,1\n"))
	if err != nil || !d.Columns[0].Counts || Entry(d) != "{id: file, path: "+scalar(d.Path)+", drop: [x1]}" {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = Describe(t.Context(), write(t, "t.csv", "a,label\n1,0\n,0\n5,1\n"))
	if err != nil || Entry(d) != "{id: file, path: "+scalar(d.Path)+", missing: mean}" {
		t.Errorf("%+v, %v", d, err)
	}
	// Rows 3 and 5 equal row 1 but for their number and label.
	d, err = Describe(t.Context(), write(t, "t.csv", "id,a,label\n7,0.5,0\n8,2,0\n9,0.5,1\n10,3,0\n11,0.5,0\n"))
	if err != nil || d.Duplicates != 2 || !d.Columns[0].Counts {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = Describe(t.Context(), write(t, "t.csv", "a,b\n3,5\n3,5\n0,7\n-0,7\n"))
	if err != nil || d.Duplicates != 2 || !strings.Contains(Spec([]*Description{d}), "NO LABEL WAS FOUND") {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestScalar(t *testing.T) {
	for text, want := range map[string]string{"a": "a", "is_fraud": "is_fraud", "1": `"1"`, "no": `"no"`,
		"Y": `"Y"`, "a b": `"a b"`, "a: b": `"a: b"`, `"`: `"\""`, "": `""`, "-1": `"-1"`,
		"data/6_cardio.npz": "data/6_cardio.npz", "#": `"#"`, "é": `"é"`, "a\nb": `"a\nb"`,
		"null":             `"null"`,
		"\x7f\u0085\ufeff": `"\x7f\u0085\ufeff"`, "\t\x00": `"\t\x00"`} {
		if got := scalar(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// All of ADBench's tables, where present: rows, columns, anomalies, constant columns and distinct
// rows equal those counted with NumPy, and reading allocates one copy of the matrix.
func TestADBench(t *testing.T) {
	dir := filepath.Join(os.Getenv("UAIBENCH_DATA"), "adbench")
	f, err := os.Open(filepath.Join(dir, "adbench.tsv"))
	if os.Getenv("UAIBENCH_DATA") == "" || os.IsNotExist(err) {
		t.Skipf("data missing: %s: %v", dir, fs.ErrNotExist)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = '\t'
	all, err := r.ReadAll()
	if err != nil || len(all) != 44 {
		t.Fatalf("%d lines, %v", len(all), err)
	}
	for _, line := range all[1:] {
		number := func(i int) int { n, _ := strconv.Atoi(line[i]); return n }
		path := filepath.Join(dir, line[2])
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := Read(t.Context(), path, Options{})
		runtime.ReadMemStats(&after)
		if err != nil {
			t.Error(err)
			continue
		}
		if got.Rows != number(5) || got.Cols != number(6) || got.Anomalies() != number(7) || got.SHA256 != line[4] {
			t.Errorf("%s: %d x %d, %d anomalies, %s", line[2], got.Rows, got.Cols, got.Anomalies(), got.SHA256)
		}
		if allocated, matrix := after.TotalAlloc-before.TotalAlloc, uint64(8*got.Rows*got.Cols); allocated > matrix*3/2+1<<20 {
			t.Errorf("%s: %d bytes were allocated for a matrix of %d", line[2], allocated, matrix)
		}
		if testing.Short() && got.Rows > 20000 {
			continue
		}
		d, err := Describe(t.Context(), path)
		if err != nil {
			t.Error(err)
			continue
		}
		constant := 0
		for _, c := range d.Columns {
			if c.Constant() {
				constant++
			}
		}
		if constant != number(8) || line[9] != "" && d.Rows-d.Duplicates != number(9) {
			t.Errorf("%s: %d constant columns, %d distinct rows, want %s and %s", line[2], constant, d.Rows-d.Duplicates, line[8], line[9])
		}
		if d.Label == nil || d.Label.Column != "y" || !d.Label.Default || d.Label.Anomaly != nil || d.Label.Anomalies != number(7) {
			t.Errorf("%s: label %+v", line[2], d.Label)
		}
	}
}

// A description lists the problems with rows and names as Read reports them, and the columns of
// numbers that a spec has to leave out.
func TestDescribeReportsProblems(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	text := "n,f,f,big,city,y\n1,2,3,1e400,x,0\n2,2,4,1,z,1\n3,5,6,7,x,0\n4,5,6,7,x,0,9\n4,8,6,7,x,0\n"
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := Describe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range d.Problems {
		got = append(got, p.String())
	}
	want := []string{"line 1, column 3 (f): has the same name as column 2: names must differ",
		"line 5: has 7 fields, want 6, as in the header"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	mixed, texts := d.LeftOut()
	if !slices.Equal(mixed, []string{"big"}) || texts != nil || !d.HasFeatures() {
		t.Errorf("left out: %q, %q; features are left: %v", mixed, texts, d.HasFeatures())
	}
}

// Numbers with decimal commas are not categories: the initial spec keeps them as numbers, and Read
// refuses them with advice.
func TestDescribeDecimalCommas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte("a;b;c;label\n1,5;3;x,y;0\n-2,5;4;x,y;0\n2;4;1,5;1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	d, err := Describe(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Columns[0].DecimalCommas || d.Columns[1].DecimalCommas || d.Columns[2].DecimalCommas {
		t.Errorf("%+v", d.Columns)
	}
	drop, categorical, _ := d.use()
	if len(drop) != 0 || !slices.Equal(categorical, []string{"c"}) {
		t.Error(drop, categorical)
	}
	if len(d.Problems) != 1 || !strings.Contains(d.Problems[0].String(), "column 1 (a): holds decimal commas") {
		t.Error(d.Problems)
	}
}

// A table without rows is refused, and a column without values has no range.
func TestDescribeNothing(t *testing.T) {
	for _, text := range []string{"a,b,label\n", "a,b,label\r\n\r\n"} {
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := Describe(t.Context(), path)
		if d != nil || err == nil || !strings.HasSuffix(err.Error(), "has no rows besides its header") {
			t.Errorf("%q: %v, %v", text, d, err)
		}
	}
}
