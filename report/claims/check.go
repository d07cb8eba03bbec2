package claims

import (
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/spec"
)

// Read reads a ledger, as strictly as a spec; all errors at once, each with its place.
func Read(file string, data []byte) (*Ledger, error) {
	l := &Ledger{}
	places, err := spec.Decode(file, data, l)
	if err != nil {
		return nil, err
	}
	c := checker{l: l, fail: places.Fail}
	c.ledger()
	if err := places.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// checker finds what is well-formed but means nothing.
type checker struct {
	l    *Ledger
	fail func(v any, format string, args ...any)
}

// tests by what they must have.
var testKinds = []string{"value", "bound", "order", "signs", "widest", "steadier", "outlier", "identical", "printed"}

func (c *checker) ledger() {
	if c.l.Schema != 1 {
		c.fail(&c.l.Schema, "%d is not a schema of the ledger: this program reads 1", c.l.Schema)
	}
	seen := map[string]bool{}
	for i := range c.l.Arms {
		if a := &c.l.Arms[i]; seen[a.ID] {
			c.fail(&a.ID, "%s is here twice", a.ID)
		} else {
			seen[a.ID] = true
		}
	}
	for i := range c.l.Table1.F1 {
		c.arm(&c.l.Table1.F1[i].Arm)
		for d := range c.l.Table1.F1[i].Values {
			if c.l.dataset(d) == nil {
				c.fail(&c.l.Table1.F1[i].Values, "%s is not a dataset of the tables", d)
			}
		}
	}
	for i := range c.l.Table3.Rows {
		r := &c.l.Table3.Rows[i]
		c.arm(&r.Arm)
		c.dataset(&r.Dataset)
		if r.Src != "run" && r.Src != "quoted" {
			c.fail(&r.Src, "%q is not run or quoted", r.Src)
		}
	}
	ids := map[string]bool{}
	for i := range c.l.Claims {
		cl := &c.l.Claims[i]
		if ids[cl.ID] {
			c.fail(&cl.ID, "%s is here twice", cl.ID)
		}
		ids[cl.ID] = true
		if !slices.Contains([]string{"", "mean", "median", "sd"}, cl.Stat) {
			c.fail(&cl.Stat, "%q is not mean, median or sd", cl.Stat)
		}
		if len(cl.Tests) == 0 {
			c.fail(&cl.Tests, "a claim has at least one test")
		}
		for j := range cl.Tests {
			c.test(&cl.Tests[j])
		}
	}
	c.second()
}

func (c *checker) test(t *Test) {
	need := func(ok bool, what string) {
		if !ok {
			c.fail(t, "%s needs %s", t.Is, what)
		}
	}
	if !slices.Contains(testKinds, t.Is) {
		c.fail(&t.Is, "%q is not a test: %s", t.Is, strings.Join(testKinds, ", "))
		return
	}
	for i := range t.Datasets {
		c.dataset(&t.Datasets[i])
	}
	switch t.Is {
	case "printed":
		need(t.Coarse != "" && t.Fine != "" && t.Within != nil, "coarse, fine and within")
		return
	case "value":
		need(t.Published != "" || t.Values != nil, "published or values")
		for _, d := range t.Datasets {
			if t.Values != nil {
				_, ok := t.Values[d]
				need(ok, "a value for "+d)
			}
		}
	case "bound":
		need((t.Above == nil) != (t.Below == nil), "above or below")
	case "order", "signs", "widest", "steadier":
		need(t.Than != nil, "than")
		need(t.Is != "signs" || len(t.Like) == len(t.Datasets), "a counterpart (like) for each dataset")
		need(t.Is != "widest" || t.Of != nil && t.Of.Dataset != "", "of with its own dataset")
	case "outlier":
		need(t.Runs > 0 && t.Factor > 0, "runs and factor")
	}
	if t.Published != "" {
		if !slices.Contains(publishedNames, t.Published) {
			c.fail(&t.Published, "%q is not published: %s", t.Published, strings.Join(publishedNames, ", "))
		}
	}
	need(t.Of != nil, "of")
	for _, o := range []*Operand{t.Of, t.Than} {
		if o == nil {
			continue
		}
		for i := range o.Arms {
			c.arm(&o.Arms[i])
		}
		for i := range o.WorstOf {
			c.dataset(&o.WorstOf[i])
		}
		if o.Dataset != "" {
			c.dataset(&o.Dataset)
		}
		if t.Is != "identical" && !slices.Contains(metricNames(), o.Metric) {
			c.fail(o, "%q is not a metric: %s", o.Metric, strings.Join(metricNames(), ", "))
		}
		if !slices.Contains([]string{"", "best", "worst"}, o.Pick) {
			c.fail(&o.Pick, "%q is not best or worst", o.Pick)
		}
		if o.Against != "" {
			c.arm(&o.Against)
		}
		for i := range o.At {
			if _, ok := auditsAt(o.At[i], 10, 100); !ok && o.At[i] != "last" {
				c.fail(&o.At[i], "%q is not a number of audits, N, 2N or last", o.At[i])
			}
		}
	}
	if t.Of != nil && t.Than != nil && len(t.Of.At) > 1 && len(t.Of.At) != len(t.Than.At) {
		c.fail(&t.Than.At, "of and than need the same numbers of audits")
	}
}

func (c *checker) arm(id *string) {
	if c.l.arm(*id) == nil {
		c.fail(id, "%q is not an arm", *id)
	}
}

func (c *checker) dataset(id *string) {
	if c.l.dataset(*id) == nil && c.l.alias(*id) == nil {
		c.fail(id, "%q is not a dataset of the tables, nor an alias", *id)
	}
}
