package claims

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
)

// quantity evaluates an operand: at one number of audits, for one arm ("" where it picks among its arms, or has none), on one dataset.
func (m *measured) quantity(o *Operand, arm, dataset, at string) sample {
	if o.Dataset != "" {
		dataset = o.Dataset
	}
	if len(o.WorstOf) > 0 {
		one := *o
		one.WorstOf = nil
		var parts []sample
		for _, d := range o.WorstOf {
			parts = append(parts, m.quantity(&one, arm, d, at))
		}
		return combine(parts, slices.Min[[]float64])
	}
	if o.Pick != "" {
		pick := slices.Max[[]float64]
		if o.Pick == "worst" {
			pick = slices.Min[[]float64]
		}
		one := *o
		one.Pick = ""
		var parts []sample
		for _, a := range o.Arms {
			parts = append(parts, m.quantity(&one, a, dataset, at))
		}
		return combine(parts, pick)
	}
	if get, ok := statistics[o.Metric]; ok {
		return m.ofDataset(dataset, get)
	}
	switch o.Metric {
	case "chance":
		return m.chance(dataset, at, o.SDs)
	case "crossover":
		return m.crossover(m.ledger.arm(arm), m.ledger.arm(o.Against), dataset)
	case "published":
		v, _, ok := m.ledger.published(o.Name, arm, dataset)
		if !ok {
			return sample{Why: fmt.Sprintf("%s is not published for %s", o.Name, dataset)}
		}
		return sample{One: &v}
	case "theory":
		return m.theory(o.Name)
	}
	get := metrics[o.Metric]
	return m.of(m.ledger.arm(arm), dataset, func(r *runlog.Result) (float64, error) { return get(r, o, at) })
}

// combine takes samples together run by run, over the seeds that all have; values for all runs go with each.
func combine(parts []sample, f func([]float64) float64) sample {
	out := sample{Values: map[uint64]float64{}}
	var seeds map[uint64]bool
	for _, p := range parts {
		out.join(p)
		if p.empty() {
			out.Values = nil
			for _, q := range parts {
				out.join(q)
			}
			return out
		}
		if p.One != nil {
			continue
		}
		if seeds == nil {
			seeds = map[uint64]bool{}
			for s := range p.Values {
				seeds[s] = true
			}
		}
		for s := range seeds {
			if _, ok := p.Values[s]; !ok {
				delete(seeds, s)
			}
		}
	}
	value := func(seed uint64) float64 {
		var xs []float64
		for _, p := range parts {
			if p.One != nil {
				xs = append(xs, *p.One)
			} else {
				xs = append(xs, p.Values[seed])
			}
		}
		return f(xs)
	}
	if seeds == nil {
		v := value(0)
		out.One, out.Values = &v, nil
		return out
	}
	for s := range seeds {
		out.Values[s] = value(s)
	}
	if len(seeds) == 0 {
		out.Why = "the runs have no seed in common"
	}
	return out
}

// chance is what auditing at random finds of N on average, or so many of its standard deviations (hypergeometric) above.
func (m *measured) chance(dataset, at string, sds float64) sample {
	return m.ofDataset(dataset, func(r *runlog.Result) (float64, error) {
		b, ok := auditsAt(at, r.Anomalies, r.Rows)
		if !ok || r.Anomalies == 0 || r.Rows < 2 {
			return 0, fmt.Errorf("no chance to find anything")
		}
		n, share := float64(r.Rows), float64(r.Anomalies)/float64(r.Rows)
		sd := math.Sqrt(float64(b) * share * (1 - share) * (n - float64(b)) / (n - 1))
		return (float64(b)*share + sds*sd) / float64(r.Anomalies), nil
	})
}

// crossover is the number of audits from which arm has found no fewer than other, to the end of what both know; one more than
// that where it is behind to the end.
func (m *measured) crossover(arm, other *Arm, dataset string) sample {
	const budget = 5000 // of Figures 6-8
	type ended struct{ f []int }
	curves := map[uint64][2]ended{}
	collect := func(i int, a *Arm) sample {
		return m.of(a, dataset, func(r *runlog.Result) (float64, error) {
			f, b, err := curveTo(r, fmt.Sprint(budget))
			if err != nil {
				return 0, err
			}
			c := curves[r.Cell.Seed]
			c[i] = ended{f[:f.At(b)]}
			curves[r.Cell.Seed] = c
			return 0, nil
		})
	}
	a, b := collect(0, arm), collect(1, other)
	out := combine([]sample{a, b}, func([]float64) float64 { return 0 })
	for seed := range out.Values {
		c := curves[seed]
		out.Values[seed] = float64(lastBehind(c[0].f, c[1].f, budget) + 1)
	}
	return out
}

// lastBehind is the last number of audits, up to end, at which a has found fewer than b; 0: never.
func lastBehind(a, b []int, end int) int {
	i, j, last := 0, 0, 0
	for n := 1; n <= end; n++ {
		for i < len(a) && a[i] <= n {
			i++
		}
		for j < len(b) && b[j] <= n {
			j++
		}
		if i < j {
			last = n
		}
	}
	return last
}

// theory is 1 where a statement of the simulations behind the theorems holds, else 0.
func (m *measured) theory(name string) sample {
	if m.theorems == nil {
		return sample{Why: "the simulations of the theorems were not run (uaibench theory)"}
	}
	holds, known := m.theorems.Holds(name)
	if !known {
		return sample{Why: "the simulations say nothing of " + name}
	}
	v := 0.0
	if holds {
		v = 1
	}
	return sample{One: &v}
}

// whyTheorem is what the simulations found of a statement.
func (m *measured) whyTheorem(name string) string {
	for _, s := range m.theorems.Statements {
		if s.Name == name {
			return s.Why
		}
	}
	return ""
}
