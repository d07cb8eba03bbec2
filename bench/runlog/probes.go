package runlog

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uaibench/uaibench/bench/metric"
)

// FrozenRanking is the frozen ranking of Figure 11: the audits in order, then all other rows by the
// frozen score, highest first, as one list of guesses, with the number of correct ones among the
// first of them. RunLengths is lossless; all else follows from it (NewFrozenRanking) and is written
// for the file's readers. A replay checks its beginning against the audit log; the part after the
// audits depends on scores that are not kept, and cannot be replayed.
type FrozenRanking struct {
	RunLengths metric.RunLengths `json:"runs"`      // the found curve of the n guesses
	Area       float64           `json:"area"`      // under correct/N over all n guesses, as a share of the ideal list's
	AtN        int               `json:"at_n"`      // correct among the first N guesses
	At2N       int               `json:"at_2n"`     // … the first 2N
	AfterN     int               `json:"after_n"`   // … the audits and N guesses more
	After2N    int               `json:"after_2n"`  // … the audits and 2N guesses more
	For95      int               `json:"for_95"`    // guesses that find 95 % of the anomalies (rounded up)
	ForWhole   int               `json:"for_whole"` // … all of them
}

// NewFrozenRanking measures a list of rows guesses, the first audited of which are the audits; f is
// its found curve, with all anomalies.
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

// Curve is the found curve of the guesses; rows is n.
func (t *FrozenRanking) Curve(rows int) (metric.RecallCurve, error) { return t.RunLengths.Curve(rows) }

// Hits is a number of hits and the number that could be hit.
type Hits struct {
	Hits int `json:"hits"`
	Of   int `json:"of"`
}

// Recall is Hits / Of; ok is false where Of is 0.
func (h Hits) Recall() (r float64, ok bool) {
	if h.Of == 0 {
		return 0, false
	}
	return float64(h.Hits) / float64(h.Of), true
}

// TestProbe is the probe of Figure 4: the frozen model scores the dataset's test set, and the rows
// with the highest scores are flagged, as many as the set has anomalies. A replay recounts Found
// and the sums; the flags depend on scores that are not kept.
type TestProbe struct {
	Rows      int `json:"rows"`
	Anomalies int `json:"anomalies"` // also the number of flagged rows
	Hits      int `json:"hits"`      // anomalies among the flagged
	Found     int `json:"found"`     // anomalies found in the pool by then, by truth

	// Hits by whether the pool has anomalies of the same kind. Groups are the test set's kinds of
	// anomaly, in the dataset's order. All are empty where the dataset does not give the kinds.
	Seen   Hits        `json:"seen,omitzero"`
	Unseen Hits        `json:"unseen,omitzero"`
	Groups []GroupHits `json:"groups,omitempty"`
}

// GroupHits are the hits of one kind of anomaly.
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

// LatentProjection is the latent projection of Figures 9 and 10: rows by their latent
// representation l and base score s. The figures cover all n rows, and are those of a logistic
// regression on the standardised columns of l and s that is fitted to all true labels
// (metric.Logistic). None of it can be replayed.
type LatentProjection struct {
	Dim      int       `json:"dim"`                // h, the width of l
	AUC      *float64  `json:"auc,omitempty"`      // of the regression's ranking; nil where all rows are of one kind
	Balanced *float64  `json:"balanced,omitempty"` // its best balanced accuracy over all thresholds
	Cut      float64   `json:"cut,omitempty"`      // that threshold, of w·z + b
	W        []float64 `json:"w,omitempty"`        // on standardised l and s
	B        float64   `json:"b,omitempty"`
	Mean     []float64 `json:"mean,omitempty"` // mean of each column, for standardising it; SD likewise
	SD       []float64 `json:"sd,omitempty"`

	// A sample of the rows for plots, the same at every budget; nil where l has more than one
	// dimension.
	Anomalies *Points `json:"anomalies,omitempty"`
	Normals   *Points `json:"normals,omitempty"`
}

// UnmarshalJSON refuses a plane whose lists differ in length where they must not, or that lacks
// points.
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
		return errors.New("a plane with points of only one kind of row")
	}
	if p.Dim == 1 && p.Anomalies == nil {
		return errors.New("a plane of one latent dimension without points")
	}
	return nil
}

// Points are a sample of the rows of one kind in the latent projection, ascending.
type Points struct {
	Of  int       `json:"of"` // rows of this kind in all
	Row []int     `json:"row"`
	L   []float64 `json:"l"`
	S   []float64 `json:"s"`
}
