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

// metric is a number of a done cell.
type metric struct {
	unit   string
	better string // "higher" or "lower"
	of     func(runlog.CellRecord) (float64, bool)
}

// Units are not those of time or size that the format's readers scale to others.
var metrics = []metric{
	{"found", "higher",
		func(c runlog.CellRecord) (float64, bool) {
			return float64(len(c.Result.Found)),
				c.Result.Split == nil
		}},
	{"f1", "higher", func(c runlog.CellRecord) (float64, bool) {
		if m := c.Result.Metrics.AtAnomalies; m != nil {
			return m.F1, true
		}
		return 0, false
	}},
	{"area", "higher",
		func(c runlog.CellRecord) (float64, bool) {
			return c.Result.Metrics.Area,
				c.Result.Split == nil
		}},
	{"split-f1", "higher", func(c runlog.CellRecord) (float64, bool) {
		if c.Result.Split == nil {
			return 0, false
		}
		return c.Result.Split.F1, true
	}},
	{"seconds", "lower",
		func(c runlog.CellRecord) (float64, bool) { return last(c).Seconds, true }},
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
	for _, m := range metrics {
		fmt.Fprintf(&b, "Unit %s better=%s\n", m.unit, m.better)
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
		for _, m := range metrics {
			if v, ok := m.of(c); ok {
				fmt.Fprintf(&b, " %s %s", strconv.FormatFloat(v, 'g', -1, 64), m.unit)
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
		counts := map[string]int{"rows": r.Rows, "features": r.Features, "classes": r.Classes,
			"anomalies": r.Anomalies}
		if s := r.Split; s != nil { // it audits nothing
			counts["split_flagged"], counts["split_tp"] = s.Flagged, s.TP
			values["split_precision"], values["split_recall"], values["split_f1"] = number(s.Precision), number(s.Recall), number(s.F1)
		} else {
			counts["budget"], counts["k"], counts["audited"], counts["found"] = r.Budget, r.K,
				r.Audited, len(r.Found)
			values["stopped_early"], values["area"] = strconv.FormatBool(r.StoppedEarly),
				number(r.Metrics.Area)
		}
		for name, v := range counts {
			values[name] = strconv.Itoa(v)
		}
		if m := r.Metrics.AtAnomalies; m != nil {
			values["precision_at_n"], values["recall_at_n"], values["f1_at_n"] = number(m.Precision), number(m.Recall), number(m.F1)
		}
		if u := r.Unlabelled; u != nil {
			if u.ROCAUC != nil {
				values["roc_auc"] = number(*u.ROCAUC)
			}
			if u.AveragePrecision != nil {
				values["average_precision"] = number(*u.AveragePrecision)
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
