package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"image/color"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// pageCeiling is the maximum size of a page, in bytes. Content that does not fit is left out,
// audits first, with a note on where it is.
const pageCeiling = 16 << 20

// claimsCeiling is the maximum size of a page of verdicts on several runs, in bytes. With more than
// claimsStrips cells it has no strips, to leave room for audits and rows.
const (
	claimsCeiling = 4 << 20
	claimsStrips  = 500
)

//go:embed templates
var templates embed.FS

var pageTemplate = template.Must(template.ParseFS(templates, "templates/report.html"))

// document is a self-contained page.
type document struct {
	Title, Lede string
	Answer      string // to the question that the page answers
	Complete    bool
	Style       template.CSS
	Script      template.JS
	Warnings    []string
	Contents    []link
	Verdicts    *htmlVerdicts
	Runs        []htmlRun
	Figures     []htmlFigure
	Main        *htmlFigure // of Figures: on the first screen; nil: none
	Glossary    []term
	Rows        []htmlRows
	RowsNote    string
	Curves      []htmlCurves
	MoreCurves  []htmlCurves // of all other plots than a dataset's found(j)
	NoCurve     []string
	Sections    []htmlSection
	Pools       []htmlGroup
	CellsNote   string // on cells that are not in the page
	AuditsNote  string
	LeftOut     []string

	ceiling  int // 0: pageCeiling
	LogsLeft bool
	fill     func(room int) // adds rows of at most room bytes; nil: none
}

// Provenance is the heading under which warnings fold, with their number.
func (p *document) Provenance() string {
	n := len(p.Warnings) + len(p.LeftOut) + len(p.NoCurve)
	return "Provenance: " + text.Plural(len(p.Runs), "run") + ", " + text.Plural(n, "note") +
		" on what was computed and what is left out"
}

type link struct {
	ID, Name string
	Sub      []link
}

type htmlRun struct {
	Title         string // "" if it is the page's
	Facts, Inputs []model.Fact
}

type htmlFigure struct {
	ID, Title string
	SVG       template.HTML
	Areas     string // JSON of []htmlArea; "": no tooltips
	more      bool   // its tooltips show other than a dataset group's curves

	Narrow      template.HTML // the same for a phone; "": none
	NarrowAreas string
}

type htmlSection struct {
	ID, Name string
	Tables   []template.HTML
}

// scripts are a page's scripts, in order.
var scripts = []string{"unpack.js", "links.js", "tables.js", "rows.js", "audits.js", "plots.js",
	"glossary.js"}

// write renders the page within its ceiling.
func (p *document) write(w io.Writer, colors map[color.NRGBA]bool) error {
	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return err
	}
	p.Style = template.CSS(string(style) + plotColors(colors))
	var js strings.Builder
	js.WriteString("/*<![CDATA[*/\n\"use strict\";\n") // the page is also XML
	for _, name := range scripts {
		desc, err := templates.ReadFile("templates/" + name)
		if err != nil {
			return err
		}
		js.WriteString("(function () {\n" + string(desc) + "})();\n")
	}
	js.WriteString("/*]]>*/")
	p.Script = template.JS(js.String())

	if p.ceiling == 0 {
		p.ceiling = pageCeiling
	}
	size, err := p.size()
	if err != nil {
		return err
	}
	for _, leave := range []func(){p.leaveMore, p.leaveCurves, p.leaveLogs} {
		if size <= p.ceiling-roomForNotes {
			break
		}
		leave()
		if size, err = p.size(); err != nil {
			return err
		}
	}
	room, rows := p.ceiling-size-roomForNotes, 0
	if p.fill != nil {
		rows = min(rowsCeiling, max(room, 0)/2)
	}
	used := 0
	p.AuditsNote, used = packAudits(p.Pools, room-rows, p.ceiling)
	if p.fill != nil {
		p.fill(max(min(rowsCeiling, room-used), 0))
	}
	return pageTemplate.Execute(w, p)
}

// roomForNotes is reserved for the notes on omitted content, with a line for each cell, which are
// added after the page is measured.
const roomForNotes = 64 << 10

// size is the page's size without audits.
func (p *document) size() (int, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, p)
	return b.Len() + 350*p.cells(), err
}

func (p *document) cells() (n int) {
	for _, pool := range p.Pools {
		for _, s := range pool.Series {
			n += len(s.Cells)
		}
	}
	return n
}

func (p *document) leaveMore() {
	left := false
	for i := range p.Figures {
		if f := &p.Figures[i]; f.more {
			f.Areas, f.NarrowAreas, left = "", "", true
		}
	}
	if !left {
		return
	}
	p.MoreCurves = nil
	p.LeftOut = append(p.LeftOut,
		"The read-outs of the plots of guesses, settings, test sets, work and single rows are "+
			"left out: their tables, and the cells' result.json, have the numbers.")
}

func (p *document) leaveCurves() {
	p.Curves = nil
	for i := range p.Figures {
		p.Figures[i].Areas, p.Figures[i].NarrowAreas = "", ""
	}
	p.LeftOut = append(p.LeftOut,
		"The read-outs of the plots are left out: the cells' result.json have the curves.")
}

func (p *document) leaveLogs() {
	const most = 200
	if p.LogsLeft {
		return
	}
	p.LogsLeft = true
	for _, pool := range p.Pools {
		for _, s := range pool.Series {
			for _, c := range s.Cells {
				c.Strip, c.Facts, c.Message = "", "", text.Shorten(c.Message, most)
			}
		}
	}
	p.LeftOut = append(p.LeftOut,
		"The cells' strips, where each ran, and the ends of long messages are left out: see "+
			"status.json in each cell's folder.")
}

// plotColors is the style sheet for the colours of the plots, light and dark.
func plotColors(used map[color.NRGBA]bool) string {
	order := slices.SortedFunc(maps.Keys(used),
		func(a, b color.NRGBA) int { return strings.Compare(plot.Hex(a), plot.Hex(b)) })
	rule := func(c, as color.NRGBA) string {
		return fmt.Sprintf(".s%[1]s { stroke: #%[2]s; } .f%[1]s { fill: #%[2]s; }\n", plot.Hex(c),
			plot.Hex(as))
	}
	day, night := "", ""
	for _, c := range order {
		day += rule(c, c)
		night += "  " + rule(c, plot.OnDark(c))
	}
	return day + "@media screen and (prefers-color-scheme: dark) {\n" + night + "}\n"
}
