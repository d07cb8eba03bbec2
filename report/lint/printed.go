// Package lint finds inconsistencies within the paper's own tables and text by rules; it trains
// nothing. The printed values are in experiments/paper_as_printed.yaml.
package lint

import "slices"

// Printed has the values that the paper prints. Numbers are strings, as their decimals matter. Map
// values are pointers, so that Read can find their positions.
type Printed struct {
	Schema    int             `json:"schema" jsonschema:"minimum=1"`
	Table1    Table1          `json:"table1"`
	Table2    Statistics      `json:"table2"`
	Table4    Statistics      `json:"table4"`
	Table3    Table3          `json:"table3"`
	Text      []Text          `json:"text"`
	Budgets   []Budget        `json:"budgets"`
	Sums      []Sum           `json:"sums"`
	OneHot    OneHot          `json:"one_hot"`
	Source    map[string]*int `json:"source_features"`
	Methods   []string        `json:"methods"`
	BudgetIsN []string        `json:"budget_is_anomalies"`
	Runs      int             `json:"runs" jsonschema:"minimum=1"`
	K         K               `json:"k"`
	ColdStart int             `json:"cold_start_calls" jsonschema:"minimum=0"`
	Sentences []Sentence      `json:"sentences"`
}

// Statistics of datasets: Tables 2 and 4, and the upper part of Table 1.
type Statistics struct {
	Where    string    `json:"where"`
	Datasets []Dataset `json:"datasets"`
}

// Dataset is a dataset's column of Table 1, or its row of Tables 2 and 4.
type Dataset struct {
	ID        string `json:"id"`
	Instances string `json:"instances"`
	Features  string `json:"features"`
	Classes   string `json:"classes,omitempty"` // only in Tables 2 and 4
	Anomalies string `json:"anomalies"`
	Percent   string `json:"percent"`
}

// Table1 is Table 1.
type Table1 struct {
	Where    string    `json:"where"`
	Datasets []Dataset `json:"datasets"`
	F1       []F1Row   `json:"f1"`
}

// F1Row is a method's row of Table 1.
type F1Row struct {
	Method string             `json:"method"`
	Values map[string]*string `json:"values"` // by dataset
}

// on returns the F1 on a dataset.
func (r F1Row) on(dataset string) string { return *r.Values[dataset] }

// Table3 is Table 3.
type Table3 struct {
	Where string     `json:"where"`
	Rows  []ScoreRow `json:"rows"`
}

// ScoreRow is a row of Table 3.
type ScoreRow struct {
	Dataset     string `json:"dataset"`
	Method      string `json:"method"`
	Percent     string `json:"percent"` // anomalies in the training set
	Precision   string `json:"precision"`
	Recall      string `json:"recall"`
	F1          string `json:"f1"`
	PrecisionSD string `json:"precision_sd,omitempty"`
	RecallSD    string `json:"recall_sd,omitempty"`
	F1SD        string `json:"f1_sd,omitempty"`
}

// score is a mean over runs and its deviation, "" if none is printed.
type score struct{ name, mean, sd string }

func (r ScoreRow) scores() []score {
	return []score{{"precision", r.Precision, r.PrecisionSD}, {"recall", r.Recall, r.RecallSD},
		{"F1", r.F1, r.F1SD}}
}

// Text is a number of the text that a table also has.
type Text struct {
	ID       string `json:"id"`
	Dataset  string `json:"dataset"`
	Quantity string `json:"quantity"` // percent, instances or features
	Value    string `json:"value"`
	Fraction string `json:"fraction,omitempty"`
	Where    string `json:"where"`
}

// Budget is a number of audits with the share of its dataset that the text gives: about, or below.
type Budget struct {
	ID      string `json:"id"`
	Dataset string `json:"dataset"`
	Audits  string `json:"audits"`
	About   string `json:"about,omitempty"` // per cent
	Below   string `json:"below,omitempty"`
	Where   string `json:"where"`
}

// Sum is a number and its parts.
type Sum struct {
	ID    string   `json:"id"`
	Parts []string `json:"parts"`
	Total string   `json:"total"`
	Where string   `json:"where"`
}

// OneHot is the composition of a dataset's features.
type OneHot struct {
	Dataset     string `json:"dataset"`
	Continuous  string `json:"continuous"`
	Categorical string `json:"categorical"`
	Levels      []int  `json:"levels"`
	Where       string `json:"where"`
}

// K is the rule for the audits per round.
type K struct {
	Below int `json:"below" jsonschema:"minimum=0"` // anomalies
	Then  int `json:"then" jsonschema:"minimum=1"`
	Else  int `json:"else" jsonschema:"minimum=1"`
}

// Sentence is a statement on complete rows.
type Sentence struct {
	ID      string  `json:"id"`
	Is      string  `json:"is"` // at_least, wins, steadiest, widest_gap
	Method  string  `json:"method,omitempty"`
	Than    string  `json:"than,omitempty"`
	Table   string  `json:"table,omitempty"`
	Of      int     `json:"of,omitempty" jsonschema:"minimum=1"` // datasets on which it must hold
	Margin  float64 `json:"margin,omitempty"`                    // that still counts as similar
	Dataset string  `json:"dataset,omitempty"`
	Where   string  `json:"where"`
}

// dataset returns the statistics printed under a dataset's name, or nil.
func (p *Printed) dataset(id string) *Dataset {
	for _, list := range [][]Dataset{p.Table1.Datasets, p.Table2.Datasets, p.Table4.Datasets} {
		if i := slices.IndexFunc(list, func(d Dataset) bool { return d.ID == id }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// full returns the largest share of anomalies that Table 3 trains a dataset with, which is that of
// the dataset itself; "" if it has no row.
func (p *Printed) full(id string) string {
	most := ""
	for _, r := range p.Table3.Rows {
		if r.Dataset == id && (most == "" || value(r.Percent) > value(most)) {
			most = r.Percent
		}
	}
	return most
}

// own returns a dataset's statistics: those under its name, unless Table 3 shows that they are
// printed under another's.
func (p *Printed) own(id string) *Dataset {
	d := p.dataset(id)
	if e := p.exchanged(id); e != "" {
		return p.dataset(e)
	}
	return d
}

// exchanged returns the dataset whose statistics are exchanged with this one's in Table 1; "" if
// none are.
func (p *Printed) exchanged(id string) string {
	d, full := p.dataset(id), p.full(id)
	if d == nil || full == "" || value(d.Percent) == value(full) {
		return ""
	}
	for _, e := range p.Table1.Datasets {
		if f := p.full(e.ID); e.ID != id && f != "" && value(e.Percent) == value(full) &&
			value(d.Percent) == value(f) {
			return e.ID
		}
	}
	return ""
}
