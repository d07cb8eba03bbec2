package source

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// pair is the format of a small table.
var pair = &Format{Columns: []string{"height", "weight"}, Label: "label", Rows: 3, Anomalies: 1}

const pairText = "height,weight,label\n1.5,-2,0\n0,1e2,1\n3,4.25,0\n"

func TestReadCSV(t *testing.T) {
	quoted := strings.NewReplacer("height,weight,label", `"height","weight","label"`, ",0\n", `,"0"`+"\n", ",1\n", `,"1"`+"\n").Replace(pairText)
	for what, text := range map[string]string{
		"plain": pairText, "no newline at the end": strings.TrimSuffix(pairText, "\n"), "quoted as Kaggle's": quoted,
		"Windows": strings.ReplaceAll(pairText, "\n", "\r\n"), "numbers in quotes": strings.ReplaceAll(pairText, "4.25", `"4.25"`),
	} {
		got, err := readCSV(strings.NewReader(text), pair)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if fmt.Sprint(got.Rows, got.Cols, got.Values, got.Anomaly) != "3 2 [1.5 -2 0 100 3 4.25] [false true false]" {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// The error for each broken text has the line, the column and its name.
func TestBrokenCSV(t *testing.T) {
	replaced := func(old, new string) string {
		if !strings.Contains(pairText, old) {
			panic(old)
		}
		return strings.Replace(pairText, old, new, 1)
	}
	for _, c := range []struct{ what, text, want string }{
		{"nothing", "", "line 1: the header line is empty"},
		{"an empty header", "\n1,2,0\n", "line 1: the header line is empty"},
		{"no header", strings.TrimPrefix(pairText, "height,weight,label\n"), `line 1, column 1: the header has "1.5", want "height"`},
		{"another name", replaced("weight", "wait"), `line 1, column 2: the header has "wait", want "weight"`},
		{"a label of another name", replaced("label", "Class"), `line 1, column 3: the header has "Class", want "label"`},
		{"too short a header", replaced(",label", ""), "line 1: the header has 2 names, want 3"},
		{"too long a header", replaced("label", "label,more"), "line 1: the header has more than 3 names"},
		{"an open quotation mark in the header", replaced("weight", `"weight`), "line 1, column 2: its opening quotation mark is not closed"},
		{"too few fields", replaced("0,1e2,1", "0,1"), "line 3: has 2 fields, want 3"},
		{"too many fields", replaced("0,1e2,1", "0,1e2,1,5,6"), "line 3: has 5 fields, want 3"},
		{"one field", replaced("0,1e2,1", "0"), "line 3: has 1 fields, want 3"},
		{"an empty line", replaced("0,1e2,1", ""), "line 3: is empty"},
		{"an empty cell", replaced("1e2", ""), `line 3, column 2 (weight): "" is not a number`},
		{"a word", replaced("1.5", "tall"), `line 2, column 1 (height): "tall" is not a number`},
		{"a question mark", replaced("4.25", "?"), `line 4, column 2 (weight): "?" is not a number`},
		{"NaN", replaced("4.25", "nan"), `line 4, column 2 (weight): "nan" is not a finite number`},
		{"infinity", replaced("-2", "-Inf"), `line 2, column 2 (weight): "-Inf" is not a finite number`},
		{"too large", replaced("1e2", "1e400"), `line 3, column 2 (weight): "1e400" is too large for a number`},
		{"a space", replaced("1e2", " 1e2"), `line 3, column 2 (weight): " 1e2" is not a number`},
		{"a binary file", "\x00\x01\x02\n", `line 1, column 1: the header has "\x00\x01\x02", want "height"`},
		{"a wrong label", replaced(",1\n", ",2\n"), `line 3, column 3 (label): the label is "2", want 0 or 1`},
		{"a label in words", replaced(",1\n", ",anomaly\n"), `line 3, column 3 (label): the label is "anomaly", want 0 or 1`},
		{"an empty label", replaced(",1\n", ",\n"), `line 3, column 3 (label): the label is "", want 0 or 1`},
		{"an open quotation mark", replaced("1e2", `"1e2`), "line 3, column 2 (weight): its opening quotation mark is not closed"},
		{"more after a quotation mark", replaced("1e2", `"1e2"x`), "line 3, column 2 (weight): text follows the closing quotation mark"},
		{"too few rows", replaced("3,4.25,0\n", ""), "has too few rows: 2, want 3"},
		{"too many rows", pairText + "1,2,0\n", "line 5: is one too many: there should be 3 rows after the header"},
		{"two anomalies", replaced("-2,0", "-2,1"), "has 2 anomalies, want 1"},
		{"two errors", strings.NewReplacer("1.5", "x", "4.25", "y").Replace(pairText), `line 2, column 1 (height): "x" is not a number`},
		{"a web page", "<!DOCTYPE html>\n<html></html>\n", `line 1, column 1: the header has "<!DOCTYPE html>", want "height"`},
	} {
		if got, err := readCSV(strings.NewReader(c.text), pair); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.what, got, err, c.want)
		}
	}
}

// Blocks parsed in parallel: rows are in the order of their lines, and of errors in several blocks
// the first is returned.
func TestManyBlocks(t *testing.T) {
	const rows = 200000
	f := &Format{Columns: []string{"row", "square"}, Label: "label", Rows: rows, Anomalies: rows / 2}
	var b strings.Builder
	b.WriteString("row,square,label\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%d,%d\n", i, i*i, i%2)
	}
	if b.Len() < 3*blockSize {
		t.Fatalf("%d bytes are too few blocks", b.Len())
	}
	got, err := readCSV(strings.NewReader(b.String()), f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if got.Values[2*i] != float64(i) || got.Values[2*i+1] != float64(i)*float64(i) || got.Anomaly[i] != (i%2 == 1) {
			t.Fatalf("row %d: %v, %v", i, got.Values[2*i:2*i+2], got.Anomaly[i])
		}
	}
	text := b.String()
	for range 2 {
		for _, i := range []int{190000, 150000, 100001} {
			text = strings.Replace(text, fmt.Sprintf("\n%d,", i), fmt.Sprintf("\nx%d,", i), 1)
		}
		if _, err := readCSV(strings.NewReader(text), f); err == nil || err.Error() != `line 100003, column 1 (row): "x100001" is not a number` {
			t.Fatalf("three errors: %v", err)
		}
	}
}

// Accepted text has the values that encoding/csv and strconv read from it.
func FuzzReadCSV(f *testing.F) {
	for _, text := range []string{pairText, strings.ReplaceAll(pairText, "\n", "\r\n"), `"height","weight","label"` + "\n1,2,\"0\"\n3,4,\"1\"\n5,6,\"0\"",
		"height,weight,label\n1,2\n", "height,weight,label\n1,nan,0\n\n", "\"height\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readCSV(strings.NewReader(string(data)), pair)
		if err != nil {
			if got != nil || err.Error() == "" {
				t.Errorf("%v, %v", got, err)
			}
			return
		}
		records, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
		if err != nil || len(records) != got.Rows+1 {
			t.Fatalf("%d records, %v", len(records), err)
		}
		for i, r := range records[1:] {
			for j, text := range r[:2] {
				if v, err := strconv.ParseFloat(text, 64); err != nil || v != got.Values[2*i+j] {
					t.Errorf("row %d, column %d: %v, want %v, %v", i, j, got.Values[2*i+j], v, err)
				}
			}
			if got.Anomaly[i] != (r[2] == "1") {
				t.Errorf("row %d: %v for %q", i, got.Anomaly[i], r[2])
			}
		}
	})
}
