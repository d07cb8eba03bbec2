// Package report writes the report of a run: report.html, report.md, tables as CSV, plots as SVG,
// PNG and GIF, and a summary for a terminal. It is a thin front; what is in a report is made by
//
//	runlog.Run -> model (cells as series) -> figures (tables and plots) -> page (report.html)
//	text, table and plot say how a text, a table and a plot are written
//
// Two rules hold for all of it. A report never shows a number without saying how many of the
// planned cells it rests on. And the same run gives the same bytes: nothing depends on the time or
// the machine, but for whether the raw data is at hand.
//
// It judges nothing: verdicts come from report/claims, comparisons of runs from report/compare.
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

// Formats that Write writes where none is named. It knows GIF besides.
var Formats = []string{"html", "md", "csv", "svg", "png"}

// Write writes the report of a run into dir, which it makes if need be: report.html, report.md,
// tables/*.csv, plots/*.svg, plots/*.png and plots/*.gif, as formats says (nil: all of Formats). It
// returns the paths written, in order. A file is there whole or not at all. Files of an earlier
// report that this one lacks are removed, so that tables and plots are of one plan; what no report
// made stays. Verdicts, where there are any, stand first in report.html, and data, where it is at
// hand, gives it the rows that were audited.
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

// DropStale removes the report of another plan from a run's directory: what is there until the
// plan's own report is written, which an interruption or a shard puts off, would pass for it.
func DropStale(plan bench.Plan, dir string) error { return folder.Drop(dir, shown(plan)) }

// shown identifies what a report of a plan shows.
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
	if to.Wants("html") {
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
	if to.Wants("md") {
		var b bytes.Buffer
		if err := writeMarkdown(m, &b, drawings, tables, to.Image()); err != nil {
			return to.Paths, err
		}
		if err := to.Put("report.md", b.Bytes()); err != nil {
			return to.Paths, err
		}
	}
	if to.Wants("csv") {
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
	if !to.Wants(animation.GIF) {
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
