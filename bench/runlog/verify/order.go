package verify

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// static says that the method of a cell ranked once: such a cell has the curve of all its ranking.
func static(r *runlog.Result) bool { return r.Full != nil }

// scoreless says that the audits are of a slim cell, which keeps no scores: what is held to scores
// holds there of itself, since NaN is neither above nor equal to anything.
func scoreless(queries []runlog.Audit) bool {
	return len(queries) > 0 && math.IsNaN(queries[0].Score)
}

// order checks that the audits stand in the order of their scores: within a round the best comes
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
			return fmt.Errorf("audit %d, row %d, scores as much as row %d before it; of equal "+
				"scores the lower row comes first", i+1, q.Row, before.Row)
		case static(r) && q.Head != before.Head:
			return fmt.Errorf("audit %d is by the %s head, the one before it by the %s head, "+
				"though the method ranks only once", i+1, q.Head, before.Head)
		}
	}
	return nil
}

// ranking holds what is recorded of the ranking before the first label to the audits and to itself.
// Of a method that does not learn, Full begins with the audits, and the ROC-AUC and average
// precision of all scores follow from it up to the order of rows of equal score; of others they
// must be possible with the first round.
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

// firstRound holds the ROC-AUC and average precision of the scores that chose the first round to
// it.
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
		return fmt.Errorf("%d anomalies in the first round of %d, but %d among %d rows", len(f),
			len(truth), r.Anomalies, r.Rows)
	}
	return within(*r.Unlabelled, "the first round", r.Anomalies, r.Rows,
		boundsByStart(f, r.Anomalies, r.Rows, tiesOf(queries[:len(truth)])))
}

// tiesOf gives the lengths of the runs of equal scores that an audit list begins with. The last run
// may go on behind the list, so it is not among them. Nothing is known of a slim cell.
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

// ranksFollow checks that the ROC-AUC and average precision of scores are possible with the curve
// of their ranking of so many rows. Equal scores count for both as a whole, whichever of them
// stands first; ties are the lengths of the first runs of equal scores, and from there on any rows
// may have been equal.
func ranksFollow(what string, f metric.RecallCurve, rows int, ties []int,
	m runlog.RankMetrics) error {
	return within(m, what, len(f), rows, boundsOf(f, rows, ties))
}

// within checks that ROC-AUC and average precision of so many anomalies among so many rows are
// defined where they should be, can be at all, and lie in bounds, which what has led to.
func within(m runlog.RankMetrics, what string, anomalies, rows int, b rankBounds) error {
	normal := rows - anomalies
	if (m.ROCAUC != nil) != (anomalies > 0 && normal > 0) ||
		(m.AveragePrecision != nil) != (anomalies > 0) {
		return fmt.Errorf("%d anomalies among %d rows, but ROC-AUC and average precision are "+
			"defined otherwise", anomalies, rows)
	}
	if anomalies == 0 || normal == 0 {
		return nil
	}
	// Of N (n - N) pairs an AUC counts whole and half ones.
	pairs := float64(2 * int64(anomalies) * int64(normal))
	twice := int64(math.Round(*m.ROCAUC * pairs))
	switch ap := *m.AveragePrecision; {
	case float64(twice)/pairs != *m.ROCAUC:
		return fmt.Errorf("no ranking of %d anomalies among %d rows has a ROC-AUC of %v", anomalies,
			rows, *m.ROCAUC)
	case twice < b.least || twice > b.most:
		return fmt.Errorf("the ROC-AUC is %v, but by %s it is %s", *m.ROCAUC, what,
			between(float64(b.least)/pairs, float64(b.most)/pairs))
	case ap < b.leastAP*(1-1e-9) || ap > b.mostAP*(1+1e-9) || math.IsNaN(ap):
		return fmt.Errorf("the average precision is %v, but by %s it is %s", ap, what,
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

// rankBounds are what a ranking allows, where it is not known which of its rows are equal.
type rankBounds struct {
	least, most     int64 // twice the pairs in which the anomaly ranks higher, ties counting half
	leastAP, mostAP float64
}

// known bounds by the runs of equal scores that a ranking begins with: start rows, tp of them
// anomalies, with so many normal rows below. The average precision is not divided by N yet.
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

// boundsByStart are the bounds where nothing but the first runs of equal scores is known: behind
// them all other anomalies come last, or first.
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

// boundsOf are the bounds where all of a ranking's curve is known, and of its runs of equal scores
// the first ones.
func boundsOf(f metric.RecallCurve, rows int, ties []int) rankBounds {
	b, start, tp, below := known(f, len(f), rows, ties)
	// What follows is worth least where only pairs that were won are equal, and most where only
	// pairs that were lost are. The precision that counts for an anomaly is that at the end of its
	// run of equal scores, wherever that is.
	lost := int64(0) // normal rows that a later anomaly stands behind
	for i, place := range f[tp:] {
		lost = int64(place - start - i - 1)
		won := below - lost
		b.least += won
		b.most += 2*won + lost
	}
	least, most := precision(len(f), rows), precision(len(f), rows)
	for i := len(f) - 1; i >= tp; i-- {
		// The extremes from here on are at an anomaly, or at the last row before one.
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

// frozenRanking holds a checkpoint's frozen ranking, where it has one, to what else is known of it:
// a method that does not learn has only one, and before the first label it is that of all scores.
func frozenRanking(c *runlog.Checkpoint, f metric.RecallCurve, r *runlog.Result) error {
	switch {
	case static(r) && !slices.Equal(f, r.Full):
		return fmt.Errorf("its tail is not the method's one ranking, which full has")
	case c.Audited > 0:
		return nil // audited rows come first in its tail, wherever the scores place them
	}
	return ranksFollow("its tail", f, r.Rows, nil, c.Ranks)
}

// checkpointRanks holds the ROC-AUC and average precision at a checkpoint to those of the scores
// before any label, where the model is the same.
func checkpointRanks(c *runlog.Checkpoint, r *runlog.Result, queries []runlog.Audit) error {
	if r.Anomalies >= 0 && r.Anomalies <= r.Rows {
		err := within(c.Ranks, "their number", r.Anomalies, r.Rows,
			boundsByStart(nil, r.Anomalies, r.Rows, nil))
		if err != nil {
			return err
		}
	}
	same := static(r) || c.Audited == 0 && len(queries) > 0 && queries[0].Head == c.Head
	if !same || r.Unlabelled == nil || equalRanks(c.Ranks, *r.Unlabelled) {
		return nil
	}
	return fmt.Errorf("its ROC-AUC or average precision is not that of the scores before any " +
		"label, though the model is the same")
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
