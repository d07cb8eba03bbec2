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

// parquet reads flat columns.
func (in *file) parquet() (s *sheet, err error) {
	// The library panics on some damaged files.
	defer func() {
		if r := recover(); r != nil {
			err = refuse(in.path, "is a damaged Parquet file: %v", r)
		}
	}()
	f, err := pq.OpenFile(in.f, in.size, pq.SkipPageIndex(true), pq.SkipBloomFilters(true))
	if err != nil {
		return nil, refuse(in.path, "is a damaged Parquet file: %s", strings.TrimPrefix(err.Error(), "parquet: "))
	}
	s = &sheet{header: true}
	leaves := f.Schema().Columns()
	whys := make([]string, len(leaves))
	values := make([]func(pq.Value) (float64, bool), len(leaves))
	for i, path := range leaves {
		s.names = append(s.names, strings.Join(path, "."))
		leaf, ok := f.Schema().Lookup(path...)
		switch {
		case !ok || leaf.MaxRepetitionLevel > 0:
			whys[i] = "is repeated or nested: flat columns are read"
		default:
			values[i], whys[i] = parquetNumber(leaf.Node)
		}
	}
	groups := f.RowGroups()
	rows := int64(0)
	for _, g := range groups {
		if g.NumRows() < 0 || len(g.ColumnChunks()) != len(leaves) {
			return nil, refuse(in.path, "is a damaged Parquet file")
		}
		rows += g.NumRows()
	}
	switch {
	case rows == 0 || len(leaves) == 0:
		return nil, refuse(in.path, "holds nothing: %d rows, %d columns", rows, len(leaves))
	case rows < 0 || rows > inflated(in.size) || rows*int64(len(leaves)) > maxValues:
		return nil, refuse(in.path, "promises %s rows x %d columns: it is damaged, or too large", Group(rows), len(leaves))
	}
	s.rows = int(rows)
	if err := in.digest(s); err != nil {
		return nil, err
	}
	s.each = func(want []bool, visit func(*cell), found func(string, Problem)) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = refuse(in.path, "is a damaged Parquet file: %v", r)
			}
		}()
		for j := range leaves {
			if want[j] && whys[j] != "" {
				found("type", s.place(nil, j, whys[j]))
				continue
			}
			row := 0
			for _, g := range groups {
				if !want[j] {
					break
				}
				if err := in.ctx.Err(); err != nil {
					return err
				}
				n := int(g.NumRows())
				if err := parquetChunk(g.ColumnChunks()[j], j, row, n, values[j], visit); err != nil {
					return refuse(in.path, "is a damaged Parquet file: column %d (%s): %s", j+1, s.names[j],
						strings.TrimPrefix(err.Error(), "parquet: "))
				}
				row += n
			}
		}
		return nil
	}
	return s, nil
}

// parquetChunk hands out the n cells of a column in a row group, which begins at a row.
func parquetChunk(chunk pq.ColumnChunk, col, row, n int, value func(pq.Value) (float64, bool), visit func(*cell)) error {
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
			for _, v := range buf[:k] {
				if c.row == end {
					return errors.New("it has more values than rows")
				}
				switch x, text := 0.0, false; {
				case v.IsNull():
					c.kind, c.text = nullCell, ""
				default:
					c.kind = numberCell
					if x, text = value(v); text {
						c.kind, c.text = textCell, string(v.ByteArray())
					}
					c.number = x
				}
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

// parquetNumber gives how the values of a column become numbers; text is true where they are text. why
// is why they are neither.
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
		case deprecated.Date, deprecated.TimeMillis, deprecated.TimeMicros, deprecated.TimestampMillis,
			deprecated.TimestampMicros, deprecated.Interval:
			return nil, "holds dates or times: leave it out with drop, or write it as a number"
		case deprecated.Decimal:
			return nil, "holds decimals of an old kind: write them as numbers"
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
			return nil, "holds decimals that are stored as text: write them as numbers"
		}
		return func(pq.Value) (float64, bool) { return 0, true }, ""
	default:
		return nil, fmt.Sprintf("holds values of type %s, want numbers or text", kind)
	}
}
