// Package export writes a run in formats that other programs read: the Go benchmark format, so that
// benchstat works on results, and CSV.
package export

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Formats that Write knows.
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

// units of the lines of a cell: metrics within the budget, by their names in the registry, and the
// seconds. Their names are not those of time or size that the format's readers scale to others.
var units = []struct{ unit, metric string }{
	{"found", "found"}, {"f1", "f1"}, {"area", "area"}, {"split-f1", "split_f1"}, {"seconds", ""},
}

// value is a done cell's in a unit. A cell with a holdout split audits nothing: it has split-f1 and
// seconds.
func value(c runlog.CellRecord, metric string) (v float64, ok bool) {
	switch {
	case metric == "":
		return last(c).Seconds, true
	case (c.Result.Split != nil) != (metric == "split_f1"):
		return 0, false
	}
	v, err := registry.Get(metric).Of(c.Result, registry.Args{WithinBudget: true})
	return v, err == nil
}

// better is the direction in which a metric is better; of seconds, lower.
func better(metric string) registry.Better {
	if metric == "" {
		return registry.Lower
	}
	return registry.Get(metric).Better
}

// last is a cell's last attempt.
func last(c runlog.CellRecord) runlog.Attempt {
	if n := len(c.Status.Attempts); n > 0 {
		return c.Status.Attempts[n-1]
	}
	return runlog.Attempt{}
}

// Benchfmt writes the Go benchmark format: a line for each done cell, found, f1 (at N; where the
// budget allows), area and seconds; of a split dataset, split-f1 and seconds. Cells that differ by
// their seed alone have one name, so benchstat takes them as repetitions; the seed is a
// configuration line. What two runs of one experiment differ by all the same, such as the commit,
// is in one configuration line, provenance: benchstat -ignore provenance,seed.
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

// Name is a cell's name without its seed, as the Go benchmark format has names:
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

// processors ends the names of the Go benchmark format: what looks like it must not be taken for
// it.
var processors = regexp.MustCompile(`-[0-9]+$`)

// escape keeps names in one word and apart from each other: what has a meaning in a name, and
// space, becomes %XX.
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

var columns = []string{"cell", "dataset", "dataset_label", "method", "label", "variant", "seed",
	"state",
	"rows", "features", "classes", "anomalies", "budget", "k", "audited", "stopped_early",
	"found", "precision_at_n", "recall_at_n", "f1_at_n", "area", "roc_auc", "average_precision",
	"split_flagged", "split_tp", "split_precision", "split_recall", "split_f1",
	"seconds", "attempts", "kernel", "commit", "digest", "error"}

// CSV writes a line for each planned cell, done or not; what a cell has no value for is empty.
func CSV(w io.Writer, run *runlog.Run) error {
	out := csv.NewWriter(w)
	out.Write(columns) // csv.Writer keeps the error
	for _, c := range run.Cells {
		out.Write(row(c))
	}
	out.Flush()
	return out.Error()
}

func row(c runlog.CellRecord) []string {
	var variant []string
	for _, v := range c.Variant {
		variant = append(variant, v.Name+"="+v.Value)
	}
	values := map[string]string{
		"cell": c.ID, "dataset": c.Cell.Dataset.ID, "dataset_label": c.DatasetLabel,
		"method": c.Cell.Method.ID, "label": c.Label,
		"variant": strings.Join(variant, " "), "seed": strconv.FormatUint(c.Cell.Seed, 10),
		"state":    string(c.Status.State),
		"attempts": strconv.Itoa(len(c.Status.Attempts)), "digest": c.Status.Digest,
	}
	if len(c.Status.Attempts) > 0 {
		a := last(c)
		values["seconds"], values["kernel"], values["commit"] = number(a.Seconds), a.Kernel,
			a.Commit
		values["error"], _, _ = strings.Cut(a.Error, "\n")
	}
	if r := c.Result; r != nil {
		counts := map[string]int{"rows": r.Rows, "features": r.Features, "classes": r.Classes, "anomalies": r.Anomalies}
		metrics := map[string]string{"roc_auc": "auc", "average_precision": "average_precision"}
		if s := r.Split; s != nil { // it audits nothing
			counts["split_flagged"], counts["split_tp"] = s.Flagged, s.TP
			metrics["split_precision"], metrics["split_recall"], metrics["split_f1"] = "precision", "recall", "f1"
		} else {
			counts["budget"], counts["k"], counts["audited"] = r.Budget, r.K, r.Audited
			values["stopped_early"] = strconv.FormatBool(r.StoppedEarly)
			metrics["found"], metrics["area"] = "found", "area"
			metrics["precision_at_n"], metrics["recall_at_n"], metrics["f1_at_n"] = "precision", "recall", "f1"
		}
		for name, v := range counts {
			values[name] = strconv.Itoa(v)
		}
		for name, metric := range metrics {
			if v, err := registry.Get(metric).Of(r, registry.Args{WithinBudget: true}); err == nil {
				values[name] = number(v)
			}
		}
	}
	for name := range values {
		if !slices.Contains(columns, name) {
			panic("export: there is no column " + name)
		}
	}
	fields := make([]string, len(columns))
	for i, name := range columns {
		fields[i] = values[name]
	}
	return fields
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
