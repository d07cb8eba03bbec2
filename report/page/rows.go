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

// Data builds a dataset of a run again from its raw data, to show the audited rows, which a run
// directory does not hold. It fails if the raw data is missing.
type Data func(bench.DatasetRef) (*bench.Dataset, error)

// htmlRows are the audited rows of a dataset.
type htmlRows struct {
	ID      string // htmlGroup.Rows of the groups whose rows they are
	N, D    int    // rows and features
	Side    int    // of a square image; 0: the rows are no images
	Packed  string
	Missing string // why there are none
}

// rowsCeiling is the maximum size of a page's rows, in bytes; imageFeatures is the number of
// features of an image.
const (
	rowsCeiling   = 3 << 20
	imageFeatures = 28 * 28
)

// poolRows are rows of a pool, with the percentile of each value within the pool.
type poolRows struct {
	ids    []int
	side   int
	values [][]float32 // by row
	places [][]byte    // nil for images: percentiles in half per cent, ties count half
}

// auditedPool is a dataset and the cells, of all groups of the page, that audited its rows.
type auditedPool struct {
	id    string
	ref   bench.DatasetRef
	cells []*htmlCellLog
	n     int // audited rows
}

// auditedPools returns the page's pools, that with the fewest audited rows first. It sets the Rows
// of the groups.
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
// room bytes, and sets the note on the omitted ones. Room that one dataset does not use goes to the
// next ones.
func (p *document) addRows(data Data, room int) {
	left := false
	rest := room
	pools := p.auditedPools()
	for i, pool := range pools {
		out := htmlRows{ID: pool.id}
		if data == nil {
			out.Missing = "The raw data was not available when this page was made."
		} else if d, err := pool.build(data); err != nil {
			out.Missing = "The row's data is not on this page: " +
				text.Shorten(text.Clean(err.Error()), 160) + "."
		} else {
			all := pool.pack(d, rest/(len(pools)-i), &out)
			left = left || !all
			rest -= len(out.Packed)
		}
		p.Rows = append(p.Rows, out)
	}
	if left {
		p.RowsNote = fmt.Sprintf("Of the rows, this page has those audited first, as many as fit "+
			"into %s MiB.", text.Thousands(float64(room)/(1<<20), 1))
	}
}

// pack packs the rows that were audited first, at least one and as many as fit into room bytes, and
// reports whether these are all.
func (a *auditedPool) pack(d *bench.Dataset, room int, out *htmlRows) bool {
	const sample = 64 // rows from which the packed size of a row is estimated
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

// build builds the dataset and checks it against the audits: the rows exist and have the same
// truth.
func (a *auditedPool) build(data Data) (*bench.Dataset, error) {
	d, err := data(a.ref)
	if err != nil {
		return nil, err
	}
	for _, c := range a.cells {
		for i, r := range c.columns.row {
			if int(r) >= d.X.Rows || d.Truth[r] != (c.columns.answer[i]&2 != 0) {
				return nil, fmt.Errorf("%s as built now is not the dataset that was "+
					"audited", d.Name)
			}
		}
	}
	return d, nil
}

// cellsOf returns a group's cells that have audits.
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

// most is the largest number of audits of a cell.
func (a *auditedPool) most() (most int) {
	for _, c := range a.cells {
		most = max(most, len(c.columns.row))
	}
	return most
}

// rows returns the rows among the first most audits of any cell, ascending.
func (a *auditedPool) rows(most int) []int {
	seen := map[int]bool{}
	for _, c := range a.cells {
		for _, r := range c.columns.row[:min(most, len(c.columns.row))] {
			seen[int(r)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// rowsOf returns rows of a dataset, with all places 0.
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

// place sets the places of all values, except of images.
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

// placesOf returns, for each value, the share of the column's values below it, with those equal
// counted half, in half per cent.
func placesOf(x bench.Matrix, column int, values []float32) []byte {
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	between := make([]int, len(sorted)+1) // values between the previous one and this one
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

// only returns the rows with the given ids, which ascend.
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

// pack packs the ids as differences in byte planes, like auditColumns.pack; then, for images, a
// byte for each pixel, which maps 0 to 1 onto 0 to 255; for other rows the values, as float32 in
// byte planes, and their places, both feature by feature.
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
