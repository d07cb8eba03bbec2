package ledger

import (
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/metric/registry"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/report/paper"
)

// Read parses a ledger as strictly as a spec. Its error lists all mistakes, each with its place.
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

// checker finds entries that are well-formed but have no meaning.
type checker struct {
	l    *Ledger
	fail func(v any, format string, args ...any)
}

func (c *checker) ledger() {
	if c.l.Schema != 1 {
		c.fail(&c.l.Schema, "schema %d of the ledger is not supported: this program reads 1",
			c.l.Schema)
	}
	seen := map[string]bool{}
	for i := range c.l.Arms {
		if a := &c.l.Arms[i]; seen[a.ID] {
			c.fail(&a.ID, "%s occurs twice", a.ID)
		} else {
			seen[a.ID] = true
		}
	}
	for i := range c.l.Table1.F1 {
		c.arm(&c.l.Table1.F1[i].Arm)
		for d := range c.l.Table1.F1[i].Values {
			if c.l.Tables().Dataset(d) == nil {
				c.fail(&c.l.Table1.F1[i].Values, "%s is not a dataset of the tables", d)
			}
		}
	}
	for i := range c.l.Table3.Rows {
		r := &c.l.Table3.Rows[i]
		c.arm(&r.Arm)
		c.dataset(&r.Dataset)
		if r.Src != "run" && r.Src != "quoted" {
			c.fail(&r.Src, "%q is neither run nor quoted", r.Src)
		}
	}
	c.second()
}

func (c *checker) arm(id *string) {
	if c.l.Arm(*id) == nil {
		c.fail(id, "%q is not an arm", *id)
	}
}

func (c *checker) dataset(id *string) {
	if c.l.Tables().Dataset(*id) == nil && c.l.Alias(*id) == nil {
		c.fail(id, "%q is neither a dataset of the tables nor an alias", *id)
	}
}

// others are metrics that need more than one run's result, or only the data.
var others = []string{"crossover", "published", "train_types"}

var (
	rules = []string{"every", "usually", "comparable", "most", "may", "trend", "frequency",
		"construction"}
	checkKinds = []string{"beats", "at_least", "above", "below", "near", "steadier", "spread",
		"mean_diff", "widest", "trend", "frequency", "data", "plan", "printed", "theory"}
)

func (c *checker) second() {
	s := &c.l.Second
	deltas, groups := map[string]bool{}, map[string]bool{}
	for i := range s.Deltas {
		d := &s.Deltas[i]
		deltas[d.ID] = true
		if d.Value <= 0 || d.Why == "" {
			c.fail(&d.Value, "%s needs a value above 0 and a reason (why)", d.ID)
		}
	}
	for i := range s.Groups {
		groups[s.Groups[i].ID] = true
		for j := range s.Groups[i].Datasets {
			c.dataset(&s.Groups[i].Datasets[j])
		}
	}
	on := func(list []string) {
		for i := range list {
			if !groups[list[i]] {
				c.dataset(&list[i])
			}
		}
	}
	seen := map[string]bool{}
	for i := range s.Claims {
		cl := &s.Claims[i]
		if seen[cl.ID] || !slices.ContainsFunc(c.l.First,
			func(f FirstClaim) bool { return f.ID == cl.ID }) {
			c.fail(&cl.ID, "%s occurs twice, or is not one of the claims", cl.ID)
		}
		seen[cl.ID] = true
		c.oneOf(&cl.Weight, []string{"headline", "detail"})
		c.oneOf(&cl.Rule, rules)
		if cl.Plain == "" || len(cl.Checks) == 0 || (cl.Rule == "most") != (cl.Need > 0) {
			c.fail(cl, "%s needs plain, checks and, with rule most only, need", cl.ID)
		}
		for j := range cl.Checks {
			k := &cl.Checks[j]
			on(k.Datasets)
			on(k.Like)
			on(k.Fitted)
			c.check(k, deltas, on)
		}
	}
	for i := range c.l.First {
		if id := c.l.First[i].ID; !seen[id] {
			c.fail(&s.Claims, "%s is missing", id)
		}
	}
}

func (c *checker) check(k *Check, deltas map[string]bool, on func([]string)) {
	need := func(ok bool, what string) {
		if !ok {
			c.fail(k, "%s needs %s", k.Op, what)
		}
	}
	c.oneOf(&k.Op, checkKinds)
	if k.Delta != "" && !deltas[k.Delta] {
		c.fail(&k.Delta, "%q is not one of the deltas", k.Delta)
	}
	switch k.Op {
	case "beats", "at_least", "mean_diff":
		need(k.Left != nil && k.Right != nil && k.Delta != "", "of, than and delta")
	case "steadier", "widest":
		need(k.Left != nil && k.Right != nil, "of and than")
	case "above", "below", "spread":
		need(k.Left != nil && k.Bound != nil, "of and bound")
	case "near":
		need((k.Published != "" || k.Values != nil) && k.Delta != "",
			"published or values, and delta")
	case "trend":
		need(len(k.Pairs) > 0 && k.Left != nil && k.Bound != nil &&
			len(k.Like) == len(k.Datasets), "pairs, of, bound and like")
	case "frequency":
		need(k.Left != nil && k.Factor > 0 && k.Share > 0, "of, factor and share")
	case "data":
		need(k.Left != nil && (k.Published != "" || k.Values != nil), "of, and published or values")
	case "theory":
		need(len(k.Names) > 0, "names")
	}
	if k.Published != "" {
		c.oneOf(&k.Published, paper.Names)
	}
	for _, p := range k.Pairs {
		for i := range p {
			c.arm(&p[i])
		}
	}
	for _, o := range []*Operand{k.Left, k.Right} {
		if o == nil {
			continue
		}
		for i := range o.Arms {
			c.arm(&o.Arms[i])
		}
		on(o.WorstOf)
		if o.Dataset != "" {
			c.dataset(&o.Dataset)
		}
		if _, ok := registry.Lookup(o.Metric); !ok && k.Op != "plan" &&
			!slices.Contains(others, o.Metric) {
			c.fail(o, "%q is not a metric: %s", o.Metric,
				strings.Join(slices.Concat(registry.Names(), others), ", "))
		}
		for i := range o.At {
			if _, err := registry.ParseAt(o.At[i]); err != nil || o.At[i] == string(registry.Last) {
				c.fail(&o.At[i], "%q is not a number of audits, N or 2N", o.At[i])
			}
		}
	}
}

func (c *checker) oneOf(v *string, valid []string) {
	if !slices.Contains(valid, *v) {
		c.fail(v, "%q is not one of %s", *v, strings.Join(valid, ", "))
	}
}
