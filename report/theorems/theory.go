// Package theorems writes the numerical checks of Theorems 1 to 3: theory.json, theory.md, and a
// plot of each bound against the exact value.
//
//	paths, err := theorems.Write(theory.Run(seed), "out", nil)
//
// The numbers are computed in bench/theory.
package theorems

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/internal/folder"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Formats are the formats of Write.
var Formats = []string{"json", "md", "svg", "png"}

// Write writes theory.json, theory.md, and plots of each bound against the exact value into dir, in
// the given formats (nil: all), and returns the paths written. The same result gives the same
// bytes.
func Write(r *theory.Result, dir string, formats []string) ([]string, error) {
	if formats == nil {
		formats = Formats
	}
	for _, f := range formats {
		if !slices.Contains(Formats, f) {
			return nil, fmt.Errorf(
				"report: format %q is not one of %s",
				f,
				strings.Join(Formats, ", "),
			)
		}
	}
	to := &folder.Folder{Dir: dir, Formats: formats}
	if to.Requested("json") {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return to.Paths, fmt.Errorf("report: theory.json: %w", err)
		}
		if err := to.Put("theory.json", append(data, '\n')); err != nil {
			return to.Paths, err
		}
	}
	figures := theoryFigures(r)
	if to.Requested("md") {
		data, err := theoryMarkdown(r, figures, to.Image())
		if err != nil {
			return to.Paths, err
		}
		if err := to.Put("theory.md", data); err != nil {
			return to.Paths, err
		}
	}
	err := to.Plots(figures)
	return to.Paths, err
}

func theoryMarkdown(r *theory.Result, figures []*plot.Drawing, image string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(
		&b,
		"# Theorems 1 to 3 by numbers\n\nSimulated with seed %d. p+ = (1-λ) p1 + λ p2 on a "+
			"finite alphabet; TV is the total variation distance.\n\n",
		r.Seed,
	)
	for i, t := range []*table.Table{statementTable(r), posteriorTable(r), upperTable(r),
		lowerTable(r)} {
		if err := t.WriteMarkdown(&b); err != nil {
			return nil, err
		}
		b.WriteString("\n")
		if image != "" && i > 0 {
			f := figures[i-1]
			fmt.Fprintf(&b, "![%s](plots/%s.%s)\n\n", text.Markdown(f.Title), f.Slug, image)
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}
