package lint

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Finding is an inconsistency.
type Finding struct {
	Rule  string `json:"rule"`
	Where string `json:"where"`
	What  string `json:"what"`
}

// Rule finds one kind of inconsistency.
type Rule struct {
	ID    string
	What  string // one line
	check func(p *Printed, found func(where, format string, args ...any))
}

// Rules are in the order in which they report.
var Rules = []Rule{
	{"exchanged-statistics", "two columns of Table 1 have each other's statistics: Table 3's " +
		"contamination shows whose they are", exchangedStatistics},
	{"contamination", "Table 3's largest contamination of a dataset is its share of anomalies " +
		"in Table 1", contamination},
	{"percent-of-counts", "a percentage is its two counts' quotient, rounded", percentOfCounts},
	{"text-against-table", "a number in the text equals the table's", textAgainstTable},
	{"same-procedure", "a dataset of Table 4 has the dimensions and classes of its counterpart " +
		"in Table 2, and a pca one the share that the text gives", sameProcedure},
	{"fraction", "a percentage of the text is its fraction, rounded", fraction},
	{"prf-equal", "precision, recall and F1, and their deviations, are equal if as many " +
		"rows are flagged as there are anomalies", prfEqual},
	{"f1-of-means", "a mean F1 lies between precision and recall, and not above the harmonic " +
		"mean of their means (it is concave)", f1OfMeans},
	{"score-range", "a precision, a recall and an F1 lie between 0 and 1, a percentage between " +
		"0 and 100, and a deviation is not negative", scoreRange},
	{"deviation-of-runs", "a deviation is at most what five runs between 0 and 1 with the " +
		"printed mean can have", deviationOfRuns},
	{"mean-of-runs", "a mean of five runs' found/N is a multiple of 1/(5N), rounded", meanOfRuns},
	{"table1-table3", "Table 1's F1 is Table 3's, rounded, under the same name", table1Table3},
	{"sentence", "a sentence about whole rows holds in its own table", sentences},
	{"share-of-dataset", "a budget is the share of its dataset that the text states",
		shareOfDataset},
	{"sum", "parts add up to their total", sums},
	{"one-hot", "features are the continuous ones plus one per level of the others", oneHot},
	{"source-features", "a dataset has as many features as its source file", sourceFeatures},
	{"unknown-method", "a method's name is one that the text explains", unknownMethod},
	{"cold-start", "if the cold start uses up the budget, the trained score selects nothing: " +
		"F1 cannot come from its choices", coldStart},
	{"overshoot", "a budget that k does not divide is overshot by Algorithm 1", overshoot},
}

// Check applies all rules.
func Check(p *Printed) []Finding {
	var out []Finding
	for _, r := range Rules {
		r.check(p, func(where, format string, args ...any) {
			out = append(out, Finding{r.ID, where, fmt.Sprintf(format, args...)})
		})
	}
	return out
}

func exchangedStatistics(p *Printed, found func(string, string, ...any)) {
	for _, d := range p.Table1.Datasets {
		if e := p.exchanged(d.ID); e != "" && d.ID < e {
			found(p.Table1.Where, "the statistics of %s and %s are under each other's name: "+
				"%s %% and %s %% anomalies, but Table 3 trains them with up to %s %% and %s %%",
				d.ID, e, d.Percent, p.dataset(e).Percent, p.full(d.ID), p.full(e))
		}
	}
}

func contamination(p *Printed, found func(string, string, ...any)) {
	for _, d := range p.Table1.Datasets {
		if full := p.full(d.ID); full != "" && p.exchanged(d.ID) == "" &&
			value(d.Percent) != value(full) {
			found(p.Table3.Where, "%s is trained with up to %s %% anomalies, and Table 1 gives "+
				"it %s %%", d.ID, full, d.Percent)
		}
	}
}

func percentOfCounts(p *Printed, found func(string, string, ...any)) {
	for _, t := range []Statistics{{p.Table1.Where, p.Table1.Datasets}, p.Table2, p.Table4} {
		for _, d := range t.Datasets {
			if share := 100 * value(d.Anomalies) / value(d.Instances); !rounds(d.Percent, share) {
				found(t.Where, "%s: %s of %s are %.4g %%, printed as %s %%", d.ID, d.Anomalies,
					d.Instances, share, d.Percent)
			}
		}
	}
}

func textAgainstTable(p *Printed, found func(string, string, ...any)) {
	for _, t := range p.Text {
		d := p.own(t.Dataset)
		printed := map[string]string{"percent": d.Percent, "instances": d.Instances,
			"features": d.Features}[t.Quantity]
		if !agree(t.Value, printed) {
			found(t.Where, "%s of %s is %s, but %s in the table", t.Quantity, t.Dataset, t.Value,
				printed)
		}
	}
}

func fraction(p *Printed, found func(string, string, ...any)) {
	for _, t := range p.Text {
		if a, b, ok := strings.Cut(t.Fraction, "/"); ok && !rounds(t.Value, 100*value(a)/value(b)) {
			found(t.Where, "%s is %.4g %%, printed as %s %%", t.Fraction, 100*value(a)/value(b),
				t.Value)
		}
	}
}

