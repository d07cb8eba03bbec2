package table

import (
	"context"
)

// Options determine how a file is read. Columns have the header's names; without a header they are
// x1, x2, ….
type Options struct {
	// Label is the column that marks anomalies; "": the column label (in any case), or y in .npz
	// and .mat files.
	Label string
	// Anomaly lists the label's values that are anomalies; all other values are normal. If nil,
	// anomalies are 1, true, anomaly, yes and o, and every other value must be one of 0, -1, false,
	// nominal, normal, no, n and i. Case and the notation of numbers do not matter.
	Anomaly []string
	// Class is the column of the class that is observed with each row (not whether it is an
	// anomaly); "": none.
	Class string
	// Drop lists the columns to leave out.
	Drop []string
	// Categorical lists columns that are replaced by one column per value, 1 in the rows with that
	// value and 0 elsewhere, in the column's place and in ascending order of the values.
	Categorical []string
	// Missing is the treatment of missing values (empty, NaN, NA, N/A, null, None or ?): "error",
	// the same as ""; "mean", the mean of the column's other values; "drop", the row is dropped.
	Missing string
	// Header is whether text has a header line: "auto", the same as "", detects it; "yes"; "no".
	Header string
}

// The values of Options.Missing and Options.Header.
var (
	MissingWays = []string{"error", "mean", "drop"}
	HeaderWays  = []string{"auto", "yes", "no"}
)

// MaxLevels is the largest number of values in a categorical column or the class.
const MaxLevels = 1000

// Table is a file's content, not scaled.
type Table struct {
	Path   string
	Form   Form
	SHA256 string   // of the content, decompressed; in hexadecimal
	Bytes  int64    // of the content
	Names  []string // of the features, len Cols; name=value for a categorical column's

	Rows, Cols int
	X          []float64 // row-major, len Rows*Cols, finite
	Anomaly    []bool    // len Rows; at least one is true and one is false
	Class      []int32   // len Rows, indices into Classes; nil without Options.Class
	Classes    []string  // in ascending order: of numbers if all are, else of text

	Label   string // the label column
	Filled  int    // values that Missing: mean filled in
	Dropped int    // rows that Missing: drop removed
}

// Row returns row i of X, sharing memory.
func (t *Table) Row(i int) []float64 { return t.X[i*t.Cols : (i+1)*t.Cols : (i+1)*t.Cols] }

// Anomalies returns the number of anomalies.
func (t *Table) Anomalies() int {
	n := 0
	for _, a := range t.Anomaly {
		if a {
			n++
		}
	}
	return n
}

// Sum returns the SHA-256, in hexadecimal, of a file's decompressed content. Read must be able to
// read the file's form.
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

// Read reads a table. The error is an *Error with the file's problems, or the
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
