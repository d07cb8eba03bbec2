package table

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// parquetReader is an open Parquet file.
type parquetReader struct {
	in     *file
	sheet  *sheet
	groups []pq.RowGroup
	value  []func(pq.Value) (v float64, text bool) // per column: decodes a value
	why    []string                                // per column: why it is unreadable; ""
}

// parquet opens a Parquet file of flat columns.
func (in *file) parquet() (s *sheet, err error) {
	defer in.panicked(&err)
	if err := in.checkFooter(); err != nil {
		return nil, in.damaged("%v", err)
	}
	f, err := pq.OpenFile(in.f, in.size, pq.SkipPageIndex(true), pq.SkipBloomFilters(true))
	if err != nil {
		return nil, in.damaged("%v", err)
	}
	r := &parquetReader{in: in, sheet: &sheet{header: true}, groups: f.RowGroups()}
	for _, path := range f.Schema().Columns() {
		r.sheet.names = append(r.sheet.names, strings.Join(path, "."))
		leaf, ok := f.Schema().Lookup(path...)
		value, why := (func(pq.Value) (float64, bool))(nil),
			"is repeated or nested: only flat columns are supported"
		if ok && leaf.MaxRepetitionLevel == 0 {
			value, why = parquetNumber(leaf.Node)
		}
		r.value, r.why = append(r.value, value), append(r.why, why)
	}
	rows, columns := int64(0), len(r.sheet.names)
	for _, g := range r.groups {
		if g.NumRows() < 0 || len(g.ColumnChunks()) != columns {
			return nil, in.damaged("a group of %d rows and %d columns", g.NumRows(),
				len(g.ColumnChunks()))
		}
		rows += g.NumRows()
	}
	switch {
	case rows == 0 || columns == 0:
		return nil, refuse(in.path, "is empty: %d rows, %d columns", rows, columns)
	case rows < 0 || rows > inflated(in.size) || rows*int64(columns) > maxValues:
		return nil, refuse(in.path, "declares %s rows x %d columns: it is damaged, or too large",
			Group(rows), columns)
	}
	if err := in.checkPages(f.Metadata(), r.why); err != nil {
		return nil, in.damaged("%v", err)
	}
	r.sheet.rows, r.sheet.each = int(rows), r.each
	return r.sheet, in.digest(r.sheet)
}

// damaged returns the error for an invalid Parquet file.
func (in *file) damaged(format string, args ...any) error {
	why := strings.TrimPrefix(fmt.Sprintf(format, args...), "parquet: ")
	return refuse(in.path, "is a damaged Parquet file: %s", why)
}

// panicked turns a panic of the library, which some damaged files cause, into an error. Defer it.
func (in *file) panicked(err *error) {
	if r := recover(); r != nil {
		*err = in.damaged("%v", r)
	}
}

// each implements sheet.each: column by column, and within a column by row group.
func (r *parquetReader) each(want []bool, visit func(*cell), found func(string,
	Problem)) (err error) {
	defer r.in.panicked(&err)
	for j := range r.value {
		switch {
		case !want[j]:
			continue
		case r.why[j] != "":
			found("type", r.sheet.place(nil, j, r.why[j]))
			continue
		}
		row := 0
		for _, g := range r.groups {
			if err := r.in.ctx.Err(); err != nil {
				return err
			}
			n := int(g.NumRows())
			if err := r.chunk(g.ColumnChunks()[j], j, row, n, visit); err != nil {
				return r.in.damaged("column %d (%s): %v", j+1, r.sheet.names[j], err)
			}
			row += n
		}
	}
	return nil
}

// chunk visits the n cells of a column in a row group that begins at row.
func (r *parquetReader) chunk(chunk pq.ColumnChunk, col, row, n int, visit func(*cell)) error {
	pages := chunk.Pages()
	defer pages.Close()
	c := cell{row: row, col: col}
	end := row + n
	buf := make([]pq.Value, 1024)
	for {
		page, err := pages.ReadPage()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		values := page.Values()
		for err == nil {
			var k int
			k, err = values.ReadValues(buf)
			if k == 0 && err == nil {
				err = io.ErrNoProgress
			}
			if k > end-c.row {
				return errors.New("it has more values than rows")
			}
			for _, v := range buf[:k] {
				c.take(v, r.value[col])
				visit(&c)
				c.row++
			}
		}
		pq.Release(page)
		if err != io.EOF {
			return err
		}
	}
	if c.row != end {
		return fmt.Errorf("it has %d values, want %d", c.row-end+n, n)
	}
	return nil
}

// take sets a cell to v, which is valid until its page is released.
func (c *cell) take(v pq.Value, number func(pq.Value) (float64, bool)) {
	c.kind, c.text, c.number = nullCell, "", 0
	if v.IsNull() {
		return
	}
	x, text := number(v)
	c.kind, c.number = numberCell, x
	if text {
		c.kind, c.text = textCell, string(v.ByteArray())
	}
}

// parquetNumber returns the function that decodes a column's values: to a number, or text true for
// text. why is the reason if they are neither.
func parquetNumber(node pq.Node) (value func(pq.Value) (v float64, text bool), why string) {
	unsigned, scale := false, 0.0
	if t := node.Type().LogicalType(); t != nil {
		switch t := t.Value.(type) {
		case *format.IntType:
			unsigned = !t.IsSigned
		case *format.DecimalType:
			scale = float64(t.Scale)
		case *format.DateType, *format.TimeType, *format.TimestampType:
			return nil, "holds dates or times: leave it out with drop, or write it as a number"
		case nil, *format.StringType, *format.EnumType, *format.NullType:
		default:
			return nil, fmt.Sprintf("holds %s, want numbers or text", t)
		}
	} else if t := node.Type().ConvertedType(); t != nil {
		switch *t {
		case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
			unsigned = true
		case deprecated.Date, deprecated.TimeMillis, deprecated.TimeMicros,
			deprecated.TimestampMillis,
			deprecated.TimestampMicros, deprecated.Interval:
			return nil, "holds dates or times: leave it out with drop, or write it as a number"
		case deprecated.Decimal:
			return nil, "holds decimals in a deprecated form: write them as numbers"
		}
	}
	switch kind := node.Type().Kind(); kind {
	case pq.Boolean:
		return func(v pq.Value) (float64, bool) {
			if v.Boolean() {
				return 1, false
			}
			return 0, false
		}, ""
	case pq.Int32:
		return func(v pq.Value) (float64, bool) {
			if unsigned {
				return float64(v.Uint32()), false
			}
			return float64(v.Int32()) / math.Pow(10, scale), false
		}, ""
	case pq.Int64:
		return func(v pq.Value) (float64, bool) {
			if unsigned {
				return float64(v.Uint64()), false
			}
			return float64(v.Int64()) / math.Pow(10, scale), false
		}, ""
	case pq.Float:
		return func(v pq.Value) (float64, bool) { return float64(v.Float()), false }, ""
	case pq.Double:
		return func(v pq.Value) (float64, bool) { return v.Double(), false }, ""
	case pq.ByteArray:
		if scale != 0 {
			return nil, "holds decimals stored as text: write them as numbers"
		}
		return func(pq.Value) (float64, bool) { return 0, true }, ""
	default:
		return nil, fmt.Sprintf("holds values of type %s, want numbers or text", kind)
	}
}
