package lint

import (
	"fmt"
	"slices"
	"strings"
)

// sentences compares sentences about complete rows with their own tables.
func sentences(p *Printed, found func(string, string, ...any)) {
	for _, s := range p.Sentences {
		what := ""
		switch s.Is {
		case "at_least":
			what = p.atLeast(s)
		case "wins":
			what = p.wins(s)
		case "steadiest":
			what = p.steadiest(s)
		case "widest_gap":
			what = p.widestGap(s)
		}
		if what != "" {
			found(s.Where, "%s: %s", s.ID, what)
		}
	}
}

// atLeast: at most a margin below the best of the other rows on every dataset.
func (p *Printed) atLeast(s Sentence) string {
	own := p.row(s.Method)
	var bad []string
	for _, d := range p.Table1.Datasets {
		for _, r := range p.Table1.F1 {
			if a, b := value(own.on(d.ID)), value(r.on(d.ID)); a < b-s.Margin-1e-9 {
				bad = append(bad,
					fmt.Sprintf("%s (%s, %s has %s)", d.ID, own.on(d.ID), r.Method, r.on(d.ID)))
			}
		}
	}
	if bad == nil {
		return ""
	}
	return fmt.Sprintf("%s is more than %g below a baseline on %s", s.Method, s.Margin,
		strings.Join(bad, ", "))
}

// wins: better on at least s.Of datasets.
func (p *Printed) wins(s Sentence) string {
	n, all := 0, 0
	for _, d := range p.Table1.Datasets {
		var a, b float64
		if s.Table == "table3" {
			x, y := p.ownRuns(s.Method, d.ID), p.ownRuns(s.Than, d.ID)
			if x == nil || y == nil {
				continue
			}
			a, b = value(x.F1), value(y.F1)
		} else {
			a, b = value(p.row(s.Method).on(d.ID)), value(p.row(s.Than).on(d.ID))
		}
		all++
		if a > b {
			n++
		}
	}
	if n >= s.Of {
		return ""
	}
	return fmt.Sprintf("%s beats %s on %d of %d datasets, not on %d", s.Method, s.Than, n, all,
		s.Of)
}

// steadiest: the lowest deviation among all the authors' own runs, on at least s.Of datasets.
func (p *Printed) steadiest(s Sentence) string {
	var bad []string
	all := 0
	for _, d := range p.Table1.Datasets {
		own := p.ownRuns(s.Method, d.ID)
		if own == nil {
			continue
		}
		all++
		for _, r := range p.Table3.Rows {
			if r.Dataset == d.ID && r.F1SD != "" && value(r.F1SD) < value(own.F1SD) {
				bad = append(bad, fmt.Sprintf("%s (%s at %s %% has %s, %s has %s)", d.ID, r.Method,
					r.Percent, r.F1SD, s.Method, own.F1SD))
				break
			}
		}
	}
	if all-len(bad) >= s.Of {
		return ""
	}
	return fmt.Sprintf("%s has the lowest deviation on %d of %d datasets: not on %s", s.Method,
		all-len(bad), all, strings.Join(bad, ", "))
}

// widestGap: the worst active method less the best other one is largest on the dataset.
func (p *Printed) widestGap(s Sentence) string {
	gap := func(d string) float64 {
		active, other := 2.0, -1.0
		for _, r := range p.Table1.F1 {
			v := value(r.on(d))
			if slices.Contains([]string{"LODA-AAD", "Tree-AAD", "DAEuai"}, r.Method) {
				active = min(active, v)
			} else {
				other = max(other, v)
			}
		}
		return active - other
	}
	for _, d := range p.Table1.Datasets {
		if d.ID != s.Dataset && gap(d.ID) >= gap(s.Dataset) {
			return fmt.Sprintf("the gap on %s is %.2f, on %s %.2f", s.Dataset, gap(s.Dataset), d.ID,
				gap(d.ID))
		}
	}
	return ""
}
