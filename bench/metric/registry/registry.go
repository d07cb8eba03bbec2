// Package registry lists the metrics of a cell's result. Reports, comparisons of nights, claims,
// exports and sweeps look metrics up by name and evaluate them on results:
//
//	m, ok := registry.Lookup("share")
//	v, err := m.Of(result, registry.Args{At: "2N"}) // the share of N found by 2N audits
//
// If a result does not have a metric, the error gives the reason: the budget ended before, nothing
// was measured at that checkpoint, or the cell has a holdout split and audits nothing. The
// functions of plain curves and scores are in package metric. To add a metric, add an entry to one
// of the lists here (curveMetrics, checkpointMetrics, workMetrics, datasetMetrics).
package registry

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
)

// Metric is a number computed from a cell's result.
type Metric struct {
	Name     string   // in ledgers, in gates' limits and in exports: "f1"
	Aliases  []string // former names, which Lookup accepts too
	Title    string   // in words, for a heading or an axis
	Unit     string   // "anomalies", "audits", …; empty for a ratio
	Better   Better
	Decimals int   // shown in tables of means
	Takes    Takes // the fields of Args that it reads

	// Dataset marks a property of the dataset: every cell on it has the same value.
	Dataset bool
	// Doc describes the computation in a sentence or two.
	Doc string

	of func(r *runlog.Result, a Args) (float64, error)
}

// Better is the direction in which a metric is better.
type Better int

// Neither is for metrics such as a number of rows, which is not good or bad.
const (
	Neither Better = iota
	Higher
	Lower
)

// String returns "higher", "lower" or "neither", the first two as in the Go benchmark format.
func (b Better) String() string { return [...]string{"neither", "higher", "lower"}[b] }

// Takes is a set of fields of Args.
type Takes uint8

// The fields of Args that a metric may read.
const (
	TakesAt Takes = 1 << iota
	TakesLevel
	TakesCount
)

// Args are the arguments of a metric; those that it does not take are ignored.
type Args struct {
	At At // a number of audits; for checkpoint metrics, the checkpoint's
	// audits_to: a share of N; frozen_precision: anomalies; frozen_share: multiples of N
	Level float64
	Count string // work: the name of a counter, such as "joint_steps"

	// WithinBudget restricts the curve to the audits made. Otherwise the curve of a method that
	// does not learn extends to the last row, whatever the budget.
	WithinBudget bool
}

// Of evaluates the metric. The error gives the reason why the result does not have it.
func (m *Metric) Of(r *runlog.Result, a Args) (float64, error) { return m.of(r, a) }

// all metrics, in the order in which documents list them.
var all = slices.Concat(curveMetrics, checkpointMetrics, workMetrics, datasetMetrics)

// All returns every metric. Callers must not modify them.
func All() []*Metric { return all }

// Lookup returns the metric with the given name or alias.
func Lookup(name string) (m *Metric, ok bool) {
	i := slices.IndexFunc(all, func(m *Metric) bool {
		return m.Name == name || slices.Contains(m.Aliases, name)
	})
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// Get is Lookup for a name known to exist; it panics if it does not.
func Get(name string) *Metric {
	m, ok := Lookup(name)
	if !ok {
		panic(fmt.Sprintf("registry: there is no metric %q", name))
	}
	return m
}

// Names returns every metric's name, without aliases, sorted.
func Names() []string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return names
}
