package page

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/text"
)

// Data builds a dataset of a run anew, where its raw data is at hand: for the rows that were
// audited, which a run directory does not hold.
type Data func(bench.DatasetRef) (*bench.Dataset, error)

// htmlRows are rows of a dataset that were audited.
type htmlRows struct {
	Group   string // ID of the htmlGroup
	N, D    int    // rows and features
	Side    int    // of the image that a row is; 0: it is none
	Packed  string
	Missing string // why there is none
}

// rowsCeiling is what the rows of a page may take, and imageFeatures what a row of pixels has.
const (
	rowsCeiling   = 3 << 20
	imageFeatures = 28 * 28
)

// poolRows are rows of a pool with the places of their values among the pool's.
type poolRows struct {
	ids    []int
	side   int
	values [][]float32 // by row
	places [][]byte    // of images nil: halves of a per cent of the pool below, ties half
}

// addRows puts the rows that were audited first in each cell into the page, as many as fit into
// room bytes, and says what it left out.
func (p *document) addRows(m *model.Model, data Data, room int) {
	room = min(room, rowsCeiling)
	left := false
	for _, g := range m.Groups {
		out := htmlRows{Group: drillID("", g)}
		pool := slices.IndexFunc(p.Pools, func(h htmlGroup) bool { return h.ID == out.Group })
		audits := mostAudited(p.Pools[pool])
		switch {
		case audits == 0:
			continue
		case data == nil:
			out.Missing = "The raw data was not at hand when this page was made."
		default:
			d, err := data(g.Ref)
			if err == nil {
				err = fits(d, p.Pools[pool])
			}
			if err != nil {
				out.Missing = "The row's data is not in this page: " +
					text.Shorten(text.Clean(err.Error()), 160) + "."
				break
			}
			share := room / len(m.Groups)
			// a row takes a byte a pixel or five a number, of which an eighth is left at best
			width := d.X.Cols * 5
			if d.X.Cols == imageFeatures {
				width = d.X.Cols
			}
			most := audits
			for n := share * 8 / max(width, 1); len(auditedRows(p.Pools[pool], most)) > n && most > 1; {
				most = most * 4 / 5
			}
			rows := rowsOf(d, auditedRows(p.Pools[pool], most))
			out.D, out.Side = d.X.Cols, rows.side
			for out.Packed = rows.pack(); len(out.Packed) > share && len(rows.ids) > 1; {
				most = max(most*3/4, 1)
				rows = rows.only(auditedRows(p.Pools[pool], most))
				if out.Packed = rows.pack(); most == 1 {
					break
				}
			}
			out.N = len(rows.ids)
			left = left || most < audits
		}
		p.Rows = append(p.Rows, out)
	}
	if left {
		p.RowsNote = fmt.Sprintf("Rows themselves are in this page as far as %s MiB hold them, "+
			"those that were audited first.", text.Thousands(float64(room)/(1<<20), 1))
	}
}

// cellsOf a group that have audits.
func cellsOf(g htmlGroup) (out []*htmlCellLog) {
	for _, s := range g.Series {
		for _, c := range s.Cells {
			if c.columns != nil {
				out = append(out, c)
			}
		}
	}
	return out
}

func mostAudited(g htmlGroup) (most int) {
	for _, c := range cellsOf(g) {
		most = max(most, len(c.columns.row))
	}
	return most
}

// auditedRows are those among the first audits of any cell of a group, ascending.
func auditedRows(g htmlGroup, most int) []int {
	seen := map[int]bool{}
	var out []int
	for _, c := range cellsOf(g) {
		for _, r := range c.columns.row[:min(most, len(c.columns.row))] {
			if !seen[int(r)] {
				seen[int(r)] = true
				out = append(out, int(r))
			}
		}
	}
	slices.Sort(out)
	return out
}

// fits tells whether data is what was audited: it has the rows, and their truth.
func fits(d *bench.Dataset, g htmlGroup) error {
	for _, c := range cellsOf(g) {
		for i, r := range c.columns.row {
			if int(r) >= d.X.Rows || d.Truth[r] != (c.columns.answer[i]&2 != 0) {
				return fmt.Errorf("what was built of %s is not what was audited", d.Name)
			}
		}
	}
	return nil
}

func rowsOf(d *bench.Dataset, ids []int) poolRows {
	out := poolRows{ids: ids}
	if d.X.Cols == imageFeatures {
		out.side = int(math.Sqrt(imageFeatures))
	}
	for _, i := range ids {
		out.values = append(out.values, slices.Clone(d.X.Row(i)))
		if out.side == 0 {
			out.places = append(out.places, make([]byte, d.X.Cols))
		}
	}
	if out.side > 0 {
		return out
	}
	column := make([]float32, d.X.Rows)
	for j := range d.X.Cols {
		for i := range column {
			column[i] = d.X.Data[i*d.X.Cols+j]
		}
		slices.Sort(column)
		for i := range ids {
			out.places[i][j] = placeOf(column, out.values[i][j])
		}
	}
	return out
}

// placeOf is the share of sorted values below v, those equal to it half, in halves of a per cent.
func placeOf(sorted []float32, v float32) byte {
	below := sort.Search(len(sorted), func(i int) bool { return sorted[i] >= v })
	upto := sort.Search(len(sorted), func(i int) bool { return sorted[i] > v })
	return byte(math.Round(100 * float64(below+upto) / float64(len(sorted))))
}

// only are those of some ids.
func (r poolRows) only(ids []int) poolRows {
	out := poolRows{side: r.side}
	for i, id := range r.ids {
		if _, ok := slices.BinarySearch(ids, id); !ok {
			continue
		}
		out.ids, out.values = append(out.ids, id), append(out.values, r.values[i])
		if r.places != nil {
			out.places = append(out.places, r.places[i])
		}
	}
	return out
}

// pack writes the ids as auditColumns.pack does, as differences; then of images a byte for each
// pixel, from 0 to 1; of other rows the values, as float32 by planes of bytes, and their places,
// both feature by feature.
func (r poolRows) pack() string {
	n := len(r.ids)
	if n == 0 {
		return ""
	}
	var out []byte
	planes := func(at func(i int) uint32) {
		for b := range 4 {
			for i := range n {
				out = append(out, byte(at(i)>>(8*b)))
			}
		}
	}
	planes(func(i int) uint32 {
		if i == 0 {
			return uint32(r.ids[0])
		}
		return uint32(r.ids[i] - r.ids[i-1])
	})
	if r.side > 0 {
		for _, row := range r.values {
			for _, v := range row {
				out = append(out, byte(math.Round(255*float64(min(max(v, 0), 1)))))
			}
		}
		return pack(out)
	}
	for j := range r.values[0] {
		planes(func(i int) uint32 { return math.Float32bits(r.values[i][j]) })
	}
	for j := range r.values[0] {
		for i := range n {
			out = append(out, r.places[i][j])
		}
	}
	return pack(out)
}
