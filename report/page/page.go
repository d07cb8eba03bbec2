// Package page writes report.html: one self-contained file with a run's verdicts, plots, tables,
// cells and audits.
//
//	err := page.Page{Run: m, Figures: figures.Of(m)}.Write(w)
//
// The markup is in the template, templates/report.html. The scripts beside it sort tables, show
// tooltips in plots and open lists of audits; without them the page still has all its content.
// Content that would exceed the size limit is left out, audits first, and noted in the page.
//
// What is shown is decided elsewhere: figures come from report/figures, verdicts from
// report/claims.
package page

import (
	"fmt"
	"html/template"
	"image/color"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Page is the content of one file: verdicts, plots, tables and cells of a run.
type Page struct {
	Run      *model.Model
	Figures  []figures.Shown
	Verdicts *Verdicts // nil: none
	Answer   string    // which method found most, by how much; "": unknown
	Data     Data      // source of the audited rows; nil: not available
	Ceiling  int       // of the file, in bytes; 0: 16 MiB
}

// Write draws the figures and writes the page.
func (q Page) Write(w io.Writer) error {
	m := q.Run
	p := &document{
		Title: m.Title, Lede: whatRan(m),
		Complete: m.Counts.Done == m.Counts.Planned && m.Counts.Planned > 0,
		Warnings: m.Warnings, Runs: []htmlRun{{Facts: m.Facts(), Inputs: m.Inputs()}},
		Answer: q.Answer, Glossary: glossary,
		ceiling: q.Ceiling,
	}
	colors := map[color.NRGBA]bool{}
	results := p.addFigures(figures.Plots(q.Figures), colors)
	p.chooseMain(figures.Main(m, q.Figures))
	p.fill = func(room int) { p.addRows(q.Data, room) }
	for _, pool := range m.Groups {
		if pool.First() == nil {
			p.NoCurve = append(p.NoCurve, fmt.Sprintf("%s: no curve, %s.", pool.Title, pool.Counts))
		}
	}
	logs := map[string]*htmlCellLog{}
	p.Pools = drill(m, "", logs, p.mostAudits(m.Counts.Done), nil)
	if q.Verdicts != nil {
		var err error
		if p.Verdicts, err = q.Verdicts.forPage(logs, colors); err != nil {
			return err
		}
		p.Contents = append(p.Contents, q.Verdicts.contents())
	}
	p.Contents = append(p.Contents, results)
	for _, s := range figures.Sections {
		var tables []*table.Table
		for _, f := range q.Figures {
			if f.Section == s {
				tables = append(tables, f.Tables...)
			}
		}
		if err := p.addSection(s, tables); err != nil {
			return err
		}
	}
	p.Contents = append(p.Contents, p.cellContents(), link{ID: "ran", Name: "What ran"},
		link{ID: "glossary", Name: "Glossary"})
	return p.write(w, colors)
}

// whatRan is a line with the number of methods, the number of datasets and the counts of cells.
func whatRan(m *model.Model) string {
	methods := map[string]bool{}
	groups := slices.Concat(m.Groups, m.Halves)
	datasets := map[string]bool{}
	for _, g := range groups {
		datasets[g.Ref.Source()] = true
		for _, s := range g.Series {
			name := s.Method.ID
			if name == bench.ProgramID {
				name += " " + s.Label
			}
			methods[name] = true
		}
	}
	if len(groups) == 0 {
		return m.Counts.String()
	}
	return fmt.Sprintf("%s on %s: %s", text.Plural(len(methods), "method"),
		text.Plural(len(datasets), "dataset"), m.Counts)
}

// chooseMain puts a figure on the first screen.
func (p *document) chooseMain(slug string) {
	i := slices.IndexFunc(p.Figures, func(f htmlFigure) bool { return f.ID == "fig."+slug })
	if i >= 0 {
		p.Main = &p.Figures[i]
	}
}

// Rest returns the figures that are not on the first screen.
func (p *document) Rest() []*htmlFigure {
	var out []*htmlFigure
	for i := range p.Figures {
		if p.Main != &p.Figures[i] {
			out = append(out, &p.Figures[i])
		}
	}
	return out
}

// WriteVerdicts writes a page of verdicts with the cells of all runs that they rest on, and their
// audited rows if data has them. data may be nil.
func WriteVerdicts(w io.Writer, v *Verdicts, runs []*runlog.Run, cat bench.Catalog,
	data Data) error {
	p := &document{Title: "Claims",
		Lede:     text.Plural(len(v.Claims), "claim") + ", " + text.Plural(len(runs), "run"),
		Complete: true, Answer: v.Note, Glossary: glossary, ceiling: claimsCeiling}
	p.fill = func(room int) { p.addRows(data, room) }
	only, all := map[string]bool{}, 0
	for _, c := range v.Claims {
		for _, id := range c.Cells {
			only[id] = true
		}
	}
	logs := map[string]*htmlCellLog{}
	for i, run := range runs {
		m := model.New(run, cat)
		all += m.Counts.Done
		prefix := ""
		if i > 0 {
			prefix = fmt.Sprintf("%d.", i+1)
		}
		for _, s := range m.Warnings {
			p.Warnings = append(p.Warnings, m.Title+": "+s)
		}
		p.Runs = append(p.Runs, htmlRun{Title: m.Title, Facts: m.Facts(), Inputs: m.Inputs()})
		for _, pool := range drill(m, prefix, logs, p.mostAudits(len(only)), only) {
			if len(runs) > 1 {
				pool.Title = m.Title + ": " + pool.Title
			}
			p.Pools = append(p.Pools, pool)
		}
	}
	if n := all - len(logs); n > 0 {
		p.CellsNote = fmt.Sprintf("Not on this page: %s on which no claim rests; see the reports "+
			"of their own runs.", text.Plural(n, "cell"))
	}
	if p.cells() > claimsStrips {
		p.leaveLogs()
	}
	var err error
	colors := map[color.NRGBA]bool{}
	if p.Verdicts, err = v.forPage(logs, colors); err != nil {
		return err
	}
	p.Verdicts.Note = "" // it is the page's answer
	p.Contents = append(p.Contents, v.contents(), p.cellContents(),
		link{ID: "ran", Name: "What ran"}, link{ID: "glossary", Name: "Glossary"})
	return p.write(w, colors)
}

// mostAudits is an upper bound on the audits of each cell that fit into a page: one takes more than
// two bytes.
func (p *document) mostAudits(cells int) int { return pageCeiling / 2 / max(cells, 1) }

// narrowSuffix ends the names that belong to a figure's narrow version, for phones.
const narrowSuffix = ".narrow"

func (p *document) addFigures(figures []*plot.Drawing, colors map[color.NRGBA]bool) link {
	l := link{ID: "results", Name: "Results"}
	var onPhone []htmlCurves
	for _, f := range figures {
		id := "fig." + f.Slug
		out := htmlFigure{ID: id, Title: f.Title}
		if f.Narrow != nil { // first, because tooltips keep the positions of the last drawing
			narrow := f.Narrow()
			narrow.Tooltips = f.Tooltips
			out.Narrow = template.HTML(narrow.InPage(id+narrowSuffix+".", colors))
			out.NarrowAreas = areas(narrow, narrowSuffix)
			for _, r := range f.Tooltips {
				if r.Captions != nil {
					onPhone = append(onPhone, packMarkers(r, narrow.H, narrowSuffix))
				}
			}
		}
		// The SVG is generated here, with every text in it escaped.
		out.SVG = template.HTML(f.InPage(id+".", colors))
		out.Areas = areas(f, "")
		for _, r := range f.Tooltips {
			out.more = out.more || !r.Main
			to := &p.MoreCurves
			if r.Main {
				to = &p.Curves
			}
			has := func(c htmlCurves) bool { return c.Pool == r.Name }
			if r.Captions != nil {
				*to = append(*to, packMarkers(r, f.H, ""))
			} else if r.Curves != nil && !slices.ContainsFunc(*to, has) {
				*to = append(*to, newCurves(r.Name, r.Curves()))
			}
		}
		p.Figures = append(p.Figures, out)
		l.Sub = append(l.Sub, link{ID: "at." + id, Name: f.Short})
	}
	p.MoreCurves = append(p.MoreCurves, onPhone...)
	return l
}

// addSection adds a section with the tables, if there are any.
func (p *document) addSection(s figures.Section, tables []*table.Table) error {
	if len(tables) == 0 {
		return nil
	}
	out := htmlSection{ID: s.ID, Name: s.Name}
	l := link{ID: s.ID, Name: s.Name}
	for _, t := range tables {
		if len(tables) == 1 {
			alone := *t
			alone.Title = "" // the section's
			t = &alone
		} else {
			l.Sub = append(l.Sub, link{ID: "table." + t.Name, Name: t.Title})
		}
		var b strings.Builder
		if err := t.WriteHTML(&b); err != nil {
			return err
		}
		out.Tables = append(out.Tables, template.HTML(b.String())) // made by a template, escaped
	}
	p.Sections = append(p.Sections, out)
	p.Contents = append(p.Contents, l)
	return nil
}

func (p *document) cellContents() link {
	l := link{ID: "cells", Name: "Cells and their audits"}
	for _, pool := range p.Pools {
		l.Sub = append(l.Sub, link{ID: pool.ID, Name: pool.Title})
	}
	return l
}
