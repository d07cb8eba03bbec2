package compare

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/table"
)

// History has the results of several runs of an experiment, night by night.
type History struct {
	Nights []string // oldest first
	lines  []line
}

// line is one group's history.
type line struct {
	dataset, method, varied string
	mean                    []float64 // anomalies found, or 100 F1 of splits, over the cells done
	done, planned           []int
}

// Past gathers runs, oldest first.
func Past(runs []*runlog.Run) *History {
	h := &History{}
	at := map[string]int{}
	for night, run := range runs {
		h.Nights = append(h.Nights, strings.TrimSuffix(filepath.Base(run.Path), runlog.PackSuffix))
		for _, c := range distinct(run) {
			l := line{dataset: cmp.Or(c.DatasetLabel, c.Cell.Dataset.ID), method: c.Label,
				varied: bench.SettingsText(c.PlannedCell.Variant)}
			key := fmt.Sprintf("%q %q %q", l.dataset, l.method, l.varied)
			if _, ok := at[key]; !ok {
				at[key] = len(h.lines)
				l.mean, l.done, l.planned = make([]float64, len(runs)), make([]int, len(runs)),
					make([]int, len(runs))
				h.lines = append(h.lines, l)
			}
			g := &h.lines[at[key]]
			g.planned[night]++
			if r := c.Result; r != nil {
				g.done[night]++
				if r.Holdout != nil { // the sum, until all cells are added
					g.mean[night] += 100 * r.Holdout.F1
				} else {
					g.mean[night] += float64(len(r.Found))
				}
			}
		}
	}
	for _, l := range h.lines {
		for i, n := range l.done {
			l.mean[i] /= float64(max(n, 1))
		}
	}
	return h
}

// table has one column per night.
func (h *History) table() *table.Table {
	t := &table.Table{Name: "history", Title: "Night by night",
		Caption: "Anomalies found (split datasets: F1 in per cent): the mean over the seeds " +
			"done, and done/planned seeds.",
		Columns: []table.Column{{Name: "dataset"}, {Name: "method"}, {Name: "varied"}}}
	for _, n := range h.Nights {
		t.Columns = append(t.Columns, table.Column{Name: n})
	}
	for _, l := range h.lines {
		row := []table.Value{table.Str(l.dataset), table.Str(l.method), table.Str(l.varied)}
		last := -1
		for i := range h.Nights {
			switch {
			case l.planned[i] == 0:
				row = append(row, table.Missing("—"))
				continue
			case l.done[i] == 0:
				row = append(row, table.Missing(fmt.Sprintf("none (0/%d)", l.planned[i])))
				continue
			}
			v := table.Str(fmt.Sprintf("%.1f (%d/%d)", l.mean[i], l.done[i], l.planned[i]))
			if last >= 0 && l.mean[i] != l.mean[last] {
				v = v.Marked() // changed
			}
			last = i
			row = append(row, v)
		}
		t.Add(row...)
	}
	return t
}

// curve draws a group's history, scaled from its smallest to its largest value.
func (l line) curve() template.HTML {
	const width, height = 160, 28
	lo, hi := 0.0, 0.0
	first := true
	for i, v := range l.mean {
		if l.done[i] == 0 {
			continue
		}
		if first {
			lo, hi, first = v, v, false
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	var points []string
	for i, v := range l.mean {
		if l.done[i] == 0 {
			continue
		}
		x := 4 + float64(width-8)*float64(i)/float64(max(len(l.mean)-1, 1))
		y := float64(height) / 2
		if hi > lo {
			y = float64(height) - 4 - float64(height-8)*(v-lo)/(hi-lo)
		}
		points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
	}
	return template.HTML(fmt.Sprintf(`<svg width="%d" height="%d" role="img" `+
		`aria-label="%.1f to %.1f"><polyline fill="none" stroke="currentColor" points="%s"/></svg>`,
		width, height, lo, hi, strings.Join(points, " ")))
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Verdict}}</title>
<style>
body{font:15px/1.45 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.4rem}h3{font-size:1.05rem;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse}th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ddd;white-space:nowrap}
td.n,th.n{text-align:right}td.missing,.muted{color:#666}.stop{color:#a00000;font-weight:600}
@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}th,td{border-color:#333}td.missing,.muted{color:#999}.stop{color:#ff8080}}
</style></head><body>
<h1>{{.Verdict}}</h1>
<ul>{{range .Lines}}<li>{{.}}</li>{{end}}{{range .Crossed}}<li class="stop">fails the gate: {{.}}</li>{{end}}{{if not .Crossed}}<li>nothing fails the gate</li>{{end}}</ul>
{{range .Tables}}{{.}}{{end}}
{{with .History}}{{.}}{{end}}
{{if .Curves}}<table><tbody>{{range .Curves}}<tr><td>{{.Name}}</td><td>{{.SVG}}</td></tr>{{end}}</tbody></table>{{end}}
</body></html>
`))

type curve struct {
	Name string
	SVG  template.HTML
}

func (c *Comparison) writeHTML(w io.Writer, in Setting) error {
	data := struct {
		Verdict        string
		Lines, Crossed []string
		Tables         []template.HTML
		History        template.HTML
		Curves         []curve
	}{Verdict: in.title(c), Crossed: in.stops(c)}
	data.Lines = append([]string{c.Old.describe("old"), c.New.describe("new")}, c.Notes...)
	data.Lines = append(data.Lines, c.power()...)
	html := func(t *table.Table) (template.HTML, error) {
		var b strings.Builder
		err := t.WriteHTML(&b)
		return template.HTML(b.String()), err // escaped by the table
	}
	for _, t := range append(slices.Clone(in.Tables), c.tables()...) {
		h, err := html(t)
		if err != nil {
			return err
		}
		data.Tables = append(data.Tables, h)
	}
	if past := in.Past; past != nil && len(past.Nights) > 2 {
		var err error
		if data.History, err = html(past.table()); err != nil {
			return err
		}
		for _, l := range past.lines {
			data.Curves = append(data.Curves, curve{
				Group{Dataset: l.dataset, Method: l.method, Varied: l.varied}.Name(), l.curve()})
		}
	}
	var b strings.Builder
	if err := page.Execute(&b, data); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}
