package synth

import (
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/toy"
)

func buildToy(t *testing.T, seed uint64, given map[string]any) *bench.Dataset {
	t.Helper()
	i := slices.IndexFunc(entries, func(e entry) bool { return e.ID == "toy2d" })
	p, errs := bench.Resolve(entries[i].Params, given)
	if errs != nil {
		t.Fatal(errs)
	}
	d, err := Build(t.Context(), bench.DatasetRef{ID: "toy2d", Version: 1, Params: p, Seed: seed}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The counts, the moments of each cluster, and that both definitions have the same points.
func TestToy(t *testing.T) {
	cluster, scattered := buildToy(t, 1, map[string]any{"scaling": "none"}), buildToy(t, 1, map[string]any{"scaling": "none", "anomalies": "scattered"})
	if cluster.Rows() != 960 || cluster.Anomalies() != 30 || scattered.Anomalies() != 30 || cluster.Classes != 3 {
		t.Fatalf("%d rows, %d and %d anomalies, %d classes", cluster.Rows(), cluster.Anomalies(), scattered.Anomalies(), cluster.Classes)
	}
	if !slices.Equal(cluster.X.Data, scattered.X.Data) || !slices.Equal(cluster.Class, scattered.Class) {
		t.Error("the definitions differ in more than their anomalies")
	}
	if slices.Equal(cluster.X.Data, buildToy(t, 2, map[string]any{"scaling": "none"}).X.Data) {
		t.Error("another seed has the same points")
	}
	for i := range cluster.Truth {
		if cluster.Truth[i] && scattered.Truth[i] {
			t.Fatalf("row %d is anomalous by both definitions", i)
		}
	}
	if got, want := digest(buildToy(t, 1, nil)), "e571bdecfa8111655b141068e6fd2d4be7a3d0430d875a4f9d2b29ecfe9ab51d"; got != want {
		t.Errorf("the points of seed 1 have digest %s, want %s", got, want)
	}
	// Over twenty seeds: mean and standard deviation of each large cluster, 6,000 points, and of
	// the small one, 600.
	type sums struct{ n, x, y, xx float64 }
	var large [3]sums
	var small sums
	inside, classes := 0, [3]int{}
	for seed := range uint64(20) {
		for _, p := range toy.Draw(seed) {
			s := &small
			switch p.Kind {
			case toy.Normal:
				s = &large[p.Class]
			case toy.Scattered:
				classes[p.Class]++
				if p.X < -2 || p.X >= 6 || p.Y < -2 || p.Y >= 6 {
					t.Fatalf("a scattered point at (%v, %v)", p.X, p.Y)
				}
				if p.X < 2 {
					inside++
				}
				continue
			case toy.Small:
				if p.Class != 2 {
					t.Fatalf("a point of the small cluster has class %d", p.Class)
				}
			}
			s.n, s.x, s.y, s.xx = s.n+1, s.x+p.X, s.y+p.Y, s.xx+p.X*p.X
		}
	}
	check := func(what string, s sums, n, x, y, sd float64) {
		mean := s.x / s.n
		got := math.Sqrt(s.xx/s.n - mean*mean)
		se := 4 * sd / math.Sqrt(n)
		if s.n != n || math.Abs(mean-x) > se || math.Abs(s.y/s.n-y) > se || math.Abs(got-sd) > se {
			t.Errorf("%s: %v points, mean (%.3f, %.3f), standard deviation %.3f", what, s.n, mean, s.y/s.n, got)
		}
	}
	check("cluster 0", large[0], 6000, 0, 0, 0.3)
	check("cluster 1", large[1], 6000, 4, 0, 0.3)
	check("cluster 2", large[2], 6000, 0, 4, 0.3)
	check("small cluster", small, 600, 4, 4, 0.6)
	if inside < 250 || inside > 350 || slices.Min(classes[:]) < 160 {
		t.Errorf("of 600 scattered points %d are in the left half; their classes are %v", inside, classes)
	}
}

// Scaling and rows as for every table, and two halves.
func TestToyParameters(t *testing.T) {
	d := buildToy(t, 3, nil)
	if slices.Min(d.X.Data) != 0 || slices.Max(d.X.Data) != 1 {
		t.Errorf("scaled from %v to %v", slices.Min(d.X.Data), slices.Max(d.X.Data))
	}
	some := buildToy(t, 3, map[string]any{"rows": 100})
	if some.Rows() != 100 || !slices.Contains(d.X.Data, some.X.Data[57]) {
		t.Errorf("%d rows of 100", some.Rows())
	}
	p, _ := bench.Resolve(entries[slices.IndexFunc(entries, func(e entry) bool { return e.ID == "toy2d" })].Params, nil)
	h, err := Build(t.Context(), bench.DatasetRef{ID: "toy2d", Version: 1, Params: p, Seed: 3, Split: bench.Split{Stratified: true, Train: "dirty", Seed: 5}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if h.Rows()+h.Test.Rows() != 960 || h.Anomalies() != 15 || h.Test.Anomalies() != 15 {
		t.Errorf("halves of %d and %d rows with %d and %d anomalies", h.Rows(), h.Test.Rows(), h.Anomalies(), h.Test.Anomalies())
	}
}
