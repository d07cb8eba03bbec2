package source

import (
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/synth/table"
)

// readMAT reads a table from a MATLAB file with X (n x d) and y (n x 1 or 1 x n; 1 = anomaly).
func readMAT(r io.Reader, f *Format) (*Table, error) {
	// All values as doubles, with ample room for the rest.
	limit := int64(16*f.Rows*(len(f.Columns)+1) + 1<<20)
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("is longer than the %s bytes that X and y can need",
			table.Group(limit))
	}
	all, err := table.ParseMAT(data, limit, "X", "y")
	if err != nil {
		return nil, err
	}
	return tableOf(all, f)
}

// tableOf builds a table from X and y.
func tableOf(all map[string]table.Matrix, f *Format) (*Table, error) {
	for _, name := range []string{"X", "y"} {
		if _, ok := all[name]; !ok {
			return nil, fmt.Errorf("has no matrix %s", name)
		}
	}
	x, y := all["X"], all["y"]
	switch {
	case x.Rows != f.Rows || x.Cols != len(f.Columns):
		return nil, fmt.Errorf("X is %d x %d, want %d x %d", x.Rows, x.Cols, f.Rows, len(f.Columns))
	case y.Len() != f.Rows || y.Rows != 1 && y.Cols != 1:
		return nil, fmt.Errorf("y is %d x %d, want %d x 1", y.Rows, y.Cols, f.Rows)
	}
	t := newTable(f)
	for j := range x.Cols {
		for i := range x.Rows {
			v := x.At(i, j)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("X(%d,%d) is %v, which is not a finite number", i+1, j+1, v)
			}
			t.Values[i*t.Cols+j] = v
		}
	}
	for i := range y.Len() {
		v := y.At(i%y.Rows, i/y.Rows) // one dimension is 1
		if v != 0 && v != 1 {
			return nil, fmt.Errorf("y holds %v: want 0 or 1 (y(%d))", v, i+1)
		}
		t.Anomaly[i] = v == 1
	}
	return t.checked(f)
}
