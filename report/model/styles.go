package model

import (
	"slices"

	"github.com/uaibench/uaibench/report/plot"
)

func styleSeries(m *Model) {
	variants := map[string][]string{} // labels of each method over the whole run
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
}
