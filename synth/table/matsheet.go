package table

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// maxMAT is MATLAB's limit for a variable in these files, in bytes.
const maxMAT = 1 << 31

// mat reads X and, as further columns, the vectors of as many values as X has rows.
func (in *file) mat() (*sheet, error) {
	content, err := in.content()
	if err != nil {
		return nil, err
	}
	limit := int64(maxMAT)
	data := make([]byte, 0, in.size+1)
	if in.gzip {
		data = nil
	}
	data, err = readAll(data, io.LimitReader(content, limit+1))
	if err != nil {
		return nil, in.broken(err)
	}
	if int64(len(data)) > limit {
		return nil, refuse(in.path, "is longer than %s bytes", Group(limit))
	}
	all, err := ParseMAT(data, limit)
	if err != nil {
		return nil, refuse(in.path, "%v", err)
	}
	x, ok := all["X"]
	switch {
	case !ok:
		if _, err := ParseMAT(data, limit, "X"); err != nil {
			return nil, refuse(in.path, "%v", err)
		}
		return nil, refuse(in.path, "has no matrix X; it has %s",
			listed(slices.Sorted(maps.Keys(all))))
	case x.Len() == 0:
		return nil, refuse(in.path, "X is %d x %d: it is empty", x.Rows, x.Cols)
	}
	s := &sheet{names: numbered(x.Cols), header: true, rows: x.Rows, label: "y"}
	if err := in.digest(s); err != nil {
		return nil, err
	}
	var columns []Matrix
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		if name != "X" && m.Len() == x.Rows && (m.Rows == 1 || m.Cols == 1) {
			columns = append(columns, m)
			s.names = append(s.names, name)
		}
	}
	if _, ok := all["y"]; !ok {
		if _, err := ParseMAT(data, limit, "y"); err != nil {
			return nil, refuse(in.path, "%v", err)
		}
	} else if y := all["y"]; !slices.Contains(s.names[x.Cols:], "y") {
		return nil, refuse(in.path, "y is %d x %d, want %d x 1", y.Rows, y.Cols, x.Rows)
	}
	s.each = func(want []bool, visit func(*cell), _ func(string, Problem)) error {
		c := cell{kind: numberCell}
		for c.col = range want {
			m, first := x, c.col*x.Rows
			if c.col >= x.Cols {
				m, first = columns[c.col-x.Cols], 0
			}
			if !want[c.col] {
				continue
			}
			for c.row = range x.Rows {
				c.number = m.at(first + c.row)
				visit(&c)
			}
			if err := in.ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	}
	return s, nil
}

// readAll appends all that r reads to data.
func readAll(data []byte, r io.Reader) ([]byte, error) {
	for {
		if len(data) == cap(data) {
			data = slices.Grow(data, max(512, len(data)/2))
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, fmt.Errorf("%w", err)
		}
	}
}
