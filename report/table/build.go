package table

// Col is a column of a table built from row values of type R: the fields of a Column, and a
// function that returns the column's value for a row.
type Col[R any] struct {
	Name     string
	Kind     Kind
	Decimals int
	Whole    bool
	Detail   bool
	Help     string
	Value    func(R) Value
}

// AsDetail returns the column marked as detail, which brief Markdown omits.
func (c Col[R]) AsDetail() Col[R] { c.Detail = true; return c }

// Build returns head, which has everything but columns and rows, with the columns and one row for
// each of rows. Footnotes are numbered in reading order, row by row, after those already in head.
func Build[R any](head Table, rows []R, columns ...Col[R]) *Table {
	t := &head
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{
			Name: c.Name, Kind: c.Kind, Decimals: c.Decimals, Whole: c.Whole,
			Detail: c.Detail, Help: c.Help,
		})
	}
	for _, r := range rows {
		values := make([]Value, len(columns))
		for i, c := range columns {
			values[i] = c.Value(r)
		}
		t.Add(values...)
	}
	return t
}

// OrNil returns t, or nil if it has no rows.
func (t *Table) OrNil() *Table {
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
