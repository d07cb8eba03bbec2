package report

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Parts are a run's tables and plots, for documents that show some of them.
type Parts struct {
	Counts string   // "80 of 80 cells done"
	Digest string   // of the results; "" if there are none
	Ran    string   // where and with what the last invocation ran
	Mixed  []string // what not all cells were computed with: "mixed kernels: …"
	tables []*table.Table
	plots  []*plot.Drawing
	pools  []*model.Group
}

// NewParts makes all that Write would write of a run.
func NewParts(run *runlog.Run, cat bench.Catalog) *Parts {
	m := model.New(run, cat)
	p := &Parts{Counts: m.Counts.String(), Mixed: model.Mixed(run), tables: figures.Tables(m), plots: figures.Figures(m), pools: m.Groups}
	if m.Counts.Done > 0 {
		p.Digest = run.Digest()
	}
	if n := len(run.Envs); n > 0 {
		p.Ran = model.Invocation(run.Envs[n-1])
	}
	return p
}

// Table returns the table of a name ("f1", "datasets", …), or an error that lists those there are.
func (p *Parts) Table(name string) (*table.Table, error) {
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
	i := slices.IndexFunc(p.plots, func(f *plot.Drawing) bool { return f.Slug == slug })
	if i < 0 {
		var names []string
		for _, f := range p.plots {
			names = append(names, f.Slug)
		}
		return "", nil, fmt.Errorf("report: no plot %q among %q", slug, names)
	}
	return p.plots[i].Title, p.plots[i].SVG(), nil
}

// Found writes how many anomalies a method found in a dataset after so many audits: the median over the seeds that are done.
// The dataset is named as in the files of plots ("mnist0_2"), the method as in the tables ("DAE_uai").
func (p *Parts) Found(dataset, method string, audits int) (string, error) {
	s, err := p.series(dataset, method)
	if err != nil {
		return "", err
	}
	c := model.NewCurve(s.Results())
	med, _, _, ok := c.Value(audits)
	if !ok {
		return "", fmt.Errorf("report: %s on %s is known up to %s, not to %d", method, dataset, text.Plural(c.End, "audit"), audits)
	}
	return text.Half(med), nil
}

// Anomalies writes how many anomalies a dataset has; where the seeds' draws differ, from least to most.
func (p *Parts) Anomalies(dataset string) (string, error) {
	var of []float64
	for _, q := range p.pools {
		for _, s := range q.Series {
			for _, r := range s.Results() {
				if q.Slug == dataset {
					of = append(of, float64(r.Anomalies))
				}
			}
		}
	}
	if of == nil {
		return "", fmt.Errorf("report: nothing is known of the dataset %q among %q", dataset, p.poolNames())
	}
	return text.LeastToMost(of), nil
}

func (p *Parts) series(dataset, method string) (*model.Series, error) {
	i := slices.IndexFunc(p.pools, func(q *model.Group) bool { return q.Slug == dataset })
	if i < 0 {
		return nil, fmt.Errorf("report: no dataset %q among %q", dataset, p.poolNames())
	}
	var names []string
	for _, s := range p.pools[i].Series {
		if s.Label == method {
			return s, nil
		}
		names = append(names, s.Label)
	}
	return nil, fmt.Errorf("report: no method %q on %s among %q", method, dataset, names)
}

func (p *Parts) poolNames() []string {
	var names []string
	for _, q := range p.pools {
		names = append(names, q.Slug)
	}
	return names
}
