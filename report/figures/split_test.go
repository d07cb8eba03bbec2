package figures

import (
	"bytes"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// TestSplitTable: precision 5/10 and 4/10, recall 5/6 and 4/6, F1 10/16 and 8/16, mean and sample
// standard deviation by hand; each threshold rule and training half has its own row.
func TestSplitTable(t *testing.T) {
	f := fake.New("Halves")
	f.Add(fake.Dataset("mnist0", nil), "dae", "dae", 1, fake.Outcome{Rows: 190, N: 6, Found: metric.RecallCurve{1, 2}})
	fake.WithHalves(f)
	m := model.New(f.Run, bench.Catalog{})
	var b bytes.Buffer
	if err := splitTable(m).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(rows) != 5 {
		t.Fatalf("%d rows:\n%s", len(rows), b.String())
	}
	for i, want := range []string{
		`mnist0,dae,clean,"10 %, ceil",2,2,0,0,90,0,100,6,10,10,10,2,0.45,0.0707`,
		`mnist0,dae,dirty,"10 %, ceil",1,2,1,0,`,
		`mnist0,dae,clean,"10 %, floor",1,1,0,0,`,
		`mnist0,ocsvm,clean,own,1,1,0,0,90,0,100,6,12,12,12,1,0.5,,1,1,,1,0.666`,
	} {
		if !strings.HasPrefix(rows[i+1], want) {
			t.Errorf("row %d is\n%s, want\n%s…", i+1, rows[i+1], want)
		}
	}
	if !strings.Contains(rows[1], "0.75,0.1178") || !strings.Contains(rows[1], "0.5625,0.0883") {
		t.Errorf("recall or F1 are not 0.75 (0.1179) and 0.5625 (0.0884): %s", rows[1])
	}

	// The pool's tables exclude halves, and every cell is counted once.
	b.Reset()
	if err := foundTable(m).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 2 {
		t.Errorf("%d lines in the pool's table:\n%s", n, b.String())
	}
	if m.Counts.Planned != 7 || m.Counts.Done != 6 || m.Counts.Failed != 1 {
		t.Errorf("%+v", m.Counts)
	}
	b.Reset()
	for _, tab := range []*table.Table{coverageTable(m), failuresTable(m)} {
		if err := tab.WriteText(&b, 200); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"dae, split: dirty, flagged by 10 %, ceil", "the mixture collapsed", "ocsvm, split: clean, flagged by own"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
