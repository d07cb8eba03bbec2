package rule

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/stat"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/paper"
	"github.com/uaibench/uaibench/report/stats"
)

// NumberRow is a number of Tables 1-4 beside ours.
type NumberRow struct {
	Table     string   `json:"table"`
	Dataset   string   `json:"dataset"`
	Of        string   `json:"of"` // the method's row, or the statistic
	Quantity  string   `json:"quantity"`
	Printed   string   `json:"printed"` // with the ledger's corrections
	Published float64  `json:"published"`
	Quoted    bool     `json:"quoted,omitempty"` // copied by the paper from elsewhere
	Ours      *float64 `json:"ours,omitempty"`
	SD        *float64 `json:"sd,omitempty"`
	Runs      int      `json:"runs,omitempty"`
	// of ours less the printed number, of their ratio, or of a count
	Interval *Effect  `json:"interval,omitempty"`
	Wanted   string   `json:"wanted"`
	Verdict  Verdict  `json:"verdict"`
	Reason   string   `json:"reason,omitempty"`
	Notes    []string `json:"notes,omitempty"`
	Cells    []string `json:"cells,omitempty"`
}

// Numbers returns all numbers of Tables 1-4, in their order.
func (j *Judge) Numbers() []NumberRow {
	var out []NumberRow
	t := j.Ledger.Tables()
	out = append(out, j.statistics("table1", t.Table1.Datasets)...)
	for _, row := range t.Table1.F1 {
		for _, d := range t.Table1.Datasets {
			v, _ := t.Value("table1.f1", row.Arm, d.ID)
			out = append(out, j.score("table1", d.ID, row.Arm, "f1", fmt.Sprintf("%.2f", v.Mean),
				v, false))
		}
	}
	out = append(out, j.statistics("table2", t.Table2.Datasets)...)
	for _, r := range t.Table3.Rows {
		for _, q := range []struct {
			name string
			v    float64
			sd   *float64
		}{{"precision", r.Precision, r.PrecisionSD}, {"recall", r.Recall, r.RecallSD},
			{"f1", r.F1, r.F1SD}} {
			out = append(out, j.score("table3", r.Dataset, r.Arm, q.name,
				fmt.Sprintf("%.4f", q.v), paper.Value{Mean: q.v, SD: q.sd}, r.Src == "quoted"))
			if q.sd != nil {
				out = append(out, j.deviation(r.Dataset, r.Arm, q.name, *q.sd))
			}
		}
	}
	return append(out, j.statistics("table4", t.Table4.Datasets)...)
}

// statistics compares the datasets' statistics with the available draws. Counts must be exact,
// except for randomly drawn ones; percentages must agree to the last printed digit.
func (j *Judge) statistics(table string, list []paper.Dataset) []NumberRow {
	var out []NumberRow
	add := func(d paper.Dataset, name, metric, printed string, v, within, scale float64) {
		row := NumberRow{Table: table, Dataset: d.ID, Of: name, Quantity: name, Printed: printed,
			Published: v, Verdict: NotRun}
		row.Wanted = "= " + Short(v)
		if within > 0 {
			row.Wanted = fmt.Sprintf("%s ± %s", Short(v), Short(within))
		}
		if d.Note != "" {
			row.Notes = append(row.Notes, d.Note)
		}
		xs := j.extra.counts(d.ID, metric)
		if row.Runs = len(xs); len(xs) > 0 {
			ours := Median(xs) * scale
			row.Ours, row.Verdict = &ours, Contradicted
			if math.Abs(ours-v) <= within+1e-9 {
				row.Verdict = Reproduced
			}
		}
		out = append(out, row)
	}
	for _, d := range list {
		add(d, "instances", "rows", strconv.Itoa(d.Instances), float64(d.Instances),
			float64(d.InstancesWithin), 1)
		add(d, "features", "features", strconv.Itoa(d.Features), float64(d.Features), 0, 1)
		if table != "table1" {
			add(d, "classes", "classes", strconv.Itoa(d.Classes), float64(d.Classes), 0, 1)
		}
		add(d, "anomalies", "anomalies", strconv.Itoa(d.Anomalies), float64(d.Anomalies),
			float64(d.AnomaliesWithin), 1)
		p, err := strconv.ParseFloat(d.Percent, 64)
		if err != nil {
			panic("rule: the percentage of " + d.ID + " is " + d.Percent)
		}
		_, decimals, _ := strings.Cut(d.Percent, ".")
		unit := math.Pow(10, -float64(len(decimals)))
		// If the number of anomalies is drawn, the percentage varies with it.
		add(d, "percent", "anomaly_share", d.Percent, p,
			unit+100*float64(d.AnomaliesWithin)/float64(d.Instances), 100)
	}
	return out
}

