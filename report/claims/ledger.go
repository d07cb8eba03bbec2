package claims

import "slices"

// Ledger is paper.yaml: what the paper says, and how each sentence is checked.
type Ledger struct {
	Schema          int                `json:"schema"`
	Paper           Paper              `json:"paper"`
	Tolerances      Tolerances         `json:"tolerances"`
	K               KRule              `json:"k"`
	Approximate     []Approximate      `json:"approximate,omitempty"`
	Low             map[string]float64 `json:"low"` // share of anomalies in a contaminated training half, by dataset
	Arms            []Arm              `json:"arms"`
	Aliases         []Alias            `json:"aliases,omitempty"`
	Hyperparameters []Hyperparameter   `json:"hyperparameters"`
	Table1          Table1             `json:"table1"`
	Table2          Statistics         `json:"table2"`
	Table3          Table3             `json:"table3"`
	Table4          Statistics         `json:"table4"`
	Facts           []Fact             `json:"facts"`
	Claims          []Claim            `json:"claims"`
	Second          SecondLedger       `json:"second_ledger"`
}

// Paper is its title and where it appeared.
type Paper struct {
	Title   string `json:"title"`
	Venue   string `json:"venue"`
	Later   string `json:"later_version"`
	Earlier string `json:"earlier_version"`
}

// Tolerances say what counts as reproduced for a number of the tables, and how sure an interval must be.
type Tolerances struct {
	Score            float64 `json:"score"`             // absolute, of F1, precision and recall …
	Noise            float64 `json:"noise"`             // … or so many standard errors of the difference of both means
	SpreadRatio      float64 `json:"spread_ratio"`      // of standard deviations
	Confidence       float64 `json:"confidence"`        // of intervals of means and of standard deviations
	MedianConfidence float64 `json:"median_confidence"` // least coverage of the band that judges a median
}

// KRule is the paper's k (Sec. 4.2).
type KRule struct {
	Below int `json:"below"`
	Then  int `json:"then"`
	Else  int `json:"else"`
}

// Approximate lets a dataset's cells have another k; rows that rest on them say so.
type Approximate struct {
	Dataset string `json:"dataset"`
	K       int    `json:"k"`
}

// Arm is a method in the paper's configuration.
type Arm struct {
	ID     string            `json:"id"`
	Method string            `json:"method"`
	Title  string            `json:"title"`
	Set    map[string]string `json:"set,omitempty"`     // parameters that differ from the catalogue's defaults, as JSON (words as they are)
	Free   []string          `json:"free,omitempty"`    // parameters that may have any value …
	FreeOn []string          `json:"free_on,omitempty"` // … on these datasets; none: on all
	Not    map[string]string `json:"not,omitempty"`     // values that free parameters may not have
	Train  string            `json:"train,omitempty"`   // half-split: how contaminated the training half is (clean, low, dirty); "": the pool protocol
}

// Alias is a dataset of the catalogue with parameters, under a name of its own.
type Alias struct {
	ID      string            `json:"id"`
	Dataset string            `json:"dataset"`
	Set     map[string]string `json:"set"`
}

// Hyperparameter is a stated value.
type Hyperparameter struct {
	ID       string `json:"id"`
	Value    string `json:"value"`
	Unstated bool   `json:"unstated,omitempty"`
	Where    string `json:"where"`
	Note     string `json:"note,omitempty"`
	Ours     string `json:"ours,omitempty"` // method.parameter
}

// Correction says what was read where something else is printed.
type Correction struct {
	Field   string `json:"field"`
	Printed string `json:"printed"`
	ReadAs  string `json:"read_as"`
	Why     string `json:"why"`
}

// Dataset is a dataset's column of Table 1, or row of Tables 2 and 4.
type Dataset struct {
	ID        string `json:"id"`
	Instances int    `json:"instances"`
	Features  int    `json:"features"`
	Classes   int    `json:"classes,omitempty"`
	Anomalies int    `json:"anomalies"`
	Percent   string `json:"percent"` // as printed
	Note      string `json:"note,omitempty"`

	InstancesWithin int `json:"instances_within,omitempty"` // of a drawn dataset
	AnomaliesWithin int `json:"anomalies_within,omitempty"`
}

// Statistics are Table 2 or 4.
type Statistics struct {
	Where       string       `json:"where"`
	Corrections []Correction `json:"corrections,omitempty"`
	Datasets    []Dataset    `json:"datasets"`
}

// Table1 is Table 1, with its statistics un-swapped.
type Table1 struct {
	Where       string       `json:"where"`
	Caption     string       `json:"caption"`
	Corrections []Correction `json:"corrections"`
	Datasets    []Dataset    `json:"datasets"`
	F1          []F1Row      `json:"f1"`
}

// F1Row is a method's row of Table 1.
type F1Row struct {
	Arm    string             `json:"arm"`
	Values map[string]float64 `json:"values"` // by dataset
}

// Table3 is Table 3.
type Table3 struct {
	Where       string       `json:"where"`
	Caption     string       `json:"caption"`
	Corrections []Correction `json:"corrections"`
	Rows        []ScoreRow   `json:"rows"`
}

// ScoreRow is a row of Table 3.
type ScoreRow struct {
	Dataset     string   `json:"dataset"`
	Arm         string   `json:"arm"`
	Percent     string   `json:"percent"` // anomalies in the training set, as printed
	Precision   float64  `json:"precision"`
	Recall      float64  `json:"recall"`
	F1          float64  `json:"f1"`
	PrecisionSD *float64 `json:"precision_sd,omitempty"`
	RecallSD    *float64 `json:"recall_sd,omitempty"`
	F1SD        *float64 `json:"f1_sd,omitempty"`
	Src         string   `json:"src"` // run by the paper's authors, or quoted
}

