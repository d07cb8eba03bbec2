package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// TestDataMissing: a dataset that is not to be had shows as such in every table, never as zero, as nothing or as a failure.
func TestDataMissing(t *testing.T) {
	f := newFake("missing")
	f.add(dataset("mnist0", nil), "dae", "DAE", 0, outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}})
	for seed := range uint64(2) {
		c := f.add(dataset("mnist_pca", nil), "dae", "DAE", seed, outcome{State: runlog.Failed, Error: "creditcard.csv is not there: get it from its shelf"})
		c.Status.Attempts[0].NoData = true
	}
	m := newModel(f.run, catalog())
	if got := m.Counts.String(); got != "1 of 3 cells done, 2 data missing" {
		t.Errorf("counts: %s", got)
	}
	for _, table := range m.tables() {
		for _, row := range table.Rows {
			if table.Columns[0].show(row[0]) != "MNISTpca" {
				continue
			}
			said := false
			for i, v := range row {
				c := table.Columns[i]
				text := c.show(v)
				said = said || text == "data missing" || c.Name == "data missing" && text == "2"
				measured := !strings.Contains("dataset method seeds done planned failed timed out running not run data missing state attempts message seed cell", c.Name) && !strings.HasPrefix(c.Name, "published")
				if measured && text != "data missing" && !(table.Name == "coverage" && c.Name == "seconds" && text == "—") {
					t.Errorf("%s, %s: %q", table.Name, c.Name, text)
				}
				if c.Name == "failed" && text != "0" {
					t.Errorf("%s: %s failed", table.Name, text)
				}
			}
			if !said {
				t.Errorf("%s does not say that data is missing", table.Name)
			}
		}
	}
	var b bytes.Buffer
	if err := Summary(&b, f.run); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"data missing", "1 of 3 cells done, 2 data missing", "2 cells data missing: creditcard.csv is not there"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the summary:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "failed") {
		t.Errorf("the summary speaks of failures:\n%s", b.String())
	}
	b.Reset()
	if err := (Page{Run: m, Figures: m.figures(), Tables: m.tables()}).Write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "MNISTpca: no curve, 0 of 2 cells done, 2 data missing.") {
		t.Error("the page does not say why there is no curve")
	}
}
