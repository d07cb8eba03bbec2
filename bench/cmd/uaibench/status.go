package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/bytesize"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/runjson"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report"
	"github.com/uaibench/uaibench/report/animation"
	"github.com/uaibench/uaibench/report/table"
)

func (a *app) statusCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "status RUN…",
		Short: "Which cells of a run directory are planned, done, running, failed or timed out",
		Args:  atLeastOne("run directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			return each(args, func(dir string) error { return a.status(dir, asJSON) })
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (a *app) status(dir string, asJSON bool) error {
	run, err := runlog.Read(dir)
	if err != nil {
		return err
	}
	var cells []runjson.Cell
	for _, c := range run.Cells {
		cells = append(cells, runjson.OfCell(run, c))
	}
	if asJSON {
		return snakejson.Write(a.stdout, cells)
	}
	a.paragraph("", fmt.Sprintf("%s: %d planned, %d done, %d running, %d failed, %d timed out, %d not run",
		dir, run.Planned(), run.Count(runlog.Done), run.Count(runlog.Running),
		run.Count(runlog.Failed), run.Count(runlog.TimedOut), run.Count(runlog.Planned)))
	a.paragraph("", "digest "+a.digest(run))
	return a.statusTable(run, cells).WriteText(a.stdout, a.width())
}

// digest returns the digest of a run's results, cut to 16 characters on a narrow terminal.
func (a *app) digest(run *runlog.Run) string {
	d := run.Digest()
	if room := a.width() - len("digest "); room < len(d) {
		return d[:min(16, len(d))]
	}
	return d
}

// statusTable returns a table with a row for each cell; empty columns are omitted.
func (a *app) statusTable(run *runlog.Run, cells []runjson.Cell) *table.Table {
	columns := []table.Column{{Name: "dataset"}, {Name: "method"}, {Name: "varied"},
		{Name: "seed", Whole: true}, {Name: "state", Whole: true}, {Name: "found"},
		{Name: "seconds", Whole: true}, {Name: "memory", Whole: true}, {Name: "snapshot"}, {Name: "cell", Whole: true},
		{Name: "error"}}
	var rows [][]string
	used := make([]bool, len(columns))
	for i, c := range cells {
		found, seconds, memory := "", "", bytesize.Size(c.ProgramMemory)
		if c.State == string(runlog.Done) {
			found = fmt.Sprintf("%d of %d in %d audits", c.Found, c.Of, c.Audited)
			if c.Budget == 0 {
				found = fmt.Sprintf("F1 %.3f on the test half", c.F1)
			}
			seconds = fmt.Sprintf("%.1f", c.Seconds)
		}
		p := run.Cells[i].PlannedCell
		row := []string{a.catalog().DatasetName(p), c.Label, bench.SettingsText(p.Variant), fmt.Sprint(c.Seed), c.State,
			found, seconds, memory.String(), snapshotText(c), c.ID, text.FirstLine(c.Error)}
		for k, v := range row {
			used[k] = used[k] || v != ""
		}
		rows = append(rows, row)
	}
	t := &table.Table{Name: "status"}
	for k, c := range columns {
		if used[k] {
			t.Columns = append(t.Columns, c)
		}
	}
	for _, row := range rows {
		var out []table.Value
		for k, v := range row {
			if used[k] {
				out = append(out, table.Str(v))
			}
		}
		t.Add(out...)
	}
	return t
}

// snapshotText describes where a cell was resumed after an interruption, or would be.
func snapshotText(c runjson.Cell) string {
	switch {
	case c.Snapshot != nil && c.Snapshot.Audits == 0:
		return "within the pre-training"
	case c.Snapshot != nil:
		return fmt.Sprintf("at audit %d of %d", c.Snapshot.Audits, c.Snapshot.Budget)
	case c.Resumed != nil && c.Resumed.Times > 1:
		return fmt.Sprintf("resumed %d times, last at audit %d", c.Resumed.Times, c.Resumed.Audits)
	case c.Resumed != nil:
		return fmt.Sprintf("resumed at audit %d", c.Resumed.Audits)
	}
	return ""
}

// reportDir returns the default folder of a report: the run directory, or PACK.report beside a
// pack. A pack's run directory may be beside it too, and keeps its own report.
func reportDir(run string) string {
	if info, err := os.Stat(run); err == nil && !info.IsDir() {
		return strings.TrimSuffix(run, runlog.PackSuffix) + ".report"
	}
	return run
}

func (a *app) reportCommand() *cobra.Command {
	var formats []string
	out := ""
	c := &cobra.Command{
		Use:   "report RUN…",
		Short: "Tables, plots and one self-contained report.html of a run directory",
		Args:  atLeastOne("run directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out != "" && len(args) > 1 {
				return usage(fmt.Errorf("--out names one folder, but there are %d runs", len(args)))
			}
			known := map[string]bool{"html": true, "md": true, "csv": true, "svg": true,
				"png": true, animation.GIF: true}
			for _, f := range formats {
				if !known[f] {
					return usage(fmt.Errorf("--format %s: is not one of html, md, csv, svg, png, gif", f))
				}
			}
			return each(args, func(dir string) error {
				run, err := runlog.Read(dir)
				if err != nil {
					return err
				}
				verdicts, err := a.verdicts(run)
				if err != nil {
					return err
				}
				files, err := report.Write(run, a.catalog(), verdicts, a.builder(),
					cmp.Or(out, reportDir(dir)), formats)
				for _, f := range files {
					fmt.Fprintln(a.stdout, f)
				}
				return err
			})
		},
	}
	c.Flags().StringSliceVar(&formats, "format", nil,
		"html, md, csv, svg, png, gif (animations; default: all but gif)")
	c.Flags().StringVarP(&out, "out", "o", "",
		"folder to write to (default: the run directory, or PACK.report for a pack PACK.tar.gz); "+
			"with one run only")
	return c
}