// Fact is a checkable number of the text; the claims use it.
type Fact struct {
	ID    string `json:"id"`
	Value string `json:"value"`
	Where string `json:"where"`
	Note  string `json:"note,omitempty"`
}

// Claim is a sentence and its check.
type Claim struct {
	ID           string   `json:"id"`
	Kind         string   `json:"kind"`
	Where        string   `json:"where"`
	Statement    string   `json:"statement"`
	Stat         string   `json:"stat,omitempty"`            // of the runs: mean (or nothing), median, sd
	Need         int      `json:"need,omitempty"`            // so many items must hold; 0: all
	Any          bool     `json:"any,omitempty"`             // one item is enough, if it stays significant among all (Holm)
	Construction bool     `json:"by_construction,omitempty"` // true because it was built so
	Tolerance    string   `json:"tolerance,omitempty"`       // in words
	PaperValue   string   `json:"paper_value,omitempty"`     // what the paper's own numbers give
	Specs        []string `json:"specs,omitempty"`           // the experiments that feed it
	Tests        []Test   `json:"tests"`
}

// Test is a typed comparison; it has an item for each dataset, arm and number of audits that it speaks of.
type Test struct {
	// value:     of lies within a tolerance of a published number
	// bound:     of lies above or below a number
	// order:     of - factor*than lies above margin
	// signs:     of - than has the same sign on a dataset as on its counterpart (like)
	// widest:    of - than is larger on its own dataset than on each of datasets
	// steadier:  of has a lower standard deviation than than
	// outlier:   the most of of is at least factor times its median
	// identical: the arms' parameters are the same on all datasets
	// printed:   coarse is fine, rounded; both are published
	Is        string             `json:"is"`
	Of        *Operand           `json:"of,omitempty"`
	Than      *Operand           `json:"than,omitempty"`
	Datasets  []string           `json:"datasets,omitempty"`
	Like      []string           `json:"like,omitempty"`
	Factor    float64            `json:"factor,omitempty"` // 0: 1
	Margin    float64            `json:"margin,omitempty"`
	Above     *float64           `json:"above,omitempty"`
	Below     *float64           `json:"below,omitempty"`
	OrEqual   bool               `json:"or_equal,omitempty"`
	Pairwise  bool               `json:"pairwise,omitempty"`  // the arms of of and than meet by their place, not each with each
	Published string             `json:"published,omitempty"` // table1.f1, table2.anomalies, …
	Values    map[string]float64 `json:"values,omitempty"`    // by dataset, instead of published
	Within    map[string]float64 `json:"within,omitempty"`    // by dataset; none: Tolerances, or exact for counts
	Runs      int                `json:"runs,omitempty"`      // of an outlier: with so many, its absence decides
	Coarse    string             `json:"coarse,omitempty"`
	Fine      string             `json:"fine,omitempty"`
}

// Operand is a quantity, one value a run, or one for all.
type Operand struct {
	Arms    []string `json:"arms,omitempty"`     // each one an item, unless pick is given
	Pick    string   `json:"pick,omitempty"`     // best or worst of the arms, run by run
	Metric  string   `json:"metric,omitempty"`   // one of metrics
	At      []string `json:"at,omitempty"`       // numbers of audits: "500", "N", "2N", "last"; each one an item
	Dataset string   `json:"dataset,omitempty"`  // instead of the test's
	WorstOf []string `json:"worst_of,omitempty"` // the least over these datasets, run by run
	Against string   `json:"against,omitempty"`  // of crossover: the other arm
	Level   float64  `json:"level,omitempty"`    // of audits_to, guess_precision, guess_share
	Name    string   `json:"name,omitempty"`     // of a count, of a published number, of a result of the theory
	SDs     float64  `json:"sds,omitempty"`      // of chance: so many standard deviations above
}

// armless tells that none of the claim's comparisons is of an arm: no setting of a method bears on it.
func (c *Claim) armless() bool {
	return !slices.ContainsFunc(c.Tests, func(t Test) bool {
		return t.Of == nil || len(t.Of.Arms) > 0 || t.Than != nil && len(t.Than.Arms) > 0
	})
}

// speaksOf tells whether one of the claim's comparisons is of an arm.
func (c *Claim) speaksOf(a *Arm) bool {
	return slices.ContainsFunc(c.Tests, func(t Test) bool {
		return t.Of != nil && slices.Contains(t.Of.Arms, a.ID) || t.Than != nil && slices.Contains(t.Than.Arms, a.ID)
	})
}

func (l *Ledger) arm(id string) *Arm {
	if i := slices.IndexFunc(l.Arms, func(a Arm) bool { return a.ID == id }); i >= 0 {
		return &l.Arms[i]
	}
	return nil
}

func (l *Ledger) alias(id string) *Alias {
	if i := slices.IndexFunc(l.Aliases, func(a Alias) bool { return a.ID == id }); i >= 0 {
		return &l.Aliases[i]
	}
	return nil
}

// dataset is the published statistics of a dataset, or nil.
func (l *Ledger) dataset(id string) *Dataset {
	for _, list := range [][]Dataset{l.Table1.Datasets, l.Table2.Datasets, l.Table4.Datasets} {
		if i := slices.IndexFunc(list, func(d Dataset) bool { return d.ID == id }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}
