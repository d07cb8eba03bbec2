package ensemble

import (
	"bytes"
	"context"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// fifOn returns an FIF with a forest grown on d.
func fifOn(t *testing.T, d bench.Data, s FIFSettings) *FIF {
	t.Helper()
	f := NewFIF(s)
	if err := f.Train(context.Background(), d, bench.Labels{}); err != nil {
		t.Fatal(err)
	}
	return f
}

func scoresOf(t *testing.T, m bench.Scorer, d bench.Data, want bench.Head) []float64 {
	t.Helper()
	s := make([]float64, d.Rows())
	if _, err := m.Scores(context.Background(), s, d, nil, want); err != nil {
		t.Fatal(err)
	}
	return s
}

// edges returns how often each edge on a row's path through the trees counts, by index in θ,
// computed from the trees' nodes.
func edges(f *FIF, d bench.Data, row int) map[int]float64 {
	x := d.X.Row(row)
	out := map[int]float64{}
	for _, tree := range f.forest.trees {
		at := int32(0)
		for tree.nodes[at].feature >= 0 {
			n := tree.nodes[at]
			at = n.child
			if x[n.feature] > n.threshold {
				at++
			}
			out[tree.first+int(at)] = 1
		}
		if at > 0 {
			out[tree.first+int(at)] = float64(tree.nodes[at].size)
		}
	}
	return out
}

// TestFIFByHand: w is 1, and η is 1. An anomaly subtracts 1 from every edge on its path: its score
// is 0, and another row's is minus the number of its edges that are not shared. The same label
// again takes θ to -1, and w stays at 0; so a nominal answer afterwards, θ = 0, changes nothing,
// and only a second one restores w = 1. A nominal row as the first label has w = 2.
func TestFIFByHand(t *testing.T) {
	d, _ := clusters(300, 4, 3)
	f := fifOn(t, d, FIFSettings{Forest: ForestSettings{Trees: 5, Subsample: 64, Seed: 1}})
	const labelled = 7
	own := edges(f, d, labelled)
	holds := func(when string, w float64) {
		t.Helper()
		got := scoresOf(t, f, d, bench.HeadTrained)
		for r := range got {
			want := 0.0
			for e, times := range edges(f, d, r) {
				if own[e] > 0 {
					want -= w * times
				} else {
					want -= times
				}
			}
			if math.Abs(got[r]-want) > 1e-12 {
				t.Fatalf("%s: row %d scores %v, want %v", when, r, got[r], want)
			}
		}
	}
	holds("before labels", 1)
	var l bench.Labels
	for _, step := range []struct {
		anomaly bool
		w       float64
	}{{true, 0}, {true, 0}, {false, 0}, {false, 1}, {false, 2}, {false, 3}, {true, 2}} {
		l.Index, l.Anomaly = append(l.Index, labelled), append(l.Anomaly, step.anomaly)
		if err := f.Train(context.Background(), d, l); err != nil {
			t.Fatal(err)
		}
		holds("after "+fmtAnswers(l.Anomaly), step.w)
	}
	if base := scoresOf(t, f, d, bench.HeadBase); base[labelled] != -float64(len(own)) {
		t.Errorf("the base score is %v, want minus the path's length, %d", base[labelled], len(own))
	}
	if got, want := f.Counts()["edges_touched"], int64(7*len(own)); got != want {
		t.Errorf("%d edges touched by seven labels, want %d", got, want)
	}
}

func fmtAnswers(y []bool) (s string) {
	for _, a := range y {
		s += map[bool]string{true: "+", false: "-"}[a]
	}
	return s
}

// TestFIFLikelihood: a step is -η times the finite difference of -y ln P(x; w), computed from the
// definition; w is 1 there, so no weight is at its bound.
func TestFIFLikelihood(t *testing.T) {
	d, _ := clusters(60, 3, 5)
	d.Same = make([]int32, 60)
	for i := range d.Same {
		if d.Same[i] = int32(i); i >= 40 { // copies count, although each is scored once
			copy(d.X.Row(i), d.X.Row(i%4))
			d.Same[i] = int32(i % 4)
		}
	}
	for _, anomaly := range []bool{true, false} {
		f := fifOn(t, d, FIFSettings{Forest: ForestSettings{Trees: 3, Subsample: 8, Seed: 2},
			Likelihood: true, Rate: 0.125})
		const labelled = 11
		rows := make([]map[int]float64, 60) // by index in θ
		times := map[int]float64{}
		for r := range rows {
			rows[r] = edges(f, d, r)
			maps.Copy(times, rows[r])
		}
		loss := func(w []float64) float64 {
			sum, own := 0.0, 0.0
			for r, on := range rows {
				s := 0.0
				for p, times := range on {
					s -= w[p] * times
				}
				sum += math.Exp(s)
				if r == labelled {
					own = s
				}
			}
			if anomaly {
				return math.Log(sum) - own
			}
			return own - math.Log(sum)
		}
		w := slices.Clone(f.theta)
		l := bench.Labels{Index: []int{labelled}, Anomaly: []bool{anomaly}}
		if err := f.Train(context.Background(), d, l); err != nil {
			t.Fatal(err)
		}
		for p, got := range f.theta {
			const h = 1e-5
			w[p] = 1 + h
			up := loss(w)
			w[p] = 1 - h
			down := loss(w)
			w[p] = 1
			// An edge that counts m times in a score counts once in a step.
			if want := 1 - 0.125*(up-down)/(2*h)/max(1, times[p]); math.Abs(got-want) > 1e-8 {
				t.Errorf("anomaly %v: θ[%d] = %v, want %v", anomaly, p, got, want)
			}
		}
	}
}

// TestFIFWorkOfALabel: with the linear loss a label touches no more edges in a large pool than in a
// small one with trees of the same size.
func TestFIFWorkOfALabel(t *testing.T) {
	for _, n := range []int{300, 3000} {
		d, _ := clusters(n, 4, 3)
		f := fifOn(t, d, FIFSettings{Forest: ForestSettings{Trees: 20, Seed: 1}})
		l := bench.Labels{Index: []int{3, 5}, Anomaly: []bool{true, false}}
		before := f.Counts()["rows_scored"]
		if err := f.Train(context.Background(), d, l); err != nil {
			t.Fatal(err)
		}
		if c := f.Counts(); c["edges_touched"] > 2*20*25 || c["rows_scored"] != before {
			t.Errorf("%d rows: two labels touch %d edges and score %d rows", n, c["edges_touched"],
				c["rows_scored"]-before)
		}
	}
}

// TestFIFLearns: audits lead to anomalies that the forest scores as normal, with either loss; other
// data and rows of the pool get the same scores; and a restored model continues with the same bits.
func TestFIFLearns(t *testing.T) {
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
	ctx := context.Background()
	for _, likelihood := range []bool{false, true} {
		s := FIFSettings{Forest: ForestSettings{Trees: 50, Seed: 3}, Likelihood: likelihood}
		f := NewFIF(s)
		l, scores := audit(t, f, d, truth, 90, 3)
		found, static := 0, 0
		for _, y := range l.Anomaly {
			found += kind(y)
		}
		for _, row := range bench.Select(nil, scoresOf(t, f, d, bench.HeadBase), 90) {
			static += kind(truth[row])
		}
		if found < static+15 {
			t.Errorf("likelihood %v: %d anomalies in 90 audits, the forest has %d", likelihood,
				found,
				static)
		}
		elsewhere := bench.Data{X: bench.Matrix{Rows: 1500, Cols: 5, Data: slices.Clone(d.X.Data)}}
		for i, v := range scoresOf(t, f, elsewhere, bench.HeadTrained) {
			if math.Abs(v-scores[i]) > 1e-12 {
				t.Fatalf("likelihood %v: row %d scores %v in the pool, %v elsewhere", likelihood, i,
					scores[i], v)
			}
		}
		var b bytes.Buffer
		if err := f.Snapshot(&b); err != nil {
			t.Fatal(err)
		}
		g := NewFIF(s)
		if err := g.Restore(ctx, d, l, &b); err != nil || b.Len() > 0 {
			t.Fatal(err, b.Len())
		}
		more := bench.Labels{Index: append(slices.Clone(l.Index), 1, 2),
			Anomaly: append(slices.Clone(l.Anomaly), true, false)}
		for _, m := range []*FIF{f, g} {
			if err := m.Train(ctx, d, more); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(scoresOf(t, f, d, bench.HeadTrained),
			scoresOf(t, g, d, bench.HeadTrained)) {
			t.Errorf("likelihood %v: what was restored goes on otherwise", likelihood)
		}
	}
}

// TestFullForest: if no two rows are equal every leaf holds one row of the subsample, whatever the
// depth; a leaf of several holds equal ones.
func TestFullForest(t *testing.T) {
	distinct, _ := clusters(600, 4, 3)
	levels := bench.Data{X: bench.NewMatrix(600, 2)}
	for i := range levels.X.Data {
		levels.X.Data[i] = float32(i / 2 % 5) // five kinds of rows
	}
	for name, d := range map[string]bench.Data{"distinct": distinct, "levels": levels} {
		f := fifOn(t, d, FIFSettings{Forest: ForestSettings{Trees: 10, Seed: 4}}).forest
		depth := 0
		for _, tree := range f.trees {
			rows := int32(0)
			for _, leaf := range tree.leaves {
				n := tree.nodes[leaf]
				rows += n.size
				if name == "distinct" && n.size != 1 {
					t.Errorf("a leaf of %d rows, of which no two are equal", n.size)
				}
				way := 0
				for at := leaf; at > 0; at = tree.nodes[at].parent {
					way++
				}
				depth = max(depth, way)
			}
			if rows != 256 {
				t.Errorf("%s: the leaves hold %d rows", name, rows)
			}
			if name == "levels" && len(tree.leaves) != 5 {
				t.Errorf("%d leaves for five kinds of rows", len(tree.leaves))
			}
		}
		if name == "distinct" && depth <= 8 {
			t.Errorf("no leaf is deeper than %d", depth)
		}
	}
}
