package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// writeMarkdown writes report.md. image is the format of its plots: "svg", "png", or "" for none.
func writeMarkdown(m *model.Model, w io.Writer, figures []*plot.Drawing, tables []*table.Table,
	image string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s.\n\n", text.Markdown(m.Title), m.Counts)
	for _, s := range m.Warnings {
		fmt.Fprintf(&b, "> **Warning:** %s\n\n", text.Markdown(s))
	}
	b.WriteString("## What ran\n\n")
	for _, f := range m.Facts() {
		fmt.Fprintf(&b, "- %s: %s\n", text.Markdown(f.Name), text.Markdown(f.Value))
	}
	b.WriteString("\n## Curves\n\n")
	for _, p := range m.Groups {
		if p.First() == nil {
			fmt.Fprintf(&b, "%s: no curve, %s.\n\n", text.Markdown(p.Title), p.Counts)
		}
	}
	for _, f := range figures {
		if image != "" {
			fmt.Fprintf(&b, "![%s](plots/%s.%s)\n\n", text.Markdown(f.Title), f.Slug, image)
		}
		fmt.Fprintf(&b, "%s %s\n\n", text.Markdown(f.Desc),
			text.Markdown(strings.Join(f.Notes, " ")))
	}
	b.WriteString("## Tables\n\n")
	for _, t := range tables {
		if err := t.WriteMarkdown(&b); err != nil {
			return err
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}
