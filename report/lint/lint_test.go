package lint

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/experiments"
	"pgregory.net/rapid"
)

type tb interface {
	Helper()
	Fatal(...any)
}

var once = sync.OnceValues(func() ([]byte, error) {
	p, err := Read("paper_as_printed.yaml", experiments.Printed)
	if err != nil {
		return nil, err
	}
	return json.Marshal(p)
})

// printed returns a fresh copy.
func printed(t tb) *Printed {
	t.Helper()
	data, err := once()
	if err != nil {
		t.Fatal(err)
	}
	p := &Printed{}
	if err := json.Unmarshal(data, p); err != nil {
		t.Fatal(err)
	}
	return p
}

func text(t tb, p *Printed) string {
	t.Helper()
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func (p *Printed) scores(dataset, method, percent string) *ScoreRow {
	i := slices.IndexFunc(p.Table3.Rows, func(r ScoreRow) bool { return r.Dataset == dataset && r.Method == method && r.Percent == percent })
	return &p.Table3.Rows[i]
}

func (p *Printed) text(id string) *Text {
	return &p.Text[slices.IndexFunc(p.Text, func(t Text) bool { return t.ID == id })]
}

func (p *Printed) sentence(id string) *Sentence {
	return &p.Sentences[slices.IndexFunc(p.Sentences, func(s Sentence) bool { return s.ID == id })]
}

// corrections undo the errata, by their numbers.
var corrections = map[int]func(p *Printed){
	1: func(p *Printed) {
		a, b := p.dataset("arrhythmia"), p.dataset("thyroid")
		a.ID, b.ID = b.ID, a.ID
	},
	2: func(p *Printed) {
		for i := range p.Table3.Rows {
			r := &p.Table3.Rows[i]
			r.Method = strings.Replace(r.Method, "GADMM", "DAGMM", 1)
		}
	},
	3: func(p *Printed) { p.text("mnist_hard_share").Value = "3.5" },
	4: func(p *Printed) { t := p.text("mnist0_2_share"); t.Value, t.Fraction = "4.2", "1,822/43,199" },
	5: func(p *Printed) { p.dataset("ctg").Features = "21" },
	6: func(p *Printed) { p.dataset("covtype").Percent = "1.0" },
	7: func(p *Printed) {
		p.dataset("kddcup").Features, p.dataset("kddcup_rev").Features, p.text("kddcup_features").Value = "121", "121", "121"
	},
	8: func(p *Printed) { p.Budgets[0].Audits, p.Budgets[1].Audits = "377", "12,160" },
	9: func(p *Printed) {
		r := p.scores("kddcup_rev", "DAEuai", "20")
		r.Precision, r.Recall, r.PrecisionSD, r.RecallSD = r.F1, r.F1, r.F1SD, r.F1SD
	},
	10: func(p *Printed) { p.ColdStart = 9 },
	11: func(p *Printed) { p.sentence("similar_or_better").Margin = 0.30 },
	12: func(p *Printed) { p.sentence("lower_deviation").Of = 1 },
	13: func(p *Printed) {
		a, b := p.scores("thyroid", "Tree-AAD", "2.5"), p.scores("arrhythmia", "Tree-AAD", "15")
		a.Precision, a.Recall, a.F1 = "0.8581", "0.8581", "0.8581"
		b.Precision, b.Recall, b.F1 = "0.2879", "0.2879", "0.2879"
	},
	16: func(p *Printed) { p.K = K{Below: 100, Then: 1, Else: 1} },
	22: func(p *Printed) {
		for i := range p.Table3.Rows {
			if r := &p.Table3.Rows[i]; r.F1SD == "0.1553" {
				r.PrecisionSD, r.RecallSD, r.F1SD = "0.1353", "0.1353", "0.1353"
			}
		}
	},
}

func corrected(t tb) *Printed {
	t.Helper()
	p := printed(t)
	for n, c := range corrections {
		if n != 16 {
			c(p)
		}
	}
	p.K.Then, p.K.Else = 1, 1
	p.ColdStart = 9
	return p
}

// Check finds exactly the paper's known errata: each is found by its rules, correcting it removes
// just that finding, and the fully corrected copy has none.
func TestErrata(t *testing.T) {
	all := Check(printed(t))
	count := func(fs []Finding, rule string) int {
		n := 0
		for _, f := range fs {
			if f.Rule == rule {
				n++
			}
		}
		return n
	}
	if got := len(all); got != 25 {
		t.Errorf("%d findings, want 25", got)
		for _, f := range all {
			t.Log(f)
		}
	}
	for i, e := range Errata {
		if e.N != i+1 {
			t.Errorf("erratum %d is numbered %d", i+1, e.N)
		}
		if len(e.Rules) == 0 && e.Why == "" {
			t.Errorf("erratum %d: neither a rule nor a reason", e.N)
		}
		if _, ok := corrections[e.N]; ok != (len(e.Rules) > 0) {
			t.Errorf("erratum %d: found by rule, and not corrected in the test, or the other way round", e.N)
		}
		for _, rule := range e.Rules {
			if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.ID == rule }) {
				t.Errorf("erratum %d: there is no rule %s", e.N, rule)
			}
			p := printed(t)
			corrections[e.N](p)
			after := Check(p)
			if count(after, rule) >= count(all, rule) {
				t.Errorf("erratum %d, corrected: %s still finds %d of %d", e.N, rule, count(after, rule), count(all, rule))
			}
			for _, r := range Rules {
				if count(after, r.ID) > count(all, r.ID) {
					t.Errorf("erratum %d, corrected: %s finds more", e.N, r.ID)
				}
			}
		}
	}
	for _, f := range Check(corrected(t)) {
		t.Errorf("the corrected copy: %+v", f)
	}
}

