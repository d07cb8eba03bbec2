package report

import (
	"bytes"
	"github.com/uaibench/uaibench/bench"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	prettytext "github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// reportOf writes a report in the given formats, or all.
func reportOf(t *testing.T, run *runlog.Run, formats ...string) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	m := model.New(run, fake.Catalog())
	m.Audits = fake.Audits
	if formats == nil {
		formats = Formats
	}
	paths, err := write(m, nil, nil, dir, formats)
	if err != nil {
		t.Fatal(err)
	}
	return dir, paths
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Every run gives a report that is complete and well-formed and loads nothing external.
func TestReportOfAnyRun(t *testing.T) {
	for name, run := range fake.Runs() {
		t.Run(name, func(t *testing.T) {
			dir, paths := reportOf(t, run)
			doc := read(t, filepath.Join(dir, "report.html"))
			for _, f := range fake.Faults(doc) {
				t.Error(f)
			}
			if m := model.New(run, fake.Catalog()); !strings.Contains(doc, m.Counts.String()) {
				t.Errorf("the page does not say %q", m.Counts)
			}
			for _, p := range paths {
				data := read(t, p)
				switch filepath.Ext(p) {
				case ".svg":
					if _, err := fake.Elements(data); err != nil {
						t.Errorf("%s: %v", p, err)
					}
					if strings.Contains(data, "<text") {
						t.Errorf("%s depends on a font", p)
					}
				case ".png":
					if _, err := png.Decode(strings.NewReader(data)); err != nil {
						t.Errorf("%s: %v", p, err)
					}
				}
				if strings.ContainsAny(data, "\x00\x1b\u202e") && filepath.Ext(p) != ".png" {
					t.Errorf("%s: control characters got through", p)
				}
			}
			for _, f := range []string{"report.md", "tables/f1.csv", "tables/coverage.csv", "tables/failures.csv"} {
				if !slices.Contains(paths, filepath.Join(dir, f)) {
					t.Errorf("no %s", f)
				}
			}
			err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
				if !d.IsDir() && !slices.Contains(paths, p) && d.Name() != ".report.json" {
					t.Errorf("%s was written but not returned", p)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := Summary(&b, run, bench.Catalog{}); err != nil {
				t.Fatal(err)
			}
			tab, _, _ := strings.Cut(b.String(), "\n\n")
			for line := range strings.SplitSeq(tab, "\n") {
				if w := prettytext.StringWidth(line); w > TextWidth {
					t.Errorf("the summary is %d wide: %s", w, line)
				}
			}
		})
	}
}

// The page, the Markdown and the summary all report what is missing.
func TestIncompleteRunsSaySo(t *testing.T) {
	rs := fake.Runs()
	for _, c := range []struct {
		run      string
		mentions []string
	}{
		{"nothing run", []string{"0 of 2 cells done, 2 not run", "not measured", "no curve", "A run without"}},
		{"all failed", []string{"0 of 3 cells done, 2 failed, 1 timed out", "not measured", "train-images.gz", "time limit of 1s"}},
		{"one seed", []string{"n = 1, no band", "n = 1: no band, no standard deviation", "the only seed"}},
		{"no anomalies", []string{"no anomalies", "There are no anomalies to find."}},
		{"mixed", []string{
			"14 of 16 cells done, 2 failed", "DAE_uai: 4 of 5 seeds", "4 of 5 seeds", "With n = 4 the min–max band is an 87.5 % interval",
			"With n = 5 the min–max band is a 93.75 % interval", "not planned", "panic: index out of range", "marked done, but its result is missing",
			"stopped early: every anomaly found", "budget below N", "mixed kernels: cells were computed with avx2, avx512 and generic", "3 cells of earlier plans", "0 of 1 seed",
		}},
		{"strange", []string{"which this program cannot draw", "which this program does not make"}},
		{"sweep", []string{"DAE_uai, k=30"}},
	} {
		run := rs[c.run]
		if c.run == "nothing run" {
			run.Plan.Name = ""
		}
		dir, _ := reportOf(t, run, "html", "md")
		doc, md := read(t, filepath.Join(dir, "report.html")), read(t, filepath.Join(dir, "report.md"))
		for _, w := range c.mentions {
			if !strings.Contains(doc, w) {
				t.Errorf("%s: report.html does not say %q", c.run, w)
			}
			if !strings.Contains(md, w) {
				t.Errorf("%s: report.md does not say %q", c.run, w)
			}
		}
		if strings.Contains(doc, "NaN") || strings.Contains(doc, "Inf") && !strings.Contains(doc, `data-v="Infinity"`) {
			t.Errorf("%s: a number that is none", c.run)
		}
	}
}

func TestNothingBreaksOut(t *testing.T) {
	dir, paths := reportOf(t, fake.Runs()["strange"], "html", "md", "csv", "svg")
	for _, p := range paths {
		if strings.Contains(read(t, p), "<script>alert") && filepath.Ext(p) != ".csv" {
			t.Errorf("%s: a label became markup", p)
		}
		if rel, _ := filepath.Rel(dir, p); strings.Contains(rel, "..") || strings.ContainsAny(rel, "<>|\" ") {
			t.Errorf("%q is no good name for a file", rel)
		}
	}
}

// The same run gives the same bytes, twice and with another map order.
func TestSameBytes(t *testing.T) {
	run := fake.Runs()["mixed"]
	dirA, paths := reportOf(t, run)
	dirB, _ := reportOf(t, run)
	for _, p := range paths {
		rel, _ := filepath.Rel(dirA, p)
		if read(t, p) != read(t, filepath.Join(dirB, rel)) {
			t.Errorf("%s differs from one writing to the next", rel)
		}
	}
	run.Envs[0].Started = run.Envs[0].Started.AddDate(1, 0, 0)
	run.Cells[0].Status.Attempts[0].Seconds = 99
	dirC, _ := reportOf(t, run, "svg")
	for _, p := range paths {
		rel, _ := filepath.Rel(dirA, p)
		if filepath.Ext(rel) == ".svg" && read(t, p) != read(t, filepath.Join(dirC, rel)) {
			t.Errorf("%s holds a time", rel)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	if _, err := Write(fake.Runs()["one seed"], fake.Catalog(), nil, nil, t.TempDir(), []string{"html", "pdf"}); err == nil || !strings.Contains(err.Error(), `"pdf"`) {
		t.Errorf("an unknown format: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(fake.Runs()["one seed"], fake.Catalog(), nil, nil, file, []string{"csv"}); err == nil || !strings.Contains(err.Error(), "file") {
		t.Errorf("a folder that cannot be made: %v", err)
	}
}

func TestWriteOnlyWhatIsAskedFor(t *testing.T) {
	dir := t.TempDir()
	paths, err := Write(fake.Runs()["one seed"], fake.Catalog(), nil, nil, dir, []string{"md", "png"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"report.md", "plots/mnist0.budget.png", "plots/mnist0.full.png"}
	for i := range want {
		want[i] = filepath.Join(dir, want[i])
	}
	if !slices.Equal(paths, want) {
		t.Errorf("got %v, want %v", paths, want)
	}
	if info, err := os.Stat(paths[0]); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("others cannot read it: %v, %v", info.Mode(), err)
	}
	if md := read(t, paths[0]); !strings.Contains(md, "](plots/mnist0.full.png)") {
		t.Error("report.md does not show the plots beside it")
	}
}
