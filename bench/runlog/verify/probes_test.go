package verify

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

func TestCheckExplanation(t *testing.T) {
	x, l, s := make([]float32, 784), make([]float64, 784), make([]float64, 784)
	x[5], x[6], x[700] = 0.5, 1, -1
	l[5], s[5] = 3, -5
	l[6], s[700] = 1, 8
	explanation := func() runlog.Explanation { return runlog.NewExplanation(3, 0.25, true, x, l, s, 2) }
	e := explanation()
	if err := checkExplanation(&e, 784); err != nil {
		t.Error(err)
	}
	still := runlog.NewExplanation(0, 0, false, x, make([]float64, 784), make([]float64, 784), 2)
	if err := checkExplanation(&still, 784); err != nil {
		t.Errorf("a row that nothing drives: %v", err)
	}
	for what, spoil := range map[string]func(*runlog.Explanation){
		"a feature beyond the last":  func(e *runlog.Explanation) { e.Features[0].Index = 784 },
		"features out of order":      func(e *runlog.Explanation) { e.Features[0], e.Features[1] = e.Features[1], e.Features[0] },
		"more than all there is":     func(e *runlog.Explanation) { e.Total = 9 },
		"a picture cut off":          func(e *runlog.Explanation) { e.Pixels = e.Pixels[:9] },
		"a feature without any part": func(e *runlog.Explanation) { e.Features[1].Latent, e.Features[1].Score = 1, -1 },
	} {
		e := explanation()
		if spoil(&e); checkExplanation(&e, 784) == nil {
			t.Errorf("%s is taken", what)
		}
	}
}

// A checkpoint's figures on its test set must add up, by kind and in total.
func TestReplayTestProbe(t *testing.T) {
	truth := []bool{true, false, true}
	probe := func() *runlog.TestProbe {
		p := &runlog.TestProbe{Rows: 50, Anomalies: 7, Hits: 4, Found: 2, Groups: []runlog.GroupHits{
			{Name: "dos", Seen: true, Hits: runlog.Hits{Hits: 3, Of: 4}},
			{Name: "probe", Hits: runlog.Hits{Hits: 1, Of: 3}},
		}}
		p.Sum()
		return p
	}
	bare := func() *runlog.TestProbe { return &runlog.TestProbe{Rows: 50, Anomalies: 7, Hits: 7, Found: 2} }
	replay := func(p *runlog.TestProbe) error {
		auc, ap := 0.5, 0.1
		c := &runlog.Checkpoint{At: 3, Audited: 3, Head: "trained", Test: p,
			Ranks: runlog.RankMetrics{ROCAUC: &auc, AveragePrecision: &ap}}
		return replayProbes(c, &runlog.Result{Rows: 22, Anomalies: 2}, nil, truth)
	}
	for _, p := range []*runlog.TestProbe{probe(), bare()} {
		if err := replay(p); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		of    func() *runlog.TestProbe
		spoil func(*runlog.TestProbe)
		want  string
	}{
		"found":               {probe, func(p *runlog.TestProbe) { p.Found = 3 }, "but 2 by the audit log"},
		"seen":                {probe, func(p *runlog.TestProbe) { p.Seen.Hits++ }, "do not add up"},
		"seen anomalies":      {probe, func(p *runlog.TestProbe) { p.Seen.Of++ }, "do not add up"},
		"unseen":              {probe, func(p *runlog.TestProbe) { p.Unseen.Of-- }, "do not add up"},
		"unseen hits":         {probe, func(p *runlog.TestProbe) { p.Unseen.Hits-- }, "do not add up"},
		"seen without groups": {bare, func(p *runlog.TestProbe) { p.Seen = runlog.Hits{Hits: 7, Of: 7} }, "do not add up"},
		"hits of all":         {probe, func(p *runlog.TestProbe) { p.Hits++ }, "do not add up to the total"},
		"anomalies of all":    {probe, func(p *runlog.TestProbe) { p.Anomalies++ }, "do not add up to the total"},
		"more hits than anomalies": {bare, func(p *runlog.TestProbe) { p.Hits = 8 },
			"8 hits of 7 anomalies in 50 rows"},
		"negative hits": {bare, func(p *runlog.TestProbe) { p.Hits = -1 }, "-1 hits"},
		"more anomalies than rows": {bare, func(p *runlog.TestProbe) { p.Anomalies = 51 },
			"51 anomalies in 50 rows"},
		"a kind's hits": {probe, func(p *runlog.TestProbe) {
			p.Groups[0].Hits.Hits, p.Groups[1].Hits.Hits = 0, 4
			p.Sum()
		}, `4 hits of 3 anomalies of kind "probe"`},
		"a kind's negative hits": {probe, func(p *runlog.TestProbe) {
			p.Groups[0].Hits.Hits, p.Groups[1].Hits.Hits = 5, -1
			p.Sum()
		}, "of kind"},
	} {
		p := c.of()
		c.spoil(p)
		if err := replay(p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// The figures of the halves must add up to those of the dataset, and agree with the ranking.
func TestReplayHoldout(t *testing.T) {
	good := func() runlog.Result {
		cell := bench.Cell{Dataset: bench.DatasetRef{ID: "toy", Split: bench.Split{Train: "clean"}},
			Threshold: bench.Threshold{Own: true}}
		f := metric.RecallCurve{1, 4}
		scores, truth := []float64{9, 8, 7, 6, 5, 4}, []bool{true, false, false, true, false, false}
		h := runlog.Holdout{Train: runlog.Half{Rows: 5, Anomalies: 1}, Test: runlog.Half{Rows: 6, Anomalies: 2},
			Ranked: f.RunLengths(), Flagged: 2, Ranks: ranksOf(scores, truth)}
		h.Measure(f)
		return runlog.Result{Cell: cell, Rows: 11, Anomalies: 3, Holdout: &h}
	}
	r := good()
	if _, err := Replay(r, nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(*runlog.Result)
		want  string
	}{
		"no training rows":      {func(r *runlog.Result) { r.Holdout.Train.Rows, r.Rows = 0, 6 }, "halves of 0 and 6 rows"},
		"no test rows":          {func(r *runlog.Result) { r.Holdout.Test.Rows, r.Rows = 0, 5 }, "halves of 5 and 0 rows"},
		"rows":                  {func(r *runlog.Result) { r.Rows++ }, "are not the sums of its halves"},
		"anomalies":             {func(r *runlog.Result) { r.Anomalies-- }, "are not the sums of its halves"},
		"flagged below none":    {func(r *runlog.Result) { r.Holdout.Flagged = -1 }, "-1 of 6 rows are flagged"},
		"flagged more than all": {func(r *runlog.Result) { r.Holdout.Flagged = 7 }, "7 of 6 rows are flagged"},
		"an audit":              {func(r *runlog.Result) { r.Audited = 1 }, "audits are recorded"},
		"no result":             {func(r *runlog.Result) { r.Holdout = nil }, "its holdout result is missing"},
		"another number ranked": {func(r *runlog.Result) { r.Holdout.Test.Anomalies, r.Anomalies = 1, 2 },
			"the ranking has 2 anomalies, the test half 1"},
		"another ROC-AUC": {func(r *runlog.Result) { *r.Holdout.Ranks.ROCAUC = 1 }, "given its ranking it is"},
	} {
		r := good()
		c.spoil(&r)
		if _, err := Replay(r, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
