package report

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Parts are a run's tables and plots, for documents that show some of them.
type Parts struct {
	Counts string // "80 of 80 cells done"
	Digest string // of the results; "" if there are none
	Ran    string // where and with what the last invocation ran
	tables []*Table
	plots  []*figure
}

// NewParts makes all that Write would write of a run.
func NewParts(run *runlog.Run, cat bench.Catalog) *Parts {
	m := newModel(run, cat)
	p := &Parts{Counts: m.Counts.String(), tables: m.tables(), plots: m.figures()}
	if m.Counts.Done > 0 {
		p.Digest = run.Digest()
	}
	if n := len(run.Envs); n > 0 {
		p.Ran = invocation(run.Envs[n-1])
	}
	return p
}

// Table returns the table of a name ("f1", "datasets", …), or an error that lists those there are.
func (p *Parts) Table(name string) (*Table, error) {
	var names []string
	for _, t := range p.tables {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return nil, fmt.Errorf("report: no table %q among %q", name, names)
}

// Plot returns a plot by its file's name without the ending ("panel.budget"), as SVG with its title.
func (p *Parts) Plot(slug string) (title string, svg []byte, err error) {
	i := slices.IndexFunc(p.plots, func(f *figure) bool { return f.Slug == slug })
	if i < 0 {
		var names []string
		for _, f := range p.plots {
			names = append(names, f.Slug)
		}
		return "", nil, fmt.Errorf("report: no plot %q among %q", slug, names)
	}
	return p.plots[i].Title, p.plots[i].SVG(), nil
}
