package lint

import (
	"fmt"
	"slices"
	"strings"
)

func (c *checker) datasets() {
	p := c.p
	seen := map[string]bool{}
	for _, t := range []struct {
		path string
		list *[]Dataset
	}{{"table1", &p.Table1.Datasets}, {"table2", &p.Table2.Datasets},
		{"table4", &p.Table4.Datasets}} {
		some(c, t.list)
		for i := range *t.list {
			d := &(*t.list)[i]
			unique(c, &d.ID, d.ID, seen)
			for _, n := range []*string{&d.Instances, &d.Features, &d.Classes, &d.Anomalies} {
				c.whole(n, 1)
			}
			c.decimal(&d.Percent)
			if d.Classes == "" && t.path != "table1" {
				c.absent(d, fmt.Sprintf("%s.datasets[%d]", t.path, i), "classes",
					"Tables 2 and 4 have them")
			}
		}
	}
	id := func(d Dataset) string { return d.ID }
	c.table1 = names(p.Table1.Datasets, id)
	table2, table4 := names(p.Table2.Datasets, id), names(p.Table4.Datasets, id)
	if c.table1 != nil && table2 != nil && table4 != nil {
		c.every = slices.Concat(c.table1, table2, table4)
	}
	for i := range p.Table4.Datasets {
		if d := &p.Table4.Datasets[i]; d.ID != "" && table2 != nil &&
			(!strings.HasPrefix(d.ID, "fashion") || !slices.Contains(table2, twin(d.ID))) {
			c.fail(&d.ID, "%.40q has no counterpart in Table 2: write fashion for the "+
				"mnist of %s", d.ID, strings.Join(table2, ", "))
		}
	}
}

func (c *checker) table1F1() {
	p := c.p
	some(c, &p.Table1.F1)
	seen := map[string]bool{}
	for i := range p.Table1.F1 {
		r := &p.Table1.F1[i]
		unique(c, &r.Method, r.Method, seen)
		for id, v := range r.Values {
			c.score(v)
			if c.table1 != nil && !slices.Contains(c.table1, id) {
				c.fail(v, "%.40q is not a dataset of Table 1: %s", id, choose(id, c.table1))
			}
		}
		for _, id := range c.table1 {
			if r.Values != nil && r.Values[id] == nil {
				c.absent(&r.Values, fmt.Sprintf("table1.f1[%d].values", i), id,
					"a row has all the datasets of Table 1")
			}
		}
	}
	for _, m := range coldStartRows {
		if len(c.rows()) > 0 && p.row(m) == nil {
			c.fail(&p.Table1.F1, "there is no row %s: the rule cold-start compares %s", m,
				strings.Join(coldStartRows, " and "))
		}
	}
}

func (c *checker) table3() {
	p := c.p
	some(c, &p.Table3.Rows)
	seen := map[string]bool{}
	for i := range p.Table3.Rows {
		r := &p.Table3.Rows[i]
		c.known(&r.Dataset, "a dataset of Table 1", c.table1)
		c.decimal(&r.Percent)
		if r.Dataset != "" && r.Method != "" && r.Percent != "" {
			unique(c, r, r.Dataset+", "+r.Method+", "+r.Percent+" %", seen)
		}
		for _, n := range []*string{&r.Precision, &r.Recall, &r.F1, &r.PrecisionSD, &r.RecallSD,
			&r.F1SD} {
			c.score(n)
		}
		if r.PrecisionSD == "" && r.RecallSD == "" && r.F1SD == "" {
			continue
		}
		for _, q := range []struct{ key, sd string }{{"precision_sd", r.PrecisionSD},
			{"recall_sd", r.RecallSD}, {"f1_sd", r.F1SD}} {
			if q.sd == "" {
				c.absent(r, fmt.Sprintf("table3.rows[%d]", i), q.key,
					"a row has all three deviations, or none")
			}
		}
	}
}

func (c *checker) numbers() {
	p := c.p
	texts, budgets, sums := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range p.Text {
		unique(c, &p.Text[i].ID, p.Text[i].ID, texts)
		c.text(&p.Text[i])
	}
	for i := range p.Budgets {
		unique(c, &p.Budgets[i].ID, p.Budgets[i].ID, budgets)
		c.budget(i)
	}
	for i := range p.Sums {
		s := &p.Sums[i]
		unique(c, &s.ID, s.ID, sums)
		if s.Parts != nil && len(s.Parts) < 2 {
			c.fail(&s.Parts, "a sum has two parts or more")
		}
		for j := range s.Parts {
			c.whole(&s.Parts[j], 0)
		}
		c.whole(&s.Total, 0)
	}
	o := &p.OneHot
	c.known(&o.Dataset, "a dataset of the tables", c.every)
	c.whole(&o.Continuous, 0)
	c.whole(&o.Categorical, 0)
	for i := range o.Levels {
		c.atLeastOne(&o.Levels[i])
	}
	for id, n := range p.Source {
		c.atLeastOne(n)
		if c.table1 != nil && !slices.Contains(c.table1, id) {
			c.fail(n, "%.40q is not a dataset of Table 1: %s", id, choose(id, c.table1))
		}
	}
}

// quantities of a dataset that the text may state too.
var quantities = []string{"percent", "instances", "features"}

