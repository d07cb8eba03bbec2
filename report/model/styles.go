package model

import (
	"slices"

	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/stats"
)

// styleSeries gives each method its colour, and its settings hues of it with different dashes.
func styleSeries(m *Model) {
	variants := map[string][]string{} // labels of each method in the run
	var ids []string
	for _, p := range m.Groups {
		for _, s := range p.Series {
			id := s.Method.ID
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			if !slices.Contains(variants[id], s.Label) {
				variants[id] = append(variants[id], s.Label)
			}
		}
	}
	base := plot.MethodStyles(ids)
	for _, p := range m.Groups {
		for _, s := range p.Series {
			of := variants[s.Method.ID]
			s.Style = base[s.Method.ID].Variant(slices.Index(of, s.Label), len(of))
		}
	}
	for _, f := range m.families(func(string) {}) {
		if len(f.All()) > 2 {
			f.emphasize(base[f.All()[0].Method.ID])
		}
	}
}

// emphasize draws the default, in the method's own colour, and the setting that found most bold,
// and the others thin.
func (f *Family) emphasize(base plot.Style) {
	for _, s := range f.All() {
		s.Style.Width = plot.Thin
	}
	if f.Default != nil {
		f.Default.Style = base
		f.Default.Style.Width = plot.Bold
	}
	if best := f.Best(); best != nil {
		best.Style.Width = plot.Bold
	}
}

// Best is the setting that found most anomalies within its budget, by the mean over its seeds, the
// first if equal; nil if none has a result. It is selected with the same labels that it is measured
// by.
func (f *Family) Best() *Setting {
	var best *Setting
	most := 0.0
	for _, s := range f.All() {
		if found := s.Found(); found != nil {
			if x, _ := stats.MeanSD(found); best == nil || x > most {
				best, most = s, x
			}
		}
	}
	return best
}
