package claims

import "strings"

// publishedNames are what a value may be compared with.
var publishedNames = []string{
	"table1.f1",
	"table2.instances", "table2.features", "table2.classes", "table2.anomalies",
	"table3.f1.run", "table3.f1.quoted",
	"table4.instances", "table4.features", "table4.classes", "table4.anomalies",
}

// published is a number of the tables, with its standard deviation where one is printed.
func (l *Ledger) published(name, arm, dataset string) (v float64, sd *float64, ok bool) {
	switch {
	case name == "table1.f1":
		for _, r := range l.Table1.F1 {
			if r.Arm == arm {
				v, ok = r.Values[dataset]
				if row := l.scores(arm, dataset, "run"); row != nil { // Table 3 has the deviations of the same runs
					sd = row.F1SD
				}
				return v, sd, ok
			}
		}
	case strings.HasPrefix(name, "table1.f1."):
		return l.published("table1.f1", strings.TrimPrefix(name, "table1.f1."), dataset)
	case strings.HasPrefix(name, "table3.f1."):
		if row := l.scores(arm, dataset, strings.TrimPrefix(name, "table3.f1.")); row != nil {
			return row.F1, row.F1SD, true
		}
	default:
		table, field, _ := strings.Cut(name, ".")
		list := l.Table2.Datasets
		if table == "table4" {
			list = l.Table4.Datasets
		}
		for _, d := range list {
			if d.ID == dataset {
				return map[string]float64{"instances": float64(d.Instances), "features": float64(d.Features), "classes": float64(d.Classes),
					"anomalies": float64(d.Anomalies)}[field], nil, true
			}
		}
	}
	return 0, nil, false
}

// scores is a row of Table 3, or nil.
func (l *Ledger) scores(arm, dataset, src string) *ScoreRow {
	for i, r := range l.Table3.Rows {
		if r.Arm == arm && r.Dataset == dataset && r.Src == src {
			return &l.Table3.Rows[i]
		}
	}
	return nil
}
