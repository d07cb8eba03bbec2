package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

func TestSummaryGolden(t *testing.T) {
	var b strings.Builder
	if err := Summary(&b, fake.Runs()["mixed"], bench.Catalog{}); err != nil {
		t.Fatal(err)
	}
	fake.Golden(t, "summary.txt", []byte(b.String()))
}

// The summary keeps within its width, however long the settings' names.
func TestSummaryOfSettings(t *testing.T) {
	f := fake.New("wide")
	for _, v := range []string{"", "U4: a tenth masked", "U5, U13: z-scores, no cold start"} {
		var set []bench.Setting
		if v != "" {
			set = []bench.Setting{{Name: "variant", Value: v}}
		}
		f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", 1, fake.Outcome{Rows: 100, N: 20, Found: fake.First(3)}, set...)
		f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 1, fake.Outcome{Rows: 100, N: 20, Found: fake.First(2)}, set...)
	}
	var b bytes.Buffer
	if err := Summary(&b, f.Run, bench.Catalog{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"mnist0  DAE_uai ", "        · U4: a tenth masked ", "        · U5, U13: z-scores, no cold start ", "        DAE ", "        · U4: a tenth masked "} {
		if !strings.HasPrefix(lines[i+2], want) || len([]rune(lines[i+2])) > TextWidth {
			t.Errorf("line %d is %q, want %q\n%s", i+2, lines[i+2], want, b.String())
		}
	}
}

// TestSplitAlone: a run of halves only makes a complete report, without a curve; a pool's run does
// not mention halves.
func TestSplitAlone(t *testing.T) {
	f := fake.New("Halves")
	fake.WithHalves(f)
	var b bytes.Buffer
	if err := Summary(&b, f.Run, bench.Catalog{}); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.Contains(s, "split F1") || strings.Contains(s, "F1 at N ") || !strings.Contains(s, "0.562 (0.088)") || !strings.Contains(s, "collapsed") {
		t.Errorf("summary:\n%s", s)
	}
	dir := t.TempDir()
	if _, err := Write(f.Run, bench.Catalog{}, nil, nil, dir, nil); err != nil {
		t.Fatal(err)
	}
	f = fake.New("Pool")
	f.Add(fake.Dataset("mnist0", nil), "dae", "dae", 1, fake.Outcome{Rows: 190, N: 6, Found: metric.RecallCurve{1, 2}})
	b.Reset()
	if err := Summary(&b, f.Run, bench.Catalog{}); err != nil {
		t.Fatal(err)
	}
	m := model.New(f.Run, bench.Catalog{})
	tables := figures.Tables(figures.Of(m))
	split := slices.ContainsFunc(tables, func(t *table.Table) bool { return t.Name == "split" })
	if split || strings.Contains(b.String(), "split") || strings.Contains(tables[0].Caption, "half") {
		t.Errorf("a pool's report speaks of halves:\n%s", b.String())
	}
}
