package verify

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// static reports whether the cell's method ranked only once, so that the cell has the curve of its
// complete ranking.
func static(r *runlog.Result) bool { return r.Full != nil }

// scoreless reports whether the audits are a slim cell's, which keep no scores. Checks of scores
// pass there, since NaN is neither above nor equal to anything.
func scoreless(queries []runlog.Audit) bool {
	return len(queries) > 0 && math.IsNaN(queries[0].Score)
}

// order checks that the audits are in the order of their scores: within a round the highest comes
// first, and of equal ones the lower row. A method that does not learn has one ranking for all its
// rounds.
func order(r *runlog.Result, queries []runlog.Audit) error {
	for i := 1; i < len(queries); i++ {
		q, before := queries[i], queries[i-1]
		within := q.Call == before.Call
		which := "the one ranked before it"
		if !within {
			which = "one of the round before it, though the method ranks only once"
		}
		switch {
		case !within && !static(r):
		case q.Score > before.Score:
			return fmt.Errorf("audit %d scores above %s", i+1, which)
		case q.Score == before.Score && q.Row < before.Row:
			return fmt.Errorf("audit %d, row %d, has the score of row %d before it; of equal "+
				"scores the lower row comes first", i+1, q.Row, before.Row)
		case static(r) && q.Head != before.Head:
			return fmt.Errorf("audit %d is by the %s head, the one before it by the %s head, "+
				"though the method ranks only once", i+1, q.Head, before.Head)
		}
	}
	return nil
}

// ranking checks the figures recorded of the ranking before the first label against the audits and
// each other. For a method that does not learn, Full begins with the audits, and the ROC-AUC and
// average precision of all scores follow from it up to the order of rows of equal score; for others
// they must be possible given the first round.
func ranking(r *runlog.Result, queries []runlog.Audit) error {
	if !static(r) {
		return firstRound(r, queries)
	}
	found := len(r.Found)
	if len(r.Full) > found && r.Full[found] <= len(queries) {
		return fmt.Errorf("full has an anomaly at place %d, among the %d audits, which found none "+
			"there", r.Full[found], len(queries))
	}
	if r.Unlabelled != nil {
		ties := tiesOf(queries)
		if err := ranksFollow("full", r.Full, r.Rows, ties, *r.Unlabelled); err != nil {
			return err
		}
	}
	return nil
}

// firstRound checks that the ROC-AUC and average precision of the scores that chose the first round
// are possible given that round.
func firstRound(r *runlog.Result, queries []runlog.Audit) error {
	if r.Unlabelled == nil {
		return nil
	}
	var truth []bool
	for _, q := range queries {
		if q.Call > queries[0].Call {
			break
		}
		truth = append(truth, q.Truth)
	}
	f := metric.CurveOf(truth)
	if len(f) > r.Anomalies || r.Anomalies-len(f) > r.Rows-len(truth) {
		return fmt.Errorf("%d anomalies in the first round of %d, but %d among all %d rows", len(f),
			len(truth), r.Anomalies, r.Rows)
	}
	return within(*r.Unlabelled, "the first round", r.Anomalies, r.Rows,
		boundsByStart(f, r.Anomalies, r.Rows, tiesOf(queries[:len(truth)])))
}

// tiesOf returns the lengths of the runs of equal scores at the start of an audit list. The last
// run is left out, since it may continue past the list. The result is nil for a slim cell.
func tiesOf(queries []runlog.Audit) (lengths []int) {
	if scoreless(queries) {
		return nil
	}
	start := 0
	for i := 1; i < len(queries); i++ {
		if queries[i].Score != queries[i-1].Score {
			lengths, start = append(lengths, i-start), i
		}
	}
	return lengths
}

// ranksFollow checks that the ROC-AUC and average precision of scores are possible given f, the
// curve of their ranking of all rows. Both treat rows of equal score as one group, whatever their
// order; ties are the lengths of the first runs of equal scores, after which any rows may be equal.
// what names f in errors.
func ranksFollow(what string, f metric.RecallCurve, rows int, ties []int,
	m runlog.RankMetrics) error {
	return within(m, what, len(f), rows, boundsOf(f, rows, ties))
}

// within checks that ROC-AUC and average precision are defined exactly where they should be, are
// values that some ranking has, and lie in the bounds b; what names the source of b in errors.
func within(m runlog.RankMetrics, what string, anomalies, rows int, b rankBounds) error {
	normal := rows - anomalies
	if (m.ROCAUC != nil) != (anomalies > 0 && normal > 0) ||
		(m.AveragePrecision != nil) != (anomalies > 0) {
		return fmt.Errorf("%d anomalies among %d rows, but ROC-AUC or average precision is "+
			"missing, or recorded though undefined", anomalies, rows)
	}
	if anomalies == 0 || normal == 0 {
		return nil
	}
	// An AUC is a sum over N (n - N) pairs of which each counts 0, one half or 1.
	pairs := float64(2 * int64(anomalies) * int64(normal))
	twice := int64(math.Round(*m.ROCAUC * pairs))
	switch ap := *m.AveragePrecision; {
	case float64(twice)/pairs != *m.ROCAUC:
		return fmt.Errorf("no ranking of %d anomalies among %d rows has a ROC-AUC of %v", anomalies,
			rows, *m.ROCAUC)
	case twice < b.least || twice > b.most:
		return fmt.Errorf("the ROC-AUC is %v, but given %s it is %s", *m.ROCAUC, what,
			between(float64(b.least)/pairs, float64(b.most)/pairs))
	case ap < b.leastAP*(1-1e-9) || ap > b.mostAP*(1+1e-9) || math.IsNaN(ap):
		return fmt.Errorf("the average precision is %v, but given %s it is %s", ap, what,
			between(b.leastAP, b.mostAP))
	}
	return nil
}

