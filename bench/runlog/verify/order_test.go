package verify

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// ranksOf measures scores as a run does.
func ranksOf(scores []float64, truth []bool) (m runlog.RankMetrics) {
	if v, ok := metric.ROCAUC(scores, truth); ok {
		m.ROCAUC = &v
	}
	if v, ok := metric.AveragePrecision(scores, truth); ok {
		m.AveragePrecision = &v
	}
	return m
}

// auditsBy are the first n audits by scores, k per round.
func auditsBy(scores []float64, truth []bool, n, k int) (out []runlog.Audit) {
	found := 0
	for i, row := range bench.Ranking(scores)[:n] {
		if truth[row] {
			found++
		}
		out = append(out, runlog.Audit{Number: i + 1, Call: i/k + 1, Rank: i%k + 1, Row: row,
			Score: scores[row], Head: "base", Label: truth[row], Truth: truth[row], Found: found})
	}
	return out
}

func curveBy(scores []float64, truth []bool) metric.RecallCurve {
	var ranked []bool
	for _, row := range bench.Ranking(scores) {
		ranked = append(ranked, truth[row])
	}
	return metric.CurveOf(ranked)
}

// The figures of any scores, with ties or without, pass given their complete ranking, their audits,
// or only their first round.
func TestHonestRanksPass(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(r, "rows")
		levels := rapid.SampledFrom([]int{1, 2, 4, 1000}).Draw(r, "levels")
		scores, truth := make([]float64, n), make([]bool, n)
		for i := range n {
			scores[i] = float64(rapid.IntRange(1, levels).Draw(r, "score"))
			truth[i] = rapid.IntRange(0, 3).Draw(r, "truth") == 0
		}
		m, f := ranksOf(scores, truth), curveBy(scores, truth)
		k := rapid.IntRange(1, n).Draw(r, "k")
		audits := auditsBy(scores, truth, rapid.IntRange(1, n).Draw(r, "audits"), k)
		if err := ranksFollow("full", f, n, tiesOf(audits), m); err != nil {
			r.Error(err)
		}
		result := &runlog.Result{Rows: n, Anomalies: len(f), Unlabelled: &m}
		if err := firstRound(result, audits); err != nil {
			r.Error(err)
		}
		if err := order(result, audits); err != nil {
			r.Error(err)
		}
		result.Full = f
		if err := order(result, audits); err != nil {
			r.Error(err)
		}
	})
}

// Bounds computed by hand, pair by pair, after the known runs of equal scores: of four rows the
// second and the last are anomalies.
func TestRankBounds(t *testing.T) {
	f := metric.RecallCurve{2, 4}
	for _, c := range []struct {
		ties        []int
		least, most int64 // of 8: twice the 4 pairs
	}{
		// .x.x: one pair is won and three are lost
		{nil, 1, 5},
		{[]int{1}, 1, 3},       // the first row is above all others: its two pairs are lost
		{[]int{1, 1, 1}, 2, 2}, // all scores are known
		{[]int{2}, 3, 4},       // the first two are equal; the third may equal the fourth
	} {
		b := boundsOf(f, 4, c.ties)
		if b.least != c.least || b.most != c.most {
			t.Errorf("%v: %d to %d, want %d to %d", c.ties, b.least, b.most, c.least, c.most)
		}
	}
	b := boundsByStart(metric.RecallCurve{1}, 2, 4, []int{1})
	if b.least != 4 || b.most != 8 || b.leastAP != 0.75 || b.mostAP != 1 { // x..x and xx..
		t.Errorf("%+v", b)
	}
}

func TestImpossibleRanks(t *testing.T) {
	scores, truth := []float64{9, 8, 7, 6, 5, 4, 3, 2}, []bool{false, true, false, false, true, false, false, false}
	good, f := ranksOf(scores, truth), curveBy(scores, truth)
	audits := auditsBy(scores, truth, 8, 8)
	follow := func(m runlog.RankMetrics) error { return ranksFollow("full", f, 8, tiesOf(audits), m) }
	if err := follow(good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ auc, ap float64 }{
		"an AUC of no ranking": {*good.ROCAUC + 1e-9, *good.AveragePrecision},
		"another AUC":          {*good.ROCAUC + 1./12, *good.AveragePrecision},
		"another precision":    {*good.ROCAUC, *good.AveragePrecision + 1e-6},
	} {
		if err := follow(runlog.RankMetrics{ROCAUC: &c.auc, AveragePrecision: &c.ap}); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if err := follow(runlog.RankMetrics{AveragePrecision: good.AveragePrecision}); err == nil {
		t.Error("a missing AUC passes")
	}
	// The first round bounds the figures of a method that learns: two normal rows are above all
	// others.
	result := &runlog.Result{Rows: 8, Anomalies: 2, Unlabelled: &good}
	one := 1.0
	first := slices.Clone(audits)
	for i := range first {
		first[i].Call = i/2 + 1
	}
	if err := firstRound(result, first); err != nil {
		t.Error(err)
	}
	result.Unlabelled = &runlog.RankMetrics{ROCAUC: &one, AveragePrecision: good.AveragePrecision}
	if err := firstRound(result, first); err == nil {
		t.Error("an AUC of 1 passes behind a normal row that was chosen first")
	}
}
