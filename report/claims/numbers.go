package claims

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// NumberRow is a number of Tables 1-4 with ours beside it.
type NumberRow struct {
	Table     string    `json:"table"`
	Dataset   string    `json:"dataset"`
	Of        string    `json:"of"` // the method's row, or the statistic
	Quantity  string    `json:"quantity"`
	Printed   string    `json:"printed"` // corrected as the ledger says
	Published float64   `json:"published"`
	Quoted    bool      `json:"quoted,omitempty"` // copied by the paper from elsewhere
	Ours      *float64  `json:"ours,omitempty"`
	SD        *float64  `json:"sd,omitempty"`
	Runs      int       `json:"runs,omitempty"`
	Interval  *Interval `json:"interval,omitempty"`
	Wanted    string    `json:"wanted"`
	Verdict   Verdict   `json:"verdict"`
	Reason    string    `json:"reason,omitempty"`
	Notes     []string  `json:"notes,omitempty"`
	Cells     []string  `json:"cells,omitempty"`
}

// numbers are all of Tables 1-4, in their order.
func (m *measured) numbers() []NumberRow {
	var out []NumberRow
	l := m.ledger
	out = append(out, m.statistics("table1", l.Table1.Datasets)...)
	for _, row := range l.Table1.F1 {
		for _, d := range l.Table1.Datasets {
			v, sd, _ := l.published("table1.f1", row.Arm, d.ID)
			out = append(out, m.score("table1", d.ID, row.Arm, "f1", fmt.Sprintf("%.2f", v), v, sd, false))
		}
	}
	out = append(out, m.statistics("table2", l.Table2.Datasets)...)
	for _, r := range l.Table3.Rows {
		for _, q := range []struct {
			name string
			v    float64
			sd   *float64
		}{{"precision", r.Precision, r.PrecisionSD}, {"recall", r.Recall, r.RecallSD}, {"f1", r.F1, r.F1SD}} {
			out = append(out, m.score("table3", r.Dataset, r.Arm, q.name, fmt.Sprintf("%.4f", q.v), q.v, q.sd, r.Src == "quoted"))
			if q.sd != nil {
				out = append(out, m.spread(r.Dataset, r.Arm, q.name, *q.sd))
			}
		}
	}
	return append(out, m.statistics("table4", l.Table4.Datasets)...)
}

// statistics of the datasets: counts are exact but for those that are drawn, percentages to the last printed digit.
func (m *measured) statistics(table string, list []Dataset) []NumberRow {
	var out []NumberRow
	add := func(d Dataset, name, metric, printed string, v, within, scale float64) {
		s := m.ofDataset(d.ID, func(r *runlog.Result) (float64, error) {
			x, err := statistics[metric](r)
			return x * scale, err
		})
		row := m.row(NumberRow{Table: table, Dataset: d.ID, Of: name, Quantity: name, Printed: printed, Published: v}, s, around(v, within))
		if d.Note != "" {
			row.Notes = append(row.Notes, d.Note)
		}
		out = append(out, row)
	}
	for _, d := range list {
		add(d, "instances", "rows", strconv.Itoa(d.Instances), float64(d.Instances), float64(d.InstancesWithin), 1)
		add(d, "features", "features", strconv.Itoa(d.Features), float64(d.Features), 0, 1)
		if table != "table1" {
			add(d, "classes", "classes", strconv.Itoa(d.Classes), float64(d.Classes), 0, 1)
		}
		add(d, "anomalies", "anomalies", strconv.Itoa(d.Anomalies), float64(d.Anomalies), float64(d.AnomaliesWithin), 1)
		p, err := strconv.ParseFloat(d.Percent, 64)
		if err != nil {
			panic("claims: the percentage of " + d.ID + " is " + d.Percent)
		}
		_, decimals, _ := strings.Cut(d.Percent, ".")
		unit := math.Pow(10, -float64(len(decimals)))
		// A drawn number of anomalies moves its share.
		add(d, "percent", "anomaly_share", d.Percent, p, unit+100*float64(d.AnomaliesWithin)/float64(d.Instances), 100)
	}
	return out
}

