package table

// Col is a column of a table whose rows are made from values of type R: what a Column says of it,
// and its value in a row.
type Col[R any] struct {
	Name     string
	Kind     Kind
	Decimals int
	Whole    bool
	Detail   bool
	Help     string
	Value    func(R) Value
}

// AsDetail is a column that brief Markdown leaves out.
func (c Col[R]) AsDetail() Col[R] { c.Detail = true; return c }

// Build fills a table, of which head has all but columns and rows, with a row for each of rows.
// Footnotes are numbered in the order in which a reader meets them, line by line, after those that
// head has already.
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

// OrNil is t, or nil if it has no row: a table that there is only where there is something to show.
func (t *Table) OrNil() *Table {
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
