package ensemble

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

type quiet struct{}

func (quiet) Record(bench.Round) error { return nil }

// audit runs Algorithm 1 and returns the labels and the final scores of all rows.
func audit(t *testing.T, m bench.Learner, d bench.Data, truth []bool, budget, k int) (bench.Labels,
	[]float64) {
	t.Helper()
	ctx := context.Background()
	l, err := bench.Run(ctx, d, m, bench.Truth(truth), bench.Settings{Budget: budget, K: k},
		quiet{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Train(ctx, d, l); err != nil {
		t.Fatal(err)
	}
	s := make([]float64, d.Rows())
	if _, err := m.Scores(ctx, s, d, nil, bench.HeadTrained); err != nil {
		t.Fatal(err)
	}
	return l, s
}

// learners returns small AADs of every kind, and the unsupervised detectors, for a number of
// workers.
func learners(workers int) map[string]bench.Learner {
	forest := ForestSettings{Trees: 30, Subsample: 64, Seed: 5, Workers: workers}
	all := forest
	all.Nodes, all.Constant = AllNodes, true
	deep := forest
	deep.Subsample = 1000 // more than eight levels
	histograms := LodaSettings{Least: 20, Most: 30, Seed: 5, Workers: workers}
	tree, loda := TreeAADSettings(), LODAAADSettings()
	exactTree, exactLoda, batches := tree, loda, tree
	exactTree.Exact, exactLoda.Exact = true, true
	batches.RMSprop.Batch = 10
	return map[string]bench.Learner{
		"iforest":           bench.Passive(NewIForest(forest)),
		"iforest, deep":     bench.Passive(NewIForest(deep)),
		"loda":              bench.Passive(NewLODA(histograms)),
		"tree_aad":          NewTreeAAD(forest, tree),
		"tree_aad, deep":    NewTreeAAD(deep, tree),
		"tree_aad, nodes":   NewTreeAAD(all, tree),
		"tree_aad, exact":   NewTreeAAD(forest, exactTree),
		"tree_aad, batches": NewTreeAAD(forest, batches),
		"loda_aad":          NewLODAAAD(histograms, loda),
		"loda_aad, exact":   NewLODAAAD(histograms, exactLoda),
		"loda_aad, unit rows": NewLODAAAD(histograms,
			func() AADSettings { s := loda; s.UnitNorm, s.Prior = true, Fixed; return s }()),
	}
}

// TestUniformBeforeLabels: without labels the ranking is that of the uniform ensemble, computed
// here from the definition: the mean of a row's features, minus the depth in each tree, in units of
// their root mean square.
func TestUniformBeforeLabels(t *testing.T) {
	d, _ := clusters(700, 5, 4)
	ctx := context.Background()
	m := NewTreeAAD(ForestSettings{Seed: 9}, TreeAADSettings())
	s, base := make([]float64, 700), make([]float64, 700)
	if err := m.Train(ctx, d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	if head, err := m.Scores(ctx, s, d, nil, bench.HeadTrained); err != nil ||
		head != bench.HeadTrained {
		t.Fatal(head, err)
	}
	if head, err := m.Scores(ctx, base, d, nil, bench.HeadBase); err != nil ||
		head != bench.HeadBase {
		t.Fatal(head, err)
	}
	f := m.base.(*forest)
	scale := 1 / math.Sqrt(float64(f.m))
	for i := range 700 {
		codes := make([]uint16, f.members()*blockRows)
		f.code(codes, d, []int32{int32(i)}, f.newScratch())
		sum, square := 0.0, 0.0
		for tree, leaves := range f.leaves {
			at := slices.IndexFunc(leaves,
				func(l leaf) bool { return l.slot == int32(codes[tree*blockRows]) })
			depth := float64(leaves[at].depth)
			sum += depth
			square += depth * depth
		}
		want := -scale * sum / math.Sqrt(square)
		if math.Abs(s[i]-want) > 1e-13 || base[i] != s[i] {
			t.Fatalf("row %d: trained %v, base %v, want %v", i, s[i], base[i], want)
		}
		if z := m.row(i); math.Abs(z.square()-1) > 1e-12 || len(z.at) != f.members() {
			t.Fatalf("row %d: %d features of length %v", i, len(z.at), math.Sqrt(z.square()))
		}
	}

	// LODA: the mean over projections, up to a factor.
	l := NewLODAAAD(LodaSettings{Least: 20, Most: 30, Seed: 9}, LODAAADSettings())
	plain := fitScore(t, NewLODA(LodaSettings{Least: 20, Most: 30, Seed: 9}), d)
	if err := l.Train(ctx, d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	l.Scores(ctx, s, d, nil, bench.HeadTrained)
	factor := math.Sqrt(float64(l.base.members()))
	for i := range s {
		if math.Abs(s[i]-factor*plain[i]) > 1e-12*math.Abs(s[i])+1e-12 {
			t.Fatalf("row %d: %v, want %v", i, s[i], factor*plain[i])
		}
	}
}

// TestLearnsFromLabels: with a cluster of anomalies that the ensembles score as normal, audits lead
// to it; the base head does not change.
func TestLearnsFromLabels(t *testing.T) {
	d, _ := clusters(1500, 5, 11)
	truth := make([]bool, 1500)
	for i := range truth {
		if i%25 == 0 { // 60 rows around a point at the edge of the others
			truth[i] = true
			for j := range 5 {
				d.X.Data[i*5+j] = 0.9 + 0.15*float32((i/25*(j+3)*7)%19)/19
			}
		}
	}
	for name, m := range map[string]*AAD{
		"tree": NewTreeAAD(ForestSettings{Seed: 3}, TreeAADSettings()),
		"loda": NewLODAAAD(LodaSettings{Least: 60, Most: 80, Seed: 3}, LODAAADSettings()),
	} {
		ctx := context.Background()
		if err := m.Train(ctx, d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		before, after := make([]float64, 1500), make([]float64, 1500)
		m.Scores(ctx, before, d, nil, bench.HeadBase)
		static := 0
		for _, row := range bench.Select(nil, before, 120) {
			static += kind(truth[row])
		}
		l, _ := audit(t, m, d, truth, 120, 3)
		found := 0
		for _, y := range l.Anomaly {
			found += kind(y)
		}
		if found < static+15 {
			t.Errorf("%s: %d anomalies in 120 audits, the uniform ensemble has %d", name, found,
				static)
		}
		m.Scores(ctx, after, d, nil, bench.HeadBase)
		if !slices.Equal(before, after) {
			t.Errorf("%s: learning changed the base score", name)
		}
	}
}

// TestMemory: with a memory of M labels a round's weights depend only on the last M labels.
func TestMemory(t *testing.T) {
	d, truth := clusters(600, 5, 6)
	var l bench.Labels
	rng := bench.NewStream(3, "rows").Rand()
	for _, row := range rng.Perm(600)[:50] {
		l.Index = append(l.Index, row)
		l.Anomaly = append(l.Anomaly, truth[row] || row%3 == 0)
	}
	ctx := context.Background()
	for _, exact := range []bool{false, true} {
		score := func(memory int, calls ...bench.Labels) ([]float64, *AAD) {
			s := TreeAADSettings()
			s.Memory, s.Exact, s.Solver.Tolerance = memory, exact, 1e-12
			m := NewTreeAAD(ForestSettings{Trees: 40, Seed: 1}, s)
			for _, c := range append([]bench.Labels{{}}, calls...) {
				if err := m.Train(ctx, d, c); err != nil {
					t.Fatal(err)
				}
			}
			out := make([]float64, 600)
			m.Scores(ctx, out, d, nil, bench.HeadTrained)
			return out, m
		}
		last := bench.Labels{Index: l.Index[30:], Anomaly: l.Anomaly[30:]}
		limited, m := score(20, l)
		want, _ := score(0, last)
		everything, _ := score(0, l)
		near := func(a, b []float64) bool {
			for i := range a {
				if math.Abs(a[i]-b[i]) > 1e-7 {
					return false
				}
			}
			return true
		}
		if !near(limited, want) {
			t.Errorf("exact %v: a memory of 20 is not the last 20 labels", exact)
		}
		if near(limited, everything) {
			t.Errorf("exact %v: a memory of 20 forgets nothing", exact)
		}
		if len(m.rows) != 20 || len(m.anomaly) != 20 {
			t.Errorf("%d rows are remembered", len(m.rows))
		}
		// Over several rounds the oldest are dropped first.
		first := bench.Labels{Index: l.Index[:45], Anomaly: l.Anomaly[:45]}
		_, rounds := score(20, first, l)
		for i, z := range rounds.rows {
			if fresh := rounds.row(l.Index[30+i]); !slices.Equal(z.at, fresh.at) ||
				rounds.anomaly[i] != l.Anomaly[30+i] {
				t.Errorf("exact %v: remembered row %d is not label %d", exact, i, 30+i)
			}
		}
	}
}

// TestConstraintSet: at most the set number of each kind, drawn anew; all if there are fewer.
func TestConstraintSet(t *testing.T) {
	s := TreeAADSettings()
	s.Anomalies, s.Nominals = 5, 12
	m := newAAD(newForest(ForestSettings{}), s)
	times := make([]int, 60)
	const draws = 3000
	for range draws {
		m.anomaly = m.anomaly[:0]
		for i := range 60 {
			m.anomaly = append(m.anomaly, i%3 == 0) // 20 and 40
		}
		var n [2]int
		for i, in := range m.constraints() {
			if in {
				n[kind(m.anomaly[i])]++
				times[i]++
			}
		}
		if n != [2]int{12, 5} {
			t.Fatalf("%v in the set, want 12 nominals and 5 anomalies", n)
		}
	}
	for i, n := range times { // shares 1/4 and 3/10
		share := 0.3
		if i%3 == 0 {
			share = 0.25
		}
		if math.Abs(float64(n)-draws*share) > 5*math.Sqrt(draws*share*(1-share)) {
			t.Errorf("row %d is in %d of %d sets", i, n, draws)
		}
	}
	m.anomaly = []bool{true, false, true}
	if got := m.constraints(); !slices.Equal(got, []bool{true, true, true}) {
		t.Errorf("few labels: %v", got)
	}
}

// TestTheRestIsOneWeight: giving every weight its own element of w changes the weights only by
// rounding.
func TestTheRestIsOneWeight(t *testing.T) {
	d, truth := clusters(400, 4, 8)
	ctx := context.Background()
	for _, exact := range []bool{false, true} {
		s := TreeAADSettings()
		s.Exact, s.Solver.Tolerance = exact, 1e-12
		a, b := NewTreeAAD(ForestSettings{Trees: 20, Seed: 1},
			s), NewTreeAAD(ForestSettings{Trees: 20, Seed: 1}, s)
		for _, m := range []*AAD{a, b} {
			if err := m.Train(ctx, d, bench.Labels{}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range d.Rows() {
			b.row(i)
		}
		if b.rest >= a.rest {
			t.Fatal("the weights were not spread out")
		}
		_, sa := audit(t, a, d, truth, 30, 3)
		_, sb := audit(t, b, d, truth, 30, 3)
		for i := range sa {
			if math.Abs(sa[i]-sb[i]) > 1e-7 {
				t.Fatalf("exact %v, row %d: %v and %v", exact, i, sa[i], sb[i])
			}
		}
	}
}

// TestRound checks the objective of a round, and that w has unit length after it.
func TestRound(t *testing.T) {
	d, truth := clusters(500, 4, 2)
	ctx := context.Background()
	for _, c := range []struct {
		prior    Prior
		previous bool
		strength float64 // at 20 labels, sigma² = 0.5
	}{{NoPrior, false, 0}, {Fixed, false, 2}, {Adaptive, false, 2.0 / 20}, {Fixed, true, 2}} {
		s := TreeAADSettings()
		s.Prior, s.Previous = c.prior, c.previous
		m := NewTreeAAD(ForestSettings{Trees: 20, Seed: 1}, s)
		l, _ := audit(t, m, d, truth, 20, 4)
		norm := float64(m.rest) * m.w[0] * m.w[0]
		for _, v := range m.w[1:] {
			norm += v * v
		}
		if math.Abs(norm-1) > 1e-12 {
			t.Errorf("%+v: w has length %v after a round", c, math.Sqrt(norm))
		}
		f, _ := m.objective(l)
		if math.Abs(f.strength-c.strength) > 1e-15 {
			t.Errorf("%+v: strength %v", c, f.strength)
		}
		for i, v := range f.prior {
			want := 1 / math.Sqrt(float64(m.base.weights()))
			if c.previous {
				want = m.w[i]
			}
			if v != want {
				t.Fatalf("%+v: prior %v, want %v", c, v, want)
			}
		}
		if len(f.rows) != 20 || f.rest != m.base.weights()-len(f.prior)+1 {
			t.Errorf("%+v: %d rows, %d weights at rest", c, len(f.rows), f.rest)
		}
		// q and z_tau are those of the current w: K = 15 of 500.
		scores := make([]float64, 500)
		m.Scores(ctx, scores, d, nil, bench.HeadTrained)
		order := bench.Ranking(scores)
		if math.Abs(f.tau.dot(m.w)-scores[order[15]]) > 1e-12 || f.q > scores[order[14]] ||
			f.q < scores[order[15]] {
			t.Errorf("%+v: q %v, z_tau scores %v, ranks 14 and 15 score %v and %v", c, f.q,
				f.tau.dot(m.w), scores[order[14]], scores[order[15]])
		}
	}
}
