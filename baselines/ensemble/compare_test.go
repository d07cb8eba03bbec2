package ensemble

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// hard returns a pool in which one anomaly in five is labelled nominal, and one nominal in twenty
// anomaly: no weights satisfy all labels, so F's minimum is not zero.
func hard(n int) (bench.Data, []bool) {
	d, truth := clusters(n, 6, 13)
	rng := bench.NewStream(13, "answers").Rand()
	for i, y := range truth {
		if p := rng.Float64(); y && p < 0.2 || !y && p < 0.05 {
			truth[i] = !y
		}
	}
	return d, truth
}

// comparison is the difference between the authors' optimiser and the exact one over the rounds of
// one run, from the same start each round.
type comparison struct {
	rounds int
	excess float64 // mean of (F_authors - F_exact) / (F_start - F_exact)
	worst  float64 // largest of these
	// largest (F_exact - F_authors) / F_exact: allowed by the tolerance
	below           float64
	overlap         float64 // mean share of the next ten selections that both make
	authors, exact  time.Duration
	epochs, touched int64 // of the authors' optimiser
	sweeps, visited int64 // of the exact one
}

// compareOptimizers runs m, which audits by the authors' optimiser.
func compareOptimizers(t testing.TB, m *AAD, d bench.Data, truth []bool, budget, k int) comparison {
	ctx := context.Background()
	var c comparison
	var l bench.Labels
	audited := make([]bool, d.Rows())
	scores := make([]float64, d.Rows())
	select_ := func() []int { // returns the next k, by the current weights
		m.fresh = false
		if _, err := m.Scores(ctx, scores, d, nil, bench.HeadTrained); err != nil {
			t.Fatal(err)
		}
		for i, h := range audited {
			if h {
				scores[i] = math.Inf(-1)
			}
		}
		return bench.Select(nil, scores, k)
	}
	if err := m.Train(ctx, d, l); err != nil {
		t.Fatal(err)
	}
	for l.Len() < budget {
		for _, row := range select_() {
			audited[row] = true
			l.Index = append(l.Index, row)
			l.Anomaly = append(l.Anomaly, truth[row])
		}
		if err := m.rescore(ctx); err != nil {
			t.Fatal(err)
		}
		f, _ := m.objective(l)
		start, authors, exact := slices.Clone(m.w), slices.Clone(m.w), slices.Clone(m.w)
		c.rounds++
		var a, e work
		began := time.Now()
		if err := m.dual.minimise(ctx, &f, exact, 0, m.sweeps.Rand, &e); err != nil {
			t.Fatal(err)
		}
		c.exact += time.Since(began)
		began = time.Now()
		if err := m.descent.minimise(ctx, &f, authors, bench.NewStream(1, "batches", c.rounds),
			&a); err != nil {
			t.Fatal(err)
		}
		c.authors += time.Since(began)
		c.epochs, c.touched = c.epochs+a.epochs, c.touched+a.rows
		c.sweeps, c.visited = c.sweeps+e.gradients, c.visited+e.rows
		fs, fa, fe := naive(&f, start), naive(&f, authors), naive(&f, exact)
		if fs-fe > 1e-9 {
			c.excess += (fa - fe) / (fs - fe)
			c.worst = max(c.worst, (fa-fe)/(fs-fe))
		}
		c.below = max(c.below, (fe-fa)/max(fe, 1e-9))
		copy(m.w, exact)
		m.normalise()
		top := select_()
		copy(m.w, authors)
		m.normalise()
		both := 0
		for _, row := range select_() {
			both += kind(slices.Contains(top, row))
		}
		c.overlap += float64(both) / float64(k)
	}
	c.excess /= float64(c.rounds)
	c.overlap /= float64(c.rounds)
	return c
}

// TestAuthorsAgainstExact measures the gap of the authors' optimiser to the exact minimum, round by
// round: it is never negative, and the share of the initial gap that remains is logged.
func TestAuthorsAgainstExact(t *testing.T) {
	d, truth := hard(2000)
	prior := LODAAADSettings()
	prior.Prior = Fixed
	for name, m := range map[string]*AAD{
		"Tree-AAD": NewTreeAAD(ForestSettings{Seed: 1}, TreeAADSettings()),
		"LODA-AAD": NewLODAAAD(LodaSettings{Least: 100, Most: 101, Seed: 1},
			LODAAADSettings()),
		"LODA-AAD, fixed prior": NewLODAAAD(LodaSettings{Least: 100, Most: 101, Seed: 1}, prior),
	} {
		c := compareOptimizers(t, m, d, truth, 200, 10)
		if c.below > 2e-6 {
			t.Errorf("%s: the exact optimiser is above the authors' by %.1e of F", name, c.below)
		}
		if c.worst > 1+1e-9 {
			t.Errorf("%s: the authors' optimiser ends above its start", name)
		}
		t.Logf("%s, %d rounds: of the way from the start to the minimum the authors' optimiser "+
			"leaves %.1f%% (at most %.1f%%); %.0f%% of the next ten selections agree; authors' "+
			"%v in %d epochs over %d rows, exact %v in %d sweeps over %d rows",
			name, c.rounds, 100*c.excess, 100*c.worst, 100*c.overlap, c.authors.Round(time.Millisecond), c.epochs, c.touched, c.exact.Round(time.Millisecond), c.sweeps, c.visited)
	}
}
