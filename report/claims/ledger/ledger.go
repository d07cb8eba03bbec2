// Package ledger is the language of experiments/paper.yaml: the paper's sentences and published
// numbers, and the second ledger's checks. Read parses it as strictly as a spec. The package knows
// the words and their valid combinations, and judges nothing.
package ledger

import (
	"slices"

	"github.com/uaibench/uaibench/report/paper"
)

// Ledger is paper.yaml: the paper's sentences and numbers, and how each sentence is checked.
type Ledger struct {
	Schema      int             `json:"schema"`
	Paper       paper.Reference `json:"paper"`
	Tolerances  Tolerances      `json:"tolerances"`
	K           KRule           `json:"k"`
	Approximate []Approximate   `json:"approximate,omitempty"`
	// share of anomalies in a training half of low contamination, by dataset
	Low             map[string]float64     `json:"low"`
	Arms            []Arm                  `json:"arms"`
	Aliases         []Alias                `json:"aliases,omitempty"`
	Hyperparameters []paper.Hyperparameter `json:"hyperparameters"`
	Table1          paper.Table1           `json:"table1"`
	Table2          paper.Statistics       `json:"table2"`
	Table3          paper.Table3           `json:"table3"`
	Table4          paper.Statistics       `json:"table4"`
	Facts           []paper.Fact           `json:"facts"`
	First           []FirstClaim           `json:"claims"`
	Second          SecondLedger           `json:"second_ledger"`
}

// Tables returns the published tables.
func (l *Ledger) Tables() *paper.Tables {
	return &paper.Tables{Table1: l.Table1, Table2: l.Table2, Table3: l.Table3, Table4: l.Table4}
}

// Tolerances are the first ledger's; only Score and SpreadRatio still affect verdicts.
type Tolerances struct {
	Score            float64 `json:"score"`
	Noise            float64 `json:"noise"`
	SpreadRatio      float64 `json:"spread_ratio"`
	Confidence       float64 `json:"confidence"`
	MedianConfidence float64 `json:"median_confidence"`
}

// KRule is the paper's k (Sec. 4.2).
type KRule struct {
	Below int `json:"below"`
	Then  int `json:"then"`
	Else  int `json:"else"`
}

// Approximate permits another k for a dataset's cells; rows that rest on them have a note.
type Approximate struct {
	Dataset string `json:"dataset"`
	K       int    `json:"k"`
}

// Arm is a method in the paper's configuration.
type Arm struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	Title  string `json:"title"`
	// parameters that differ from the catalogue's defaults, as JSON (strings without quotes)
	Set    map[string]string `json:"set,omitempty"`
	Free   []string          `json:"free,omitempty"`    // parameters that may have any value …
	FreeOn []string          `json:"free_on,omitempty"` // … on these datasets; none: on all
	Not    map[string]string `json:"not,omitempty"`     // values that free parameters may not have
	// half-split: contamination of the training half (clean, low, dirty); "": the pool protocol
	Train string `json:"train,omitempty"`
}

// Alias names a dataset of the catalogue with other parameters.
type Alias struct {
	ID      string            `json:"id"`
	Dataset string            `json:"dataset"`
	Set     map[string]string `json:"set"`
}

// FirstClaim is a sentence of the paper with the first ledger's check of it. That check is kept
// only for the table of deviations and affects no verdict.
type FirstClaim struct {
	ID           string      `json:"id"`
	Kind         string      `json:"kind"`
	Where        string      `json:"where"`
	Statement    string      `json:"statement"`
	Stat         string      `json:"stat,omitempty"`
	Need         int         `json:"need,omitempty"`
	Any          bool        `json:"any,omitempty"`
	Construction bool        `json:"by_construction,omitempty"`
	Tolerance    string      `json:"tolerance,omitempty"`
	PaperValue   string      `json:"paper_value,omitempty"`
	Specs        []string    `json:"specs,omitempty"` // the experiments that feed it
	Tests        []FirstTest `json:"tests"`
}

// FirstTest is a comparison of the first ledger.
type FirstTest struct {
	Op        string             `json:"is"`
	Left      *Operand           `json:"of,omitempty"`
	Right     *Operand           `json:"than,omitempty"`
	Datasets  []string           `json:"datasets,omitempty"`
	Like      []string           `json:"like,omitempty"`
	Factor    float64            `json:"factor,omitempty"`
	Margin    float64            `json:"margin,omitempty"`
	Above     *float64           `json:"above,omitempty"`
	Below     *float64           `json:"below,omitempty"`
	OrEqual   bool               `json:"or_equal,omitempty"`
	Pairwise  bool               `json:"pairwise,omitempty"`
	Published string             `json:"published,omitempty"`
	Values    map[string]float64 `json:"values,omitempty"`
	Within    map[string]float64 `json:"within,omitempty"`
	Runs      int                `json:"runs,omitempty"`
	Coarse    string             `json:"coarse,omitempty"`
	Fine      string             `json:"fine,omitempty"`
}

// Arm returns the arm with the id, of the ledger or else of a prediction, or nil.
func (l *Ledger) Arm(id string) *Arm {
	if i := slices.IndexFunc(l.Arms, func(a Arm) bool { return a.ID == id }); i >= 0 {
		return &l.Arms[i]
	}
	for p := range l.Second.Predictions {
		arms := l.Second.Predictions[p].Arms
		if i := slices.IndexFunc(arms, func(a Arm) bool { return a.ID == id }); i >= 0 {
			return &arms[i]
		}
	}
	return nil
}

// Alias returns the alias with the id, or nil.
func (l *Ledger) Alias(id string) *Alias {
	if i := slices.IndexFunc(l.Aliases, func(a Alias) bool { return a.ID == id }); i >= 0 {
		return &l.Aliases[i]
	}
	return nil
}

// Sentence returns the first ledger's claim with the id, which has the paper's sentence, or nil.
func (l *Ledger) Sentence(id string) *FirstClaim {
	if i := slices.IndexFunc(l.First, func(c FirstClaim) bool { return c.ID == id }); i >= 0 {
		return &l.First[i]
	}
	return nil
}

// Title returns an arm's title, or its id if the ledger has no such arm.
func (l *Ledger) Title(arm string) string {
	if a := l.Arm(arm); a != nil {
		return a.Title
	}
	return arm
}
