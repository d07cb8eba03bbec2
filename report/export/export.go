// Package export writes a run in the Go benchmark format, which benchstat reads, and as CSV.
package export

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/text"
)

// Formats are the formats of Write.
var Formats = []string{"benchfmt", "csv"}

// Write writes all cells of a run in a format.
func Write(w io.Writer, run *runlog.Run, format string) error {
	switch format {
	case "benchfmt":
		return Benchfmt(w, run)
	case "csv":
		return CSV(w, run)
	}
	return fmt.Errorf("format %q is not one of %s", format, strings.Join(Formats, ", "))
}

// units are the units of a cell's line: metrics within the budget, by their registry names, and
// seconds. The names avoid the units of time and size that readers of the format rescale.
var units = []struct{ unit, metric string }{
	{"found", "found"}, {"f1", "f1"}, {"area", "area"}, {"split-f1", "split_f1"}, {"seconds", ""},
}

// value returns a done cell's value in a unit. A cell with a holdout split has no audits, only
// split-f1 and seconds.
func value(c runlog.CellRecord, metric string) (v float64, ok bool) {
	switch {
	case metric == "":
		return last(c).Seconds, true
	case (c.Result.Holdout != nil) != (metric == "split_f1"):
		return 0, false
	}
	v, err := registry.Get(metric).Of(c.Result, registry.Args{WithinBudget: true})
	return v, err == nil
}

// better is the direction in which a metric improves: lower for seconds.
func better(metric string) registry.Better {
	if metric == "" {
		return registry.Lower
	}
	return registry.Get(metric).Better
}

// last returns a cell's last attempt; zero if there is none.
func last(c runlog.CellRecord) runlog.Attempt {
	if n := len(c.Status.Attempts); n > 0 {
		return c.Status.Attempts[n-1]
	}
	return runlog.Attempt{}
}

