package decide

import (
	"fmt"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// trips are simulated experiments of a claim; of one that is judged by a bootstrap, which takes a
// hundred times as long, fewer.
const (
	trips          = 50
	bootstrapTrips = 10
)

// chance is how often the claim is decided when further runs are drawn from those at hand, up to the
// next look of its needs, or up to so many.
func (p *planner) chance(c *ledger.Claim, row *rule.Row, needs []rule.Need, upto int) float64 {
	n, paired := trips, false
	for i := range c.Checks {
		paired = paired || c.Checks[i].Paired
		if row.Aggregate != nil || c.Checks[i].Op == "widest" {
			n = bootstrapTrips
		}
	}
	decided := 0
	for trip := range n {
		s := &ahead{source: p.Judge.Source, trip: trip, paired: paired, upto: map[string]int{},
			drawn: map[string]sample.Sample{}}
		for _, need := range needs {
			for _, q := range need.Quantities {
				k := key(q.Operand, q.Arm, q.Dataset, q.At)
				s.upto[k] = max(s.upto[k], need.Next.N, upto)
			}
		}
		j := *p.Judge
		j.Source, j.Bare, j.Whole = s, true, true
		again := j.Claim(c)
		again.Calibration = row.Calibration
		again.Calibrate()
		if again.Verdict.Decided() {
			decided++
		}
	}
	return float64(decided) / float64(n)
}

// ahead is a source with further runs, drawn from those at hand.
type ahead struct {
	source sample.Source
	trip   int
	paired bool // what runs share a seed is drawn together
	upto   map[string]int
	drawn  map[string]sample.Sample
}

func key(o *ledger.Operand, arm, dataset, at string) string {
	return fmt.Sprint(o.Metric, "|", arm, "|", dataset, "|", at, "|", o.Against, "|", o.Level, "|", o.Name)
}

// Quantity is the runs' own values, and further ones.
func (s *ahead) Quantity(o *ledger.Operand, arm, dataset, at string) sample.Sample {
	k := key(o, arm, dataset, at)
	if x, ok := s.drawn[k]; ok {
		return x
	}
	x := s.source.Quantity(o, arm, dataset, at)
	have := len(x.Values)
	if have > 0 && have < s.upto[k] {
		axis := k
		if s.paired {
			axis = ""
		}
		rng := bench.NewStream(1, "decide", s.trip, axis).Rand()
		more := sample.Sample{Keys: append([]sample.Replicate{}, x.Keys...),
			Values: append([]float64{}, x.Values...)}
		for i := have; i < s.upto[k]; i++ {
			more.Keys = append(more.Keys, sample.Replicate{Data: x.Keys[0].Data, Train: 1<<40 + uint64(i)})
			more.Values = append(more.Values, x.Values[rng.IntN(have)])
		}
		x = more
	}
	s.drawn[k] = x
	return x
}