// bump returns a printed number that differs from s by at least least and at most most, with the
// same number of decimals.
func bump(t *rapid.T, s string, least, most float64) string {
	decimals := 0
	if _, d, ok := strings.Cut(s, "."); ok {
		decimals = len(d)
	}
	v := value(s)
	delta := rapid.Float64Range(least, most).Draw(t, "by")
	if rapid.Bool().Draw(t, "down") && v-delta > 0 {
		delta = -delta
	}
	return strconv.FormatFloat(v+delta, 'f', decimals, 64)
}

func pick[T any](t *rapid.T, what string, list []T) *T {
	return &list[rapid.IntRange(0, len(list)-1).Draw(t, what)]
}

// mutation changes a number of the corrected copy; its rule must find it.
type mutation struct {
	rule   string
	change func(t *rapid.T, p *Printed) string
}

func own(p *Printed) []*ScoreRow {
	var out []*ScoreRow
	for i := range p.Table3.Rows {
		if p.flagsN(p.Table3.Rows[i].Method) {
			out = append(out, &p.Table3.Rows[i])
		}
	}
	return out
}

func statistics(t *rapid.T, p *Printed) *Dataset {
	return pick(t, "dataset", pickTable(t, p))
}

func pickTable(t *rapid.T, p *Printed) []Dataset {
	return *pick(t, "table", [][]Dataset{p.Table1.Datasets, p.Table2.Datasets, p.Table4.Datasets})
}

