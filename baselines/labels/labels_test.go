package labels

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/ensemble"
	"github.com/uaibench/uaibench/bench"
)

// pool returns n rows of three features; every ninth row is an anomaly, with slightly shifted
// features.
func pool(n int) (bench.Data, []bool) {
	rng := bench.NewStream(1, "pool").Rand()
	d, truth := bench.Data{X: bench.NewMatrix(n, 3)}, make([]bool, n)
	for i := range n {
		truth[i] = i%9 == 0
		for j := range 3 {
			d.X.Data[3*i+j] = float32(rng.NormFloat64())
		}
		if truth[i] {
			d.X.Data[3*i] += 1.5
			d.X.Data[3*i+1] -= 1.5
		}
	}
	return d, truth
}

func firstOf(truth []bool, n int) (l bench.Labels) {
	for i := range n {
		l.Index, l.Anomaly = append(l.Index, 2*i), append(l.Anomaly, truth[2*i])
	}
	return l
}

func trained(t *testing.T, d bench.Data, l ...bench.Labels) *Learner {
	t.Helper()
	m := New(Settings{Forest: ensemble.ForestSettings{Trees: 20, Subsample: 64, Seed: 1}})
	for _, l := range append([]bench.Labels{{}}, l...) {
		if err := m.Train(context.Background(), d, l); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func scores(t *testing.T, m *Learner, d bench.Data, rows []int, want bench.Head) ([]float64,
	bench.Head) {
	t.Helper()
	s := make([]float64, d.Rows())
	if rows != nil {
		s = s[:len(rows)]
	}
	head, err := m.Scores(context.Background(), s, d, rows, want)
	if err != nil {
		t.Fatal(err)
	}
	return s, head
}

// TestRegressionByHand: an anomaly at a and a normal row at -a, of two inputs. By symmetry the
// intercept is 0 and v = τ a, where dF/dτ = 0: τ |a|² = 2 |a|² C σ(-τ |a|²), so τ = 2 C σ(-τ |a|²).
// With |a|² = 1/4 and C chosen so that the solution is τ = 4: C = 2 / σ(-1) = 2 (1 + e).
func TestRegressionByHand(t *testing.T) {
	p := newProblem(2, 3)
	copy(p.x, []float64{0.3, 0.4, 1, -0.3, -0.4, 1})
	copy(p.sign, []float64{1, -1})
	c := 2 * (1 + math.E)
	copy(p.cost, []float64{c, c})
	v, _, err := p.minimise(context.Background(), 1e-10)
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{1.2, 1.6, 0} {
		if math.Abs(v[j]-want) > 1e-9 {
			t.Errorf("v = %v, want 1.2, 1.6, 0", v)
			break
		}
	}
	if got, want := p.value(v), 0.5*4+2*c*math.Log1p(math.Exp(-1)); math.Abs(got-want) > 1e-9 {
		t.Errorf("F = %v, want %v", got, want)
	}
}

// TestRegressionIsTheMinimum: at the weights of a fit the finite differences of the objective,
// written down independently with balanced answers, are zero, and random steps increase it.
func TestRegressionIsTheMinimum(t *testing.T) {
	d, truth := pool(300)
	l := firstOf(truth, 60)
	m := trained(t, d, l)
	s, _ := scores(t, m, d, nil, bench.HeadBase)
	anomalies := 0.0
	for _, y := range l.Anomaly {
		anomalies += float64(kind(y))
	}
	// Inputs by their definition: the mean and deviation of each over the pool.
	input := func(row, j int) float64 {
		if j == 3 {
			return s[row]
		}
		return float64(d.X.Row(row)[j])
	}
	var mean, deviation [4]float64
	for j := range 4 {
		for i := range 300 {
			mean[j] += input(i, j) / 300
		}
		for i := range 300 {
			deviation[j] += math.Pow(input(i, j)-mean[j], 2) / 300
		}
		deviation[j] = math.Sqrt(deviation[j])
	}
	logit := func(v []float64, row int) float64 {
		z := v[4]
		for j := range 4 {
			z += v[j] * (input(row, j) - mean[j]) / deviation[j]
		}
		return z
	}
	objective := func(v []float64) float64 {
		sum := (v[0]*v[0] + v[1]*v[1] + v[2]*v[2] + v[3]*v[3]) / 2
		for i, row := range l.Index {
			if l.Anomaly[i] {
				sum += 60 / (2 * anomalies) * math.Log1p(math.Exp(-logit(v, row)))
			} else {
				sum += 60 / (2 * (60 - anomalies)) * math.Log1p(math.Exp(logit(v, row)))
			}
		}
		return sum
	}
	v := slices.Clone(m.weights)
	least := objective(v)
	for j := range v {
		const h = 1e-4
		v[j] += h
		up := objective(v)
		v[j] -= 2 * h
		down := objective(v)
		v[j] += h
		if g := (up - down) / (2 * h); math.Abs(g) > 1e-6 || up < least || down < least {
			t.Errorf("weight %d: slope %g, F %v, beside it %v and %v", j, g, least, down, up)
		}
	}
	got, head := scores(t, m, d, nil, bench.HeadTrained)
	for i, z := range got {
		if want := logit(v, i); math.Abs(z-want) > 1e-9 || head != bench.HeadTrained {
			t.Fatalf("row %d scores %v by %v, want %v", i, z, head, want)
		}
	}
	some, _ := scores(t, m, d, []int{299, 0, 17}, bench.HeadTrained)
	if some[0] != got[299] || some[1] != got[0] || some[2] != got[17] {
		t.Error("a row's score depends on the rows asked for")
	}
}

// TestForestUntilBoth: without labels, and with only one answer, the forest ranks, and Scores
// reports HeadBase.
func TestForestUntilBoth(t *testing.T) {
	d, truth := pool(200)
	forest := ensemble.NewIForest(ensemble.ForestSettings{Trees: 20, Subsample: 64, Seed: 1})
	if err := forest.Fit(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 200)
	if _, err := forest.Scores(context.Background(), want, d, nil, bench.HeadBase); err != nil {
		t.Fatal(err)
	}
	normal := bench.Labels{Index: []int{1, 2}, Anomaly: []bool{false, false}}
	for name, m := range map[string]*Learner{"no label": trained(t, d),
		"one answer": trained(t, d, normal)} {
		got, head := scores(t, m, d, nil, bench.HeadTrained)
		if head != bench.HeadBase || !slices.Equal(got, want) {
			t.Errorf("%s: %v selects", name, head)
		}
	}
	if _, head := scores(t, trained(t, d, firstOf(truth, 10)), d, nil,
		bench.HeadTrained); head != bench.HeadTrained {
		t.Error("with both answers the forest still selects")
	}
}

// TestUnitsDoNotMatter: features in other units (powers of two, so exactly) and an additional
// constant feature do not change the ranking; neither do threads, nor resuming from a snapshot, bit
// by bit.
func TestUnitsDoNotMatter(t *testing.T) {
	d, truth := pool(300)
	l := firstOf(truth, 40)
	want, _ := scores(t, trained(t, d, l), d, nil, bench.HeadTrained)
	other := bench.Data{X: bench.NewMatrix(300, 3)}
	for i, v := range d.X.Data {
		other.X.Data[i] = v * []float32{8, 1, 0.25}[i%3]
	}
	got, _ := scores(t, trained(t, other, l), other, nil, bench.HeadTrained)
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-9 {
			t.Fatalf("row %d scores %v in other units, %v before", i, got[i], want[i])
		}
	}
	first := bench.Labels{Index: l.Index[:20], Anomaly: l.Anomaly[:20]}
	a, b := trained(t, d, first), New(trained(t, d).set)
	var kept bytes.Buffer
	if err := a.Snapshot(&kept); err != nil {
		t.Fatal(err)
	}
	if err := b.Restore(context.Background(), d, l, &kept); err != nil || kept.Len() > 0 {
		t.Fatal(err, kept.Len())
	}
	for _, m := range []*Learner{a, b} {
		if err := m.Train(context.Background(), d, l); err != nil {
			t.Fatal(err)
		}
		if got, _ := scores(t, m, d, nil, bench.HeadTrained); !slices.Equal(got, want) {
			t.Error("rounds, or a snapshot, change what follows from the labels")
		}
	}
	if ca, cb := a.Counts(), b.Counts(); ca["fits"] != 2 || cb["fits"] != 2 ||
		ca["newton_steps"] != cb["newton_steps"] {
		t.Errorf("counts %v and %v", ca, cb)
	}
	flat := bench.Data{X: bench.NewMatrix(300, 4)}
	for i := range 300 {
		copy(flat.X.Row(i), d.X.Row(i))
		flat.X.Row(i)[3] = 7
	}
	if m := trained(t, flat, l); m.weights[3] != 0 || m.scale[3] != 0 {
		t.Errorf("a constant feature has the weight %v", m.weights[3])
	}
}
