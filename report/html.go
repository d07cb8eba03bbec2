package report

import (
	"fmt"
	"html/template"
	"image/color"
	"io"
	"maps"
	"slices"
	"strings"
)

var pageTemplate = template.Must(template.ParseFS(templates, "templates/report.html"))

type page struct {
	Title, Counts string
	Complete      bool
	Style         template.CSS
	Script        template.JS
	Warnings      []string
	Contents      []link
	Facts, Inputs []fact
	Figures       []htmlFigure
	NoCurve       []string
	Sections      []htmlSection
	AuditsNote    string
	Pools         []htmlPool
}

type link struct {
	ID, Name string
	Sub      []link
}

type htmlFigure struct {
	ID, Title string
	SVG       template.HTML
}

type htmlSection struct {
	ID, Name string
	Tables   []template.HTML
}

// sections of the page and the tables in each.
var sections = []struct {
	id, name string
	tables   []string
}{
	{"tables", "Tables", []string{"f1", "audits", "test_recall", "guesses", "separability", "checkpoints", "test_types", "complexity"}},
	{"halves", "Half-split protocol", []string{"split"}},
	{"datasets", "Datasets", []string{"datasets"}},
	{"assumptions", "Assumptions", []string{"assumptions"}},
	{"coverage", "Coverage", []string{"coverage", "failures"}},
}

// writeHTML writes the one page that holds everything and asks nobody for anything.
func (m *model) writeHTML(w io.Writer, figures []*figure, tables []*Table) error {
	p := page{
		Title: m.Title, Counts: m.Counts.String(), Complete: m.Counts.Done == m.Counts.Planned && m.Counts.Planned > 0,
		Warnings: m.Warnings, Facts: m.facts(), Inputs: m.inputs(),
	}
	p.Contents = []link{{ID: "ran", Name: "What ran"}}
	results := link{ID: "results", Name: "Results"}
	colors := map[color.NRGBA]bool{}
	for _, f := range figures {
		id := "fig." + f.Slug
		// SVG is made here, every text in it escaped.
		p.Figures = append(p.Figures, htmlFigure{ID: id, Title: f.Title, SVG: template.HTML(f.inPage(id+".", colors))})
		results.Sub = append(results.Sub, link{ID: id, Name: f.Short})
	}
	p.Contents = append(p.Contents, results)
	for _, pool := range m.Pools {
		if pool.first() == nil {
			p.NoCurve = append(p.NoCurve, fmt.Sprintf("%s: no curve, %s.", pool.Title, pool.Counts))
		}
	}
	for _, s := range sections {
		out := htmlSection{ID: s.id, Name: s.name}
		l := link{ID: s.id, Name: s.name}
		for _, name := range s.tables {
			i := slices.IndexFunc(tables, func(t *Table) bool { return t.Name == name })
			if i < 0 {
				continue // a run without counted checkpoints has no complexity table
			}
			t := *tables[i]
			if len(s.tables) == 1 {
				t.Title = "" // the section's
			}
			var b strings.Builder
			if err := t.WriteHTML(&b); err != nil {
				return err
			}
			out.Tables = append(out.Tables, template.HTML(b.String())) // made by a template, escaped
			if len(s.tables) > 1 {
				l.Sub = append(l.Sub, link{ID: "table." + name, Name: t.Title})
			}
		}
		if out.Tables == nil {
			continue // nothing is of halves
		}
		p.Sections = append(p.Sections, out)
		p.Contents = append(p.Contents, l)
	}
	p.Pools, p.AuditsNote = m.drill()
	cells := link{ID: "cells", Name: "Cells and their audits"}
	for _, pool := range m.Pools {
		cells.Sub = append(cells.Sub, link{ID: "cells." + pool.Slug, Name: pool.Title})
	}
	p.Contents = append(p.Contents, cells)

	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return err
	}
	script, err := templates.ReadFile("templates/sort.js")
	if err != nil {
		return err
	}
	p.Style = template.CSS(string(style) + plotColors(colors))
	p.Script = template.JS(script)
	return pageTemplate.Execute(w, p)
}

// plotColors is the style sheet's part for the colours of the plots, by day and by night.
func plotColors(used map[color.NRGBA]bool) string {
	order := slices.SortedFunc(maps.Keys(used), func(a, b color.NRGBA) int { return strings.Compare(hex(a), hex(b)) })
	rule := func(c, as color.NRGBA) string {
		return fmt.Sprintf(".s%[1]s { stroke: #%[2]s; } .f%[1]s { fill: #%[2]s; }\n", hex(c), hex(as))
	}
	day, night := "", ""
	for _, c := range order {
		day += rule(c, c)
		night += "  " + rule(c, onDark(c))
	}
	return day + "@media screen and (prefers-color-scheme: dark) {\n" + night + "}\n"
}
