// Package paper has the values that the paper publishes: the statistics and scores of Tables 1 to
// 4, corrected where experiments/paper.yaml does so, stated hyper-parameters and facts of the text.
// They are for reference only; no measurement depends on them.
package paper

import (
	"slices"
	"strings"
)

// Reference is the paper's title and venue.
type Reference struct {
	Title   string `json:"title"`
	Venue   string `json:"venue"`
	Later   string `json:"later_version"`
	Earlier string `json:"earlier_version"`
}

// Hyperparameter is a value that the paper states, or does not (Unstated).
type Hyperparameter struct {
	ID       string `json:"id"`
	Value    string `json:"value"`
	Unstated bool   `json:"unstated,omitempty"`
	Where    string `json:"where"`
	Note     string `json:"note,omitempty"`
	Ours     string `json:"ours,omitempty"` // method.parameter
}

// Fact is a checkable number of the text.
type Fact struct {
	ID    string `json:"id"`
	Value string `json:"value"`
	Where string `json:"where"`
	Note  string `json:"note,omitempty"`
}

// Correction is a value read in place of the printed one.
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

	InstancesWithin int `json:"instances_within,omitempty"` // tolerance of a randomly drawn dataset
	AnomaliesWithin int `json:"anomalies_within,omitempty"`
}

// Statistics are Table 2 or 4.
type Statistics struct {
	Where       string       `json:"where"`
	Corrections []Correction `json:"corrections,omitempty"`
	Datasets    []Dataset    `json:"datasets"`
}

// Table1 is Table 1, with the exchanged statistics put right.
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

// Runs is the number of runs behind a printed mean: captions of Tables 1 and 3.
const Runs = 5

// Tables are Tables 1 to 4.
type Tables struct {
	Table1 Table1
	Table2 Statistics
	Table3 Table3
	Table4 Statistics
}

// Dataset returns the published statistics of a dataset, or nil.
func (t *Tables) Dataset(id string) *Dataset {
	for _, list := range [][]Dataset{t.Table1.Datasets, t.Table2.Datasets, t.Table4.Datasets} {
		if i := slices.IndexFunc(list, func(d Dataset) bool { return d.ID == id }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// Drawn reports whether a dataset is a random draw from images: those of Tables 2 and 4.
func (t *Tables) Drawn(id string) bool {
	return slices.ContainsFunc(slices.Concat(t.Table2.Datasets, t.Table4.Datasets),
		func(d Dataset) bool { return d.ID == id })
}

// Value is a published number.
type Value struct {
	Mean float64
	SD   *float64 // nil: none is printed
}

// Names are the names that Value accepts, besides "table1.f1.ARM".
var Names = []string{
	"table1.f1",
	"table2.instances", "table2.features", "table2.classes", "table2.anomalies",
	"table3.f1.run", "table3.f1.quoted",
	"table4.instances", "table4.features", "table4.classes", "table4.anomalies",
}

// Value returns a number of the tables by one of Names; "table1.f1.ARM" ignores arm. The deviation
// of a Table 1 number is Table 3's, which has the same runs. ok is false if nothing is printed.
func (t *Tables) Value(name, arm, dataset string) (v Value, ok bool) {
	switch {
	case name == "table1.f1":
		i := slices.IndexFunc(t.Table1.F1, func(r F1Row) bool { return r.Arm == arm })
		if i < 0 {
			return Value{}, false
		}
		v.Mean, ok = t.Table1.F1[i].Values[dataset]
		if row := t.Scores(arm, dataset, "run"); row != nil {
			v.SD = row.F1SD
		}
		return v, ok
	case strings.HasPrefix(name, "table1.f1."):
		return t.Value("table1.f1", strings.TrimPrefix(name, "table1.f1."), dataset)
	case strings.HasPrefix(name, "table3.f1."):
		row := t.Scores(arm, dataset, strings.TrimPrefix(name, "table3.f1."))
		if row == nil {
			return Value{}, false
		}
		return Value{row.F1, row.F1SD}, true
	}
	table, field, _ := strings.Cut(name, ".")
	list := map[string][]Dataset{"table2": t.Table2.Datasets, "table4": t.Table4.Datasets}[table]
	i := slices.IndexFunc(list, func(d Dataset) bool { return d.ID == dataset })
	if i < 0 {
		return Value{}, false
	}
	d := list[i]
	n, ok := map[string]int{"instances": d.Instances, "features": d.Features, "classes": d.Classes,
		"anomalies": d.Anomalies}[field]
	return Value{Mean: float64(n)}, ok
}

// Scores returns a row of Table 3 with src "run" or "quoted", or nil.
func (t *Tables) Scores(arm, dataset, src string) *ScoreRow {
	for i, r := range t.Table3.Rows {
		if r.Arm == arm && r.Dataset == dataset && r.Src == src {
			return &t.Table3.Rows[i]
		}
	}
	return nil
}