func (m *measured) score(table, dataset, arm, metric, printed string, v float64, sd *float64, quoted bool) NumberRow {
	s := m.of(m.ledger.arm(arm), dataset, func(r *runlog.Result) (float64, error) { return metrics[metric](r, nil, "N") })
	row := NumberRow{Table: table, Dataset: dataset, Of: m.title(arm), Quantity: metric, Printed: printed, Published: v, Quoted: quoted}
	return m.row(row, s, around(v, m.ledger.Tolerances.scoreWithin(s, sd)))
}

// spread is a printed standard deviation: ours is to be within a ratio of it, and a paper's deviation of five runs is itself
// uncertain, so that the interval is that of the ratio. That of five runs alone is wider than the region: such a number can be
// contradicted, not reproduced.
func (m *measured) spread(dataset, arm, metric string, sd float64) NumberRow {
	s := m.of(m.ledger.arm(arm), dataset, func(r *runlog.Result) (float64, error) { return metrics[metric](r, nil, "N") })
	ratio := m.ledger.Tolerances.SpreadRatio
	row := NumberRow{Table: "table3", Dataset: dataset, Of: m.title(arm), Quantity: metric + " sd", Printed: fmt.Sprintf("%.4f", sd), Published: sd}
	it := Item{Wanted: fmt.Sprintf("%s to %s times", short(1/ratio), short(ratio))}
	if it.ready(s) {
		xs := s.all()
		iv, err := sdInterval(xs, m.ledger.Tolerances.Confidence)
		if err == nil {
			iv, err = ratioInterval(iv.Estimate, len(xs), sd, paperRuns, m.ledger.Tolerances.Confidence)
			v := stat.StdDev(xs, nil)
			row.Ours, row.Runs = &v, len(xs)
		}
		it = it.judged(m.ledger.Tolerances, iv, err, region{lo: 1 / ratio, hi: ratio}, "ratio to print", nil)
		if it.Outcome == Straddles && it.Needs == 0 && it.Interval != nil {
			it.Reason = fmt.Sprintf("no number of runs would decide: what five printed runs leave open, a factor of %.1f, is more than the %s that are allowed", printedSpread(m.ledger.Tolerances.Confidence), short(ratio*ratio))
		}
	}
	return row.from(it)
}

// printedSpread is the upper end of a printed deviation's own interval over its lower one.
func printedSpread(level float64) float64 {
	c := distuv.ChiSquared{K: paperRuns - 1}
	return math.Sqrt(c.Quantile((1+level)/2) / c.Quantile((1-level)/2))
}

func (m *measured) row(row NumberRow, s sample, r region) NumberRow {
	it := m.ledger.Tolerances.item("", row.Dataset, "", s, r)
	if xs := s.all(); len(xs) > 0 && it.Outcome != Missing && it.Outcome != Broken {
		v := stat.Mean(xs, nil)
		row.Ours, row.Runs = &v, len(xs)
		if s.One == nil && len(xs) > 1 {
			sd := stat.StdDev(xs, nil)
			row.SD = &sd
		}
	}
	return row.from(it)
}

// from takes over an item's outcome as a verdict.
func (row NumberRow) from(it Item) NumberRow {
	row.Wanted, row.Reason, row.Interval = it.Wanted, it.Reason, it.Interval
	if it.Outcome != Missing {
		row.Cells = it.Cells
	}
	row.Notes = append(row.Notes, it.Notes...)
	row.Verdict = map[Outcome]Verdict{Holds: Reproduced, Fails: Contradicted, Straddles: Inconclusive, Broken: Inconclusive, Missing: NotRun}[it.Outcome]
	return row
}

// StatedRow is a stated hyper-parameter with ours beside it.
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

// stated compares the catalogue's defaults: equal by construction, for they were set so.
func (m *measured) stated() []StatedRow {
	var out []StatedRow
	for _, h := range m.ledger.Hyperparameters {
		row := StatedRow{ID: h.ID, Where: h.Where, Value: h.Value, Unstated: h.Unstated, Note: h.Note, Of: h.Ours, Verdict: NotTestable}
		if method, name, ok := strings.Cut(h.Ours, "."); ok {
			if p := param(m.catalog, method, name); p != nil {
				row.Ours = showParam(p.Default)
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

func param(cat bench.Catalog, method, name string) *bench.Param {
	info, _ := cat.Method(method)
	for i, p := range info.Params {
		if p.Name == name {
			return &info.Params[i]
		}
	}
	return nil
}