func (p *Printed) flagsN(method string) bool { return slices.Contains(p.BudgetIsN, method) }

func prfEqual(p *Printed, found func(string, string, ...any)) {
	for _, r := range p.Table3.Rows {
		if !p.flagsN(p.label(r)) {
			continue
		}
		if r.Precision != r.F1 || r.Recall != r.F1 {
			found(p.Table3.Where, "%s on %s: precision %s, recall %s and F1 %s, though as many "+
				"rows are flagged as there are anomalies", r.Method, r.Dataset, r.Precision,
				r.Recall, r.F1)
		}
		if r.PrecisionSD != r.F1SD || r.RecallSD != r.F1SD {
			found(p.Table3.Where, "%s on %s: deviations %s, %s and %s of a single number",
				r.Method, r.Dataset, r.PrecisionSD, r.RecallSD, r.F1SD)
		}
	}
}

// farBelow is more than the concavity of the harmonic mean explains in any row of the table.
const farBelow = 0.02

func f1OfMeans(p *Printed, found func(string, string, ...any)) {
	for _, r := range p.Table3.Rows {
		a, b, f := value(r.Precision), value(r.Recall), value(r.F1)
		slack := unit(r.F1)/2 + max(unit(r.Precision), unit(r.Recall))/2 + 1e-9
		harmonic := 0.0
		if a+b > 0 {
			harmonic = 2 * a * b / (a + b)
		}
		switch {
		case f > harmonic+slack:
			found(p.Table3.Where, "%s (%s %%) on %s: F1 %s is above %.4f, the harmonic mean of "+
				"precision %s and recall %s", r.Method, r.Percent, r.Dataset, r.F1, harmonic,
				r.Precision, r.Recall)
		case f < harmonic-farBelow:
			found(p.Table3.Where, "%s (%s %%) on %s: F1 %s is far below %.4f, the harmonic mean "+
				"of precision %s and recall %s", r.Method, r.Percent, r.Dataset, r.F1, harmonic,
				r.Precision, r.Recall)
		}
	}
}

func meanOfRuns(p *Printed, found func(string, string, ...any)) {
	for _, r := range p.Table3.Rows {
		if !p.flagsN(p.label(r)) {
			continue
		}
		n := float64(p.Runs) * value(p.own(r.Dataset).Anomalies)
		for _, q := range []struct{ name, printed string }{{"precision", r.Precision},
			{"recall", r.Recall}, {"F1", r.F1}} {
			if q.name != "F1" && q.printed == r.F1 {
				continue // reported once
			}
			if hits := math.Round(value(q.printed) * n); !rounds(q.printed, hits/n) {
				found(p.Table3.Where, "%s on %s: %s %s is not a mean of %d runs: %.0f hits of "+
					"%d x %s are %.5f, one more %.5f", r.Method, r.Dataset, q.name, q.printed,
					p.Runs, math.Floor(value(q.printed)*n), p.Runs, p.own(r.Dataset).Anomalies,
					math.Floor(value(q.printed)*n)/n, (math.Floor(value(q.printed)*n)+1)/n)
			}
		}
	}
}

// label returns the method of a row of Table 3, with its spelling corrected; unknown-method reports
// misspellings.
func (p *Printed) label(r ScoreRow) string {
	name, star := strings.CutSuffix(r.Method, "*")
	if n := nearest(name, p.Methods); n != "" {
		name = n
	}
	if star {
		name += "*"
	}
	return name
}

// ownLabel returns Table 3's name for the authors' own runs of a row of Table 1.
func ownLabel(method string) string {
	if method == "DAGMM (clean)" || method == "DAGMM (dirty)" {
		return "DAGMM*"
	}
	return method
}

// ownRuns returns the row of Table 3 for a row of Table 1, or nil; Table 3's DAGMM without a star
// is quoted.
func (p *Printed) ownRuns(method, dataset string) *ScoreRow {
	name, percent := ownLabel(method), p.full(dataset)
	if method == "DAGMM (clean)" {
		percent = "0"
	}
	for i, r := range p.Table3.Rows {
		if r.Dataset == dataset && p.label(r) == name && value(r.Percent) == value(percent) {
			return &p.Table3.Rows[i]
		}
	}
	return nil
}

func table1Table3(p *Printed, found func(string, string, ...any)) {
	for _, row := range p.Table1.F1 {
		for _, d := range p.Table1.Datasets {
			r := p.ownRuns(row.Method, d.ID)
			if r != nil && !rounds(row.on(d.ID), value(r.F1)) {
				found(p.Table1.Where, "%s on %s: F1 %s, but %s in Table 3", row.Method, d.ID,
					row.on(d.ID), r.F1)
			}
		}
	}
}

func shareOfDataset(p *Printed, found func(string, string, ...any)) {
	for _, b := range p.Budgets {
		share := 100 * value(b.Audits) / value(p.own(b.Dataset).Instances)
		switch {
		case b.About != "" && math.Abs(share-value(b.About)) > value(b.About)/5:
			found(b.Where, "%s audits of %s are called about %s %% of it; they are %.1f %%",
				b.Audits, b.Dataset, b.About, share)
		case b.Below != "" && share >= value(b.Below):
			found(b.Where, "%s audits of %s are called less than %s %% of it; they are %.1f %%",
				b.Audits, b.Dataset, b.Below, share)
		}
	}
}

