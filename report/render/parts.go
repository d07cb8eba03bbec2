package render

import (
	"fmt"
	"slices"
	"sync"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// parts has a run's tables and plots, from which documents select.
type parts struct {
	Counts string   // "80 of 80 cells done"
	Digest string   // of the results; "" if there are none
	Ran    string   // where and with what the last invocation ran
	Mixed  []string // warnings such as "mixed kernels: …"
	groups []*model.Group
	model  *model.Model
	made   func() []figures.Shown // all figures, made at the first call
}

func newParts(run *runlog.Run, cat bench.Catalog) *parts {
	m := model.New(run, cat)
	p := &parts{Counts: m.Counts.String(), Mixed: model.Mixed(run), groups: m.Groups, model: m,
		made: sync.OnceValue(func() []figures.Shown { return figures.Of(m) })}
	if m.Counts.Done > 0 {
		p.Digest = run.Digest()
	}
	if n := len(run.Envs); n > 0 {
		p.Ran = model.Invocation(run.Envs[n-1])
	}
	return p
}

// table returns the table with a name ("f1", "datasets", …), or an error that lists the names.
func (p *parts) table(name string) (*table.Table, error) {
	var names []string
	for _, t := range figures.Tables(p.made()) {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return nil, fmt.Errorf("no table %q among %q", name, names)
}

// plot returns the plot with a slug ("panel.budget"), or an error that lists the slugs.
func (p *parts) plot(slug string) (*plot.Drawing, error) {
	var names []string
	for _, d := range figures.Plots(p.made()) {
		if d.Slug == slug {
			return d, nil
		}
		names = append(names, d.Slug)
	}
	return nil, fmt.Errorf("no plot %q among %q", slug, names)
}

// found returns the median over the done seeds of the number of anomalies that a method found in a
// dataset after the given number of audits, as text. The dataset is named by its slug ("mnist0_2"),
// the method as in the tables ("DAE_uai").
func (p *parts) found(dataset, method string, audits int) (string, error) {
	s, err := p.series(dataset, method)
	if err != nil {
		return "", err
	}
	c := model.NewCurve(s.Results())
	med, _, _, ok := c.Value(audits)
	if !ok {
		return "", fmt.Errorf("%s on %s is known up to %s, not to %d", method, dataset,
			text.Plural(c.End, "audit"), audits)
	}
	return text.Half(med), nil
}

// anomalies returns a dataset's number of anomalies as text, or its range if the seeds' draws
// differ.
func (p *parts) anomalies(dataset string) (string, error) {
	var of []float64
	for _, q := range p.groups {
		for _, s := range q.Series {
			for _, r := range s.Results() {
				if q.Slug == dataset {
					of = append(of, float64(r.Anomalies))
				}
			}
		}
	}
	if of == nil {
		return "", fmt.Errorf("no results on the dataset %q among %q", dataset,
			p.groupNames())
	}
	return text.LeastToMost(of), nil
}

func (p *parts) series(dataset, method string) (*model.Series, error) {
	i := slices.IndexFunc(p.groups, func(q *model.Group) bool { return q.Slug == dataset })
	if i < 0 {
		return nil, fmt.Errorf("no dataset %q among %q", dataset, p.groupNames())
	}
	var names []string
	for _, s := range p.groups[i].Series {
		if s.Label == method {
			return s, nil
		}
		names = append(names, s.Label)
	}
	return nil, fmt.Errorf("no method %q on %s among %q", method, dataset, names)
}

func (p *parts) groupNames() []string {
	var names []string
	for _, q := range p.groups {
		names = append(names, q.Slug)
	}
	return names
}
