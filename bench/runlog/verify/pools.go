package verify

import (
	"fmt"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/text"
)

// pools compares cells that audited the same pool of rows: they must agree on its size and on the
// truth of every row that more than one of them audited. So a label changed in one log is found
// even if all that follows from it, and every digest, was changed too.
func (v *Report) pools() {
	v.inGroups(func(c *checked) string { return poolOf(c.Cell) }, v.pool)
}

// poolOf identifies a cell's pool of rows: all of the cell except what only affects the method's
// work. The seed is included if anything but the dataset is left, such as a split.
func poolOf(c bench.Cell) string {
	c.Method, c.Budget, c.K, c.Checkpoints, c.Probes = bench.MethodRef{}, bench.Budget{}, bench.K{}, nil, nil
	c.Noise, c.Loop = bench.Noise{}, 0
	seed := c.Seed
	c.Seed = 0
	if c.ID() != (bench.Cell{Dataset: c.Dataset}).ID() {
		c.Seed = seed
	}
	return c.ID()
}

func (v *Report) pool(cells []*checked) {
	type shape struct{ rows, features, classes, anomalies int }
	shapes := map[shape]int{}
	shapeOf := func(r *runlog.Result) shape { return shape{r.Rows, r.Features, r.Classes, r.Anomalies} }
	votes := map[int32][2]int{} // by row: numbers of cells with it normal, anomalous
	for _, c := range cells {
		shapes[shapeOf(c.result)]++
		for _, a := range c.audits {
			n := votes[a.row]
			n[index(a.truth)]++
			votes[a.row] = n
		}
	}
	usual := shapeOf(cells[0].result)
	for _, c := range cells { // in the plan's order, so that the first of equally frequent ones counts
		if s := shapeOf(c.result); shapes[s] > shapes[usual] {
			usual = s
		}
	}
	for _, c := range cells {
		file := v.files.Path(runlog.CellFile(c.ID, runlog.ResultName))
		if own := shapeOf(c.result); own != usual && shapes[usual] >= shapes[own] {
			v.find(c.ID, file, fmt.Errorf("%s: n, d, C, N of %s are %v here, but %v in %d of its "+
				"%d cells", file, v.dataset(c.PlannedCell), own, usual, shapes[usual], len(cells)))
		}
		file = v.files.Path(runlog.CellFile(c.ID, runlog.LogName))
		for i, a := range c.audits {
			n := votes[a.row]
			same, other := n[index(a.truth)], n[index(!a.truth)]
			if other > 0 && other >= same {
				v.find(c.ID, file, fmt.Errorf("%s: audit %d records truth %v for row %d, contrary "+
					"to %s on the same data", file, i+1, a.truth, a.row,
					text.Plural(other, "other cell")))
			}
			if same > 1 && other == 0 {
				v.Shared++
			}
		}
	}
	anomalies := 0
	for _, n := range votes {
		if n[1] > n[0] {
			anomalies++
		}
	}
	if len(shapes) == 1 && anomalies > cells[0].result.Anomalies {
		v.find("", v.files.Path(runlog.CellsName),
			fmt.Errorf("the %d cells on %s found %d different anomalies, but it has %d", len(cells),
				v.dataset(cells[0].PlannedCell), anomalies, cells[0].result.Anomalies))
	}
}

func index(anomaly bool) int {
	if anomaly {
		return 1
	}
	return 0
}