func sums(p *Printed, found func(string, string, ...any)) {
	for _, s := range p.Sums {
		t := 0.0
		for _, x := range s.Parts {
			t += value(x)
		}
		if t != value(s.Total) {
			found(s.Where, "%s are %.0f, not %s", strings.Join(s.Parts, " and "), t, s.Total)
		}
	}
}

func oneHot(p *Printed, found func(string, string, ...any)) {
	o := p.OneHot
	total := value(o.Continuous)
	for _, n := range o.Levels {
		total += float64(n)
	}
	if float64(len(o.Levels)) != value(o.Categorical) {
		found(o.Where, "%s has %s categorical features; levels of %d are known", o.Dataset,
			o.Categorical, len(o.Levels))
	}
	if d := p.own(o.Dataset); value(d.Features) != total {
		found(o.Where, "%s has %s features, but %s continuous ones and the levels of %s "+
			"categorical ones are %.0f", o.Dataset, d.Features, o.Continuous, o.Categorical, total)
	}
}

func sourceFeatures(p *Printed, found func(string, string, ...any)) {
	for _, d := range p.Table1.Datasets {
		if n, ok := p.Source[d.ID]; ok && value(p.own(d.ID).Features) != float64(*n) {
			found(p.Table1.Where, "%s has %s features; its source file has %d", d.ID,
				p.own(d.ID).Features, *n)
		}
	}
}

func unknownMethod(p *Printed, found func(string, string, ...any)) {
	check := func(where, label, on string) {
		if name := strings.TrimSuffix(label, "*"); !slices.Contains(p.Methods, name) {
			hint := ""
			if n := nearest(name, p.Methods); n != "" {
				hint = "; is it " + n + "?"
			}
			found(where, "no method is called %s (%s)%s", label, on, hint)
		}
	}
	for _, r := range p.Table1.F1 {
		name, _, _ := strings.Cut(r.Method, " (")
		check(p.Table1.Where, name, "row "+r.Method)
	}
	for _, r := range p.Table3.Rows {
		check(p.Table3.Where, r.Method, r.Dataset+", "+r.Percent+" %")
	}
}

// nearest returns the only name in valid that equals name or differs by two swapped letters or by
// one letter changed, lost or added; "" if there is none or more than one.
func nearest(name string, valid []string) string {
	if slices.Contains(valid, name) {
		return name
	}
	out := ""
	for _, v := range valid {
		if near(name, v) {
			if out != "" {
				return ""
			}
			out = v
		}
	}
	return out
}

func near(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	x, y := a[i:], b[i:]
	switch {
	case len(x) == len(y) && len(x) > 0 && x[1:] == y[1:]:
		return true
	case len(x) == len(y) && len(x) > 1 && x[0] == y[1] && x[1] == y[0] && x[2:] == y[2:]:
		return true
	case len(x) == len(y)+1:
		return x[1:] == y
	case len(y) == len(x)+1:
		return y[1:] == x
	}
	return false
}

func (k K) of(anomalies float64) int {
	if anomalies < float64(k.Below) {
		return k.Then
	}
	return k.Else
}

// coldStartRows are the rows of Table 1 that the rule compares.
var coldStartRows = []string{"DAEuai", "DAE"}

func coldStart(p *Printed, found func(string, string, ...any)) {
	uai, dae := p.row(coldStartRows[0]), p.row(coldStartRows[1])
	for _, d := range p.Table1.Datasets {
		n := value(p.own(d.ID).Anomalies)
		if cold := p.ColdStart * p.K.of(n); float64(cold) >= n && uai.on(d.ID) != dae.on(d.ID) {
			found(p.Table1.Where, "%s: the %d calls of the cold start audit %d, so the base "+
				"score chooses the whole budget of %.0f, yet F1 is %s, not DAE's %s",
				d.ID, p.ColdStart, cold, n, uai.on(d.ID), dae.on(d.ID))
		}
	}
}

func overshoot(p *Printed, found func(string, string, ...any)) {
	var list []string
	for _, d := range p.Table1.Datasets {
		n := value(p.own(d.ID).Anomalies)
		if k := p.K.of(n); k > 1 && math.Mod(n, float64(k)) != 0 {
			list = append(list, fmt.Sprintf("%s (%.0f by %d)", d.ID, n, k))
		}
	}
	if len(list) > 0 {
		found("Algorithm 1", "k does not divide the budget on %s", strings.Join(list, ", "))
	}
}

// row returns a method's row of Table 1, or nil; a misspelt name counts if no row has the exact
// one.
func (p *Printed) row(method string) *F1Row {
	for _, is := range []func(r F1Row) bool{
		func(r F1Row) bool { return r.Method == method },
		func(r F1Row) bool { return nearest(r.Method, p.Methods) == method },
	} {
		if i := slices.IndexFunc(p.Table1.F1, is); i >= 0 {
			return &p.Table1.F1[i]
		}
	}
	return nil
}
