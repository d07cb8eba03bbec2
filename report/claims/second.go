package claims

import (
	"slices"
	"strings"
)

// SecondLedger is paper.yaml's second_ledger: the same sentences with checks that a world in which
// the paper is right can pass, and this project's own predictions. Its comments in paper.yaml define
// every word.
type SecondLedger struct {
	Date        string        `json:"date"`
	Design      DesignFile    `json:"design"`
	Looks       []Look        `json:"looks"`
	Deltas      []Delta       `json:"deltas"`
	Groups      []Group       `json:"groups"`
	Claims      []SecondClaim `json:"claims"`
	Predictions []Prediction  `json:"predictions"`
}

// DesignFile is the first design with its checks, as it was before any result.
type DesignFile struct {
	File   string `json:"file"`   // in experiments
	SHA256 string `json:"sha256"` // of its bytes, in hex
}

// Look is a number of replicates at which verdicts may change.
type Look struct {
	N     int     `json:"n"`
	Rule  string  `json:"rule"`  // gap, permuted, rank
	Alpha float64 `json:"alpha"` // spent at this look
}

// Delta is the largest difference that nobody would act on, in units of its metrics.
type Delta struct {
	ID    string  `json:"id"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
	Why   string  `json:"why"`
}

// Group names several datasets.
type Group struct {
	ID       string   `json:"id"`
	Datasets []string `json:"datasets"`
}

// SecondClaim is a quantifier over comparisons. ID is that of a Claim, which has the sentence.
type SecondClaim struct {
	ID      string  `json:"id"`
	Weight  string  `json:"weight"` // headline, detail
	Plain   string  `json:"plain"`  // one sentence in plain words
	Rule    string  `json:"rule"`
	Need    int     `json:"need,omitempty"`  // of rule most: as counted
	Paper   string  `json:"paper,omitempty"` // what the paper's own numbers give
	Checks  []Check `json:"checks"`
	Differs Differs `json:"differs,omitempty"`
}

// Differs says how and why a claim's checks differ from earlier ones; "" where they do not.
type Differs struct {
	Design string `json:"design,omitempty"`
	First  string `json:"first,omitempty"`
}

// Check is a comparison, or one for each arm and dataset that it speaks of.
type Check struct {
	Is        string             `json:"is"`
	Of        *Operand           `json:"of,omitempty"`
	Than      *Operand           `json:"than,omitempty"`
	Pairs     [][]string         `json:"pairs,omitempty"`    // of trend: arms whose differences are effects
	Datasets  []string           `json:"datasets,omitempty"` // or groups
	Like      []string           `json:"like,omitempty"`     // counterparts of datasets
	Fitted    []string           `json:"fitted,omitempty"`   // datasets whose number was chosen by the printed one
	Factor    float64            `json:"factor,omitempty"`   // 0: 1
	Margin    float64            `json:"margin,omitempty"`
	Bound     *float64           `json:"bound,omitempty"`
	Delta     string             `json:"delta,omitempty"` // id
	TieFrom   float64            `json:"tie_from,omitempty"`
	Share     float64            `json:"share,omitempty"` // of frequency: the paper's
	Paired    bool               `json:"paired,omitempty"`
	Published string             `json:"published,omitempty"`
	Values    map[string]float64 `json:"values,omitempty"`
	Within    float64            `json:"within,omitempty"`
	Coarse    string             `json:"coarse,omitempty"`
	Fine      string             `json:"fine,omitempty"`
	Names     []string           `json:"names,omitempty"` // of theory
}

// Prediction is this project's own, not the paper's.
type Prediction struct {
	ID        string `json:"id"`
	Spec      string `json:"spec"`
	Statement string `json:"statement"`
	Arms      []Arm  `json:"arms"`
}

var (
	secondRules = []string{"every", "usually", "comparable", "most", "may", "trend", "frequency", "construction"}
	checkKinds  = []string{"beats", "at_least", "above", "below", "near", "steadier", "spread", "mean_diff", "widest", "trend", "frequency", "data", "plan", "printed", "theory"}
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
		if seen[cl.ID] || !slices.ContainsFunc(c.l.Claims, func(f Claim) bool { return f.ID == cl.ID }) {
			c.fail(&cl.ID, "%s is here twice, or is not one of the claims", cl.ID)
		}
		seen[cl.ID] = true
		c.oneOf(&cl.Weight, []string{"headline", "detail"})
		c.oneOf(&cl.Rule, secondRules)
		if cl.Plain == "" || len(cl.Checks) == 0 || (cl.Rule == "most") != (cl.Need > 0) {
			c.fail(cl, "%s needs plain, checks, and need with rule most alone", cl.ID)
		}
		for j := range cl.Checks {
			k := &cl.Checks[j]
			on(k.Datasets)
			on(k.Like)
			on(k.Fitted)
			c.check(k, deltas, on)
		}
	}
	for i := range c.l.Claims {
		if id := c.l.Claims[i].ID; !seen[id] {
			c.fail(&s.Claims, "%s is missing", id)
		}
	}
}

func (c *checker) check(k *Check, deltas map[string]bool, on func([]string)) {
	need := func(ok bool, what string) {
		if !ok {
			c.fail(k, "%s needs %s", k.Is, what)
		}
	}
	c.oneOf(&k.Is, checkKinds)
	if k.Delta != "" && !deltas[k.Delta] {
		c.fail(&k.Delta, "%q is not one of deltas", k.Delta)
	}
	switch k.Is {
	case "beats", "at_least", "mean_diff":
		need(k.Of != nil && k.Than != nil && k.Delta != "", "of, than and delta")
	case "steadier", "widest":
		need(k.Of != nil && k.Than != nil, "of and than")
	case "above", "below", "spread":
		need(k.Of != nil && k.Bound != nil, "of and bound")
	case "near":
		need((k.Published != "" || k.Values != nil) && k.Delta != "", "published or values, and delta")
	case "trend":
		need(len(k.Pairs) > 0 && k.Of != nil && k.Bound != nil && len(k.Like) == len(k.Datasets), "pairs, of, bound and like")
	case "frequency":
		need(k.Of != nil && k.Factor > 0 && k.Share > 0, "of, factor and share")
	case "data":
		need(k.Of != nil && (k.Published != "" || k.Values != nil), "of, and published or values")
	case "theory":
		need(len(k.Names) > 0, "names")
	}
	if k.Published != "" {
		c.oneOf(&k.Published, publishedNames)
	}
	for _, p := range k.Pairs {
		for i := range p {
			c.arm(&p[i])
		}
	}
	for _, o := range []*Operand{k.Of, k.Than} {
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
		if k.Is != "plan" && !slices.Contains(metricNames(), o.Metric) {
			c.fail(o, "%q is not a metric: %s", o.Metric, strings.Join(metricNames(), ", "))
		}
		for i := range o.At {
			if _, ok := auditsAt(o.At[i], 10, 100); !ok {
				c.fail(&o.At[i], "%q is not a number of audits, N or 2N", o.At[i])
			}
		}
	}
}

func (c *checker) oneOf(v *string, valid []string) {
	if !slices.Contains(valid, *v) {
		c.fail(v, "%q is none of %s", *v, strings.Join(valid, ", "))
	}
}
