package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// reportMissing writes to w, before anything runs, which datasets of a plan lack raw files, one
// message for each set of files. It adds the ids of these datasets to missing.
func (a *app) reportMissing(w io.Writer, p *bench.Plan, missing map[string]bool) {
	cat := a.catalog()
	var raw []bench.RawFile
	for _, c := range p.Cells {
		d, _ := cat.Of(c.Cell.Dataset)
		raw = append(raw, d.Raw...)
	}
	for _, err := range a.finder().Missing(raw) {
		var datasets []string
		cells := 0
		for _, c := range p.Cells {
			d, _ := cat.Of(c.Cell.Dataset)
			needs := slices.ContainsFunc(d.Raw, func(f bench.RawFile) bool {
				return slices.ContainsFunc(err.Set.Files,
					func(of bench.RawFile) bool { return of.SHA256 == f.SHA256 })
			})
			if !needs {
				continue
			}
			cells++
			missing[d.ID] = true
			if name := cat.DatasetName(c); !slices.Contains(datasets, name) {
				datasets = append(datasets, name)
			}
		}
		fmt.Fprintf(w, "%s: %d of %d cells (%s) lack their data: %v\n", p.Name, cells,
			len(p.Cells), strings.Join(datasets, ", "), err)
	}
}
