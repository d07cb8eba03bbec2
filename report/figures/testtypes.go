package figures

import (
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

var testTypes = Figure{
	Name: "test_types", Section: Results,
	Doc:     "the test set at the last checkpoint by type of anomaly",
	Applies: func(m *model.Model) bool { return len(typedProbes(m)) > 0 },
	Tables:  func(m *model.Model) []*table.Table { return []*table.Table{testTypesTable(m)} },
}

// typedProbe is a type of anomaly at the last checkpoint of a series.
type typedProbe struct {
	probe[runlog.TestProbe]
	group int // index into the probe's Groups
}

func (p typedProbe) of() runlog.GroupHits { return p.found[0].Groups[p.group] }

func typedProbes(m *model.Model) []typedProbe {
	all := probes(m, testProbe)
	var out []typedProbe
	for i, p := range all {
		if i+1 < len(all) && all[i+1].series == p.series {
			continue // not the last
		}
		for g := range p.found[0].Groups {
			out = append(out, typedProbe{p, g})
		}
	}
	return out
}

func testTypesTable(m *model.Model) *table.Table {
	return table.Build(table.Table{
		Name:  "test_types",
		Title: "The test set by type of anomaly",
		Caption: "Recall of each type at the last checkpoint. Which types are seen depends only " +
			"on the pool's draw. Spread is mean (sample standard deviation) over seeds.",
	}, typedProbes(m), []col[typedProbe]{
		{Name: "dataset", Value: typedProbe.dataset},
		{Name: "method", Value: typedProbe.method},
		{Name: "audits", Kind: table.Count, Value: typedProbe.audits},
		{Name: "type", Value: func(p typedProbe) value { return table.Str(p.of().Name) }},
		{Name: "in training", Value: func(p typedProbe) value {
			if p.of().Seen {
				return table.Str("seen")
			}
			return table.Str("unseen")
		}},
		{Name: "rows", Kind: table.Count,
			Value: func(p typedProbe) value { return table.Int(p.of().Of) }},
		{Name: "recall %", Kind: table.Spread, Decimals: 1, Value: func(p typedProbe) value {
			var percents []float64
			for _, t := range p.found {
				if p.group < len(t.Groups) && t.Groups[p.group].Name == p.of().Name &&
					t.Groups[p.group].Of > 0 {
					g := t.Groups[p.group]
					percents = append(percents, 100*float64(g.Hits.Hits)/float64(g.Of))
				}
			}
			return table.MeanSD(percents)
		}},
	}...)
}
