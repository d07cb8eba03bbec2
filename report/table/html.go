package table

import (
	"html/template"
	"io"
	"strconv"
)

var tableTemplate = template.Must(
	template.New("table").Parse(`{{if .Title}}<h3 id="table.{{.Name}}">{{.Title}}</h3>
{{end}}{{with .Caption}}<p>{{.}}</p>
{{end}}{{if .Rows}}<div class="scroll" tabindex="0" role="region" aria-label="{{.Label}}">
<table class="sortable"{{if .Title}} aria-labelledby="table.{{.Name}}"{{else}} aria-label="{{.Label}}"{{end}}>
<thead><tr>{{range .Columns}}<th scope="col"{{if .Numeric}} class="n"{{end}}{{with .Help}} title="{{.}}"{{end}}>{{.Name}}</th>{{end}}</tr></thead>
<tbody>
{{range .Rows}}<tr>{{range .}}<td class="{{.Class}}"{{with .Order}} data-v="{{.}}"{{end}}>{{if .Marked}}<strong>{{.Text}}</strong>{{else}}{{.Text}}{{end}}{{with .Notes}}<sup>{{range $i, $n := .}}{{if $i}} {{end}}<a href="#{{$n.ID}}">{{$n.Number}}</a>{{end}}</sup>{{end}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
</div>
{{else}}<p class="muted">None.</p>
{{end}}{{with .Helps}}<p class="note">{{range .}}<b>{{.Name}}</b>: {{.Help}}. {{end}}</p>
{{end}}{{with .Notes}}<ol class="notes">
{{range .}}<li id="{{.ID}}">{{.Text}}</li>
{{end}}</ol>
{{end}}`),
)

type (
	htmlColumn struct {
		Name, Help string
		Numeric    bool
	}
	htmlNote struct {
		ID, Text string
		Number   int
	}
	htmlCell struct {
		Class, Text, Order string
		Marked             bool
		Notes              []htmlNote
	}
	htmlTable struct {
		Name, Title, Caption, Label string
		Columns, Helps              []htmlColumn
		Rows                        [][]htmlCell
		Notes                       []htmlNote
	}
)

// WriteHTML writes the table as an HTML fragment: title, caption, table, footnotes. Its ids include
// the table's name, so tables of different names can share a page.
func (t *Table) WriteHTML(w io.Writer) error {
	h := htmlTable{Name: t.Name, Title: t.Title, Caption: t.Caption, Label: t.Title}
	if h.Label == "" {
		h.Label = t.Name
	}
	note := func(n int) htmlNote {
		return htmlNote{ID: "note." + t.Name + "." + strconv.Itoa(n), Text: t.Notes[n-1], Number: n}
	}
	for _, c := range t.Columns {
		col := htmlColumn{c.Name, c.Help, c.Numeric()}
		h.Columns = append(h.Columns, col)
		if c.Help != "" {
			h.Helps = append(h.Helps, col)
		}
	}
	for _, row := range t.Rows {
		var out []htmlCell
		for i, v := range row {
			c := t.Columns[i]
			cell := htmlCell{Class: "t", Text: c.Show(v), Marked: v.marked}
			if c.Numeric() {
				cell.Class = "n"
			}
			if v.missing {
				cell.Class += " missing"
			}
			if x, ok := v.Number(); ok {
				cell.Order = strconv.FormatFloat(x, 'g', -1, 64)
				if cell.Order == "+Inf" {
					cell.Order = "Infinity" // JavaScript's
				}
			}
			for _, n := range t.numbers(v) {
				cell.Notes = append(cell.Notes, note(n))
			}
			out = append(out, cell)
		}
		h.Rows = append(h.Rows, out)
	}
	for i := range t.Notes {
		h.Notes = append(h.Notes, note(i+1))
	}
	return tableTemplate.Execute(w, h)
}
