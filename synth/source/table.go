package source

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/table"
)

// Format is the required content of a table's file.
type Format struct {
	Columns   []string // the features' names in the header
	Label     string   // name of the last column; 1 = anomaly
	Rows      int
	Anomalies int
}

// Table is a table of numbers as in its file, not scaled.
type Table struct {
	Rows, Cols int
	Values     []float64 // row-major, len Rows*Cols, finite
	Anomaly    []bool    // len Rows
}

func newTable(f *Format) *Table {
	return &Table{Rows: f.Rows, Cols: len(f.Columns), Values: make([]float64,
		f.Rows*len(f.Columns)), Anomaly: make([]bool, f.Rows)}
}

// checked returns the table if its number of anomalies is the format's.
func (t *Table) checked(f *Format) (*Table, error) {
	n := 0
	for _, y := range t.Anomaly {
		if y {
			n++
		}
	}
	if n != f.Anomalies {
		return nil, fmt.Errorf("has %s anomalies, want %s", table.Group(int64(n)),
			table.Group(int64(f.Anomalies)))
	}
	return t, nil
}

// placeError is an error at a place in a text file.
type placeError struct {
	line int    // from 1
	col  int    // from 1; 0: the complete line
	name string // of the column; may be ""
	why  string
}

func (e *placeError) Error() string {
	at := fmt.Sprintf("line %d", e.line)
	if e.col > 0 {
		at += fmt.Sprintf(", column %d", e.col)
		if e.name != "" {
			at += " (" + e.name + ")"
		}
	}
	return at + ": " + e.why
}

// Table reads the table of a set, verified. The error is a *FileError if the file is missing or
// invalid. Nothing is cached: each call reads the file again.
func (f *Finder) Table(ctx context.Context, s *Set) (*Table, error) {
	var t *Table
	_, err := f.read(ctx, s, s.Files[0], func(file bench.RawFile, r io.Reader) (err error) {
		t, err = readTable(file.Name, r, s.Table)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// readTable reads a table in the form given by its file's suffix.
func readTable(name string, r io.Reader, f *Format) (*Table, error) {
	if strings.HasSuffix(name, ".mat") {
		return readMAT(r, f)
	}
	return readCSV(r, f)
}

// checker returns the kind of a raw file and a function that returns the first error in a file of
// that kind; "" and nil if the kind is unknown.
func (s *Set) checker(file bench.RawFile) (kind string, check func(io.Reader) error) {
	magic, idx := magicOf(file.Name)
	switch {
	case idx:
		return "an idx file", func(r io.Reader) error {
			data, err := io.ReadAll(r)
			if err == nil {
				_, _, err = parseIDX(data, magic)
			}
			return err
		}
	case s.Table != nil:
		kind = "a CSV file:"
		if strings.HasSuffix(file.Name, ".mat") {
			kind = "a MATLAB file:"
		}
		return kind, func(r io.Reader) error {
			_, err := readTable(file.Name, r, s.Table)
			return err
		}
	case s == KDD99:
		return "a KDD'99 file:", func(r io.Reader) error {
			_, err := readConnections(r, connectionRows[file.Name])
			return err
		}
	}
	return "", nil
}
