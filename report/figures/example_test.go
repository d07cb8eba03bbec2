package figures_test

import (
	"fmt"
	"os"

	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// A figure is a name, a sentence and functions of a run. To be in every report it needs one line in
// figures.All.
func ExampleFigure() {
	sizes := figures.Figure{
		Name: "sizes", Section: figures.Datasets,
		Doc:     "how many rows and anomalies each dataset has",
		Applies: func(m *model.Model) bool { return m.Measured() },
		Tables: func(m *model.Model) []*table.Table {
			t := table.Build(table.Table{Name: "sizes"}, m.Groups,
				table.Col[*model.Group]{Name: "dataset", Value: func(g *model.Group) table.Value {
					return table.Str(g.Title)
				}},
				table.Col[*model.Group]{Name: "rows", Kind: table.Count, Value: func(g *model.Group) table.Value {
					return table.Int(g.First().Rows)
				}},
				table.Col[*model.Group]{Name: "anomalies", Kind: table.Count, Value: func(g *model.Group) table.Value {
					return table.Int(g.First().Anomalies)
				}},
			)
			return []*table.Table{t}
		},
	}
	m := model.New(fake.Demo(2, 1, 50), fake.Catalog())
	if sizes.Applies(m) {
		for _, t := range sizes.Tables(m) {
			t.WriteText(os.Stdout, 80)
		}
	}
	// Output:
	// dataset    rows anomalies
	// ──────────────────────────
	// MNIST0   54,679       602
	// MNIST0-2 43,199     1,822
}

func ExampleOf() {
	m := model.New(fake.Demo(2, 3, 300), fake.Catalog())
	for _, f := range figures.Of(m) {
		fmt.Printf("%s: %d tables, %d plots\n", f.Name, len(f.Tables), len(f.Plots))
	}
	// Output:
	// found: 2 tables, 0 plots
	// datasets: 1 tables, 0 plots
	// assumptions: 1 tables, 0 plots
	// coverage: 2 tables, 0 plots
	// comparison: 2 tables, 2 plots
	// recall_curve: 0 tables, 6 plots
}
