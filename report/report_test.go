package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

var demoOnce = sync.OnceValue(func() *runlog.Run { return demo(2, 3, 300) })

// runs are complete and incomplete ones, each of a kind that has to be told honestly.
func runs() map[string]*runlog.Run {
	out := map[string]*runlog.Run{}
	ds := dataset("mnist0", nil)

	f := newFake("Nothing is planned")
	out["no cells"] = f.run

	f = newFake("")
	f.run.Envs = nil
	for s := range uint64(2) {
		f.add(ds, "dae", "DAE", s, outcome{State: runlog.Planned})
	}
	out["nothing run"] = f.run

	f = newFake("All failed")
	for s := range uint64(2) {
		f.add(ds, "dae", "DAE", s, outcome{State: runlog.Failed, Error: "data missing: train-images.gz\nsecond line"})
	}
	f.add(ds, "class", "Class", 0, outcome{State: runlog.TimedOut, Error: "time limit of 1s"})
	out["all failed"] = f.run

	f = newFake("One seed")
	f.add(ds, "dae", "DAE", 0, outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}})
	out["one seed"] = f.run

	f = newFake("No anomalies")
	f.add(ds, "dae", "DAE", 0, outcome{Rows: 20})
	f.add(ds, "dae", "DAE", 1, outcome{Rows: 20})
	out["no anomalies"] = f.run

	f = newFake("A method is missing on one dataset, some cells everywhere")
	other := dataset("unknown/../set", nil)
	for s := range uint64(5) {
		o := outcome{Rows: 50, N: 4, Found: bench.Found{1 + int(s), 7}}
		if s == 3 {
			o = outcome{State: runlog.Failed, Error: "panic: index out of range"}
		}
		f.add(ds, "dae_uai", "DAE_uai", s, o)
		f.add(ds, "class", "Class", s, outcome{Rows: 50, N: 4, Found: bench.Found{1, 2, 3, 4}})
		f.add(other, "dae_uai", "DAE_uai", s, outcome{Rows: 30, N: 20, Found: bench.Found{1, 2}})
	}
	f.run.Cells[0].Status.Attempts[0].Kernel = "generic"
	f.run.Cells[1].Status.Attempts[0].Resumed = &runlog.Resumed{Audits: 10, Kernels: []string{"avx512"}}
	broken := f.add(ds, "dae", "DAE", 0, outcome{Rows: 50, N: 4})
	broken.Result = nil
	f.run.NotInPlan = 3
	out["mixed"] = f.run

	f = newFake(strange)
	f.run.Plan.Plots = []bench.Plot{{Kind: "pie" + strange}, {Kind: "recall_curve", XMax: 5}, {Kind: "recall_curve", XMax: 5}}
	f.run.Plan.Tables = []string{"f1", "table9"}
	nasty := dataset("x", bench.Params{"rows": 3, "file": strange})
	for s := range uint64(2) {
		f.add(nasty, "m1", strange, s, outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}}, bench.Setting{Name: strange, Value: strange})
		f.add(dataset("x", nil), "m1", strange, s, outcome{Rows: 20, N: 4, Found: bench.Found{2, 5}})
		f.add(dataset("x", nil), "m1", strange, s, outcome{State: runlog.Failed, Error: strange + "\n" + strange}, bench.Setting{Name: "k", Value: "3"})
		f.add(dataset("panel", nil), "m2", "", s, outcome{Rows: 20, N: 4, Found: bench.Found{1, 2, 3, 4}})
	}
	out["strange"] = f.run

	f = newFake("A sweep")
	for s := range uint64(2) {
		for _, k := range []string{"1", "3", "10", "30", "100", "300", "1000"} {
			f.add(ds, "dae_uai", "DAE_uai", s, outcome{Rows: 50, N: 4, Found: bench.Found{1 + int(s), 7}}, bench.Setting{Name: "k", Value: k})
		}
	}
	out["sweep"] = f.run

	out["demo"] = demoOnce()
	return out
}

// reportOf writes a report in the given formats, or all.
func reportOf(t *testing.T, run *runlog.Run, formats ...string) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	m := newModel(run, catalog())
	m.Audits = audits
	if formats == nil {
		formats = Formats
	}
	paths, err := m.write(dir, formats)
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

