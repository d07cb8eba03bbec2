package table

import (
	"context"
)

// Options say how a file is read. Columns are named as the header names them; where there is no
// header they are x1, x2, ….
type Options struct {
	// Label names the column that says what is an anomaly; "": the column label (in any case), and
	// y in .npz and .mat files.
	Label string
	// Anomaly lists the label's values that are anomalies, and all other values are normal. nil: 1,
	// true, anomaly, yes and o are; every other value must be one of 0, -1, false, nominal, normal,
	// no, n and i. Case does not matter, nor how a number is written.
	Anomaly []string
	// Class names the column of the class that is observed with a row (not what is an anomaly); "":
	// none.
	Class string
	// Drop lists columns that are left out.
	Drop []string
	// Categorical lists columns that become one column for each of their values, 1 where a row has
	// it and else 0, in the column's place and in ascending order of the values.
	Categorical []string
	// Missing says what becomes of a field without a value (empty, NaN, NA, N/A, null, None or ?):
	// "error", the same as ""; "mean", the mean of the column's other values; "drop", the row is
	// left out.
	Missing string
	// Header says whether text begins with the columns' names: "auto", the same as "", looks;
	// "yes"; "no".
	Header string
}

// How Options.Missing and Options.Header may be.
var (
	MissingWays = []string{"error", "mean", "drop"}
	HeaderWays  = []string{"auto", "yes", "no"}
)

// MaxLevels is how many values a categorical column may have.
const MaxLevels = 1000

// Table is a file's content: numbers as the file has them, nothing scaled.
type Table struct {
	Path   string
	Form   Form
	SHA256 string   // of the content, gzip undone; in hexadecimal
	Bytes  int64    // of the content
	Names  []string // of the features, len Cols; name=value for a categorical column's

	Rows, Cols int
	X          []float64 // row-major, len Rows*Cols, finite
	Anomaly    []bool    // len Rows; at least one is true and one is false
	Class      []int32   // len Rows, places in Classes; nil without Options.Class
	Classes    []string  // in ascending order, of numbers or else of text

	Label   string // the label's column
	Filled  int    // fields that Missing: mean gave a value
	Dropped int    // rows that Missing: drop left out
}

// Row returns row i of X, sharing memory.
func (t *Table) Row(i int) []float64 { return t.X[i*t.Cols : (i+1)*t.Cols : (i+1)*t.Cols] }

// Anomalies is how many rows are anomalies.
func (t *Table) Anomalies() int {
	n := 0
	for _, a := range t.Anomaly {
		if a {
			n++
		}
	}
	return n
}

// Sum is the SHA-256 of the content of a file that Read can read, gzip undone, in hexadecimal.
func Sum(ctx context.Context, path string) (string, error) {
	in, err := openFile(ctx, path)
	if err != nil {
		return "", err
	}
	defer in.f.Close()
	var s sheet
	if err := in.digest(&s); err != nil {
		return "", err
	}
	return s.sum(), nil
}

// Read reads a table. The error is an *Error with all that stands against using the file, or the
// context's.
func Read(ctx context.Context, path string, opt Options) (*Table, error) {
	s, closer, err := open(ctx, path, opt.Header)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	b := newBuilder(s, path, opt)
	if err := b.allocate(); err != nil {
		return nil, err
	}
	if err := s.each(b.wanted(), b.visit, b.log.add); err != nil {
		return nil, b.with(err)
	}
	return b.table()
}
