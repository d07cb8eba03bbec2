package export

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// someRun has two seeds of one method, one cell with a sweep, and one that failed.
func someRun() *runlog.Run {
	run := &runlog.Run{
		Plan: bench.Plan{Name: "try"},
		Envs: []runlog.Env{{OS: "plan9", Arch: "amd64", Commit: "old"}, {OS: "linux", Arch: "amd64", Commit: "abc", Version: "v1", Go: "go1", CPU: "A  CPU\nof two lines", Kernel: "avx2"}},
	}
	add := func(label string, seed uint64, variant []bench.Setting, truth []bool, n int, a runlog.Attempt) {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: "toy"}, Method: bench.MethodRef{ID: "m"}, Seed: seed}
		rec := runlog.CellRecord{PlannedCell: bench.PlannedCell{ID: c.ID(), Cell: c, Label: label, Variant: variant}}
		rec.Status = runlog.Status{State: a.State, Attempts: []runlog.Attempt{a}}
		if a.State == runlog.Done {
			rec.Result = &runlog.Result{Rows: 9, Features: 2, K: 1}
			rec.Result.Measure(truth, n, len(truth))
			auc := 0.75
			rec.Result.Unlabelled = &runlog.RankMetrics{ROCAUC: &auc}
			rec.Status.Digest = "d1"
		}
		run.Cells = append(run.Cells, rec)
	}
	done := runlog.Attempt{State: runlog.Done, Started: time.Unix(0, 0), Seconds: 1.5, Kernel: "avx2"}
	add("An, UaiNet", 1, nil, []bool{true, false, true}, 2, done)
	add("An, UaiNet", 2, nil, []bool{true, true, false}, 2, done)
	add("DAE-8", 1, []bench.Setting{{Name: "k", Value: "3"}}, []bool{false, true}, 4, done)
	add("DAE-8", 2, nil, nil, 0, runlog.Attempt{State: runlog.Failed, Error: "it broke,\nbadly"})
	return run
}

