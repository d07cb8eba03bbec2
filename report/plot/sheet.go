package plot

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sheet is a figure of panels side by side, with one legend and one caption.
type Sheet struct {
	Slug, Short, Title, Subtitle, Desc string

	Untitled bool // the title is not drawn

	Panels  []Panel
	Columns int
	Height  vg.Length // of a panel
	Entries []Entry
	Notes   []string
}

// Panel is a plot of a Sheet.
type Panel struct {
	Title, Note string
	Draw        func(c draw.Canvas) // nil: Note is written instead
	Tooltip     *Tooltip            // nil: no tooltip
}

const (
	panelGap  = 16
	panelHead = 18
)

// PanelWidth is the width of a panel in a sheet with the given number of columns.
func PanelWidth(columns int) vg.Length {
	return (FigureWidth - 2*Margin - panelGap*vg.Length(columns-1)) / vg.Length(columns)
}

// Drawing lays the panels out, row by row.
func (s *Sheet) Drawing() *Drawing {
	out := s.drawing(FigureWidth, s.Columns)
	out.Narrow = func() *Drawing { return s.drawing(NarrowWidth, 1) }
	return out
}

func (s *Sheet) drawing(wide vg.Length, columns int) *Drawing {
	const gap, head = panelGap, panelHead
	rows := (len(s.Panels) + columns - 1) / columns
	title := s.Title
	if s.Subtitle != "" {
		title += ": " + s.Subtitle
	}
	around := Frame{
		Slug: s.Slug, Short: s.Short, Title: title, Desc: s.Desc,
		Heading: s.Title, Subtitle: s.Subtitle, Entries: s.Entries, Notes: s.Notes,
	}
	if s.Untitled {
		around.Heading = ""
	}
	f := around.drawing(wide, vg.Length(rows)*(s.Height+gap), func(c draw.Canvas) {
		width := (c.Max.X - c.Min.X - gap*vg.Length(columns-1)) / vg.Length(columns)
		for i, p := range s.Panels {
			left := c.Min.X + vg.Length(i%columns)*(width+gap)
			top := c.Max.Y - vg.Length(i/columns)*(s.Height+gap)
			p.drawIn(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: left, Y: top - s.Height}, Max: vg.Point{X: left + width, Y: top},
			}}, head)
		}
	})
	for _, p := range s.Panels {
		if p.Tooltip != nil {
			f.Tooltips = append(f.Tooltips, p.Tooltip)
		}
	}
	return f
}

// drawIn draws the panel below its title, whose line has height head.
func (p Panel) drawIn(c draw.Canvas, head vg.Length) {
	name, small := Lettering(11, true, Ink), Lettering(9, false, Muted)
	width := c.Max.X - c.Min.X
	title := Fit(p.Title, name, width)
	c.FillText(name, vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
	if p.Draw == nil {
		c.FillText(small, vg.Point{X: c.Min.X, Y: c.Max.Y - head}, p.Note)
		return
	}
	if room := width - name.Width(title) - 8; p.Note != "" && small.Width(p.Note) <= room {
		c.FillText(small, vg.Point{X: c.Min.X + name.Width(title) + 8, Y: c.Max.Y - 2}, p.Note)
	}
	p.Draw(draw.Crop(c, 0, 0, 0, -head))
}
