// Package site writes a static site over nights: an index of specs, for each spec the trend of
// every metric, its steps and the verdict of each claim night by night, badges and a feed.
//
//	[]Spec, a nights.Story each -> Build -> index.html, feed.atom, badge.svg,
//	                                        SPEC/index.html, SPEC/badge.svg
//
// Pages ask nothing of any other machine and need no script, so that they can be opened from disk.
package site

import (
	"bytes"
	"embed"
	"html/template"
	"os"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/report/nights"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Spec is an experiment with its nights.
type Spec struct {
	Name   string // its folder's
	Title  string // the last night's plan's
	Story  *nights.Story
	Claims []Claim // that some night's run says something of
}

// Claim of the ledger, night by night.
type Claim struct {
	ID, Sentence string
	Verdicts     []string // one a night of the story; empty: the night says nothing of it
}

//go:embed templates
var templates embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"clean": text.Clean, "last": func(s []string) string { return s[len(s)-1] },
}).ParseFS(templates, "templates/*"))

// Build writes the site into a folder, which it makes. Files of a former site are replaced.
// problems say what is not shown, and why; the index says so too.
func Build(dir string, specs []Spec, problems ...string) error {
	if err := os.MkdirAll(dir, atomicfile.DirMode); err != nil {
		return err
	}
	write := func(name string, data []byte) error {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
			return err
		}
		return atomicfile.Write(path, data)
	}
	render := func(name, page string, of any) error {
		var b bytes.Buffer
		if err := pages.ExecuteTemplate(&b, page, of); err != nil {
			return err
		}
		return write(name, b.Bytes())
	}
	for _, s := range specs {
		p, err := newSpecPage(s)
		if err != nil {
			return err
		}
		if err := render(filepath.Join(s.Name, "index.html"), "spec.html", p); err != nil {
			return err
		}
		if err := render(filepath.Join(s.Name, "badge.svg"), "badge.svg",
			newBadge(s.Name, s.state())); err != nil {
			return err
		}
	}
	if err := render("index.html", "index.html", struct {
		Specs    []Spec
		Problems []string
	}{specs, problems}); err != nil {
		return err
	}
	if err := render("badge.svg", "badge.svg", newBadge("uaibench", overall(specs, problems))); err != nil {
		return err
	}
	feed, err := feed(specs)
	if err != nil {
		return err
	}
	return write("feed.atom", feed)
}

// state of a spec in a word.
func (s Spec) state() string {
	switch {
	case s.Story.Now().State == nights.Red:
		return "red"
	case s.Story.Blind():
		return "unknown"
	}
	return "green"
}

// State of the last night, or of the last one that can be read.
func (s Spec) State() nights.State { return s.Story.Now().State }

// overall is red if any spec is, and unknown if else anything cannot be read.
func overall(specs []Spec, problems []string) string {
	is := func(state string) bool {
		return slices.ContainsFunc(specs, func(s Spec) bool { return s.state() == state })
	}
	switch {
	case is("red"):
		return "red"
	case is("unknown") || len(specs) == 0 || len(problems) > 0:
		return "unknown"
	}
	return "green"
}

func color(state string) string {
	switch state {
	case "red":
		return "#b3261e"
	case "green":
		return "#1a7f37"
	}
	return "#6e6e6e"
}

// badge is a picture of two words; widths are in pixels.
type badge struct {
	Left, Right, Color string
	LeftWidth, Width   int
}

// newBadge takes 7 pixels for a letter, which is what 11 pixels of Verdana need on average.
func newBadge(left, right string) badge {
	l, r := 7*len([]rune(left))+12, 7*len([]rune(right))+12
	return badge{left, right, color(right), l, l + r}
}

// LeftMiddle and RightMiddle are where the words stand.
func (b badge) LeftMiddle() int  { return b.LeftWidth / 2 }
func (b badge) RightMiddle() int { return (b.LeftWidth + b.Width) / 2 }

// specPage is what templates/spec.html shows.
type specPage struct {
	Spec
	Tables []template.HTML
	Trends []trend
}

func newSpecPage(s Spec) (*specPage, error) {
	p := &specPage{Spec: s}
	for _, t := range s.Story.Tables(len(s.Story.Nights)) {
		html, err := htmlOf(t)
		if err != nil {
			return nil, err
		}
		p.Tables = append(p.Tables, html)
	}
	var err error
	p.Trends, err = trends(s.Story)
	return p, err
}

func htmlOf(t *table.Table) (template.HTML, error) {
	var b bytes.Buffer
	err := t.WriteHTML(&b)
	return template.HTML(b.String()), err // escaped by the table
}

// Nights are the names of the story's.
func (s Spec) Nights() (out []string) {
	for _, n := range s.Story.Nights {
		out = append(out, n.Name)
	}
	return out
}
