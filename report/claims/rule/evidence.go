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

// Evidence is what was measured.
type Evidence struct {
	Runs   []*runlog.Run
	Theory *theory.Result // nil: not run

	// Draws gives a count of a dataset, by the name of its metric, one for each of many draws of
	// the data (Draws.Of); nil, or no values: the draws of the runs' own datasets count.
	Draws func(dataset, metric string) []float64

	// Looked has what aggregates looked at before, so that a verdict of theirs stands until the next
	// look whatever has run since; nil: nothing was kept.
	Looked Looked
}

// Looked are, by claim and look, the runs with which each comparison of an aggregate counted: looks.json.
type Looked map[string]map[int][]int

// ReadLooked reads looks.json, which messages call name.
func ReadLooked(name string, data []byte) (Looked, error) {
	var l Looked
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

// ReadLookedFile reads a file of that kind; the error is fs.ErrNotExist where there is none.
func ReadLookedFile(path string) (Looked, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ReadLooked(path, data)
}

// Keep adds what a claim's aggregate looked at; what was kept before stays.
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

// New judges by what was measured; its evaluator has the samples.
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
