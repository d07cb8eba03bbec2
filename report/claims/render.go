package claims

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/table"
)

// Summary is the count of verdicts in one line.
func (j *Judgement) Summary() string {
	var out []string
	for _, v := range Verdicts {
		if n := j.Count[v]; n > 0 {
			out = append(out, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%d claims: %s", len(j.Claims), strings.Join(out, ", "))
}

// Tables are the judgement for all renderings: the claims, the published numbers by table, and how far the intervals can be trusted.
func (j *Judgement) Tables() []*table.Table {
	tables := []*table.Table{j.ClaimTable(), j.NumberTable("table1"), j.NumberTable("table2"), j.NumberTable("table3"), j.NumberTable("table4"),
		j.StatedTable(), j.CoverageTable()}
	if slices.ContainsFunc(j.Claims, func(c ClaimRow) bool { return len(c.Ablations) > 0 }) {
		tables = slices.Insert(tables, 1, j.AblationsTable())
	}
	return tables
}

// ClaimTable has a row a claim.
func (j *Judgement) ClaimTable() *table.Table {
	t := &table.Table{
		Name: "claims", Title: "Claims",
		Caption: j.Summary() + ". A verdict follows from an interval against a tolerance region: inside, outside, or straddling its edge. By construction is no evidence.",
		Columns: []table.Column{{Name: "claim", Whole: true}, {Name: "verdict", Whole: true}, {Name: "why"}, {Name: "where"}, {Name: "the paper says"}},
	}
	for _, c := range j.Claims {
		t.Add(table.Str(c.ID), verdictValue(c.Verdict), table.Str(c.Reason), table.Str(c.Where), table.Str(c.Statement))
	}
	for _, s := range signFlipNotes(j) {
		t.Note(s)
	}
	return t
}

func verdictValue(v Verdict) table.Value {
	x := table.Str(string(v))
	if v == Contradicted || v == Partly {
		x = x.Marked()
	}
	return x
}

// signFlipNotes say what the numbers of runs can show at all.
func signFlipNotes(j *Judgement) []string {
	var out []string
	for _, n := range j.sizes() {
		r := rank(n, j.Tol.MedianConfidence)
		band := fmt.Sprintf("is a %s interval for the median", percent(rankCoverage(n, 1)))
		if r == 0 {
			band += ", too little to judge by"
		}
		out = append(out, fmt.Sprintf("With n = %d runs the min–max band %s; a paired sign-flip test cannot go under p = %.4g", n, band, 2/float64(int64(1)<<n)))
	}
	return out
}

// NumberTable has a row for each number of one of the paper's tables.
func (j *Judgement) NumberTable(name string) *table.Table {
	t := &table.Table{
		Name: "claims-" + name, Title: "Numbers of Table " + strings.TrimPrefix(name, "table"),
		Caption: "Every number as printed, ours beside it: mean (sample standard deviation) over seeds.",
		Columns: []table.Column{{Name: "dataset"}, {Name: "of"}, {Name: "quantity"}, {Name: "printed"}, {Name: "ours"}, {Name: "runs", Kind: table.Count},
			{Name: "interval"}, {Name: "wanted"}, {Name: "verdict"}},
	}
	for _, r := range j.Numbers {
		if r.Table != name {
			continue
		}
		ours, interval := table.Missing("—"), table.Str("")
		if r.Ours != nil {
			text := figure(*r.Ours)
			if r.SD != nil {
				text += fmt.Sprintf(" (%s)", figure(*r.SD))
			}
			ours = table.Str(text)
		}
		for _, n := range r.Notes {
			t.Note(n) // numbered before the printed number's
			ours = ours.Noted(n)
		}
		if r.Interval != nil && r.Interval.Lo != r.Interval.Hi {
			interval = table.Str(fmt.Sprintf("%s to %s", figure(r.Interval.Lo), figure(r.Interval.Hi)))
		}
		printed := table.Str(r.Printed)
		if r.Quoted {
			printed = printed.Noted("quoted by the paper from Zong et al. 2018")
		}
		v := verdictValue(r.Verdict)
		if r.Verdict == Inconclusive && r.Reason != "" {
			v = v.Noted(r.Reason)
		}
		t.Add(table.Str(r.Dataset), table.Str(r.Of), table.Str(r.Quantity), printed, ours, table.Int(r.Runs), interval, table.Str(r.Wanted), v)
	}
	return t
}

func figure(x float64) string {
	if x == float64(int64(x)) && (x >= 2 || x == 0) {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// StatedTable has the stated hyper-parameters.
func (j *Judgement) StatedTable() *table.Table {
	t := &table.Table{
		Name: "claims-stated", Title: "Stated values",
		Caption: "What the paper states of its hyper-parameters, and the default of ours.",
		Columns: []table.Column{{Name: "what", Whole: true}, {Name: "value"}, {Name: "ours"}, {Name: "parameter"}, {Name: "where"}, {Name: "verdict", Whole: true}},
	}
	for _, s := range j.Stated {
		where := s.Where
		if s.Unstated {
			where += "; not stated by the paper"
		}
		t.Add(table.Str(s.ID), table.Str(s.Value), table.Str(s.Ours), table.Str(s.Of), table.Str(where), verdictValue(s.Verdict))
	}
	return t
}

// CoverageTable says how often the intervals are right.
func (j *Judgement) CoverageTable() *table.Table {
	t := &table.Table{
		Name: "claims-coverage", Title: "Coverage of the intervals",
		Caption: fmt.Sprintf("How often each interval encloses the truth, in per cent of %d simulated experiments; meant are %s for means and at least %s for medians.",
			coverageTrials, percent(j.Tol.Confidence), percent(j.Tol.MedianConfidence)),
		Columns: []table.Column{{Name: "runs are"}, {Name: "n", Kind: table.Count}, {Name: "t, a mean", Kind: table.Number, Decimals: 1},
			{Name: "Welch t, a difference", Kind: table.Number, Decimals: 1}, {Name: "ranks, a median", Kind: table.Number, Decimals: 1}},
	}
	for _, c := range j.Coverage {
		median := table.Missing("none")
		if c.Median >= 0 {
			median = table.Num(100 * c.Median)
		}
		t.Add(table.Str(c.Runs), table.Int(c.N), table.Num(100*c.T), table.Num(100*c.Welch), median)
	}
	return t
}

// ItemTable has a row for each comparison of one claim.
func (c ClaimRow) ItemTable() *table.Table {
	t := &table.Table{
		Name: "claim-" + c.ID, Title: c.ID, Caption: c.Statement,
		Columns: []table.Column{{Name: "dataset"}, {Name: "comparison"}, {Name: "measured"}, {Name: "wanted"}, {Name: "n", Kind: table.Count}, {Name: "outcome"}, {Name: "p (t)"}, {Name: "p (Holm)"}, {Name: "p (sign flip)"}, {Name: "p (Welch, one-sided)"}},
	}
	for _, it := range c.Items {
		measured, n := table.Missing("—"), 0
		if it.Interval != nil {
			measured, n = table.Str(it.Interval.text()), it.Interval.N
			if it.Interval.Level < 1 {
				measured = measured.Noted(fmt.Sprintf("%s interval by %s", percent(it.Interval.Level), it.Interval.How))
			}
		}
		if it.Seen != nil {
			measured, n = table.Str(it.Seen.text()), it.Seen.N
			measured = measured.Noted("of the runs so far, from least to most: no interval, and no verdict rests on it")
		}
		for _, s := range it.Notes {
			measured = measured.Noted(s)
		}
		outcome := table.Str(string(it.Outcome))
		if it.Reason != "" {
			outcome = outcome.Noted(it.Reason)
		}
		p := [4]table.Value{table.Str(""), table.Str(""), table.Str(""), table.Str("")}
		if it.P != nil {
			p[0], p[1], p[3] = table.Str(fmt.Sprintf("%.3g", it.P.T)), table.Str(fmt.Sprintf("%.3g", it.P.Holm)), table.Str(fmt.Sprintf("%.3g", it.P.Welch))
			if it.P.SignFlip != nil {
				p[2] = table.Str(fmt.Sprintf("%.3g", *it.P.SignFlip))
			}
		}
		t.Add(table.Str(it.Dataset), table.Str(it.What), measured, table.Str(it.Wanted), table.Int(n), outcome, p[0], p[1], p[2], p[3])
	}
	return t
}

// Measured tells whether any verdict rests on a done cell.
func (j *Judgement) Measured() bool {
	for _, n := range j.Numbers {
		if n.Ours != nil {
			return true
		}
	}
	for _, c := range j.Claims {
		for _, it := range c.Items {
			if it.Interval != nil && len(it.Cells) > 0 {
				return true
			}
		}
	}
	return false
}
