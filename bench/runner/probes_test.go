package runner

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
)

// tabled scores a row by its first feature, and has both features as its latent point.
type tabled struct {
	still bool // does not learn
	spoil func(l, s []float64)
}

func (t tabled) Static() bool                                        { return t.still }
func (tabled) Train(context.Context, bench.Data, bench.Labels) error { return nil }
func (tabled) LatentDim() int                                        { return 1 }
func (t tabled) Scores(_ context.Context, dst []float64, d bench.Data, rows []int, want bench.Head) (bench.Head, error) {
	for i := range dst {
		row := i
		if rows != nil {
			row = rows[i]
		}
		dst[i] = float64(d.X.Row(row)[0])
	}
	return want, nil
}

func (t tabled) Latents(_ context.Context, l, s []float64, d bench.Data, rows []int) error {
	for i, row := range rows {
		s[i], l[i] = float64(d.X.Row(row)[0]), float64(d.X.Row(row)[1])
	}
	if t.spoil != nil {
		t.spoil(l, s)
	}
	return nil
}

func table(name string, scores []float32, truth string, groups string) *bench.Dataset {
	d := &bench.Dataset{Name: name, Data: bench.Data{X: bench.NewMatrix(len(scores), 2)}, Groups: []string{"normal", "smurf", "neptune", "new"}}
	for i, s := range scores {
		copy(d.X.Row(i), []float32{s, -float32(i)})
		d.Truth = append(d.Truth, truth[i] == '+')
		d.Group = append(d.Group, int32(groups[i]-'0'))
	}
	return d
}

// probedData has eight rows, ranked 4 0 7 1 2 6 3 5 (ties to the lower), of which 0, 2, 3 and 7 are
// anomalies, and a test set of seven with four, ranked 6 0 2 4 5 1 3.
func probedData() *bench.Dataset {
	d := table("pool", []float32{7, 5, 4, 1, 9, 0, 4, 6}, "+-++---+", "10110001")
	d.Test = table("test", []float32{8, 2, 7, 1, 5, 4, 9}, "++-+-+-", "1103030")
	d.Test.Group[5] = 3
	return d
}

func measureProbes(t *testing.T, m bench.Learner, ds *bench.Dataset, probes ...string) (runlog.Result, []runlog.Audit, error) {
	t.Helper()
	cell := bench.Cell{Budget: bench.Budget{Audits: 4}, K: bench.K{Audits: 2}, Checkpoints: []int{0, 2, 4}, Probes: probes}
	return Measure(t.Context(), cell, ds, m, nil)
}

// By hand: the guesses are rows 4 0 7 1 2 6 3 5, so those at positions 2, 3, 5 and 7 of 8 are right
// at any budget, since the score never changes. With b = 2 audits, N = 4: 3 of the first 4, 4 of
// the first 8, 3 of the first 6, 4 of the first 10. 95 % of 4, rounded up, is 4. Area: 7 + 6 + 4 +
// 2 positions of an ideal 8 + 7 + 6 + 5.
func TestFrozenRankingByHand(t *testing.T) {
	r, queries, err := measureProbes(t, tabled{}, probedData(), bench.ProbeRanking)
	if err != nil {
		t.Fatal(err)
	}
	want := &runlog.FrozenRanking{RunLengths: "1 2 1 1 1 1", Area: 19.0 / 26, AtN: 2, At2N: 4, AfterN: 3, After2N: 4, For95: 7, ForWhole: 7}
	if diff := cmp.Diff(want, r.Checkpoints[1].Ranking); diff != "" {
		t.Error(diff)
	}
	if r.Checkpoints[0].Ranking.RunLengths != want.RunLengths || r.Checkpoints[0].Ranking.AfterN != 2 {
		t.Errorf("before any audit: %+v", r.Checkpoints[0].Ranking)
	}
	if _, err := verify.Replay(r, queries); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*runlog.FrozenRanking){
		"does not begin with the audits": func(t *runlog.FrozenRanking) { t.RunLengths = "0 1 1 1 2 1 1 1" },
		"do not follow from its runs":    func(t *runlog.FrozenRanking) { t.AtN++ },
		"3 of 4 anomalies":               func(t *runlog.FrozenRanking) { t.RunLengths = "1 2 1 1" },
		"not a run's length":             func(t *runlog.FrozenRanking) { t.RunLengths = "1 2 x" },
		"beyond place 8":                 func(t *runlog.FrozenRanking) { t.RunLengths = "1 2 1 1 3 1" },
	} {
		broken := *want
		spoil(&broken)
		bad := r
		bad.Checkpoints = slices.Clone(r.Checkpoints)
		bad.Checkpoints[1].Ranking = &broken
		if _, err := verify.Replay(bad, queries); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v, want %q", broken, err, name)
		}
	}
}

