package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// items of a test: one for each dataset, pair of arms and number of audits.
func (m *measured) items(c *Claim, t *Test) []Item {
	switch t.Is {
	case "printed":
		return m.printed(t)
	case "identical":
		return m.identical(t)
	case "widest":
		return m.widest(c, t)
	}
	var out []Item
	datasets := t.Datasets
	if len(datasets) == 0 {
		datasets = []string{""} // the operands say theirs
	}
	for i, d := range datasets {
		for _, p := range t.points() {
			switch t.Is {
			case "value":
				out = append(out, m.value(c, t, p, d))
			case "bound":
				out = append(out, m.bound(c, t, p, d))
			case "order":
				out = append(out, m.order(c, t, p, d))
			case "signs":
				out = append(out, m.signs(c, t, p, d, t.Like[i]))
			case "steadier":
				out = append(out, m.steadier(t, p, d))
			case "outlier":
				out = append(out, m.outlier(t, p, d))
			default:
				panic("claims: no test is called " + t.Is)
			}
		}
	}
	return out
}

// point is what a test compares on a dataset.
type point struct{ of, ofAt, than, thanAt string }

// points are all pairs of arms at all numbers of audits.
func (t *Test) points() []point {
	armsOf := func(o *Operand) []string {
		if o == nil || o.Pick != "" || len(o.Arms) == 0 {
			return []string{""}
		}
		return o.Arms
	}
	at := func(o *Operand, i int) string {
		switch {
		case o == nil || len(o.At) == 0:
			return "N"
		case len(o.At) == 1:
			return o.At[0]
		}
		return o.At[i]
	}
	var out []point
	for i := range max(1, len(t.Of.At)) {
		for ai, a := range armsOf(t.Of) {
			for bi, b := range armsOf(t.Than) {
				if !t.Pairwise || ai == bi {
					out = append(out, point{a, at(t.Of, i), b, at(t.Than, i)})
				}
			}
		}
	}
	return out
}

func (t *Test) factor() float64 {
	if t.Factor == 0 {
		return 1
	}
	return t.Factor
}

func (m *measured) value(c *Claim, t *Test, p point, dataset string) Item {
	s := m.quantity(t.Of, p.of, dataset, p.ofAt)
	want, ok := t.Values[dataset]
	var sd *float64
	if t.Published != "" {
		want, sd, ok = m.ledger.published(t.Published, p.of, dataset)
	}
	what := m.describe(t.Of, p.of, p.ofAt)
	if !ok {
		return Item{What: what, Dataset: dataset, Outcome: Missing, Reason: "the paper gives no number"}
	}
	within, given := t.Within[dataset]
	if _, count := statistics[t.Of.Metric]; !given && !count {
		within = m.ledger.Tolerances.scoreWithin(s, sd)
	}
	return m.ledger.Tolerances.item(what, dataset, c.Stat, s, around(want, within))
}

// scoreWithin is the tolerance of a score: absolute, or the noise of both means, ours and the paper's five runs'.
func (t Tolerances) scoreWithin(s sample, sd *float64) float64 {
	var v float64
	if xs := s.all(); len(xs) > 1 {
		v = stat.Variance(xs, nil) / float64(len(xs))
	}
	if sd != nil {
		v += *sd * *sd / paperRuns
	}
	return max(t.Score, t.Noise*math.Sqrt(v))
}

const paperRuns = 5 // captions of Tables 1 and 3

func (m *measured) bound(c *Claim, t *Test, p point, dataset string) Item {
	var r region
	if t.Above != nil {
		r = above(*t.Above, t.OrEqual)
	} else {
		r = below(*t.Below, t.OrEqual)
	}
	what := m.describe(t.Of, p.of, p.ofAt)
	if c.Stat == "sd" {
		what = "sd of " + what
	}
	it := m.ledger.Tolerances.item(what, dataset, c.Stat, m.quantity(t.Of, p.of, dataset, p.ofAt), r)
	if t.Of.Metric == "theory" && it.Outcome == Fails {
		it.Reason = m.whyTheorem(t.Of.Name)
	}
	return it
}

func (m *measured) order(c *Claim, t *Test, p point, dataset string) Item {
	a, b := m.quantity(t.Of, p.of, dataset, p.ofAt), m.quantity(t.Than, p.than, dataset, p.thanAt)
	return m.ledger.Tolerances.difference(m.describePair(t, p), dataset, c.Stat, a, b, t.factor(), t.paired(), above(t.Margin, t.OrEqual))
}

// paired tells whether the runs of of and than are of the same dataset, so that they pair by their seed.
func (t *Test) paired() bool { return t.Of.Dataset == t.Than.Dataset }

