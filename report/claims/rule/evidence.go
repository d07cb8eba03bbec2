package rule

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// Evidence is all that claims are judged by.
type Evidence struct {
	Runs   []*runlog.Run
	Theory *theory.Result // nil: not run

	// Draws returns a count of a dataset, by metric name, over many draws of its data (Draws.Of).
	// If it is nil or returns nothing, the draws in the runs count.
	Draws func(dataset, metric string) []float64

	// Looked has earlier looks of aggregates, so that their verdicts do not change until the next
	// look, whatever has run since; nil: none were kept.
	Looked Looked
}

// Looked has, by claim and look, the number of runs with which each comparison of an aggregate
// counted (looks.json).
type Looked map[string]map[int][]int

// ReadLooked parses looks.json; its errors begin with name.
func ReadLooked(name string, data []byte) (Looked, error) {
	var l Looked
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

// ReadLookedFile reads such a file; the error is fs.ErrNotExist if there is none.
func ReadLookedFile(path string) (Looked, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ReadLooked(path, data)
}

// Keep adds the looks of a claim's aggregate; those kept before do not change.
func (l Looked) Keep(row *Row) {
	if row.Aggregate == nil {
		return
	}
	for n, sizes := range row.Aggregate.Looked {
		if l[row.ID] == nil {
			l[row.ID] = map[int][]int{}
		}
		if _, ok := l[row.ID][n]; !ok {
			l[row.ID][n] = sizes
		}
	}
}

// New returns a judge of the evidence, and the evaluator of its samples.
func New(l *ledger.Ledger, cat bench.Catalog, e Evidence) (*Judge, *sample.Evaluator) {
	m := sample.NewEvaluator(l, cat, e.Runs)
	j := &Judge{Ledger: l, Source: m, Looked: e.Looked}
	out := &j.extra
	if e.Theory != nil {
		out.theorem = func(name string) (holds, known bool, why string) {
			for _, s := range e.Theory.Statements {
				if s.Name == name {
					return s.Holds, true, s.Why
				}
			}
			return false, false, ""
		}
	}
	out.counts = func(dataset, metric string) []float64 {
		if e.Draws != nil {
			if xs := e.Draws(dataset, metric); len(xs) > 0 {
				return xs
			}
		}
		return m.Counts(dataset, metric)
	}
	return j, m
}
