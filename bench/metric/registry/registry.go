// Package registry is the one list of the metrics of a cell's result. Reports, comparisons of
// nights, claims, exports and sweeps look metrics up by name and evaluate them on results:
//
//	m, ok := registry.Lookup("share")
//	v, err := m.Of(result, registry.Args{At: "2N"}) // the share of N found by 2N audits
//
// A metric that a result does not have is an error that says why: the budget ended before, nothing
// was measured at that checkpoint, the cell has a holdout split and audits nothing. Functions of
// plain curves and scores are one floor below, in package metric. A new metric is one entry of a
// list here (curveMetrics, checkpointMetrics, workMetrics, datasetMetrics).
package registry

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
)

// Metric is a number that a cell's result has.
type Metric struct {
	Name     string   // in ledgers, in gates' limits and in exports: "f1"
	Aliases  []string // names of before, which Lookup takes too
	Title    string   // in words, for a heading or an axis
	Unit     string   // "anomalies", "audits", …; empty for a ratio
	Better   Better
	Decimals int   // that a table shows of a mean
	Takes    Takes // the fields of Args that it reads

	// Dataset says that it is a property of the dataset: every cell on it has the same value.
	Dataset bool
	// Doc says in a sentence or two what is computed.
	Doc string

	of func(r *runlog.Result, a Args) (float64, error)
}

// Better is the direction in which a metric is better.
type Better int

// A metric may be neither: a number of rows is not good or bad.
const (
	Neither Better = iota
	Higher
	Lower
)

// String gives "higher", "lower" or "neither", the first two as the Go benchmark format has them.
func (b Better) String() string { return [...]string{"neither", "higher", "lower"}[b] }

// Takes is a set of fields of Args.
type Takes uint8

// What a metric may read of Args.
const (
	TakesAt Takes = 1 << iota
	TakesLevel
	TakesCount
)

// Args are the arguments of a metric. What it does not take is ignored.
type Args struct {
	At At // a number of audits; of a metric of checkpoints, that of the checkpoint
	// audits_to: a share of N; frozen_precision: anomalies; frozen_share: multiples of N
	Level float64
	Count string // work: the name of a counter, such as "joint_steps"

	// WithinBudget asks for nothing but what was audited. Else the curve of a method that does not
	// learn is known to the last row, whatever the budget was.
	WithinBudget bool
}

// Of evaluates the metric. The error says why the result does not have it.
func (m *Metric) Of(r *runlog.Result, a Args) (float64, error) { return m.of(r, a) }

// all metrics, in the order in which documents list them.
var all = slices.Concat(curveMetrics, checkpointMetrics, workMetrics, datasetMetrics)

// All gives every metric. The caller must not change them.
func All() []*Metric { return all }

// Lookup finds a metric by its name or one of its aliases.
func Lookup(name string) (m *Metric, ok bool) {
	i := slices.IndexFunc(all, func(m *Metric) bool {
		return m.Name == name || slices.Contains(m.Aliases, name)
	})
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// Get is Lookup of a name that is known to be there; it panics where it is not.
func Get(name string) *Metric {
	m, ok := Lookup(name)
	if !ok {
		panic(fmt.Sprintf("registry: there is no metric %q", name))
	}
	return m
}

// Names gives every metric's name, without aliases, sorted.
func Names() []string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return names
}
