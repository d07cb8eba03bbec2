package comparison

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// heatMap has a grid's values on two of its axes, the others being fixed.
type heatMap struct {
	Title         string
	Rows, Columns []string
	At            map[[2]int]*model.Setting
}

// heatMaps returns one heat map over the two axes with the most values for each combination of the
// other axes' values; nil without two axes of at least two values.
func heatMaps(f *model.Family) (rowAxis, columnAxis string, out []heatMap) {
	if len(f.Axes) < 2 {
		return "", "", nil
	}
	values := make([][]string, len(f.Axes))
	for _, s := range inOrder(f) {
		for i, v := range s.At {
			if !slices.Contains(values[i], v) {
				values[i] = append(values[i], v)
			}
		}
	}
	var order []int
	for i := range f.Axes {
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(values[b]) - len(values[a]) })
	row, column := min(order[0], order[1]), max(order[0], order[1])
	if len(values[column]) < 2 || len(values[row]) < 2 {
		return "", "", nil
	}
	for _, s := range inOrder(f) {
		var rest []string
		for i, v := range s.At {
			if i != row && i != column {
				rest = append(rest, f.Axes[i]+" = "+v)
			}
		}
		title := strings.Join(rest, ", ")
		i := slices.IndexFunc(out, func(h heatMap) bool { return h.Title == title })
		if i < 0 {
			i = len(out)
			out = append(out,
				heatMap{title, values[row], values[column], map[[2]int]*model.Setting{}})
		}
		out[i].At[[2]int{slices.Index(values[row], s.At[row]),
			slices.Index(values[column], s.At[column])}] = s
	}
	return f.Axes[row], f.Axes[column], out
}

// inOrder returns all settings in the plan's order, the default included.
func inOrder(f *model.Family) []*model.Setting {
	all := slices.Clone(f.All())
	slices.SortStableFunc(all, func(a, b *model.Setting) int { return a.Place - b.Place })
	return all
}

// Heat returns the figure of a grid with two axes or more; nil for others, or without a result.
func Heat(f *model.Family) *plot.Drawing {
	rowAxis, columnAxis, maps := heatMaps(f)
	if maps == nil {
		return nil
	}
	lo, hi, budget, anomalies, some := 0.0, 0.0, 0, 0, false
	for _, s := range f.All() {
		if found := s.Found(); found != nil {
			x, _ := stats.MeanSD(found)
			if !some {
				lo, hi, some = x, x, true
			}
			lo, hi = min(lo, x), max(hi, x)
			budget, anomalies = max(budget, s.Results()[0].Budget), s.Results()[0].Anomalies
		}
	}
	if !some {
		return nil
	}
	s := &plot.Sheet{
		Slug: "grid." + f.Slug, Short: f.Title() + ", grid",
		Title: f.Title() + ": the grid",
		Subtitle: fmt.Sprintf("mean anomalies found (of N = %s) after %s audits; darker is more, "+
			"which is better; down: %s, across: %s",
			text.Comma(anomalies), text.Comma(budget), rowAxis, columnAxis),
		Columns: min(2, len(maps)), Height: vg.Length(44 + 34*len(maps[0].Rows)),
	}
	for _, h := range maps {
		title := h.Title
		if title == "" {
			title = "all settings"
		}
		s.Panels = append(s.Panels, plot.Panel{Title: title, Draw: h.grid(f, lo, hi).Draw})
	}
	for _, v := range inOrder(f) {
		if found := v.Found(); found != nil {
			x, _ := stats.MeanSD(found)
			s.Desc += fmt.Sprintf("%s: %s (%s). ", v.Name, text.Thousands(x, 1), v.SeedsDone())
		} else {
			s.Desc += v.Name + ": no result. "
		}
	}
	s.Notes = []string{"Numbers: mean over the seeds done; below it, done of planned if some are " +
		"missing; from " + text.Thousands(lo, 1) + " (lightest) to " + text.Thousands(hi, 1) +
		" (darkest)."}
	if f.Default != nil {
		s.Notes = append(s.Notes, "Framed: the default.")
	} else {
		s.Notes = append(s.Notes, "The default is not on the grid.")
	}
	s.Notes = append(s.Notes, f.Note(),
		"The darkest cell is chosen with the labels that it is measured by: an optimistic bound.")
	return s.Drawing()
}

// grid returns a heat map's values, the default framed.
func (h heatMap) grid(f *model.Family, lo, hi float64) plot.HeatGrid {
	return plot.HeatGrid{Rows: h.Rows, Columns: h.Columns, Lo: lo, Hi: hi,
		At: func(i, j int) plot.HeatCell {
			v := h.At[[2]int{i, j}]
			cell := plot.HeatCell{Framed: v != nil && v == f.Default}
			if v == nil || v.Found() == nil {
				return cell
			}
			cell.Value, _ = stats.MeanSD(v.Found())
			cell.Text = text.Thousands(cell.Value, 1)
			if v.Counts.Done < v.Counts.Planned {
				cell.Small = fmt.Sprintf("%d of %d", v.Counts.Done, v.Counts.Planned)
			}
			return cell
		}}
}
