package rule

import (
	"fmt"

	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// These tests cover the faults found in the first ledger, which the second must not repeat.

// fakes is a source of given values.
type fakes func(o *ledger.Operand, arm, dataset, at string) []float64

func (f fakes) Quantity(o *ledger.Operand, arm, dataset, at string) sample.Sample {
	s := sample.Sample{Values: f(o, arm, dataset, at), Why: "nothing"}
	for i := range s.Values {
		s.Keys = append(s.Keys, sample.Replicate{Data: 1, Train: uint64(i)})
		s.Cells = append(s.Cells, fmt.Sprint(arm, dataset, i))
	}
	return s
}

// judgeOf returns a judge of simulated runs.
func judgeOf(l *ledger.Ledger, e Evidence) *Judge {
	j, _ := New(l, fake.Catalog(), e)
	return j
}