var mutations = []mutation{
	{"exchanged-statistics", func(t *rapid.T, p *Printed) string {
		// Exchange the statistics of two columns; kddcup and kddcup_rev have the same percentage,
		// so exchanging them shows nothing.
		pairs := [][2]string{{"arrhythmia", "thyroid"}, {"arrhythmia", "kddcup"}, {"thyroid", "kddcup"}, {"arrhythmia", "kddcup_rev"}, {"thyroid", "kddcup_rev"}}
		q := *pick(t, "pair", pairs)
		a, b := p.dataset(q[0]), p.dataset(q[1])
		a.ID, b.ID = b.ID, a.ID
		return q[0] + " and " + q[1]
	}},
	{"contamination", func(t *rapid.T, p *Printed) string {
		d := *pick(t, "dataset", []string{"kddcup", "thyroid", "arrhythmia", "kddcup_rev"})
		full := p.full(d)
		by := bump(t, full, 1, 1.9)
		for i := range p.Table3.Rows {
			if r := &p.Table3.Rows[i]; r.Dataset == d && r.Percent == full {
				r.Percent = by
			}
		}
		return d + " " + by
	}},
	{"percent-of-counts", func(t *rapid.T, p *Printed) string {
		d := statistics(t, p)
		d.Percent = bump(t, d.Percent, 1.01*unit(d.Percent), 9*unit(d.Percent))
		return d.ID + " percent " + d.Percent
	}},
	{"percent-of-counts", func(t *rapid.T, p *Printed) string {
		d := statistics(t, p)
		n := &d.Anomalies
		if rapid.Bool().Draw(t, "instances") {
			n = &d.Instances
		}
		*n = strconv.FormatFloat(value(*n)*rapid.Float64Range(1.8, 5).Draw(t, "times"), 'f', 0, 64)
		return d.ID + " " + *n
	}},
	{"text-against-table", func(t *rapid.T, p *Printed) string {
		x := pick(t, "text", p.Text)
		x.Value = bump(t, x.Value, 1.6*unit(x.Value), 9*unit(x.Value))
		return x.ID + " " + x.Value
	}},
	{"fraction", func(t *rapid.T, p *Printed) string {
		x := p.text("mnist0_share")
		x.Fraction = fmt.Sprintf("1/%d", *pick(t, "of", []int{81, 85, 100, 101, 120}))
		return x.Fraction
	}},
	{"prf-equal", func(t *rapid.T, p *Printed) string {
		r := *pick(t, "row", own(p))
		n := *pick(t, "number", []*string{&r.Precision, &r.Recall, &r.F1, &r.PrecisionSD, &r.RecallSD, &r.F1SD})
		*n = bump(t, *n, 0.0001, 0.004)
		return fmt.Sprintf("%+v", *r)
	}},
	{"f1-of-means", func(t *rapid.T, p *Printed) string {
		r := pick(t, "row", p.Table3.Rows)
		smaller := &r.Precision // affects the harmonic mean most
		if value(r.Recall) < value(r.Precision) {
			smaller = &r.Recall
		}
		n := *pick(t, "number", []*string{smaller, &r.F1})
		*n = bump(t, *n, 0.12, 0.3)
		return fmt.Sprintf("%+v", *r)
	}},
	{"same-procedure", func(t *rapid.T, p *Printed) string {
		// Exchange two rows: for hard and pca it shows in the share of the latter.
		pairs := [][2]string{{"fashion0", "fashion0_2"}, {"fashion0", "fashion_hard"}, {"fashion0_2", "fashion_pca"}, {"fashion_hard", "fashion_pca"}}
		q := *pick(t, "pair", pairs)
		a, b := p.dataset(q[0]), p.dataset(q[1])
		a.ID, b.ID = b.ID, a.ID
		return q[0] + " and " + q[1]
	}},
	{"same-procedure", func(t *rapid.T, p *Printed) string {
		d := pick(t, "dataset", p.Table4.Datasets)
		n := *pick(t, "number", []*string{&d.Features, &d.Classes})
		*n = bump(t, *n, 1, 5)
		return d.ID + " " + *n
	}},
	{"score-range", func(t *rapid.T, p *Printed) string {
		// A lost point, or a dash read as a sign.
		r := pick(t, "row", p.Table3.Rows)
		n := *pick(t, "number", []*string{p.Table1.F1[rapid.IntRange(0, 5).Draw(t, "method")].Values["covtype"], &r.Precision, &r.Recall, &r.F1})
		if rapid.Bool().Draw(t, "lost point") && value(*n) >= 0.1 {
			*n = strings.Replace(*n, "0.", "", 1)
		} else if value(*n) > 0 {
			*n = "-" + *n
		}
		return fmt.Sprintf("%s, %+v", *n, *r)
	}},
	{"score-range", func(t *rapid.T, p *Printed) string {
		r := *pick(t, "row", own(p))
		n := *pick(t, "deviation", []*string{&r.PrecisionSD, &r.RecallSD, &r.F1SD})
		*n = "-" + *n
		return fmt.Sprintf("%+v", *r)
	}},
	{"score-range", func(t *rapid.T, p *Printed) string {
		d := statistics(t, p)
		d.Percent = bump(t, "150", 1, 49)
		return d.ID + " " + d.Percent
	}},
	{"deviation-of-runs", func(t *rapid.T, p *Printed) string {
		r := *pick(t, "row", own(p))
		mean, n := r.F1, *pick(t, "deviation", []*string{&r.PrecisionSD, &r.RecallSD, &r.F1SD})
		*n = strconv.FormatFloat(maxDeviation(mean, p.Runs)*rapid.Float64Range(1.01, 3).Draw(t, "times")+0.0001, 'f', 4, 64)
		return fmt.Sprintf("%+v", *r)
	}},
	{"deviation-of-runs", func(t *rapid.T, p *Printed) string {
		// Possible for two runs, impossible for five.
		r := *pick(t, "row", own(p))
		r.Precision, r.Recall, r.F1 = "0.5000", "0.5000", "0.5000"
		r.PrecisionSD, r.RecallSD, r.F1SD = "0.7071", "0.7071", "0.7071"
		return fmt.Sprintf("%+v", *r)
	}},
	{"mean-of-runs", func(t *rapid.T, p *Printed) string {
		var small []*ScoreRow
		for _, r := range own(p) {
			if r.Dataset == "thyroid" || r.Dataset == "arrhythmia" {
				small = append(small, r)
			}
		}
		r := *pick(t, "row", small)
		// A quarter to three quarters of the way to the next multiple of 1/(5N).
		step := 1 / (5 * value(p.own(r.Dataset).Anomalies))
		r.F1 = bump(t, r.F1, 0.25*step, 0.75*step)
		r.Precision, r.Recall = r.F1, r.F1
		return fmt.Sprintf("%+v", *r)
	}},
	{"table1-table3", func(t *rapid.T, p *Printed) string {
		row := pick(t, "row", p.Table1.F1)
		d := *pick(t, "dataset", []string{"kddcup", "thyroid", "arrhythmia", "kddcup_rev"})
		*row.Values[d] = bump(t, row.on(d), 0.011, 0.4)
		return row.Method + " " + d + " " + row.on(d)
	}},
	{"sentence", func(t *rapid.T, p *Printed) string {
		// A baseline far above on one dataset: no longer similar or better.
		row := pick(t, "row", p.Table1.F1[:5])
		d := pick(t, "dataset", p.Table1.Datasets).ID
		*p.row("DAEuai").Values[d], *row.Values[d] = "0.10", "0.95"
		return row.Method + " " + d
	}},
	{"sentence", func(t *rapid.T, p *Printed) string {
		d := *pick(t, "dataset", []string{"kddcup", "thyroid", "arrhythmia", "kddcup_rev"})
		r := p.ownRuns("LODA-AAD", d)
		r.F1 = "0.9900"
		return "LODA-AAD is ahead on " + d
	}},
	{"share-of-dataset", func(t *rapid.T, p *Printed) string {
		b := pick(t, "budget", p.Budgets)
		b.Audits = strconv.FormatFloat(value(b.Audits)*rapid.Float64Range(2, 9).Draw(t, "times"), 'f', 0, 64)
		return b.ID + " " + b.Audits
	}},
	{"sum", func(t *rapid.T, p *Printed) string {
		s := pick(t, "sum", p.Sums)
		n := *pick(t, "number", []*string{&s.Parts[0], &s.Parts[1], &s.Total})
		*n = bump(t, *n, 1, 9)
		return s.ID + " " + *n
	}},
	{"one-hot", func(t *rapid.T, p *Printed) string {
		n := *pick(t, "number", []*string{&p.OneHot.Continuous, &p.OneHot.Categorical, &p.dataset("kddcup").Features})
		*n = bump(t, *n, 1, 5)
		return *n
	}},
	{"source-features", func(t *rapid.T, p *Printed) string {
		d := *pick(t, "dataset", []string{"ctg", "abalone", "yeast", "creditcard", "covtype", "mmg", "shuttle"})
		p.dataset(d).Features = bump(t, p.dataset(d).Features, 1, 5)
		return d
	}},
	{"unknown-method", func(t *rapid.T, p *Printed) string {
		r := pick(t, "row", p.Table3.Rows)
		b := []byte(r.Method)
		b[0], b[1] = b[1], b[0]
		r.Method = string(b)
		return r.Method
	}},
	{"cold-start", func(t *rapid.T, p *Printed) string {
		p.K.Then = rapid.IntRange(4, 9).Draw(t, "k")
		return fmt.Sprint(p.K)
	}},
	{"overshoot", func(t *rapid.T, p *Printed) string {
		p.K.Else = rapid.IntRange(20, 90).Draw(t, "k")
		return fmt.Sprint(p.K)
	}},
}

// Every rule finds fresh mutations of what it covers.
func TestMutations(t *testing.T) {
	covered := map[string]bool{}
	for i, m := range mutations {
		covered[m.rule] = true
		t.Run(fmt.Sprintf("%s-%d", m.rule, i), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := corrected(t)
				before := text(t, p)
				what := m.change(t, p)
				if before == text(t, p) {
					t.Skip("rounded away")
				}
				found := Check(p)
				if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == m.rule }) {
					t.Fatalf("%s: not found by %s, only by %v", what, m.rule, found)
				}
			})
		})
	}
	for _, r := range Rules {
		if !covered[r.ID] {
			t.Errorf("%s is not tested by a mutation", r.ID)
		}
	}
}
