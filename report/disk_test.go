package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/page"
)

// The report of a run directory, read from files, equals that of the run in memory.
func TestReportFromDisk(t *testing.T) {
	run := fake.Demo(1, 2, 300)
	run.Cells[1].Result = nil
	run.Cells[1].Status.State = runlog.Failed
	run.Cells[1].Status.Attempts[0].State = runlog.Failed
	run.Cells[1].Status.Attempts[0].Error = "diverged"
	read1 := fake.OnDisk(t, run)
	dir := t.TempDir()
	paths, err := Write(read1, fake.Catalog(), nil, nil, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	memory, _ := reportOf(t, run)
	for _, p := range paths {
		rel, _ := filepath.Rel(dir, p)
		if strings.HasPrefix(rel, "report.") {
			continue // these have digests, which the run in memory lacks
		}
		if read(t, p) != read(t, filepath.Join(memory, rel)) {
			t.Errorf("%s: through the files it differs", rel)
		}
	}
	doc := read(t, filepath.Join(dir, "report.html"))
	for _, f := range fake.Faults(doc) {
		t.Error(f)
	}
	for _, want := range []string{"Every audit of every cell is on this page.", `data-n="300"`, "diverged", read1.Digest()} {
		if !strings.Contains(doc, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// A missing log is reported and affects nothing else.
	if err := os.Remove(filepath.Join(read1.Path, "cells", read1.Cells[0].ID, "queries.jsonl")); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(read1, fake.Catalog(), nil, nil, dir, []string{"html"}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(read(t, filepath.Join(dir, "report.html")), "the audit log cannot be read") {
		t.Error("a missing audit log is passed over in silence")
	}
}

// The size of a complete report: 5 methods on 4 datasets with 5 seeds and 5,000 audits each.
func TestSize(t *testing.T) {
	const limit = 5 << 20
	run := fake.Demo(4, 5, 5000)
	dir, paths := reportOf(t, run, "html", "svg")
	size := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	if s := size(filepath.Join(dir, "report.html")); s > limit {
		t.Errorf("report.html has %d bytes", s)
	}
	for _, p := range paths {
		if s := size(p); s > 200<<10 && filepath.Ext(p) == ".svg" {
			t.Errorf("%s has %d bytes", p, s)
		}
	}
}

// TestCeiling: a page that would exceed its size limit omits parts, audits first, and names them
// and their location.
func TestCeiling(t *testing.T) {
	many := fake.New("many cells")
	for seed := range uint64(120) {
		many.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", seed, fake.Outcome{Rows: 2000, N: 100, Budget: 300, Found: metric.RecallCurve{2, 3, 5, 250}})
		many.Add(fake.Dataset("mnist0", nil), "dae", "DAE", seed, fake.Outcome{State: runlog.Failed, Error: strings.Repeat("no. ", 300)})
	}
	m := model.New(many.Run, fake.Catalog())
	m.Audits = fake.Audits
	for _, c := range []struct {
		ceiling  int
		mentions []string
		not      []string
	}{
		{16 << 20, []string{"Every audit of every cell is on this page."}, []string{"left out", "All are in"}},
		{650 << 10, []string{"To keep this page under 0.6 MiB, only the first", "of 120 cells are on it", "of 300 audits.", "in the run directory has all", "data-curve="}, []string{"left out"}},
		{450 << 10, []string{"only the first", "The read-outs of the plots are left out", "the ends of long messages are left out"}, []string{"<pre>" + strings.Repeat("no. ", 100)}},
	} {
		var b strings.Builder
		if err := (page.Page{Run: m, Figures: figures.Of(m), Ceiling: c.ceiling}).Write(&b); err != nil {
			t.Fatal(err)
		}
		doc := b.String()
		if len(doc) > c.ceiling {
			t.Errorf("under a ceiling of %d the page has %d bytes", c.ceiling, len(doc))
		}
		for _, f := range fake.Faults(doc) {
			t.Error(f)
		}
		for _, w := range c.mentions {
			if !strings.Contains(doc, w) {
				t.Errorf("under a ceiling of %d the page does not say %q", c.ceiling, w)
			}
		}
		for _, w := range c.not {
			if strings.Contains(doc, w) {
				t.Errorf("under a ceiling of %d the page says %q", c.ceiling, w)
			}
		}
	}
}

// BenchmarkReport writes that report in all formats from a run directory.
func BenchmarkReport(b *testing.B) {
	run := fake.OnDisk(b, fake.Demo(4, 5, 5000))
	for b.Loop() {
		dir := b.TempDir()
		start := time.Now()
		paths, err := Write(run, fake.Catalog(), nil, nil, dir, nil)
		if err != nil {
			b.Fatal(err)
		}
		var total int64
		for _, p := range paths {
			info, err := os.Stat(p)
			if err != nil {
				b.Fatal(err)
			}
			total += info.Size()
			if filepath.Base(p) == "report.html" {
				b.ReportMetric(float64(info.Size())/(1<<20), "html-MiB")
			}
		}
		b.ReportMetric(float64(total)/(1<<20), "all-MiB")
		b.ReportMetric(time.Since(start).Seconds(), "s/report")
	}
}
