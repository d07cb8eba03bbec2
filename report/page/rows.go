package page

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/text"
)

// Data builds a dataset of a run anew, where its raw data is at hand: for the rows that were
// audited, which a run directory does not hold.
type Data func(bench.DatasetRef) (*bench.Dataset, error)

// htmlRows are rows of a dataset that were audited.
type htmlRows struct {
	ID      string // htmlGroup.Rows of the groups whose rows they are
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

// auditedPool is a dataset and the cells, of all groups of the page, that audited rows of it.
type auditedPool struct {
	id    string
	ref   bench.DatasetRef
	cells []*htmlCellLog
	n     int // rows that were audited
}

// auditedPools are those of the page, the one with the fewest audited rows first; it tells the
// groups where their rows are.
func (p *document) auditedPools() []*auditedPool {
	var out []*auditedPool
	by := map[string]*auditedPool{}
	for i := range p.Pools {
		g := &p.Pools[i]
		cells := cellsOf(*g)
		if len(cells) == 0 {
			continue
		}
		pool := by[g.ref.Key()]
		if pool == nil {
			pool = &auditedPool{id: g.ID, ref: g.ref}
			by[g.ref.Key()] = pool
			out = append(out, pool)
		}
		pool.cells = append(pool.cells, cells...)
		g.Rows = pool.id
	}
	for _, pool := range out {
		pool.n = len(pool.rows(pool.most()))
	}
	slices.SortStableFunc(out, func(a, b *auditedPool) int { return cmp.Compare(a.n, b.n) })
	return out
}

// addRows puts the rows that were audited first in each cell into the page, as many as fit into
// room bytes, and says what it left out. What one dataset does not take the others have.
func (p *document) addRows(data Data, room int) {
	left := false
	rest := room
	pools := p.auditedPools()
	for i, pool := range pools {
		out := htmlRows{ID: pool.id}
		if data == nil {
			out.Missing = "The raw data was not at hand when this page was made."
		} else if d, err := pool.build(data); err != nil {
			out.Missing = "The row's data is not in this page: " +
				text.Shorten(text.Clean(err.Error()), 160) + "."
		} else {
			all := pool.pack(d, rest/(len(pools)-i), &out)
			left = left || !all
			rest -= len(out.Packed)
		}
		p.Rows = append(p.Rows, out)
	}
	if left {
		p.RowsNote = fmt.Sprintf("Rows themselves are in this page as far as %s MiB hold them, "+
			"those that were audited first.", text.Thousands(float64(room)/(1<<20), 1))
	}
}

// pack packs the rows that were audited first, as many as fit into room bytes but one at least, and
// tells whether these are all.
func (a *auditedPool) pack(d *bench.Dataset, room int, out *htmlRows) bool {
	const sample = 64 // rows by which the size of all is estimated
	most := a.most()
	ids := a.rows(most)
	if n := len(ids); n > sample {
		some := make([]int, sample)
		for i := range some {
			some[i] = ids[i*n/sample]
		}
		one := max(len(rowsOf(d, some).pack())/sample, 1)
		for ; len(ids)*one > room && most > 1; ids = a.rows(most) {
			most = most * 9 / 10
		}
	}
	rows := rowsOf(d, ids)
	rows.place(d.X)
	out.D, out.Side = d.X.Cols, rows.side
	for out.Packed = rows.pack(); len(out.Packed) > room && most > 1; out.Packed = rows.pack() {
		most = min(most-1, most*9/10*room/len(out.Packed))
		most = max(most, 1)
		rows = rows.only(a.rows(most))
	}
	out.N = len(rows.ids)
	return most == a.most()
}

// build the dataset, and hold it to what was audited: it has the rows, and their truth.
func (a *auditedPool) build(data Data) (*bench.Dataset, error) {
	d, err := data(a.ref)
	if err != nil {
		return nil, err
	}
	for _, c := range a.cells {
		for i, r := range c.columns.row {
			if int(r) >= d.X.Rows || d.Truth[r] != (c.columns.answer[i]&2 != 0) {
				return nil, fmt.Errorf("what was built of %s is not what was audited", d.Name)
			}
		}
	}
	return d, nil
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

// most audits of a cell.
func (a *auditedPool) most() (most int) {
	for _, c := range a.cells {
		most = max(most, len(c.columns.row))
	}
	return most
}

// rows are those among the first audits of any cell, ascending.
func (a *auditedPool) rows(most int) []int {
	seen := map[int]bool{}
	for _, c := range a.cells {
		for _, r := range c.columns.row[:min(most, len(c.columns.row))] {
			seen[int(r)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// rowsOf a dataset, without their places.
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
	return out
}

// place finds the places of all values among those of the pool; of images nothing.
func (r poolRows) place(x bench.Matrix) {
	if r.places == nil {
		return
	}
	column := make([]float32, len(r.ids))
	for j := range x.Cols {
		for i := range r.ids {
			column[i] = r.values[i][j]
		}
		for i, place := range placesOf(x, j, column) {
			r.places[i][j] = place
		}
	}
}

// placesOf are the shares of a column's values below each of some, those equal to it half, in
// halves of a per cent.
func placesOf(x bench.Matrix, column int, values []float32) []byte {
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	between := make([]int, len(sorted)+1) // from the value before to below this one
	equal := make([]int, len(sorted)+1)
	for i := range x.Rows {
		at, found := slices.BinarySearch(sorted, x.Data[i*x.Cols+column])
		if found {
			equal[at]++
		} else {
			between[at]++
		}
	}
	places, below := make([]byte, len(sorted)), 0
	for k := range sorted {
		below += between[k]
		places[k] = byte(math.Round(100 * float64(2*below+equal[k]) / float64(x.Rows)))
		below += equal[k]
	}
	out := make([]byte, len(values))
	for i, v := range values {
		at, _ := slices.BinarySearch(sorted, v)
		out[i] = places[at]
	}
	return out
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
