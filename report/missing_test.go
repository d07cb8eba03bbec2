package report

import (
	"bytes"
	"github.com/uaibench/uaibench/bench"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/page"
)

// TestDataMissing: a dataset whose data is missing is marked as such in every table, never as zero,
// blank or a failure.
func TestDataMissing(t *testing.T) {
	f := fake.New("missing")
	f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 0, fake.Outcome{Rows: 20, N: 4, Found: metric.RecallCurve{2, 5}})
	for seed := range uint64(2) {
		c := f.Add(fake.Dataset("mnist_pca", nil), "dae", "DAE", seed, fake.Outcome{State: runlog.Failed, Error: "creditcard.csv is not there: get it from its shelf"})
		c.Status.Attempts[0].NoData = true
	}
	m := model.New(f.Run, fake.Catalog())
	if got := m.Counts.String(); got != "1 of 3 cells done, 2 data missing" {
		t.Errorf("counts: %s", got)
	}
	for _, tab := range figures.Tables(figures.Of(m)) {
		for _, row := range tab.Rows {
			if tab.Columns[0].Show(row[0]) != "MNISTpca" {
				continue
			}
			marked := false
			for i, v := range row {
				c := tab.Columns[i]
				desc := c.Show(v)
				marked = marked || desc == "data missing" || c.Name == "data missing" && desc == "2"
				measured := !strings.Contains("dataset method seeds done planned failed timed out running not run data missing state attempts message seed cell", c.Name) && !strings.HasPrefix(c.Name, "published")
				if measured && desc != "data missing" && !(tab.Name == "coverage" && c.Name == "seconds" && desc == "—") {
					t.Errorf("%s, %s: %q", tab.Name, c.Name, desc)
				}
				if c.Name == "failed" && desc != "0" {
					t.Errorf("%s: %s failed", tab.Name, desc)
				}
			}
			if !marked {
				t.Errorf("%s does not say that data is missing", tab.Name)
			}
		}
	}
	var b bytes.Buffer
	if err := Summary(&b, f.Run, bench.Catalog{}); err != nil {
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
	if err := (page.Page{Run: m, Figures: figures.Of(m)}).Write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "MNISTpca: no curve, 0 of 2 cells done, 2 data missing.") {
		t.Error("the page does not say why there is no curve")
	}
}