// The benchmark format is parsed by benchstat's own reader.
func TestBenchfmtIsReadBack(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, someRun(), "benchfmt"); err != nil {
		t.Fatal(err)
	}
	type line struct {
		Name, Seed string
		Values     map[string]float64
	}
	var got []line
	r := benchfmt.NewReader(&b, "x")
	var provenance string
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.Result:
			l := line{string(rec.Name), rec.GetConfig("seed"), map[string]float64{}}
			for _, v := range rec.Values {
				l.Values[v.Unit] = v.Value
			}
			got = append(got, l)
			if rec.Iters != 1 || rec.GetConfig("goarch") != "amd64" || rec.GetConfig("goos") != "linux" || rec.GetConfig("experiment") != "try" {
				t.Errorf("%+v", rec)
			}
			if p := rec.GetConfig("provenance"); provenance != "" && p != provenance {
				t.Error(p)
			} else {
				provenance = p
			}
		case *benchfmt.SyntaxError:
			t.Error(rec)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	// By hand: found; found at N divided by N; the area under the curve as a share of the ideal
	// one's.
	want := []line{
		{"Cell/dataset=toy/method=An,%20UaiNet", "1", map[string]float64{"found": 2, "f1": 0.5, "area": 4.0 / 5, "seconds": 1.5}},
		{"Cell/dataset=toy/method=An,%20UaiNet", "2", map[string]float64{"found": 2, "f1": 1, "area": 1, "seconds": 1.5}},
		{"Cell/dataset=toy/method=DAE-8/k=3", "1", map[string]float64{"found": 1, "area": 1.0 / 3, "seconds": 1.5}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(provenance, "commit abc go go1 kernel avx2 cpu A CPU of two lines") || !strings.HasPrefix(provenance, "results ") {
		t.Error(provenance)
	}
	units := r.Units()
	for unit, better := range map[string]int{"found": 1, "f1": 1, "area": 1, "split-f1": 1, "seconds": -1} {
		if got := units.GetBetter(unit); got != better {
			t.Errorf("%s: better is %d", unit, got)
		}
	}
}

// With provenance and seed ignored, benchstat makes one table, even if the commit differs, with the
// curves as rows.
func TestBenchstatGroups(t *testing.T) {
	tables, rows := map[benchproc.Key]bool{}, map[benchproc.Key]int{}
	var parser benchproc.ProjectionParser
	project := func(s string) *benchproc.Projection {
		filter, err := benchproc.NewFilter("*")
		if err != nil {
			t.Fatal(err)
		}
		p, err := parser.Parse(s, filter)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	project("provenance,seed") // -ignore
	row := project(".fullname")
	table := project(".config")
	for _, commit := range []string{"one", "two"} {
		run := someRun()
		run.Envs[1].Commit = commit
		var b bytes.Buffer
		if err := Benchfmt(&b, run); err != nil {
			t.Fatal(err)
		}
		r := benchfmt.NewReader(&b, commit)
		for r.Scan() {
			if rec, ok := r.Result().(*benchfmt.Result); ok {
				tables[table.Project(rec)] = true
				rows[row.Project(rec)]++
			}
		}
	}
	if len(tables) != 1 || len(rows) != 2 {
		t.Errorf("%d tables, rows %v", len(tables), rows)
	}
}

// Distinct labels have distinct names, each a single word without a number of processors at the
// end.
func TestNames(t *testing.T) {
	label := rapid.StringOf(rapid.RuneFrom([]rune("ab-01 %/=\t\n\u00a0é"))).Filter(func(s string) bool { return s != "" })
	rapid.Check(t, func(t *rapid.T) {
		a, b := label.Draw(t, "a"), label.Draw(t, "b")
		name := func(s string) string { return Name(bench.PlannedCell{Label: s, DatasetLabel: "x"}) }
		if (a == b) != (name(a) == name(b)) {
			t.Errorf("%q, %q: %s, %s", a, b, name(a), name(b))
		}
		r := benchfmt.NewReader(strings.NewReader("Benchmark"+name(a)+" 1 2 found\n"), "x")
		if !r.Scan() {
			t.Fatalf("nothing in %q", name(a))
		}
		rec, ok := r.Result().(*benchfmt.Result)
		if !ok || string(rec.Name) != name(a) {
			t.Fatalf("%q is read as %v", name(a), r.Result())
		}
		if _, parts := rec.Name.Parts(); len(parts) != 2 {
			t.Errorf("%q has parts %q", name(a), parts)
		}
	})
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, someRun(), "csv"); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(lines) != 5 {
		t.Fatal(len(lines), err)
	}
	cell := func(i int) map[string]string {
		m := map[string]string{}
		for j, name := range lines[0] {
			m[name] = lines[i][j]
		}
		return m
	}
	first, failed := cell(1), cell(4)
	for name, want := range map[string]string{"dataset": "toy", "label": "An, UaiNet", "seed": "1", "state": "done", "found": "2", "f1_at_n": "0.5", "area": "0.8", "anomalies": "2", "roc_auc": "0.75", "average_precision": "", "seconds": "1.5", "stopped_early": "false", "attempts": "1"} {
		if first[name] != want {
			t.Errorf("%s is %q, want %q", name, first[name], want)
		}
	}
	if cell(3)["variant"] != "k=3" || cell(3)["f1_at_n"] != "" {
		t.Error(lines[3])
	}
	if failed["state"] != "failed" || failed["error"] != "it broke," || failed["found"] != "" || failed["area"] != "" {
		t.Error(lines[4])
	}
	if err := Write(full{}, someRun(), "csv"); err == nil {
		t.Error("a full disk passes")
	}
	if err := Write(&b, someRun(), "xml"); err == nil || !strings.Contains(err.Error(), "benchfmt, csv") {
		t.Error(err)
	}
}

// A cell of a split dataset has no audits, and none of their metrics.
func TestSplit(t *testing.T) {
	run := someRun()
	run.Cells = run.Cells[:1]
	run.Cells[0].Result = &runlog.Result{Rows: 9, Holdout: &runlog.Holdout{Flagged: 3, TP: 2, PRF: metric.PRF{Precision: 2.0 / 3, Recall: 1, F1: 0.8}}}
	var b bytes.Buffer
	if err := Benchfmt(&b, run); err != nil || !strings.HasSuffix(b.String(), "UaiNet 1 0.8 split-f1 1.5 seconds\n") {
		t.Errorf("%v: %s", err, b.String())
	}
	b.Reset()
	if err := CSV(&b, run); err != nil || !strings.Contains(b.String(), ",9,0,0,0,,,,,,,,,,,,3,2,0.6666666666666666,1,0.8,1.5,") {
		t.Errorf("%v: %s", err, b.String())
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }
