package page

import (
	"errors"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// rowsPage is a document of one cell of 40 rows with 20 audits, and data for it.
func rowsPage() (*document, *model.Model, *bench.Dataset) {
	f := fake.New("rows")
	c := f.Add(fake.Dataset("thyroid", nil), "dae", "DAE", 1, fake.Outcome{Rows: 40, N: 5, Budget: 20, Found: metric.RecallCurve{2, 3, 11}})
	m := model.New(f.Run, fake.Catalog())
	m.Audits = fake.Audits
	audits, _ := fake.Audits(*c)
	d := &bench.Dataset{Name: "thyroid", Truth: make([]bool, 40)}
	d.X = bench.NewMatrix(40, 3)
	for i := range 40 {
		copy(d.X.Row(i), []float32{float32(i), float32(i * i), 7})
	}
	for _, a := range audits {
		d.Truth[a.Row] = a.Truth
	}
	p := &document{}
	p.Pools = drill(m, "", map[string]*htmlCellLog{}, 1000)
	return p, m, d
}

func TestRowsOfData(t *testing.T) {
	p, m, d := rowsPage()
	build := func(bench.DatasetRef) (*bench.Dataset, error) { return d, nil }
	p.addRows(m, build, 1<<20)
	if r := p.Rows[0]; len(p.Rows) != 1 || r.N != 20 || r.D != 3 || r.Side != 0 || r.Packed == "" || r.Missing != "" || p.RowsNote != "" {
		t.Errorf("%+v, %q", r, p.RowsNote)
	}
	// With little room those that were audited first stay, and the page says so.
	whole := len(p.Rows[0].Packed)
	p.Rows = nil
	p.addRows(m, build, whole*3/4)
	if r := p.Rows[0]; r.N == 0 || r.N >= 20 || len(r.Packed) > whole*3/4 || !strings.Contains(p.RowsNote, "audited first") {
		t.Errorf("%d rows in %d of %d bytes, %q", r.N, len(r.Packed), whole, p.RowsNote)
	}
	// Other data than was audited is not shown, be it by its rows or by their truth.
	d.Truth[p.Pools[0].Series[0].Cells[0].columns.row[1]] = false
	for _, truth := range [][]bool{d.Truth, make([]bool, 40)} {
		p.Rows, d.Truth = nil, truth
		p.addRows(m, build, 1<<20)
		if r := p.Rows[0]; r.Packed != "" || !strings.Contains(r.Missing, "not what was audited") {
			t.Errorf("%+v", r)
		}
	}
	for want, data := range map[string]Data{
		"not at hand":    nil,
		"is nowhere (x)": func(bench.DatasetRef) (*bench.Dataset, error) { return nil, errors.New("is nowhere (x)") },
	} {
		p.Rows = nil
		p.addRows(m, data, 1<<20)
		if r := p.Rows[0]; !strings.Contains(r.Missing, want) || r.Packed != "" {
			t.Errorf("%+v", r)
		}
	}
}

// By hand: of 0 0 1 2 a quarter lies below 0 by half of two, and 7/8 below 2.
func TestPlaceOf(t *testing.T) {
	sorted := []float32{0, 0, 1, 2}
	for v, want := range map[float32]byte{-1: 0, 0: 50, 1: 125, 2: 175, 3: 200} {
		if got := placeOf(sorted, v); got != want {
			t.Errorf("%v: %d, want %d", v, got, want)
		}
	}
}
