package decide

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// trips is the number of simulated experiments per claim; bootstrapTrips if a bootstrap judges it,
// which takes a hundred times as long.
const (
	trips          = 50
	bootstrapTrips = 10
)

// chance returns how often the claim is decided if further runs are drawn from those at hand, up to
// the needs' next look or to upto replicates. A chance of at least enough may be underestimated,
// but not below enough.
func (p *planner) chance(c *ledger.Claim, row *rule.Row, needs []rule.Need, upto int,
	enough float64) float64 {
	n, paired := trips, false
	for i := range c.Checks {
		paired = paired || c.Checks[i].Paired
		if row.Aggregate != nil || slices.Contains([]string{"widest", "spread"}, c.Checks[i].Op) {
			n = bootstrapTrips
		}
	}
	name := p.evidence(row, needs, upto, enough)
	if known, ok := p.known[name]; ok {
		return known
	}
	to := map[string]int{}
	for _, need := range needs {
		for _, q := range need.Quantities {
			k := key(q.Operand, q.Arm, q.Dataset, q.At)
			to[k] = max(to[k], need.Next.N, upto)
		}
	}
	source := &shared{source: p.Judge.Source}
	var decided atomic.Int64
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for trip := range n {
		if p.over() || float64(decided.Load()) >= enough*float64(n) {
			break
		}
		group.Go(func() error {
			j := *p.Judge
			j.Source = &ahead{source: source, trip: trip, paired: paired, upto: to,
				drawn: map[string]sample.Sample{}}
			j.Bare, j.Whole = true, true
			again := j.Claim(c)
			again.Calibration = row.Calibration
			again.Calibrate()
			if again.Verdict.Decided() {
				decided.Add(1)
			}
			return nil
		})
	}
	_ = group.Wait() // no goroutine returns an error
	if p.over() {
		return 0
	}
	p.known[name] = float64(decided.Load()) / float64(n)
	return p.known[name]
}

// evidence is a hash of all that a chance depends on: the row has the cells of each comparison.
func (p *planner) evidence(row *rule.Row, needs []rule.Need, upto int, enough float64) string {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(row); err != nil {
		panic("decide: a row that is shown as JSON everywhere: " + err.Error())
	}
	fmt.Fprintln(h, upto, enough)
	for _, n := range needs {
		for _, q := range n.Quantities {
			s := p.Judge.Source.Quantity(q.Operand, q.Arm, q.Dataset, q.At)
			fmt.Fprintln(h, n.Next.N, key(q.Operand, q.Arm, q.Dataset, q.At), s.Keys, s.Values)
		}
	}
	return string(h.Sum(nil))
}

// shared makes a source safe for concurrent use.
type shared struct {
	mu     sync.Mutex
	source sample.Source
}

// Quantity returns the source's sample.
func (s *shared) Quantity(o *ledger.Operand, arm, dataset, at string) sample.Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Quantity(o, arm, dataset, at)
}

// ahead is a source with further runs, drawn from those at hand.
type ahead struct {
	source sample.Source
	trip   int
	paired bool // runs that share a seed are drawn together
	upto   map[string]int
	drawn  map[string]sample.Sample
}

func key(o *ledger.Operand, arm, dataset, at string) string {
	return fmt.Sprint(o.Metric, "|", arm, "|", dataset, "|", at, "|", o.Against, "|", o.Level, "|", o.Name)
}

// Quantity returns the runs' own values and, up to upto, further ones.
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
			// Seeds follow one another: another arm may have run this one already, and pairs with it.
			last := more.Keys[len(more.Keys)-1]
			more.Keys = append(more.Keys, sample.Replicate{Data: last.Data, Train: last.Train + 1})
			more.Values = append(more.Values, x.Values[rng.IntN(have)])
		}
		x = more
	}
	s.drawn[k] = x
	return x
}
