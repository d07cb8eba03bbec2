package table

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// fixture is the table in all files of testdata.
var fixture = struct {
	x [][]float64
	y []float64
}{
	[][]float64{{1, 0, 7}, {2, 1, 7}, {3, 0, 9}, {100, 1, 7}, {5, 0, 8}},
	[]float64{0, 1, 0, 0, 1},
}

// write writes a temporary file, gzipped if its name ends in .gz, and returns its path.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	data := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var b strings.Builder
		z := gzip.NewWriter(&b)
		z.Write(data)
		z.Close()
		data = []byte(b.String())
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// asText returns records as delimited text.
func asText(comma rune, crlf bool, records [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = comma, crlf
	w.WriteAll(records)
	return b.String()
}

// parquetFile writes rows of a struct's fields to a temporary Parquet file.
func parquetFile[T any](t testing.TB, rows []T, options ...pq.WriterOption) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := pq.NewGenericWriter[T](f, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds returns how a table differs from the fixture with the given feature names; nil if it does
// not.
func holds(got *Table, names ...string) error {
	if got.Rows != 5 || got.Cols != 3 || len(got.X) != 15 || fmt.Sprint(got.Names) != fmt.Sprint(names) {
		return fmt.Errorf("%d x %d, names %v", got.Rows, got.Cols, got.Names)
	}
	for i, row := range fixture.x {
		if fmt.Sprint(got.Row(i)) != fmt.Sprint(row) || got.Anomaly[i] != (fixture.y[i] == 1) {
			return fmt.Errorf("row %d is %v, %v", i, got.Row(i), got.Anomaly[i])
		}
	}
	return nil
}
