package baselines

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// ShapeOf returns the size of a cell's work. It builds no data: rows and anomalies are the
// catalogue's bounds and the paper's numbers.
func ShapeOf(cat bench.Catalog, c bench.Cell) Shape {
	d, n, anomalies := Size(cat, c)
	s := Shape{Rows: n, Features: d.Features, Classes: d.Classes, Zeros: d.Zeros,
		Distinct: d.Distinct}
	if c.HasHoldout() { // half of the rows train; the other half is ranked once
		s.Rows, s.Budget, s.K = n-n/2, 1, 1
		return s
	}
	var err error
	if s.Budget, err = c.Budget.Resolve(n, min(n, anomalies)); err != nil {
		s.Budget = n
	}
	s.K = c.K.Resolve(anomalies)
	s.Checkpoints = len(c.Checkpoints)
	if slices.Contains(c.Probes, bench.ProbeTestSet) {
		s.TestRows = n // an approximation: the catalogue does not give the size
	}
	return s
}

// Size returns a cell's dataset, its rows, and its anomalies by the paper's share.
func Size(cat bench.Catalog, c bench.Cell) (d bench.DatasetInfo, rows, anomalies int) {
	d, _ = cat.Of(c.Dataset)
	if d.ID == bench.FileID && d.Anomalies != nil {
		all := bench.Complete(d.Params, bench.Params{})
		n, _ := d.Rows(all, c.Dataset.Seed)
		d.Published.Rows = n
		d.Published.Anomalies, _ = d.Anomalies(all, c.Dataset.Seed)
	}
	rows, _ = d.Rows(bench.Complete(d.Params, c.Dataset.Params), c.Dataset.Seed)
	return d, rows, max(1, d.Published.Anomalies*rows/max(1, d.Published.Rows))
}