// By hand: as many rows are flagged as there are anomalies, 6 0 2 4, of which only 0 is one, of the
// seen kind smurf. The pool has no anomaly of the kinds neptune and new.
func TestTestSetByHand(t *testing.T) {
	r, queries, err := measureProbes(t, tabled{}, probedData(), bench.ProbeTestSet)
	if err != nil {
		t.Fatal(err)
	}
	want := &runlog.TestProbe{
		Rows: 7, Anomalies: 4, Hits: 1, Found: 1, Seen: runlog.Hits{Hits: 1, Of: 2}, Unseen: runlog.Hits{Hits: 0, Of: 2},
		Groups: []runlog.GroupHits{{Name: "smurf", Seen: true, Hits: runlog.Hits{Hits: 1, Of: 2}}, {Name: "new", Hits: runlog.Hits{Hits: 0, Of: 2}}},
	}
	if diff := cmp.Diff(want, r.Checkpoints[1].Test); diff != "" {
		t.Error(diff)
	}
	if got := []int{r.Checkpoints[0].Test.Found, r.Checkpoints[2].Test.Found}; !slices.Equal(got, []int{0, 2}) {
		t.Errorf("found %v", got)
	}
	if _, err := verify.Replay(r, queries); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*runlog.TestProbe){
		"but 1 by the audit log":    func(t *runlog.TestProbe) { t.Found++ },
		"add up to seen and unseen": func(t *runlog.TestProbe) { t.Seen.Hits++ },
		"add up to the total":       func(t *runlog.TestProbe) { t.Hits++ },
	} {
		broken := *want
		spoil(&broken)
		r.Checkpoints[1].Test = &broken
		if _, err := verify.Replay(r, queries); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v, want %q", broken, err, name)
		}
	}
}

func TestLatentProjection(t *testing.T) {
	ds := probedData()
	for i, y := range ds.Truth { // a line separates them
		ds.X.Row(i)[1] = float32(i % 3)
		if y {
			ds.X.Row(i)[1] += 5 + ds.X.Row(i)[0]
		}
	}
	r, _, err := measureProbes(t, tabled{}, ds, bench.ProbeProjection)
	if err != nil {
		t.Fatal(err)
	}
	p := r.Checkpoints[2].Projection
	if p.Dim != 1 || *p.AUC != 1 || *p.Balanced != 1 || len(p.W) != 2 || p.W[0] <= 0 {
		t.Errorf("%+v", p)
	}
	if want := (runlog.Points{Of: 4, Row: []int{0, 2, 3, 7}, L: []float64{12, 11, 6, 12}, S: []float64{7, 4, 1, 6}}); !cmp.Equal(*p.Anomalies, want) {
		t.Errorf("anomalies %+v, want %+v", *p.Anomalies, want)
	}
	if p.Normals.Of != 4 || len(p.Normals.Row) != 4 {
		t.Errorf("normals %+v", p.Normals)
	}
	truth := make([]bool, 3*drawn+2)
	got := points(truth, false, make([]float64, len(truth)), make([]float64, len(truth)))
	if got.Of != len(truth) || len(got.Row) > drawn || got.Row[1] != 4 {
		t.Errorf("%d of %d rows are drawn, the second is %d", len(got.Row), got.Of, got.Row[1])
	}
}

// A method that does not learn is probed once, since it gives the same at every budget.
func TestStaticIsProbedOnce(t *testing.T) {
	r, _, err := measureProbes(t, tabled{still: true}, probedData(), bench.ProbeRanking, bench.ProbeTestSet, bench.ProbeProjection)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range r.Checkpoints {
		if first := i == 0; (c.Ranking != nil) != first || (c.Test != nil) != first || (c.Projection != nil) != first {
			t.Errorf("checkpoint %d: %+v", i, c)
		}
	}
}

// A probe that is not possible fails before any training, and a value that is not finite fails
// where it occurs.
func TestImpossibleProbesFail(t *testing.T) {
	for _, c := range []struct {
		look, want string
		change     func(*bench.Dataset) bench.Learner
	}{
		{"test", "dataset pool has none", func(d *bench.Dataset) bench.Learner { d.Test = nil; return tabled{} }},
		{"test", "has no anomalies", func(d *bench.Dataset) bench.Learner { clear(d.Test.Truth); return tabled{} }},
		{"test", "test set: row 3 scored NaN", func(d *bench.Dataset) bench.Learner {
			d.Test.X.Row(3)[0] = float32(math.NaN())
			return tabled{}
		}},
		{"plane", "there is no latent representation", func(*bench.Dataset) bench.Learner { return struct{ bench.Learner }{tabled{}} }},
		{"plane", "checkpoint 0: row 2 scored NaN", func(*bench.Dataset) bench.Learner {
			return tabled{spoil: func(l, _ []float64) { l[2] = math.NaN() }}
		}},
		{"plane", "checkpoint 0: row 5 scored +Inf", func(*bench.Dataset) bench.Learner {
			return tabled{spoil: func(_, s []float64) { s[5] = math.Inf(1) }}
		}},
		{"sideways", "not a known probe", func(*bench.Dataset) bench.Learner { return tabled{} }},
	} {
		ds := probedData()
		_, _, err := measureProbes(t, c.change(ds), ds, c.look)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.look, err, c.want)
		}
		if strings.Contains(c.want, "scored") && !errors.Is(err, bench.ErrNotFinite) {
			t.Errorf("%v is not ErrNotFinite", err)
		}
	}
}