func (c *checker) text(t *Text) {
	c.known(&t.Dataset, "a dataset of the tables", c.every)
	c.known(&t.Quantity, "a quantity that is compared", quantities)
	if t.Quantity == "percent" {
		c.decimal(&t.Value)
	} else {
		c.whole(&t.Value, 1)
	}
	if t.Fraction == "" {
		return
	}
	a, b, ok := strings.Cut(t.Fraction, "/")
	if !ok || wrongWhole(a, 1) != "" || wrongWhole(b, 1) != "" {
		c.fail(&t.Fraction, "%.40q is not a fraction of two counts such as 1/91", t.Fraction)
	}
	if t.Quantity != "percent" && t.Quantity != "" {
		c.fail(&t.Fraction, "a fraction belongs to a percent, not to %.40s", t.Quantity)
	}
}

func (c *checker) budget(i int) {
	b := &c.p.Budgets[i]
	c.known(&b.Dataset, "a dataset of the tables", c.every)
	c.whole(&b.Audits, 1)
	path := fmt.Sprintf("budgets[%d]", i)
	switch {
	case b.About != "" && b.Below != "":
		c.fail(b, "a budget is about a share of its dataset or below one: leave out about or below")
	case b.About == "" && b.Below == "" && !c.reported[path+".below"]:
		c.absent(b, path, "about", "write about or below, in per cent of the dataset")
	}
	for _, n := range []*string{&b.About, &b.Below} {
		if c.decimal(n); *n != "" && wrongDecimal(*n) == "" && value(*n) == 0 {
			c.fail(n, "a budget is more than 0 %% of its dataset")
		}
	}
}

func (c *checker) methods() {
	p := c.p
	some(c, &p.Methods)
	named, budget := map[string]bool{}, map[string]bool{}
	for i := range p.Methods {
		unique(c, &p.Methods[i], p.Methods[i], named)
	}
	for i := range p.BudgetIsN {
		unique(c, &p.BudgetIsN[i], p.BudgetIsN[i], budget)
		c.known(&p.BudgetIsN[i], "one of methods",
			names(p.Methods, func(m string) string { return m }))
	}
}

// needs are the keys of a sentence other than id, is and where, by its is; margin is optional.
var needs = map[string][]string{
	"at_least":   {"method", "margin"},
	"wins":       {"method", "than", "table", "of"},
	"steadiest":  {"method", "of"},
	"widest_gap": {"dataset"},
}

func (c *checker) sentence(i int) {
	s := &c.p.Sentences[i]
	c.known(&s.Is, "a sentence that is checked",
		[]string{"at_least", "wins", "steadiest", "widest_gap"})
	keys, ok := needs[s.Is]
	if !ok {
		return
	}
	for _, k := range []struct {
		name string
		v    any
		has  bool
	}{
		{"method", &s.Method, s.Method != ""}, {"than", &s.Than, s.Than != ""},
		{"table", &s.Table, s.Table != ""}, {"of", &s.Of, s.Of != 0},
		{"margin", &s.Margin, s.Margin != 0}, {"dataset", &s.Dataset, s.Dataset != ""},
	} {
		switch needed := slices.Contains(keys, k.name); {
		case k.has && !needed:
			c.fail(k.v, "%s has no %s: leave it out", s.Is, k.name)
		case !k.has && needed && k.name != "margin":
			c.absent(s, fmt.Sprintf("sentences[%d]", i), k.name, s.Is+" needs it")
		}
	}
	c.known(&s.Dataset, "a dataset of Table 1", c.table1)
	if s.Table != "" && s.Is == "wins" {
		c.known(&s.Table, "a table with scores", []string{"table1", "table3"})
	}
	switch {
	case s.Is == "steadiest", s.Is == "wins" && s.Table == "table3":
		c.inTable3(&s.Method)
		c.inTable3(&s.Than)
	case s.Is == "at_least", s.Is == "wins" && s.Table == "table1":
		c.inTable1(&s.Method)
		c.inTable1(&s.Than)
	}
	if s.Is == "steadiest" {
		c.deviations(s)
	}
	if s.Than != "" && s.Than == s.Method {
		c.fail(&s.Than, "%.40s cannot beat itself", s.Than)
	}
	if c.table1 != nil && s.Of > len(c.table1) {
		c.fail(&s.Of, "%d is more than the %d datasets of Table 1", s.Of, len(c.table1))
	}
	if s.Margin < 0 || s.Margin > 1 {
		c.fail(&s.Margin, "%g is not a difference of two F1: a margin lies between 0 and 1",
			s.Margin)
	}
}

// rows returns the methods of Table 1's rows; nil if one of them is unknown.
func (c *checker) rows() []string {
	return names(c.p.Table1.F1, func(r F1Row) string { return r.Method })
}

func (c *checker) inTable1(method *string) {
	if *method != "" && c.rows() != nil && c.p.row(*method) == nil {
		c.fail(method, "%.40q has no row in Table 1: %s", *method, choose(*method, c.rows()))
	}
}

func (c *checker) inTable3(method *string) {
	labels := names(c.p.Table3.Rows, func(r ScoreRow) string { return r.Method })
	if *method == "" || labels == nil || slices.ContainsFunc(c.p.Table3.Rows,
		func(r ScoreRow) bool { return c.p.label(r) == ownLabel(*method) }) {
		return
	}
	slices.Sort(labels)
	c.fail(method, "%.40q has no row in Table 3: %s", *method,
		choose(*method, slices.Compact(labels)))
}

// deviations reports the missing deviations that a sentence about them needs.
func (c *checker) deviations(s *Sentence) {
	for i := range c.p.Table3.Rows {
		if r := &c.p.Table3.Rows[i]; r.F1SD == "" && r.Method != "" &&
			c.p.label(*r) == ownLabel(s.Method) {
			c.absent(r, fmt.Sprintf("table3.rows[%d]", i), "f1_sd",
				fmt.Sprintf("the sentence %.40s needs it", s.ID))
		}
	}
}
