package bench

import (
	"fmt"
	"math"
)

// Matrix is a dense row-major matrix: row i is Data[i*Cols : (i+1)*Cols].
type Matrix struct {
	Rows, Cols int
	Data       []float32 // len Rows*Cols
}

// NewMatrix returns a zero matrix of rows x cols.
func NewMatrix(rows, cols int) Matrix {
	return Matrix{Rows: rows, Cols: cols, Data: make([]float32, rows*cols)}
}

// Row returns row i, sharing the matrix's memory.
func (m Matrix) Row(i int) []float32 {
	return m.Data[i*m.Cols : (i+1)*m.Cols : (i+1)*m.Cols]
}

// Data is everything that a method may see, which excludes the anomaly labels. Once built it is
// read-only, and all workers share it.
type Data struct {
	X       Matrix  // n x d
	Class   []int32 // len n, the paper's x_y, in [0, Classes); nil if there are none
	Classes int     // C, the number of classes present; 0 if there are none
	// Len n, the first row identical to this one; nil if unknown. Scorers may score each distinct
	// row once
	Same []int32
}

// Rows returns n.
func (d Data) Rows() int { return d.X.Rows }

// Dataset is a pool with the labels that only the oracle, the metrics and the report may see.
type Dataset struct {
	Name string
	Data
	Truth      []bool   // len n, true = anomaly
	ClassNames []string // len C, the data's author's name of each class; nil if unknown
	Group      []int32  // len n, kind of anomaly (Figure 4); nil if unknown
	Groups     []string
	Test       *Dataset // Figure 4's test set, or the other half of a split; nil if there is none
}

// Anomalies returns N.
func (d *Dataset) Anomalies() int {
	n := 0
	for _, y := range d.Truth {
		if y {
			n++
		}
	}
	return n
}

// Check returns the first error that makes d unfit for a method: lengths that disagree, a class out
// of range, or a value that is not finite (with its row and column).
func (d *Dataset) Check() error {
	x := d.X
	switch {
	case x.Rows < 1 || x.Cols < 1:
		return fmt.Errorf("dataset %s: empty: %d rows x %d columns", d.Name, x.Rows, x.Cols)
	case len(x.Data) != x.Rows*x.Cols:
		return fmt.Errorf("dataset %s: %d values for %d rows x %d columns", d.Name, len(x.Data),
			x.Rows, x.Cols)
	case len(d.Truth) != x.Rows:
		return fmt.Errorf("dataset %s: %d anomaly labels for %d rows", d.Name, len(d.Truth), x.Rows)
	case d.Class != nil && len(d.Class) != x.Rows:
		return fmt.Errorf("dataset %s: %d class labels for %d rows", d.Name, len(d.Class), x.Rows)
	case d.Same != nil && len(d.Same) != x.Rows:
		return fmt.Errorf("dataset %s: %d entries of Same for %d rows", d.Name, len(d.Same), x.Rows)
	case d.Group != nil && len(d.Group) != x.Rows:
		return fmt.Errorf("dataset %s: %d groups for %d rows", d.Name, len(d.Group), x.Rows)
	}
	for i, c := range d.Class {
		if c < 0 || int(c) >= d.Classes {
			return fmt.Errorf("dataset %s: row %d: class %d is not in [0, %d)", d.Name, i, c,
				d.Classes)
		}
	}
	for i, v := range x.Data {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("dataset %s: row %d, column %d: %v is not a finite number", d.Name,
				i/x.Cols, i%x.Cols, v)
		}
	}
	return nil
}

// Labels are the audits so far, in audit order (the paper's H).
type Labels struct {
	Index   []int  // rows
	Anomaly []bool // the oracle's answers
}

// Len returns the number of audits.
func (l Labels) Len() int { return len(l.Index) }