func between(least, most float64) string {
	if least == most {
		return fmt.Sprint(least)
	}
	return fmt.Sprintf("between %v and %v", least, most)
}

// rankBounds are the bounds that a ranking sets if it is unknown which of its rows are equal.
type rankBounds struct {
	least, most     int64 // twice the pairs in which the anomaly ranks higher, ties counting half
	leastAP, mostAP float64
}

// known returns the bounds from the runs of equal scores that a ranking begins with: start rows, tp
// of them anomalies, with below normal rows after them. The average precision is not divided by N
// yet.
func known(f metric.RecallCurve, anomalies, rows int, ties []int) (b rankBounds, start, tp int,
	below int64) {
	below = int64(rows - anomalies)
	for _, length := range ties {
		end := start + length
		p := int64(f.At(end) - tp)
		q := int64(length) - p
		below -= q
		tp += int(p)
		b.least += p * (2*below + q)
		b.leastAP += float64(float64(p) * float64(tp) / float64(end))
		start = end
	}
	b.most, b.mostAP = b.least, b.leastAP
	return b, start, tp, below
}

// boundsByStart returns the bounds if only the first runs of equal scores are known: after these
// all other anomalies come last, or first.
func boundsByStart(f metric.RecallCurve, anomalies, rows int, ties []int) rankBounds {
	b, start, tp, below := known(f, anomalies, rows, ties)
	left := anomalies - tp
	b.most += 2 * below * int64(left)
	// Precision grows from each of these anomalies to the next.
	b.leastAP += float64(float64(left) * precision(tp+1, rows-left+1))
	b.mostAP += float64(float64(left) * precision(anomalies, start+left))
	b.leastAP /= float64(anomalies)
	b.mostAP /= float64(anomalies)
	return b
}

// boundsOf returns the bounds if the complete curve of a ranking is known, and the first of its
// runs of equal scores.
func boundsOf(f metric.RecallCurve, rows int, ties []int) rankBounds {
	b, start, tp, below := known(f, len(f), rows, ties)
	// The rest counts least if only won pairs are equal, and most if only lost pairs are. The
	// precision that counts for an anomaly is that at the end of its run of equal scores, wherever
	// that is.
	lost := int64(0) // normal rows ranked above the anomaly
	for i, place := range f[tp:] {
		lost = int64(place - start - i - 1)
		won := below - lost
		b.least += won
		b.most += 2*won + lost
	}
	least, most := precision(len(f), rows), precision(len(f), rows)
	for i := len(f) - 1; i >= tp; i-- {
		// From here on precision has its extremes at an anomaly, or at the last row before one.
		most = max(most, precision(i+1, f[i]))
		least = min(least, precision(i+1, f[i]))
		if i+1 < len(f) {
			least = min(least, precision(i+1, f[i+1]-1))
		}
		b.leastAP += least
		b.mostAP += most
	}
	b.leastAP /= float64(len(f))
	b.mostAP /= float64(len(f))
	return b
}

func precision(hits, flagged int) float64 { return float64(hits) / float64(flagged) }

// frozenRanking checks f, a checkpoint's frozen ranking: a method that does not learn has only one
// ranking, and before the first label f is the ranking of all scores.
func frozenRanking(c *runlog.Checkpoint, f metric.RecallCurve, r *runlog.Result) error {
	switch {
	case static(r) && !slices.Equal(f, r.Full):
		return fmt.Errorf("its tail differs from full, the method's only ranking")
	case c.Audited > 0:
		return nil // audited rows come first in its tail, whatever their scores
	}
	return ranksFollow("its tail", f, r.Rows, nil, c.Ranks)
}

// checkpointRanks checks that the ROC-AUC and average precision at a checkpoint are possible, and
// equal to those of the scores before any label if the model is the same.
func checkpointRanks(c *runlog.Checkpoint, r *runlog.Result, queries []runlog.Audit) error {
	if r.Anomalies >= 0 && r.Anomalies <= r.Rows {
		err := within(c.Ranks, "the number of anomalies", r.Anomalies, r.Rows,
			boundsByStart(nil, r.Anomalies, r.Rows, nil))
		if err != nil {
			return err
		}
	}
	same := static(r) || c.Audited == 0 && len(queries) > 0 && queries[0].Head == c.Head
	if !same || r.Unlabelled == nil || equalRanks(c.Ranks, *r.Unlabelled) {
		return nil
	}
	return fmt.Errorf("its ROC-AUC or average precision differs from that of the scores before " +
		"any label, though the model is the same")
}

func equalRanks(a, b runlog.RankMetrics) bool {
	return equalOrNil(a.ROCAUC, b.ROCAUC) && equalOrNil(a.AveragePrecision, b.AveragePrecision)
}

func equalOrNil(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
