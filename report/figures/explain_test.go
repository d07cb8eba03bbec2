package figures

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// TestExplainTable checks numbers by hand. The first image has contributions 3+1 and -1, so 5 in
// all in size, of which 1+1 come through s.
func TestExplainTable(t *testing.T) {
	tab := explainTable(model.New(fake.Explanations().Run, fake.Catalog()))
	if len(tab.Rows) != 4 { // of the first seed
		t.Fatalf("%d rows", len(tab.Rows))
	}
	get := func(i, column int) string { return tab.Columns[column].Show(tab.Rows[i][column]) }
	for i, want := range [][]string{
		{"4", "7", "anomaly", "1.500", "x154 = 0.5 → +4; x182 = 0.5 → -1", "100.0", "40.0"},
		{"4", "1", "normal", "-1.000", "x154 = 0.5 → +2; x182 = 0.5 → -2", "100.0", "50.0"},
		{"4", "3", "normal", "0.250", "x1 = 2 → -6; x0 = 0.125 → +2", "100.0", "62.5"},
		{"4", "4", "normal", "0.250", "no feature drives it", "—", "—"},
	} {
		for j, w := range want {
			if got := get(i, 2+j); got != w {
				t.Errorf("row %d, %s: %q, want %q", i, tab.Columns[2+j].Name, got, w)
			}
		}
	}
	if explainTable(model.New(fake.New("empty").Run, fake.Catalog())) != nil {
		t.Error("a table of no explanations")
	}
}

// TestExplainFigure: only images are drawn. The stroke of twelve pixels is one rectangle a row on
// the left; on the right the heat is at its two pixels, a quarter as strong at the second.
func TestExplainFigure(t *testing.T) {
	figures := explainPlots(model.New(fake.Explanations().Run, fake.Catalog()))
	if len(figures) != 1 || figures[0].Slug != "mnist0.explanations.dae_uai" {
		t.Fatalf("%d figures", len(figures))
	}
	f := figures[0]
	if !strings.Contains(f.Desc, "After 4 audits 1 of the 2 rows shown are anomalies.") {
		t.Error(f.Desc)
	}
	rectangles := map[string]int{}
	for _, line := range strings.Split(string(f.SVG()), "\n") {
		if strings.HasPrefix(line, `<path fill="#`) {
			rectangles[line[13:19]] += strings.Count(line, "M")
		}
	}
	deepest, quarter := plot.Hex(plot.HeatScale[8]), plot.Hex(plot.HeatScale[64*9/256])
	// Twelve for each row's image; one pixel of the first row's heat, both of the second's.
	if rectangles[deepest] != 12+1+12+2 || rectangles[quarter] != 1 || rectangles[plot.Hex(plot.HeatScale[0])] != 4 {
		t.Errorf("%v", rectangles)
	}
	if _, err := f.PNG(); err != nil {
		t.Error(err)
	}
}
