package page

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// rowsPage is a document with one cell of 40 rows and 20 audits, and its dataset.
func rowsPage() (*document, *bench.Dataset) {
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
	p.Pools = drill(m, "", map[string]*htmlCellLog{}, 1000, nil)
	return p, d
}

func TestRowsOfData(t *testing.T) {
	p, d := rowsPage()
	build := func(bench.DatasetRef) (*bench.Dataset, error) { return d, nil }
	p.addRows(build, 1<<20)
	if r := p.Rows[0]; len(p.Rows) != 1 || r.N != 20 || r.D != 3 || r.Side != 0 || r.Packed == "" || r.Missing != "" || p.RowsNote != "" {
		t.Errorf("%+v, %q", r, p.RowsNote)
	}
	// With little room only the rows audited first are kept, and there is a note.
	whole := len(p.Rows[0].Packed)
	p.Rows = nil
	p.addRows(build, whole*3/4)
	if r := p.Rows[0]; r.N == 0 || r.N >= 20 || len(r.Packed) > whole*3/4 || !strings.Contains(p.RowsNote, "audited first") {
		t.Errorf("%d rows in %d of %d bytes, %q", r.N, len(r.Packed), whole, p.RowsNote)
	}
	// A dataset whose truth differs from the audits is not shown.
	d.Truth[p.Pools[0].Series[0].Cells[0].columns.row[1]] = false
	for _, truth := range [][]bool{d.Truth, make([]bool, 40)} {
		p.Rows, d.Truth = nil, truth
		p.addRows(build, 1<<20)
		if r := p.Rows[0]; r.Packed != "" || !strings.Contains(r.Missing, "not the dataset that was audited") {
			t.Errorf("%+v", r)
		}
	}
	for want, data := range map[string]Data{
		"not available":  nil,
		"is nowhere (x)": func(bench.DatasetRef) (*bench.Dataset, error) { return nil, errors.New("is nowhere (x)") },
	} {
		p.Rows = nil
		p.addRows(data, 1<<20)
		if r := p.Rows[0]; !strings.Contains(r.Missing, want) || r.Packed != "" {
			t.Errorf("%+v", r)
		}
	}
}

// By hand: of 0 0 1 2, the share below 0 is a quarter, half of the two ties, and that below 2 is
// 7/8.
func TestPlacesOf(t *testing.T) {
	x := bench.NewMatrix(4, 2)
	copy(x.Data, []float32{9, 2, 9, 0, 9, 1, 9, 0}) // the second column
	if got, want := placesOf(x, 1, []float32{3, 0, -1, 2, 1, 0}), []byte{200, 50, 0, 175, 125, 50}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