// signs compares the sign of a difference with that on the counterpart. Both must be certain.
func (m *measured) signs(c *Claim, t *Test, p point, dataset, like string) Item {
	here, there := m.order(c, t, p, dataset), m.order(c, t, p, like)
	it := here
	it.What = "sign of " + m.describePair(t, p)
	it.Wanted = "as on " + like
	it.Cells = append(slices.Clone(here.Cells), there.Cells...)
	sign := func(i Item) int {
		switch {
		case i.Interval != nil && i.Interval.Lo > 0:
			return 1
		case i.Interval != nil && i.Interval.Hi < 0:
			return -1
		}
		return 0
	}
	for _, i := range []Item{here, there} {
		if i.Outcome == Broken || i.Outcome == Missing || i.Interval == nil {
			it.Outcome, it.Reason, it.Interval = i.Outcome, i.Reason, nil
			if i.Outcome == Broken {
				return it
			}
			continue
		}
	}
	switch {
	case it.Interval == nil:
	case sign(here) == 0 || sign(there) == 0:
		it.Outcome, it.Needs = Straddles, max(here.Needs, there.Needs)
		it.Reason = fmt.Sprintf("no certain sign here (%s) or on %s (%s)", here.Interval.text(), like, there.Interval.text())
	case sign(here) == sign(there):
		it.Outcome, it.Reason, it.Needs = Holds, "", 0
	default:
		it.Outcome, it.Reason, it.Needs = Fails, fmt.Sprintf("on %s it is %s", like, there.Interval.text()), 0
	}
	return it
}

// widest compares the difference on its own dataset with that on each of the others.
func (m *measured) widest(c *Claim, t *Test) []Item {
	gap := func(dataset string) sample {
		of, than := *t.Of, *t.Than
		of.Dataset, than.Dataset = dataset, dataset
		p := t.points()[0]
		return combine([]sample{m.quantity(&of, p.of, dataset, p.ofAt), m.quantity(&than, p.than, dataset, p.thanAt)},
			func(x []float64) float64 { return x[0] - x[1] })
	}
	own := gap(t.Of.Dataset)
	var out []Item
	for _, d := range t.Datasets {
		what := fmt.Sprintf("%s, minus the same on %s", m.describePair(t, t.points()[0]), d)
		out = append(out, m.ledger.Tolerances.difference(what, d, c.Stat, own, gap(d), 1, false, above(0, false)))
	}
	return out
}

// steadier compares standard deviations by their ratio.
func (m *measured) steadier(t *Test, p point, dataset string) Item {
	a, b := m.quantity(t.Of, p.of, dataset, p.ofAt), m.quantity(t.Than, p.than, dataset, p.thanAt)
	it := Item{What: fmt.Sprintf("sd of %s / sd of %s", m.describe(t.Of, p.of, p.ofAt), m.describe(t.Than, p.than, p.thanAt)), Dataset: dataset, Wanted: "< 1"}
	var both sample
	both.join(a)
	both.join(b)
	if !a.empty() && !b.empty() {
		both.Values = map[uint64]float64{0: 0}
	}
	if !it.ready(both) {
		return it
	}
	xa, xb := a.all(), b.all()
	iv, err := Interval{}, error(nil)
	if len(xa) < 2 || len(xb) < 2 {
		err = fmt.Errorf("%s and %s: a ratio of standard deviations needs 2 each", runs(len(xa)), runs(len(xb)))
	} else {
		iv, err = ratioInterval(stat.StdDev(xa, nil), len(xa), stat.StdDev(xb, nil), len(xb), m.ledger.Tolerances.Confidence)
	}
	return it.judged(m.ledger.Tolerances, iv, err, below(1, false), "ratio", nil)
}

// outlier looks for one run far above the median. That none is there decides nothing before there are enough.
func (m *measured) outlier(t *Test, p point, dataset string) Item {
	s := m.quantity(t.Of, p.of, dataset, p.ofAt)
	it := Item{What: fmt.Sprintf("most / median of %s", m.describe(t.Of, p.of, p.ofAt)), Dataset: dataset, Wanted: "≥ " + short(t.factor())}
	if !it.ready(s) {
		return it
	}
	xs := s.all()
	if len(xs) < 3 {
		it.Outcome, it.Reason, it.Needs = Straddles, fmt.Sprintf("%s: an outlier needs 3", runs(len(xs))), t.Runs
		return it
	}
	iv := exactly(slices.Max(xs) / median(xs))
	iv.N, iv.How = len(xs), "as observed"
	it.Interval = &iv
	switch {
	case iv.Estimate >= t.factor():
		it.Outcome = Holds
	case len(xs) >= t.Runs:
		it.Outcome = Fails
	default:
		it.Outcome, it.Needs = Straddles, t.Runs
		it.Reason = fmt.Sprintf("no such run among %d: that decides nothing before %d", len(xs), t.Runs)
	}
	return it
}

