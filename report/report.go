// Package report writes the report of a run: report.html, report.md, tables as CSV, plots as SVG,
// PNG and GIF, and a summary for a terminal. It only connects the packages that do the work:
//
//	runlog.Run -> model (cells as series) -> figures (tables and plots) -> page (report.html)
//	text, table and plot format texts, tables and plots
//
// Two rules apply throughout. A report never shows a number without the number of planned cells
// behind it. And the same run gives the same bytes: nothing depends on the time or the machine,
// except on whether the raw data is available.
//
// Verdicts come from report/claims, comparisons of runs from report/compare.
package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/animation"
	"github.com/uaibench/uaibench/report/comparison"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/folder"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/page"
)

// Formats are written by Write by default. It also accepts GIF.
var Formats = []string{"html", "md", "csv", "svg", "png"}

// Write writes the report of a run into dir, which it creates if necessary: report.html, report.md,
// tables/*.csv, plots/*.svg, plots/*.png and plots/*.gif, according to formats (nil: all of
// Formats). It returns the paths written, in order. Each file is written completely or not at all.
// Files of an earlier report that this one lacks are removed, so that tables and plots have one
// plan; files that no report wrote are kept. Verdicts, if not nil, come first in report.html, and
// data, if not nil, supplies the audited rows.
func Write(run *runlog.Run, cat bench.Catalog, v *page.Verdicts, data page.Data, dir string,
	formats []string) ([]string, error) {
	if formats == nil {
		formats = Formats
	}
	for _, f := range formats {
		if f != animation.GIF && !slices.Contains(Formats, f) {
			return nil, fmt.Errorf("report: format %q is not one of %s, %s", f,
				strings.Join(Formats, ", "), animation.GIF)
		}
	}
	return write(model.New(run, cat), v, data, dir, formats)
}

// DropStale removes the report of another plan from a run's directory. Otherwise it would pass for
// the plan's own report until that is written, which an interruption or a shard delays.
func DropStale(plan bench.Plan, dir string) error { return folder.Drop(dir, shown(plan)) }

// shown identifies the plan that a report shows.
func shown(plan bench.Plan) string {
	data, err := runlog.Encode(plan)
	if err != nil {
		return ""
	}
	return runlog.FileDigest(data)
}

func write(m *model.Model, v *page.Verdicts, data page.Data, dir string,
	formats []string) ([]string, error) {
	to := &folder.Folder{Dir: dir, Formats: formats}
	made := figures.Of(m)
	drawings, tables := figures.Plots(made), figures.Tables(made)
	if to.Requested("html") {
		var b bytes.Buffer
		p := page.Page{Run: m, Figures: made, Verdicts: v, Data: data}
		if f := comparison.Of(m); f != nil {
			p.Answer = f.Answer()
		}
		if err := p.Write(&b); err != nil {
			return to.Paths, err
		}
		if err := to.Put("report.html", b.Bytes()); err != nil {
			return to.Paths, err
		}
	}
	if to.Requested("md") {
		var b bytes.Buffer
		if err := writeMarkdown(m, &b, drawings, tables, to.Image()); err != nil {
			return to.Paths, err
		}
		if err := to.Put("report.md", b.Bytes()); err != nil {
			return to.Paths, err
		}
	}
	if to.Requested("csv") {
		for _, t := range tables {
			var b bytes.Buffer
			if err := t.WriteCSV(&b); err != nil {
				return to.Paths, err
			}
			if err := to.Put("tables/"+t.Name+".csv", b.Bytes()); err != nil {
				return to.Paths, err
			}
		}
	}
	if err := to.Plots(drawings); err != nil {
		return to.Paths, err
	}
	if err := writeAnimations(m, to); err != nil {
		return to.Paths, err
	}
	return to.Paths, to.Settle(shown(m.Run.Plan))
}

func writeAnimations(m *model.Model, to *folder.Folder) error {
	if !to.Requested(animation.GIF) {
		return nil
	}
	all, err := animation.Animations(m)
	if err != nil {
		return err
	}
	for _, a := range all {
		data, err := a.GIF(animation.MaxBytes)
		if err != nil {
			return err
		}
		if err := to.Put("plots/"+a.Slug+".gif", data); err != nil {
			return err
		}
	}
	return nil
}
