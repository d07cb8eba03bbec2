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

// TemplateSuffix ends the names of templates: mnist.md.tmpl is the template of mnist.md.
const TemplateSuffix = ".tmpl"

// pages returns a template for each experiment that has a result set: a common head and foot around
// the experiment's own template, or, if it has none, the first plot and the main tables of each of
// its sets.
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

// head is a page's title, its source and its sets.
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

// plainBody shows the first plot of each set and its tables of found anomalies.
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
