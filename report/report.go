// Package report turns a run directory into something to read: recall curves, tables, and one page.
//
//	runlog.Run -> model (cells grouped into curves) -> Table, Curve -> text, Markdown, CSV, SVG, PNG, HTML
//
// Two rules hold for all of it. A report never shows a figure without saying how many of the planned
// cells it rests on. And the same run gives the same bytes: nothing depends on the time or the machine.
package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Formats that Write writes where none is named. It knows GIF besides.
var Formats = []string{"html", "md", "csv", "svg", "png"}

// Write writes the report of a run into dir, which it makes if need be: report.html, report.md,
// tables/*.csv, plots/*.svg, plots/*.png and plots/*.gif, as formats says (nil: all of Formats). It returns the paths written, in
// order. A file is there whole or not at all; files of an earlier report that this one lacks stay. Verdicts, where there
// are any, stand first in report.html.
func Write(run *runlog.Run, cat bench.Catalog, v *Verdicts, dir string, formats []string) ([]string, error) {
	if formats == nil {
		formats = Formats
	}
	for _, f := range formats {
		if f != GIF && !slices.Contains(Formats, f) {
			return nil, fmt.Errorf("report: format %q is not one of %s, %s", f, strings.Join(Formats, ", "), GIF)
		}
	}
	m := newModel(run, cat)
	m.Verdicts = v
	return m.write(dir, formats)
}

func (m *model) write(dir string, formats []string) ([]string, error) {
	var paths []string
	put := func(name string, data []byte) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := writeFile(path, data); err != nil {
			return fmt.Errorf("report: %w", err)
		}
		paths = append(paths, path)
		return nil
	}
	figures, tables := m.figures(), m.tables()
	wants := func(f string) bool { return slices.Contains(formats, f) }
	if wants("html") {
		var b bytes.Buffer
		if err := m.writeHTML(&b, figures, tables); err != nil {
			return paths, err
		}
		if err := put("report.html", b.Bytes()); err != nil {
			return paths, err
		}
	}
	if wants("md") {
		image := ""
		if wants("svg") {
			image = "svg"
		} else if wants("png") {
			image = "png"
		}
		var b bytes.Buffer
		if err := m.writeMarkdown(&b, figures, tables, image); err != nil {
			return paths, err
		}
		if err := put("report.md", b.Bytes()); err != nil {
			return paths, err
		}
	}
	if wants("csv") {
		for _, t := range tables {
			var b bytes.Buffer
			if err := t.WriteCSV(&b); err != nil {
				return paths, err
			}
			if err := put("tables/"+t.Name+".csv", b.Bytes()); err != nil {
				return paths, err
			}
		}
	}
	if err := writePlots(figures, wants, put); err != nil {
		return paths, err
	}
	if wants(GIF) {
		all, err := m.animations()
		if err != nil {
			return paths, err
		}
		for _, a := range all {
			data, err := a.GIF(gifCeiling)
			if err != nil {
				return paths, err
			}
			if err := put("plots/"+a.Slug+".gif", data); err != nil {
				return paths, err
			}
		}
	}
	return paths, nil
}

// writePlots puts the figures as the formats that are wanted.
func writePlots(figures []*figure, wants func(format string) bool, put func(name string, data []byte) error) error {
	for _, f := range figures {
		if wants("svg") {
			if err := put("plots/"+f.Slug+".svg", f.SVG()); err != nil {
				return err
			}
		}
		if wants("png") {
			data, err := f.PNG()
			if err != nil {
				return fmt.Errorf("report: %s.png: %w", f.Slug, err)
			}
			if err := put("plots/"+f.Slug+".png", data); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeFile makes the folder, and the file whole or not at all.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}
