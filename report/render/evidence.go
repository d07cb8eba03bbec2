package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/text"
)

// evidence has the effects of an open point's settings, by setting and method.
type evidence []*finding

// finding is a setting of a method, with the datasets on which its found anomalies differ from the
// default's, decided by the 95 % interval of the pairs' differences, unadjusted.
type finding struct {
	setting, method          string
	ahead, behind, undecided []string // datasets
}

// add adds the settings of a run whose name begins with the point ("U4: no noise", or "U1, U2:
// sigmoid") and that have a default and at least two pairs. It reports whether there are any.
func (e *evidence) add(m *model.Model, point string) (any bool) {
	for _, f := range m.Families() {
		for _, v := range f.Variants {
			points, name, ok := strings.Cut(v.Name, ": ")
			if !ok || f.Default == nil || !slices.Contains(strings.Split(points, ", "), point) {
				continue
			}
			_, _, d := model.Pair(f.Default, v).Values(model.Measures[0])
			if len(d) < 2 {
				continue
			}
			any = true
			if points != point {
				name += " (with " + strings.Join(slices.DeleteFunc(strings.Split(points, ", "),
					func(p string) bool { return p == point }), ", ") + ")"
			}
			e.of(name, f.Method).note(f.Dataset, model.Compare(d))
		}
	}
	return any
}

func (e *evidence) of(setting, method string) *finding {
	for _, f := range *e {
		if f.setting == setting && f.method == method {
			return f
		}
	}
	f := &finding{setting: setting, method: method}
	*e = append(*e, f)
	return f
}

func (f *finding) note(dataset string, c model.Comparison) {
	to := &f.undecided
	switch {
	case c.Low > 0:
		to = &f.ahead
	case c.High < 0:
		to = &f.behind
	}
	if !slices.Contains(*to, dataset) {
		*to = append(*to, dataset)
	}
}

// list returns a line for each finding.
func (e evidence) list() string {
	var out []string
	for _, f := range e {
		var items []string
		for _, p := range []struct {
			word string
			on   []string
		}{{"ahead on", f.ahead}, {"behind on", f.behind}, {"undecided on", f.undecided}} {
			if p.on != nil {
				items = append(items, p.word+" "+text.And(p.on))
			}
		}
		out = append(out, fmt.Sprintf("* %s, %s: %s", text.Markdown(f.setting),
			text.Markdown(f.method), strings.Join(items, "; ")))
	}
	return strings.Join(out, "\n")
}
