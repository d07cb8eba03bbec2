package runlog

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uaibench/uaibench/bench/metric"
)

// FrozenRanking is the frozen ranking of Figure 11: the audits in their order, then all other rows by the frozen score,
// highest first, as one list of guesses, and how many are right among the first of them. Runs loses
// nothing; all else follows from it (Measure) and is written for whoever reads the file. A replay
// holds its beginning against the audit log; what comes after the audits rests on scores that are
// not kept, and cannot be replayed.
type FrozenRanking struct {
	RunLengths metric.RunLengths `json:"runs"`      // the found curve of the n guesses
	Area       float64           `json:"area"`      // under correct/N against guesses, all n of them, of the ideal list's
	AtN        int               `json:"at_n"`      // correct among the first N guesses
	At2N       int               `json:"at_2n"`     // … the first 2N
	AfterN     int               `json:"after_n"`   // … the audits and N guesses more
	After2N    int               `json:"after_2n"`  // … the audits and 2N guesses more
	For95      int               `json:"for_95"`    // guesses with which 95 % of the anomalies (rounded up) are found
	ForWhole   int               `json:"for_whole"` // … all of them
}

// NewFrozenRanking measures a list of rows guesses of which the first audited are the audits.
func NewFrozenRanking(f metric.RecallCurve, audited, rows int) *FrozenRanking {
	n := len(f)
	t := &FrozenRanking{
		RunLengths: f.RunLengths(), Area: f.Area(rows, n),
		AtN: f.At(n), At2N: f.At(2 * n), AfterN: f.At(audited + n), After2N: f.At(audited + 2*n),
	}
	t.For95, _ = f.Audits((n*95 + 99) / 100)
	t.ForWhole, _ = f.Audits(n)
	return t
}

// Found is the curve of correct guesses; rows is n.
func (t *FrozenRanking) Curve(rows int) (metric.RecallCurve, error) { return t.RunLengths.Curve(rows) }

// Hits of how many.
type Hits struct {
	Hits int `json:"hits"`
	Of   int `json:"of"`
}

// Recall is hits of all; ok is false where there is nothing to hit.
func (h Hits) Recall() (r float64, ok bool) {
	if h.Of == 0 {
		return 0, false
	}
	return float64(h.Hits) / float64(h.Of), true
}

// TestProbe is the probe of Figure 4: the frozen model scores the dataset's test set, and as many of its
// highest scores are flagged as it has anomalies. A replay counts Found anew, and the sums; the
// flags rest on scores that are not kept.
type TestProbe struct {
	Rows      int `json:"rows"`
	Anomalies int `json:"anomalies"` // and as many are flagged
	Hits      int `json:"hits"`      // anomalies among the flagged
	Found     int `json:"found"`     // anomalies found in the pool by then, by truth

	// By whether the pool has anomalies of the kind; Groups are the test set's kinds of anomaly, in
	// the dataset's order. All are empty where the dataset does not say the kinds.
	Seen   Hits        `json:"seen,omitzero"`
	Unseen Hits        `json:"unseen,omitzero"`
	Groups []GroupHits `json:"groups,omitempty"`
}

// GroupHits are those of one kind of anomaly.
type GroupHits struct {
	Name string `json:"name"`
	Seen bool   `json:"seen"` // the pool has anomalies of this kind
	Hits
}

// Sum sets Seen and Unseen to the sums of Groups.
func (t *TestProbe) Sum() {
	t.Seen, t.Unseen = Hits{}, Hits{}
	for _, g := range t.Groups {
		to := &t.Unseen
		if g.Seen {
			to = &t.Seen
		}
		to.Hits += g.Hits.Hits
		to.Of += g.Of
	}
}

// LatentProjection is the latent projection of Figures 9 and 10: rows by their latent representation l and their base score
// s. The figures are of all n rows: of a logistic regression on the standardised columns of l and s
// that is fitted with all true labels (metric.Logistic). None of it can be replayed.
type LatentProjection struct {
	Dim      int       `json:"dim"`                // h, the width of l
	AUC      *float64  `json:"auc,omitempty"`      // of the regression's ranking; nil where there is only one kind of row
	Balanced *float64  `json:"balanced,omitempty"` // its best balanced accuracy over all thresholds
	Cut      float64   `json:"cut,omitempty"`      // that threshold, of w·z + b
	W        []float64 `json:"w,omitempty"`        // on standardised l and s
	B        float64   `json:"b,omitempty"`
	Mean     []float64 `json:"mean,omitempty"` // that standardised them
	SD       []float64 `json:"sd,omitempty"`

	// A sample to draw, the same rows at every budget; nil where l has more than one dimension.
	Anomalies *Points `json:"anomalies,omitempty"`
	Normals   *Points `json:"normals,omitempty"`
}

// UnmarshalJSON refuses a plane of which lists that belong together differ in length.
func (p *LatentProjection) UnmarshalJSON(data []byte) error {
	type fields LatentProjection
	if err := json.Unmarshal(data, (*fields)(p)); err != nil {
		return err
	}
	if len(p.W) != len(p.Mean) || len(p.W) != len(p.SD) || len(p.W) > 0 && len(p.W) != p.Dim+1 {
		return fmt.Errorf("a plane of %d latent dimensions with %d weights, %d means and %d "+
			"deviations", p.Dim, len(p.W), len(p.Mean), len(p.SD))
	}
	for _, q := range []*Points{p.Anomalies, p.Normals} {
		if q != nil && (len(q.Row) != len(q.L) || len(q.Row) != len(q.S)) {
			return fmt.Errorf("a plane's points with %d rows, %d l and %d s", len(q.Row), len(q.L),
				len(q.S))
		}
	}
	if (p.Anomalies == nil) != (p.Normals == nil) {
		return errors.New("a plane with points of one kind of row alone")
	}
	if p.Dim == 1 && p.Anomalies == nil {
		return errors.New("a plane of one latent dimension without points")
	}
	return nil
}

// Points of the latent projection: a sample of the rows of a kind, ascending.
type Points struct {
	Of  int       `json:"of"` // rows of this kind in all
	Row []int     `json:"row"`
	L   []float64 `json:"l"`
	S   []float64 `json:"s"`
}
