package table_test

import (
	"os"

	"github.com/uaibench/uaibench/report/table"
)

func ExampleBuild() {
	type result struct {
		Method string
		Found  []float64 // by seed
	}
	results := []result{
		{"DAE", []float64{104, 98, 121}},
		{"DAE_uai", []float64{584}},
		{"LODA", nil},
	}

	t := table.Build(table.Table{Name: "found", Title: "Anomalies found"}, results,
		table.Col[result]{Name: "method", Value: func(r result) table.Value {
			name := table.Str(r.Method)
			if len(r.Found) == 1 {
				name = name.Noted("one seed only")
			}
			return name
		}},
		table.Col[result]{Name: "seeds", Kind: table.Count, Value: func(r result) table.Value {
			return table.Int(len(r.Found))
		}},
		table.Col[result]{Name: "found", Kind: table.Range, Value: func(r result) table.Value {
			if r.Found == nil {
				return table.Missing("not run")
			}
			return table.MedianRange(r.Found)
		}},
	)
	t.WriteText(os.Stdout, 80)
	t.WriteCSV(os.Stdout)
	// Output:
	// Anomalies found
	// method    seeds        found
	// ─────────────────────────────
	// DAE           3 104 [98–121]
	// DAE_uai ¹     1          584
	// LODA          0      not run
	// ¹ one seed only
	// method,seeds,found median,found min,found max,found n,notes
	// DAE,3,104,98,121,3,
	// DAE_uai,1,584,584,584,1,method: one seed only
	// LODA,0,,,,,found: not run
}
