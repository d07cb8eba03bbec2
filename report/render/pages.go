package render

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/uaibench/uaibench/report/figures"
)

// TemplateSuffix is how the names of templates end: mnist.md.tmpl is mnist.md's.
const TemplateSuffix = ".tmpl"

// pages are a template for each experiment that has a result set: what all pages begin and end
// with, and between them the experiment's own template, or, where it has none, the first tables and
// plot of each of its sets.
func (s *sets) pages() ([]Template, error) {
	var out []Template
	for _, name := range s.experiments() {
		file := path.Join(s.Pages, name+".md"+TemplateSuffix)
		body, err := os.ReadFile(filepath.Join(s.Root, filepath.FromSlash(file)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			body, file = []byte(s.plainBody(name)), "report/render/pages.go"
		case err != nil:
			return nil, err
		}
		out = append(out, Template{File: file, Out: s.pageOf(name),
			Text: s.head(name, file) + strings.TrimSpace(string(body)) + "\n" + foot(name)})
	}
	return out, nil
}

// head is the title of a page, where it comes from, and its sets.
func (s *sets) head(experiment, file string) string {
	sets := s.setsOf(experiment)
	title := s.runs[sets[0]].Plan.Title
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n<!-- Rendered by `make experiments` from %s and the result sets "+
		"beside it. Edit that. -->\n\n", experiment, title, file)
	fmt.Fprintf(&b, "[All experiments](../../EXPERIMENTS.md) · spec [%s.yaml](../%s.yaml) · "+
		"`bin/uaibench run %s`\n\n", experiment, experiment, experiment)
	for _, set := range sets {
		fmt.Fprintf(&b, "* {{set %q}}\n", set)
	}
	return b.String() + "\n"
}

// foot is the list of the claims that rest on an experiment.
func foot(experiment string) string {
	return fmt.Sprintf("{{with resting %q}}\n## Claims that rest on it\n\n{{.}}\n{{end}}",
		experiment)
}

// plainBody shows the first plot of each set, and how many anomalies its methods found.
func (s *sets) plainBody(experiment string) string {
	var b strings.Builder
	sets := s.setsOf(experiment)
	for _, set := range sets {
		if len(sets) > 1 {
			fmt.Fprintf(&b, "## %s\n\n", set)
		}
		p := s.parts[set]()
		if plots := figures.Plots(p.made()); len(plots) > 0 {
			fmt.Fprintf(&b, "{{plot %q %q}}\n\n", set, plots[0].Slug)
		}
		for _, name := range []string{"f1", "split", "paired"} {
			if _, err := p.table(name); err == nil {
				fmt.Fprintf(&b, "{{table %q %q}}\n\n", set, name)
			}
		}
	}
	return b.String()
}
