package paper

import (
	"sync"

	"github.com/uaibench/uaibench/bench/spec/tree"
	"github.com/uaibench/uaibench/experiments"
)

// F1 returns Table 1's F1 of an arm (dae_uai, loda_aad, …) on a dataset: the mean of the paper's
// five runs. ok is false if none is printed.
func F1(arm, dataset string) (f1 float64, ok bool) {
	f1, ok = f1s()[[2]string{arm, dataset}]
	return f1, ok
}

// f1s are by arm and dataset. Errors in the ledger are ignored here: package claims, which reads
// all of it, reports them.
var f1s = sync.OnceValue(func() map[[2]string]float64 {
	out := map[[2]string]float64{}
	root, _ := tree.Read(&tree.Source{Name: "paper.yaml"}, experiments.Ledger, nil)
	if root == nil {
		return out
	}
	ledger, _ := root.Plain().(map[string]any)
	table, _ := ledger["table1"].(map[string]any)
	list, _ := table["f1"].([]any)
	for _, r := range list {
		row, _ := r.(map[string]any)
		arm, _ := row["arm"].(string)
		values, _ := row["values"].(map[string]any)
		for dataset, v := range values {
			if x, ok := v.(float64); ok {
				out[[2]string{arm, dataset}] = x
			}
		}
	}
	return out
})