// identical compares the parameters of an arm's cells on every dataset with those on the first that was run.
func (m *measured) identical(t *Test) []Item {
	var out []Item
	for _, id := range t.Of.Arms {
		arm := m.ledger.arm(id)
		first, where := "", ""
		for _, d := range t.Datasets {
			it := Item{What: "parameters of " + arm.Title, Dataset: d, Wanted: "as on the other datasets"}
			var cells []*record
			for _, s := range m.series(arm, d) {
				cells = append(cells, s.records...)
			}
			if len(cells) == 0 {
				it.Outcome, it.Reason = Missing, fmt.Sprintf("no run has %s on %s", arm.Title, d)
				out = append(out, it)
				continue
			}
			it.Outcome = Holds
			for _, r := range cells {
				it.Cells = append(it.Cells, r.ID)
				if r.failed() {
					it.Outcome, it.Reason = Broken, r.ID+" "+failure(r)
					break
				}
				if !r.done() {
					it.Outcome, it.Reason = Straddles, "not all of its cells have run to their end"
					continue
				}
				p := map[string]string{}
				for name, v := range r.Cell.Method.Params {
					if !slices.Contains(arm.Free, name) {
						p[name] = showParam(v)
					}
				}
				switch text := fmt.Sprint(p); {
				case first == "":
					first, where = text, d
				case text != first:
					it.Outcome, it.Reason = Fails, "differs from those on "+where
				}
			}
			out = append(out, it)
		}
	}
	return out
}

// printed compares one published table with another: it needs no run.
func (m *measured) printed(t *Test) []Item {
	var out []Item
	for _, row := range m.ledger.Table1.F1 {
		for _, d := range t.Datasets {
			coarse, _, ok := m.ledger.published(t.Coarse, row.Arm, d)
			fine, _, ok2 := m.ledger.published(t.Fine, row.Arm, d)
			if !ok || !ok2 {
				continue
			}
			r := math.Round(fine*100) / 100
			it := Item{What: fmt.Sprintf("%s of %s, as printed, against %.4f rounded", t.Coarse, m.title(row.Arm), fine), Dataset: d, Wanted: around(r, t.Within[d]).String(), printed: true}
			iv := exactly(coarse)
			it.Interval = &iv
			it.Outcome = around(r, t.Within[d]).judge(iv)
			out = append(out, it)
		}
	}
	return out
}

func (m *measured) title(arm string) string {
	if a := m.ledger.arm(arm); a != nil {
		return a.Title
	}
	return arm
}

// describe names a quantity.
func (m *measured) describe(o *Operand, arm, at string) string {
	names := map[string]string{
		"f1": "F1 of %s", "precision": "precision of %s", "recall": "recall of %s", "share": "found by %s at b = %[2]s, of N",
		"found": "found by %s at b = %[2]s", "area": "area of %s to b = %[2]s", "auc": "ROC-AUC of %s", "audits_to": "audits of %s to find its share",
		"attainable": "most that %s can find after its cold start, of N", "recall_seen": "recall of %s on types seen, at b = %[2]s",
		"recall_unseen": "recall of %s on new types, at b = %[2]s", "recall_seen_trend": "Spearman correlation of budget and recall of %s",
		"plane_accuracy": "linear separability of %s at b = %[2]s", "guess_area": "area of %s's guesses after b = %[2]s",
		"guess_precision": "precision of %s's guesses after b = %[2]s", "guess_share": "found by %s's guesses after b = %[2]s, of N",
		"work_growth": "growth of a round's work of %s", "work_fit": "R² of a round's work of %s", "work_exponent": "exponent of total work of %s",
		"prf_gap": "largest difference of precision, recall and F1 of %s", "crossover": "audits until %s is ahead for good",
		"chance": "chance at b = %[2]s, of N", "published": "published F1", "theory": "%[3]s",
		"rows": "instances", "anomaly_share": "share of anomalies",
	}
	who := m.title(arm)
	if o.Pick != "" {
		var all []string
		for _, a := range o.Arms {
			all = append(all, m.title(a))
		}
		who = "the " + o.Pick + " of " + strings.Join(all, ", ")
	}
	form, ok := names[o.Metric]
	if !ok {
		form = strings.ReplaceAll(o.Metric, "_", " ")
	}
	text := strings.NewReplacer("%s", who, "%[2]s", at, "%[3]s", o.Name).Replace(form)
	switch {
	case len(o.WorstOf) > 0:
		text += ", worst of " + strings.Join(o.WorstOf, ", ")
	case o.Dataset != "":
		text += " on " + o.Dataset
	}
	return text
}

func (m *measured) describePair(t *Test, p point) string {
	factor := ""
	if t.factor() != 1 {
		factor = short(t.factor()) + " × "
	}
	return m.describe(t.Of, p.of, p.ofAt) + " − " + factor + m.describe(t.Than, p.than, p.thanAt)
}

func (iv Interval) text() string {
	if iv.Lo == iv.Hi {
		return short(iv.Estimate)
	}
	return fmt.Sprintf("%s [%s, %s]", short(iv.Estimate), short(iv.Lo), short(iv.Hi))
}