// Every run gives a report that is whole, well formed, and asks nobody for anything.
func TestReportOfAnyRun(t *testing.T) {
	for name, run := range runs() {
		t.Run(name, func(t *testing.T) {
			dir, paths := reportOf(t, run)
			page := read(t, filepath.Join(dir, "report.html"))
			for _, f := range faults(page) {
				t.Error(f)
			}
			if m := newModel(run, catalog()); !strings.Contains(page, m.Counts.String()) {
				t.Errorf("the page does not say %q", m.Counts)
			}
			for _, p := range paths {
				data := read(t, p)
				switch filepath.Ext(p) {
				case ".svg":
					if _, err := elements(data); err != nil {
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
				if !d.IsDir() && !slices.Contains(paths, p) {
					t.Errorf("%s was written but not returned", p)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := Summary(&b, run); err != nil {
				t.Fatal(err)
			}
			table, _, _ := strings.Cut(b.String(), "\n\n")
			for line := range strings.SplitSeq(table, "\n") {
				if w := text.StringWidth(line); w > TextWidth {
					t.Errorf("the summary is %d wide: %s", w, line)
				}
			}
		})
	}
}

// elements of a document, strictly parsed.
func elements(data string) ([]xml.StartElement, error) {
	var out []xml.StartElement
	d := xml.NewDecoder(strings.NewReader(data))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := tok.(xml.StartElement); ok {
			out = append(out, e.Copy())
		}
	}
}

var requests = regexp.MustCompile(`(?i)@import|url\s*\(|\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b`)

// faults of a page. It reads it as XML, which the page also is, so that nothing is left to a lenient parser.
func faults(page string) (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	all, err := elements(page)
	if err != nil {
		return []string{err.Error()}
	}
	ids := map[string]bool{}
	var links []string
	scripts := 0
	for _, e := range all {
		switch e.Name.Local {
		case "script":
			scripts++
		case "img", "iframe", "object", "embed", "audio", "video", "source", "base", "form", "image":
			say("the page has a <%s>", e.Name.Local)
		}
		for _, a := range e.Attr {
			name := a.Name.Local
			if strings.HasPrefix(strings.ToLower(name), "on") {
				say("<%s> has a handler %s", e.Name.Local, name)
			}
			switch name {
			case "id":
				if ids[a.Value] {
					say("id %q is used twice", a.Value)
				}
				if a.Value == "" || strings.ContainsAny(a.Value, " \t\n") {
					say("id %q is not one", a.Value)
				}
				ids[a.Value] = true
			case "href", "src", "srcset", "action", "data", "poster":
				if !strings.HasPrefix(a.Value, "#") && a.Value != "data:," {
					say("<%s %s=%q> leads out of the page", e.Name.Local, name, a.Value)
				}
				links = append(links, a.Value)
			case "aria-labelledby":
				for id := range strings.FieldsSeq(a.Value) {
					links = append(links, "#"+id)
				}
			case "style":
				say("<%s> has a style of its own", e.Name.Local)
			}
		}
	}
	if scripts != 1 {
		say("%d scripts: only the page's own belongs there", scripts)
	}
	for _, l := range links {
		if id, ok := strings.CutPrefix(l, "#"); ok && !ids[id] {
			say("nothing has the id %q", id)
		}
	}
	if m := requests.FindString(page); m != "" {
		say("the page could make a request: %q", m)
	}
	return out
}

// The checks above are worth something only if they can fail.
func TestFaultsAreFound(t *testing.T) {
	page := func(body string) string { return "<html><body>" + body + "<script></script></body></html>" }
	if f := faults(page("<p>fine</p>")); f != nil {
		t.Error(f)
	}
	for _, body := range []string{
		`<a href="http://example.org">x</a>`, `<a href="#gone">x</a>`, `<p id="a"/><p id="a"/>`, `<img src="x.png"/>`,
		`<p onclick="x()"/>`, `<script>alert(1)</script>`, `<p>`, `<style>@import 'a'</style>`, `<style>p{background:url(x)}</style>`,
	} {
		if faults(page(body)) == nil {
			t.Errorf("%s passes", body)
		}
	}
}

// What is missing is said, on the page, in Markdown, in the summary.
func TestIncompleteRunsSaySo(t *testing.T) {
	rs := runs()
	for _, c := range []struct {
		run   string
		wants []string
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
		page, md := read(t, filepath.Join(dir, "report.html")), read(t, filepath.Join(dir, "report.md"))
		for _, w := range c.wants {
			if !strings.Contains(page, w) {
				t.Errorf("%s: report.html does not say %q", c.run, w)
			}
			if !strings.Contains(md, w) {
				t.Errorf("%s: report.md does not say %q", c.run, w)
			}
		}
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") && !strings.Contains(page, `data-v="Infinity"`) {
			t.Errorf("%s: a number that is none", c.run)
		}
	}
}

func TestNothingBreaksOut(t *testing.T) {
	dir, paths := reportOf(t, runs()["strange"], "html", "md", "csv", "svg")
	for _, p := range paths {
		if strings.Contains(read(t, p), "<script>alert") && filepath.Ext(p) != ".csv" {
			t.Errorf("%s: a label became markup", p)
		}
		if rel, _ := filepath.Rel(dir, p); strings.Contains(rel, "..") || strings.ContainsAny(rel, "<>|\" ") {
			t.Errorf("%q is no good name for a file", rel)
		}
	}
}

// The same run gives the same bytes, twice and from another process's maps.
func TestSameBytes(t *testing.T) {
	run := runs()["mixed"]
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
	if _, err := Write(runs()["one seed"], catalog(), nil, t.TempDir(), []string{"html", "pdf"}); err == nil || !strings.Contains(err.Error(), `"pdf"`) {
		t.Errorf("an unknown format: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(runs()["one seed"], catalog(), nil, file, []string{"csv"}); err == nil || !strings.Contains(err.Error(), "file") {
		t.Errorf("a folder that cannot be made: %v", err)
	}
}

func TestWriteOnlyWhatIsAskedFor(t *testing.T) {
	dir := t.TempDir()
	paths, err := Write(runs()["one seed"], catalog(), nil, dir, []string{"md", "png"})
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
