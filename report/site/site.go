// Package site writes a static site on nights: an index of specs, for each spec the trend of every
// metric, its steps and the verdict of each claim by night, badges and a feed.
//
//	[]Spec, a nights.Story each -> Build -> index.html, feed.atom, badge.svg,
//	                                        SPEC/index.html, SPEC/badge.svg
//
// Pages make no requests and need no script, so that they can be opened from disk.
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
	Name   string // the folder's name
	Title  string // of the last night's plan
	Story  *nights.Story
	Claims []Claim // with a verdict in some night
}

// Claim is a claim of the ledger, with its verdict by night.
type Claim struct {
	ID, Sentence string
	Verdicts     []string // one per night of the story; "": no verdict
}

//go:embed templates
var templates embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"clean": text.Clean, "last": func(s []string) string { return s[len(s)-1] },
}).ParseFS(templates, "templates/*"))

// Build writes the site into dir, which it creates. Files of an earlier site are replaced. problems
// explain what is not shown; the index lists them.
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

// state is a spec's state: red, unknown or green.
func (s Spec) state() string {
	switch {
	case s.Story.Now().State == nights.Red:
		return "red"
	case s.Story.Blind():
		return "unknown"
	}
	return "green"
}

// State is the state of the last night that can be read.
func (s Spec) State() nights.State { return s.Story.Now().State }

// overall is red if any spec is, else unknown if anything cannot be read.
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

// badge is an image of two words; widths are in pixels.
type badge struct {
	Left, Right, Color string
	LeftWidth, Width   int
}

// newBadge counts 7 pixels for a letter, the average of Verdana at 11 pixels.
func newBadge(left, right string) badge {
	l, r := 7*len([]rune(left))+12, 7*len([]rune(right))+12
	return badge{left, right, color(right), l, l + r}
}

// LeftMiddle and RightMiddle are the x coordinates of the words' centres.
func (b badge) LeftMiddle() int  { return b.LeftWidth / 2 }
func (b badge) RightMiddle() int { return (b.LeftWidth + b.Width) / 2 }

// specPage is the data of templates/spec.html.
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

// Nights returns the names of the story's nights.
func (s Spec) Nights() (out []string) {
	for _, n := range s.Story.Nights {
		out = append(out, n.Name)
	}
	return out
}
