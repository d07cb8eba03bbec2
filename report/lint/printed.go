// Package lint finds inconsistencies within the paper's own tables and text, by rule: it trains nothing. What is printed stands
// in experiments/paper_as_printed.yaml.
package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench/spec"
)

// Printed is what the paper prints: numbers are texts, as their decimals count.
type Printed struct {
	Schema    int            `json:"schema"`
	Table1    Table1         `json:"table1"`
	Table2    Statistics     `json:"table2"`
	Table4    Statistics     `json:"table4"`
	Table3    Table3         `json:"table3"`
	Text      []Text         `json:"text"`
	Budgets   []Budget       `json:"budgets"`
	Sums      []Sum          `json:"sums"`
	OneHot    OneHot         `json:"one_hot"`
	Source    map[string]int `json:"source_features"`
	Methods   []string       `json:"methods"`
	BudgetIsN []string       `json:"budget_is_anomalies"`
	Runs      int            `json:"runs"`
	K         K              `json:"k"`
	ColdStart int            `json:"cold_start_calls"`
	Sentences []Sentence     `json:"sentences"`
}

// Statistics of datasets: Tables 2 and 4, and the upper part of Table 1.
type Statistics struct {
	Where    string    `json:"where"`
	Datasets []Dataset `json:"datasets"`
}

// Dataset is its column of Table 1, or its row of Tables 2 and 4.
type Dataset struct {
	ID        string `json:"id"`
	Instances string `json:"instances"`
	Features  string `json:"features"`
	Classes   string `json:"classes,omitempty"`
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
	Method string            `json:"method"`
	Values map[string]string `json:"values"`
}

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

// Text is a number of the text that a table has too.
type Text struct {
	ID       string `json:"id"`
	Dataset  string `json:"dataset"`
	Quantity string `json:"quantity"` // percent, instances or features
	Value    string `json:"value"`
	Fraction string `json:"fraction,omitempty"`
	Where    string `json:"where"`
}

// Budget is a number of audits and the share of the dataset that the text says it is.
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

// OneHot is how a dataset's features come about.
type OneHot struct {
	Dataset     string `json:"dataset"`
	Continuous  string `json:"continuous"`
	Categorical string `json:"categorical"`
	Levels      []int  `json:"levels"`
	Where       string `json:"where"`
}

// K is the rule for the audits a round.
type K struct {
	Below int `json:"below"`
	Then  int `json:"then"`
	Else  int `json:"else"`
}

// Sentence says something of whole rows.
type Sentence struct {
	ID      string  `json:"id"`
	Is      string  `json:"is"` // at_least, wins, steadiest, widest_gap
	Method  string  `json:"method,omitempty"`
	Than    string  `json:"than,omitempty"`
	Table   string  `json:"table,omitempty"`
	Of      int     `json:"of,omitempty"`     // on so many datasets
	Margin  float64 `json:"margin,omitempty"` // still similar
	Dataset string  `json:"dataset,omitempty"`
	Where   string  `json:"where"`
}

// Read reads what is printed, strictly; every number must be one.
func Read(file string, data []byte) (*Printed, error) {
	p := &Printed{}
	places, err := spec.Decode(file, data, p)
	if err != nil {
		return nil, err
	}
	p.each(func(n *string, _ field) {
		if _, err := number(*n); err != nil {
			places.Fail(n, "%q is not a number", *n)
		}
	})
	for i, s := range p.Sentences {
		if !slices.Contains([]string{"at_least", "wins", "steadiest", "widest_gap"}, s.Is) {
			places.Fail(&p.Sentences[i].Is, "%q is not a sentence that is checked", s.Is)
		}
	}
	if err := places.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// number reads "54,679", "0.7457".
func number(s string) (float64, error) {
	return strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
}

// value of a number that Read has accepted, or that a test made.
func value(s string) float64 {
	v, err := number(s)
	if err != nil {
		panic(fmt.Sprintf("lint: %q is not a number", s))
	}
	return v
}

// unit is the worth of the last printed digit.
func unit(s string) float64 {
	_, decimals, _ := strings.Cut(s, ".")
	u := 1.0
	for range decimals {
		u /= 10
	}
	return u
}

// rounds tells whether a printed number is x rounded; slack is for what floats do not hold exactly.
func rounds(printed string, x float64) bool {
	d := value(printed) - x
	return max(d, -d) <= unit(printed)/2+1e-9
}

// field says where a printed number stands.
type field struct {
	table, dataset, row, quantity string
}

func (f field) String() string {
	parts := []string{}
	for _, s := range []string{f.table, f.dataset, f.row, f.quantity} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// each visits every printed number of the tables.
func (p *Printed) each(visit func(n *string, at field)) {
	list := func(table string, ds []Dataset) {
		for i := range ds {
			d := &ds[i]
			visit(&d.Instances, field{table, d.ID, "", "instances"})
			visit(&d.Features, field{table, d.ID, "", "features"})
			if d.Classes != "" {
				visit(&d.Classes, field{table, d.ID, "", "classes"})
			}
			visit(&d.Anomalies, field{table, d.ID, "", "anomalies"})
			visit(&d.Percent, field{table, d.ID, "", "percent"})
		}
	}
	list("table1", p.Table1.Datasets)
	for _, r := range p.Table1.F1 {
		for _, d := range p.Table1.Datasets {
			v := r.Values[d.ID]
			visit(&v, field{"table1", d.ID, r.Method, "f1"})
			r.Values[d.ID] = v
		}
	}
	list("table2", p.Table2.Datasets)
	for i := range p.Table3.Rows {
		r := &p.Table3.Rows[i]
		row := r.Method + " " + r.Percent + " %"
		visit(&r.Percent, field{"table3", r.Dataset, row, "percent"})
		for _, q := range []struct {
			name string
			n    *string
		}{{"precision", &r.Precision}, {"recall", &r.Recall}, {"f1", &r.F1}, {"precision sd", &r.PrecisionSD}, {"recall sd", &r.RecallSD}, {"f1 sd", &r.F1SD}} {
			if *q.n != "" {
				visit(q.n, field{"table3", r.Dataset, row, q.name})
			}
		}
	}
	list("table4", p.Table4.Datasets)
}

// dataset is a dataset's statistics as printed under its name, or nil.
func (p *Printed) dataset(id string) *Dataset {
	for _, list := range [][]Dataset{p.Table1.Datasets, p.Table2.Datasets, p.Table4.Datasets} {
		if i := slices.IndexFunc(list, func(d Dataset) bool { return d.ID == id }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// full is the largest share of anomalies that Table 3 trains a dataset with: that of the dataset itself. "" where it has none.
func (p *Printed) full(id string) string {
	most := ""
	for _, r := range p.Table3.Rows {
		if r.Dataset == id && (most == "" || value(r.Percent) > value(most)) {
			most = r.Percent
		}
	}
	return most
}

// own is a dataset's statistics: those under its name, unless Table 3 shows that they stand under another's.
func (p *Printed) own(id string) *Dataset {
	d := p.dataset(id)
	if e := p.exchanged(id); e != "" {
		return p.dataset(e)
	}
	return d
}

// exchanged is the dataset whose column has this one's statistics, if this one's column has that one's; "" if none does.
func (p *Printed) exchanged(id string) string {
	d, full := p.dataset(id), p.full(id)
	if d == nil || full == "" || value(d.Percent) == value(full) {
		return ""
	}
	for _, e := range p.Table1.Datasets {
		if f := p.full(e.ID); e.ID != id && f != "" && value(e.Percent) == value(full) && value(d.Percent) == value(f) {
			return e.ID
		}
	}
	return ""
}
