package decide

import (
	"testing"

	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// runs is a source of ten and of five runs, with seeds from 2019 on.
type runs map[string]int

func (r runs) Quantity(_ *ledger.Operand, arm, _, _ string) (s sample.Sample) {
	for i := range r[arm] {
		s.Keys = append(s.Keys, sample.Replicate{Data: 1, Train: 2019 + uint64(i)})
		s.Values = append(s.Values, float64(i))
	}
	return s
}

// Further runs have the seeds that would come next, so that they pair with runs of another arm that
// is ahead.
func TestFurtherRunsPair(t *testing.T) {
	o := &ledger.Operand{Metric: "f1"}
	s := &ahead{source: runs{"a": 10, "b": 5}, upto: map[string]int{}, drawn: map[string]sample.Sample{}}
	for _, arm := range []string{"a", "b"} {
		s.upto[key(o, arm, "mnist0", "N")] = 20
	}
	pairs := sample.Pair(s.Quantity(o, "a", "mnist0", "N"), s.Quantity(o, "b", "mnist0", "N"),
		func(x, y float64) float64 { return x - y })
	if len(pairs.Values) != 20 {
		t.Errorf("%d pairs of 20 runs each", len(pairs.Values))
	}
}