// score compares our mean with the printed one, from ten runs on.
func (j *Judge) score(table, dataset, arm, metric, printed string, v paper.Value,
	quoted bool) NumberRow {
	row := NumberRow{Table: table, Dataset: dataset, Of: j.Ledger.Title(arm), Quantity: metric,
		Printed: printed, Published: v.Mean, Quoted: quoted}
	want := stats.Printed{Mean: v.Mean, N: paper.Runs}
	if v.SD != nil {
		want.SD = *v.SD
	}
	delta := j.Ledger.Tolerances.Score
	row.Wanted = fmt.Sprintf("within %s", Short(delta))
	s := j.Source.Quantity(&ledger.Operand{Metric: metric}, arm, dataset, "N")
	c := Comparison{Dataset: dataset, P: 1, Outcome: Undecided}
	test := func(xs []float64, alpha float64) (Outcome, float64) {
		d, _ := want.Against(xs)
		return map[stats.Nearness]Outcome{stats.Near: Holds, stats.Far: Fails,
			stats.Undecided: Undecided}[d.Judge(delta, alpha)], 1
	}
	j.byMeans(&c, s, test)
	if d, ok := want.Against(s.Values); ok {
		row.Interval = effect(d.Interval(0.95))
	}
	if c.Outcome == Holds || c.Outcome == Fails {
		if now, _ := test(s.Values, c.Look.Alpha); now != c.Outcome {
			then, _ := want.Against(s.First(c.N[0]))
			row.Notes = append(row.Notes, fmt.Sprintf("decided at %d replicates, with the interval "+
				"%s; a decided verdict is kept", c.N[0], effect(then.Interval(0.95)).Within()))
		}
	}
	return row.from(c, s, mean)
}

// deviation compares our standard deviation with the printed one, within a factor. A printed
// deviation of five runs is so uncertain that it may be contradicted but not reproduced.
func (j *Judge) deviation(dataset, arm, metric string, sd float64) NumberRow {
	ratio := j.Ledger.Tolerances.SpreadRatio
	row := NumberRow{Table: "table3", Dataset: dataset, Of: j.Ledger.Title(arm),
		Quantity: metric + " sd", Printed: fmt.Sprintf("%.4f", sd), Published: sd,
		Wanted: fmt.Sprintf("%s to %s times", Short(1/ratio), Short(ratio))}
	want := stats.Printed{SD: sd, N: paper.Runs}
	s := j.Source.Quantity(&ledger.Operand{Metric: metric}, arm, dataset, "N")
	c := Comparison{Dataset: dataset, P: 1, Outcome: Undecided}
	decidable := true
	j.byMeans(&c, s, func(xs []float64, alpha float64) (Outcome, float64) {
		near, _, ok := want.JudgeSD(xs, ratio, alpha)
		decidable = ok
		return map[stats.Nearness]Outcome{stats.Near: Holds, stats.Far: Fails,
			stats.Undecided: Undecided}[near], 1
	})
	if len(s.Values) > 1 {
		_, iv, _ := want.JudgeSD(s.Values, ratio, 0.025)
		row.Interval = effect(iv)
	}
	row = row.from(c, s, func(xs []float64) float64 { return stat.StdDev(xs, nil) })
	row.SD = nil
	if row.Verdict == Open && !decidable {
		row.Verdict, row.Reason = NotDecidable,
			"a deviation printed for five runs is too uncertain to be reproduced"
	}
	return row
}

// from returns row with a comparison's result.
func (row NumberRow) from(c Comparison, s sample.Sample, of func([]float64) float64) NumberRow {
	row.Notes = append(row.Notes, c.Notes...)
	row.Cells, row.Reason = c.Cells, c.Reason
	if n := len(s.Values); n > 0 {
		row.Runs = n
		if v := of(s.Values); !math.IsNaN(v) {
			row.Ours = &v
		}
		if n > 1 {
			sd := stat.StdDev(s.Values, nil)
			row.SD = &sd
		}
	}
	row.Verdict = map[Outcome]Verdict{Holds: Reproduced, Fails: Contradicted, Undecided: Open,
		CellFailed: Open, Missing: NotRun}[c.Outcome]
	return row
}

// StatedRow is a stated hyper-parameter beside ours.
type StatedRow struct {
	ID       string  `json:"id"`
	Where    string  `json:"where"`
	Value    string  `json:"value"`
	Unstated bool    `json:"unstated,omitempty"`
	Ours     string  `json:"ours,omitempty"` // the default of a parameter
	Of       string  `json:"of,omitempty"`   // the parameter
	Verdict  Verdict `json:"verdict"`
	Note     string  `json:"note,omitempty"`
}

// Stated compares the stated values with the catalogue's defaults, which are equal by construction.
func Stated(l *ledger.Ledger, cat bench.Catalog) []StatedRow {
	var out []StatedRow
	for _, h := range l.Hyperparameters {
		row := StatedRow{ID: h.ID, Where: h.Where, Value: h.Value, Unstated: h.Unstated,
			Note: h.Note, Of: h.Ours, Verdict: NotTestable}
		if method, name, ok := strings.Cut(h.Ours, "."); ok {
			if p := sample.Param(cat, method, name); p != nil {
				row.Ours = sample.ShowParam(p.Default)
				row.Verdict = Contradicted
				if row.Ours == strings.ReplaceAll(h.Value, " ", "") {
					row.Verdict = ByConstruction
				}
			}
		}
		out = append(out, row)
	}
	return out
}
