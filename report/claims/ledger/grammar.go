package ledger

import (
	"slices"

	"github.com/uaibench/uaibench/report/stats"
)

// SecondLedger is paper.yaml's second_ledger: the sentences with checks that a world in which the
// paper is right can pass, and this project's own predictions. The comments of paper.yaml define
// every word.
type SecondLedger struct {
	Date        string       `json:"date"`
	Design      DesignFile   `json:"design"`
	Looks       []stats.Look `json:"looks"`
	Deltas      []Delta      `json:"deltas"`
	Groups      []Group      `json:"groups"`
	Claims      []Claim      `json:"claims"`
	Predictions []Prediction `json:"predictions"`
}

// DesignFile is the first design with its checks, as it was before any result.
type DesignFile struct {
	File   string `json:"file"`   // in experiments
	SHA256 string `json:"sha256"` // of its bytes, in hex
}

// Delta is the largest negligible difference, in the unit of its metrics.
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

// Claim is a quantifier (Rule) over comparisons. ID is that of a FirstClaim, which has the
// sentence.
type Claim struct {
	ID      string  `json:"id"`
	Weight  string  `json:"weight"` // headline, detail
	Plain   string  `json:"plain"`  // one sentence in plain words
	Rule    string  `json:"rule"`
	Need    int     `json:"need,omitempty"`  // with rule most: comparisons that must hold
	Paper   string  `json:"paper,omitempty"` // the outcome by the paper's own numbers
	Checks  []Check `json:"checks"`
	Differs Differs `json:"differs,omitempty"`
}

// Differs states how and why a claim's checks differ from those of the first design and of the
// first ledger; "" where they do not.
type Differs struct {
	Design string `json:"design,omitempty"`
	First  string `json:"first,omitempty"`
}

// Check is a comparison on each of its datasets, and for each of its arms and audits.
type Check struct {
	Op    string   `json:"is"`
	Left  *Operand `json:"of,omitempty"`
	Right *Operand `json:"than,omitempty"`
	// of trend: arms whose differences are effects
	Pairs    [][]string `json:"pairs,omitempty"`
	Datasets []string   `json:"datasets,omitempty"` // or groups
	Like     []string   `json:"like,omitempty"`     // counterparts of datasets
	// datasets whose value was chosen to match the printed one
	Fitted    []string           `json:"fitted,omitempty"`
	Factor    float64            `json:"factor,omitempty"` // 0: 1
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

// Prediction is one of this project's own, not of the paper's.
type Prediction struct {
	ID        string `json:"id"`
	Spec      string `json:"spec"`
	Statement string `json:"statement"`
	Seeds     []int  `json:"seeds,omitempty"` // first and last training seed; none: all
	Runs      int    `json:"runs"`            // each arm needs that many, or the prediction is not run
	Arms      []Arm  `json:"arms"`
	// count, median_above, median_below, deviation: the statement's parts
	Checks []Check `json:"checks"`
}

// Operand is a quantity with one value per run.
type Operand struct {
	Arms []string `json:"arms,omitempty"` // each one a comparison, unless Pick is given
	// best or worst: the arm with the largest or smallest middle
	Pick   string `json:"pick,omitempty"`
	Metric string `json:"metric,omitempty"` // the registry's, crossover, published, train_types
	// numbers of audits: "500", "N", "2N"; each one a comparison
	At      []string `json:"at,omitempty"`
	Dataset string   `json:"dataset,omitempty"`  // instead of the check's
	WorstOf []string `json:"worst_of,omitempty"` // the minimum over these datasets, run by run
	Against string   `json:"against,omitempty"`  // of crossover: the other arm
	Level   float64  `json:"level,omitempty"`    // of audits_to, guess_precision, guess_share
	Name    string   `json:"name,omitempty"`     // of a count, of a published number
	SDs     float64  `json:"sds,omitempty"`      // first ledger only
}

// Delta returns the value of the delta with the id, 0 if there is none.
func (s *SecondLedger) Delta(id string) float64 {
	if i := slices.IndexFunc(s.Deltas, func(d Delta) bool { return d.ID == id }); i >= 0 {
		return s.Deltas[i].Value
	}
	return 0
}

// Datasets replaces groups in the list by their datasets.
func (s *SecondLedger) Datasets(list []string) []string {
	var out []string
	for _, id := range list {
		if i := slices.IndexFunc(s.Groups, func(g Group) bool { return g.ID == id }); i >= 0 {
			out = append(out, s.Groups[i].Datasets...)
		} else {
			out = append(out, id)
		}
	}
	return out
}

// Claim returns the claim with the id, or nil.
func (s *SecondLedger) Claim(id string) *Claim {
	if i := slices.IndexFunc(s.Claims, func(c Claim) bool { return c.ID == id }); i >= 0 {
		return &s.Claims[i]
	}
	return nil
}

// SpeaksOf reports whether a check of the claim has the arm as an operand.
func (c *Claim) SpeaksOf(a *Arm) bool {
	return slices.ContainsFunc(c.Checks, func(k Check) bool {
		return k.Left != nil && slices.Contains(k.Left.Arms, a.ID) || k.Right != nil &&
			slices.Contains(k.Right.Arms, a.ID)
	})
}

// Times returns Factor, or 1 if it is not given.
func (k *Check) Times() float64 {
	if k.Factor == 0 {
		return 1
	}
	return k.Factor
}