// Benchfmt writes the Go benchmark format: a line for each done cell, with found, f1 (at N, if the
// budget allows), area and seconds, or, for a split dataset, with split-f1 and seconds. Cells that
// differ only in the seed have one name, so benchstat takes them as repetitions; the seed is a
// configuration line. Differences between two runs of one experiment, such as the commit, are in
// one configuration line, provenance: benchstat -ignore provenance,seed.
func Benchfmt(w io.Writer, run *runlog.Run) error {
	var b strings.Builder
	done := run.Count(runlog.Done)
	fmt.Fprintf(&b, "# %d of %d planned cells are done\n", done, len(run.Cells))
	for _, u := range units {
		fmt.Fprintf(&b, "Unit %s better=%s\n", u.unit, better(u.metric))
	}
	config := func(key, value string) {
		if value = strings.Join(strings.Fields(value), " "); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	config("experiment", run.Plan.Name)
	config("profile", run.Plan.Profile)
	e := runlog.Env{}
	if n := len(run.Envs); n > 0 {
		e = run.Envs[n-1]
	}
	config("goos", e.OS)
	config("goarch", e.Arch)
	config("provenance",
		fmt.Sprintf("results %s plan %s version %s commit %s go %s kernel %s cpu %s",
			run.Digest(), run.Plan.Digest(), cmp.Or(e.Version, "unknown"),
			cmp.Or(e.Commit, "unknown"), cmp.Or(e.Go, "unknown"), cmp.Or(e.Kernel, "unknown"),
			cmp.Or(e.CPU, "unknown")))
	for _, c := range run.Cells {
		if c.Result == nil {
			continue
		}
		config("seed", strconv.FormatUint(c.Cell.Seed, 10))
		fmt.Fprintf(&b, "Benchmark%s 1", Name(c.PlannedCell))
		for _, u := range units {
			if v, ok := value(c, u.metric); ok {
				fmt.Fprintf(&b, " %s %s", strconv.FormatFloat(v, 'g', -1, 64), u.unit)
			}
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Name is a cell's name without its seed, in the Go benchmark format:
// Cell/dataset=mnist0/method=DAE.
func Name(c bench.PlannedCell) string {
	name := "Cell/dataset=" + escape(cmp.Or(c.DatasetLabel, c.Cell.Dataset.ID)) + "/method=" +
		escape(c.Label)
	for _, v := range c.Variant {
		name += "/" + escape(v.Name) + "=" + escape(v.Value)
	}
	if i := processors.FindStringIndex(name); i != nil {
		name = name[:i[0]] + "%2D" + name[i[0]+1:]
	}
	return name
}

// processors matches the number of processors that may end a name in the Go benchmark format. Name
// escapes such an ending.
var processors = regexp.MustCompile(`-[0-9]+$`)

// escape makes names distinct single words: characters with a meaning in a name, and space, become
// %XX.
func escape(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\ufffd") {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("%/=", r) || r > 0x7f &&
			!strconv.IsPrint(r) {
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// column is a column of the CSV; of returns "" if a cell has no value.
type column struct {
	name string
	of   func(runlog.CellRecord) string
}

// Columns that are empty if their part of a cell is missing.

func attempt(name string, of func(runlog.Attempt) string) column {
	return column{name, func(c runlog.CellRecord) string {
		if len(c.Status.Attempts) == 0 {
			return ""
		}
		return of(last(c))
	}}
}

func result(name string, of func(*runlog.Result) string) column {
	return column{name, func(c runlog.CellRecord) string {
		if c.Result == nil {
			return ""
		}
		return of(c.Result)
	}}
}

// audited is a column of cells that audit a pool.
func audited(name string, of func(*runlog.Result) string) column {
	return result(name, func(r *runlog.Result) string {
		if r.Holdout != nil {
			return ""
		}
		return of(r)
	})
}

// split is a column of cells with a holdout split, which have no audits.
func split(name string, of func(*runlog.Result) string) column {
	return result(name, func(r *runlog.Result) string {
		if r.Holdout == nil {
			return ""
		}
		return of(r)
	})
}

// score returns a registry metric, within the budget, as text.
func score(name string) func(*runlog.Result) string {
	return func(r *runlog.Result) string {
		v, err := registry.Get(name).Of(r, registry.Args{WithinBudget: true})
		if err != nil {
			return ""
		}
		return number(v)
	}
}

var columns = []column{
	{"cell", func(c runlog.CellRecord) string { return c.ID }},
	{"dataset", func(c runlog.CellRecord) string { return c.Cell.Dataset.ID }},
	{"dataset_label", func(c runlog.CellRecord) string { return c.DatasetLabel }},
	{"method", func(c runlog.CellRecord) string { return c.Cell.Method.ID }},
	{"label", func(c runlog.CellRecord) string { return c.Label }},
	{"variant", variant},
	{"seed", func(c runlog.CellRecord) string { return strconv.FormatUint(c.Cell.Seed, 10) }},
	{"state", func(c runlog.CellRecord) string { return string(c.Status.State) }},
	result("rows", func(r *runlog.Result) string { return strconv.Itoa(r.Rows) }),
	result("features", func(r *runlog.Result) string { return strconv.Itoa(r.Features) }),
	result("classes", func(r *runlog.Result) string { return strconv.Itoa(r.Classes) }),
	result("anomalies", func(r *runlog.Result) string { return strconv.Itoa(r.Anomalies) }),
	audited("budget", func(r *runlog.Result) string { return strconv.Itoa(r.Budget) }),
	audited("k", func(r *runlog.Result) string { return strconv.Itoa(r.K) }),
	audited("audited", func(r *runlog.Result) string { return strconv.Itoa(r.Audited) }),
	audited("stopped_early",
		func(r *runlog.Result) string { return strconv.FormatBool(r.StoppedEarly) }),
	audited("found", score("found")),
	audited("precision_at_n", score("precision")),
	audited("recall_at_n", score("recall")),
	audited("f1_at_n", score("f1")),
	audited("area", score("area")),
	result("roc_auc", score("auc")),
	result("average_precision", score("average_precision")),
	split("split_flagged",
		func(r *runlog.Result) string { return strconv.Itoa(r.Holdout.Flagged) }),
	split("split_tp", func(r *runlog.Result) string { return strconv.Itoa(r.Holdout.TP) }),
	split("split_precision", score("precision")),
	split("split_recall", score("recall")),
	split("split_f1", score("f1")),
	attempt("seconds", func(a runlog.Attempt) string { return number(a.Seconds) }),
	{"attempts", func(c runlog.CellRecord) string { return strconv.Itoa(len(c.Status.Attempts)) }},
	attempt("kernel", func(a runlog.Attempt) string { return a.Kernel }),
	attempt("commit", func(a runlog.Attempt) string { return a.Commit }),
	{"digest", func(c runlog.CellRecord) string { return c.Status.Digest }},
	attempt("error", func(a runlog.Attempt) string {
		first, _, _ := strings.Cut(a.Error, "\n")
		return first
	}),
}

func variant(c runlog.CellRecord) string {
	var out []string
	for _, v := range c.Variant {
		out = append(out, v.Name+"="+v.Value)
	}
	return strings.Join(out, " ")
}

// CSV writes a line for each planned cell, done or not. Missing values are empty.
func CSV(w io.Writer, run *runlog.Run) error {
	out := csv.NewWriter(w)
	line := make([]string, len(columns))
	write := func(of func(column) string) {
		for i, c := range columns {
			line[i] = text.Spreadsheet(of(c))
		}
		out.Write(line) // csv.Writer keeps the error
	}
	write(func(c column) string { return c.name })
	for _, r := range run.Cells {
		write(func(c column) string { return c.of(r) })
	}
	out.Flush()
	return out.Error()
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
