package claims

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/report/claims/calibrate"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/table"
)

// Tables returns all tables of the judgement, for every output format.
func (j *Judgement) Tables() []*table.Table {
	return []*table.Table{j.ClaimTable(), j.PredictionTable(), j.SensitivityTable(),
		j.NumberTable("table1"), j.NumberTable("table2"),
		j.NumberTable("table3"), j.NumberTable("table4"), j.StatedTable(), j.CalibrationTable(),
		j.CoverageTable(), j.DeviationTable()}
}

// ClaimTable has one row per claim, headline claims first.
func (j *Judgement) ClaimTable() *table.Table {
	t := &table.Table{
		Name: "claims", Title: "Claims", Caption: j.Headline() + ".",
		Columns: []table.Column{{Name: "claim", Whole: true}, {Name: "verdict", Whole: true},
			{Name: "in plain words"},
			{Name: "estimate [95 %]", Help: "of the most telling comparison, or of the aggregate"},
			{Name: "won–tied–lost"}, {Name: "n",
				Help: "replicates judged per arm, and the error that the looks have spent so far"},
			{Name: "scope"}},
	}
	for _, weight := range []string{"headline", "detail"} {
		for _, c := range j.Claims {
			if c.Weight != weight {
				continue
			}
			row := []table.Value{table.Str(c.ID), verdictValue(c.Verdict), table.Str(c.Plain),
				c.estimate(),
				table.Str(wonLost(c.Record)), table.Str(c.n()), table.Str(c.Scope)}
			if c.OneDraw {
				row[5] = row[5].Noted("one draw of the data: the verdict is conditional on it")
			}
			if c.Calibration != nil && !c.Calibration.Decides() {
				row[1] = row[1].Noted(c.ID + ": " + c.Calibration.Reason() + paperNote(c))
			}
			t.Add(row...)
		}
	}
	t.Note(byChance)
	return t
}

const byChance = "Of 57 claims up to three may be decided wrongly by chance: the looks at 5, 10, 20 and 40 " +
	"replicates spend .042 per claim in total"

func paperNote(c ClaimRow) string {
	if c.Paper == "" {
		return ""
	}
	return " (" + c.Paper + ")"
}

func (c ClaimRow) estimate() table.Value {
	if text := c.estimateText(); text != "" {
		return table.Str(text)
	}
	return table.Missing("—")
}

// estimateText returns the most telling estimate with its interval, its measure and delta; "" if
// there is none.
func (c ClaimRow) estimateText() string {
	e, what := (*rule.Effect)(nil), ""
	switch {
	case c.Aggregate != nil && c.Aggregate.Effect != nil:
		e, what = c.Aggregate.Effect, c.Aggregate.Measure
	case c.Telling != nil:
		e, what = c.Telling.Effect, strings.TrimSpace(c.Telling.Measure)
	}
	if e == nil {
		return ""
	}
	text := e.Text() + " " + what
	if d := c.delta(); d != "" {
		text += ", δ = " + d
	}
	return text
}

func (c ClaimRow) delta() string {
	if c.Telling != nil && c.Telling.Delta > 0 {
		return rule.Short(c.Telling.Delta)
	}
	for _, x := range c.Comparisons {
		if x.Delta > 0 {
			return rule.Short(x.Delta)
		}
	}
	return ""
}

func (c ClaimRow) n() string {
	switch {
	case c.N[1] == 0:
		return ""
	case c.Alpha == 0:
		return fmt.Sprint(c.N[1])
	case c.N[0] == c.N[1]:
		return fmt.Sprintf("%d (α %s)", c.N[0], rule.Short(c.Alpha))
	}
	return fmt.Sprintf("%d–%d (α %s)", c.N[0], c.N[1], rule.Short(c.Alpha))
}

func wonLost(r stats.Record) string {
	if r == (stats.Record{}) {
		return ""
	}
	return fmt.Sprintf("%d–%d–%d", r.Wins, r.Ties, r.Losses)
}

func verdictValue(v rule.Verdict) table.Value {
	x := table.Str(string(v))
	if v == rule.Contradicted || v == rule.Partly {
		x = x.Marked()
	}
	return x
}

// ComparisonTable has one row per comparison of the claim.
func (c ClaimRow) ComparisonTable() *table.Table {
	t := &table.Table{
		Name: "claim-" + c.ID, Title: c.ID, Caption: c.Statement,
		Columns: []table.Column{{Name: "dataset", Whole: true}, {Name: "comparison"},
			{Name: "outcome"}, {Name: "estimate [95 %]"},
			{Name: "wanted"}, {Name: "win probability [95 %]",
				Help: "how often a run of the first beats one of the second"},
			{Name: "n", Whole: true, Help: "replicates of each arm that were judged"}},
	}
	for _, x := range c.Comparisons {
		outcome := string(x.Outcome)
		if x.Found != "" && x.Found != outcome {
			outcome += ": " + x.Found
		}
		if x.Outcome == rule.Fails {
			outcome += fmt.Sprintf(" (p = %.2g, Holm %.2g)", x.P, x.Holm)
		}
		o := table.Str(outcome)
		if x.Reason != "" {
			o = o.Noted(x.Reason)
		}
		if x.Thin != "" {
			o = o.Noted("thin: it rests on " + x.Thin)
		}
		e, win, n := table.Missing("—"), table.Str(""), table.Str("")
		if x.Effect != nil {
			e = table.Str(strings.TrimSpace(x.Measure + " " + x.Effect.Text()))
		}
		for _, s := range x.Notes {
			e = e.Noted(s)
		}
		if x.Win != nil {
			win = table.Str(x.Win.Text())
		}
		switch {
		case x.N[1] > 0:
			n = table.Str(fmt.Sprintf("%d, %d", x.N[0], x.N[1]))
		case x.N[0] > 0:
			n = table.Str(fmt.Sprint(x.N[0]))
		}
		wanted := x.Wanted
		if x.Delta > 0 && !strings.Contains(wanted, "within") {
			wanted = strings.TrimPrefix(wanted+", δ = "+rule.Short(x.Delta), ", ")
		}
		t.Add(table.Str(x.Dataset), table.Str(x.What), o, e, table.Str(wanted), win, n)
	}
	return t
}

// PredictionTable has this project's own predictions, apart from the paper's claims.
func (j *Judgement) PredictionTable() *table.Table {
	t := &table.Table{Name: "predictions", Title: "Predictions",
		Caption: "What this project expected of settings that the paper does not state, written " +
			"down before the runs; not claims of the paper.",
		Columns: []table.Column{{Name: "prediction", Whole: true}, {Name: "verdict", Whole: true},
			{Name: "statement"}, {Name: "measured"}, {Name: "spec"}}}
	for _, p := range j.Predictions {
		var measured []string
		for _, c := range p.Checks {
			if c.Effect != nil {
				measured = append(measured,
					fmt.Sprintf("%s (wanted %s)", rule.Short(c.Effect.Estimate), c.Wanted))
			}
		}
		t.Add(table.Str(p.ID), verdictValue(p.Verdict).Noted(p.ID+": "+p.Reason),
			table.Str(p.Statement), table.Str(strings.Join(measured, "; ")), table.Str(p.Spec))
	}
	return t
}

// NumberTable has one row per number of the paper's table with that name ("table1" to "table4").
func (j *Judgement) NumberTable(name string) *table.Table {
	t := &table.Table{
		Name: "claims-" + name, Title: "Numbers of Table " + strings.TrimPrefix(name, "table"),
		Caption: "Every printed number beside ours: mean (sample standard deviation) over " +
			"replicates. Means are judged from ten replicates on.",
		Columns: []table.Column{{Name: "dataset"}, {Name: "of"}, {Name: "quantity"},
			{Name: "printed"}, {Name: "ours"}, {Name: "runs", Kind: table.Count},
			{Name: "interval", Help: "95 %: of ours less the printed mean, or of ours over the printed deviation"}, {Name: "wanted"}, {Name: "verdict"}},
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
			ours = ours.Noted(n)
		}
		if r.Interval != nil {
			interval = table.Str(r.Interval.Within())
		}
		printed := table.Str(r.Printed)
		if r.Quoted {
			printed = printed.Noted("quoted by the paper from Zong et al. 2018")
		}
		v := verdictValue(r.Verdict)
		if r.Reason != "" && r.Verdict != rule.NotRun {
			v = v.Noted(r.Reason)
		}
		t.Add(table.Str(r.Dataset), table.Str(r.Of), table.Str(r.Quantity), printed, ours,
			table.Int(r.Runs), interval, table.Str(r.Wanted), v)
	}
	return t
}

func figure(x float64) string {
	if x == float64(int64(x)) && (x >= 2 || x == 0) {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

// StatedTable has the hyper-parameters that the paper states, beside the catalogue's.
func (j *Judgement) StatedTable() *table.Table {
	t := &table.Table{
		Name: "claims-stated", Title: "Stated values",
		Caption: "The hyper-parameters that the paper states, and our defaults.",
		Columns: []table.Column{{Name: "what", Whole: true}, {Name: "value"}, {Name: "ours"},
			{Name: "parameter"}, {Name: "where"}, {Name: "verdict", Whole: true}},
	}
	for _, s := range j.Stated {
		where := s.Where
		if s.Unstated {
			where += "; not stated by the paper"
		}
		t.Add(table.Str(s.ID), table.Str(s.Value), table.Str(s.Ours), table.Str(s.Of),
			table.Str(where), verdictValue(s.Verdict))
	}
	return t
}

// CalibrationTable shows how often each claim's checks return reproduced in a known world.
func (j *Judgement) CalibrationTable() *table.Table {
	t := &table.Table{Name: "claims-calibration", Title: "Calibration of the checks",
		Caption: fmt.Sprintf("P(reproduced) in per cent, from the same judge with simulated "+
			"runs at n = %d: should be at least %.0f if the paper is right, and at most %.0f if "+
			"there is no effect. Claims that rest on no runs have none.", calibrate.Runs,
			100*rule.LeastPower, 100*rule.MostFalse),
		Columns: []table.Column{{Name: "claim", Whole: true},
			{Name: "the paper is right", Kind: table.Number, Decimals: 1},
			{Name: "no effect", Kind: table.Number, Decimals: 1},
			{Name: "worlds", Kind: table.Count}, {Name: "made up with"},
			{Name: "decides", Whole: true}}}
	for _, c := range j.Claims {
		k := c.Calibration
		if k == nil {
			continue
		}
		word := table.Str("yes")
		if !k.Decides() {
			word = table.Str("no").Marked()
			if c.Paper != "" && k.Paper < rule.LeastPower &&
				strings.HasPrefix(k.Basis, "the printed") {
				word = word.Noted(c.ID + ", as printed: " + c.Paper)
			}
		}
		t.Add(table.Str(c.ID), table.Num(100*k.Paper), table.Num(100*k.None), table.Int(k.Trips),
			table.Str(strings.TrimSuffix(k.Basis, ",")), word)
	}
	return t
}

// CoverageTable shows how often the intervals and the looks are right.
func (j *Judgement) CoverageTable() *table.Table {
	t := &table.Table{
		Name: "claims-coverage", Title: "Coverage of the intervals",
		Caption: "How often the 95 % intervals contain the true value, and how often a " +
			"comparison is decided wrongly by that look, in per cent of simulated experiments.",
		Columns: []table.Column{{Name: "runs are"}, {Name: "n", Kind: table.Count},
			{Name: "win probability", Kind: table.Number, Decimals: 1},
			{Name: "shift", Kind: table.Number, Decimals: 1},
			{Name: "decided wrongly", Kind: table.Number, Decimals: 1}},
	}
	for _, c := range j.Coverage {
		shift := table.Missing("none")
		if c.Shift >= 0 {
			shift = table.Num(100 * c.Shift)
		}
		t.Add(table.Str(c.Runs), table.Int(c.N), table.Num(100*c.Win), shift,
			table.Num(100*c.Wrong))
	}
	return t
}

// DeviationTable shows for each claim how and why its checks differ from those of the first design,
// which was written before any result, and of the first ledger, which was written after some.
func (j *Judgement) DeviationTable() *table.Table {
	s := j.ledger.Second
	t := &table.Table{Name: "claims-deviations", Title: "Deviations from earlier checks",
		Caption: fmt.Sprintf("How each check of the second ledger (%s) differs from the first design's (%s, SHA-256 %s), which was written before any result, "+
			"and from the first ledger's, which was written after some.", s.Date, s.Design.File,
			s.Design.SHA256),
		Columns: []table.Column{{Name: "claim", Whole: true}, {Name: "first ledger's check"},
			{Name: "second ledger's"}, {Name: "from the first design"},
			{Name: "from the first ledger"}, {Name: "date", Whole: true}}}
	t.Note(fmt.Sprintf("The first design: %s, SHA-256 %s", s.Design.File, s.Design.SHA256))
	for _, c := range s.Claims {
		var before, after []string
		f := j.ledger.Sentence(c.ID)
		for _, x := range f.Tests {
			if !slices.Contains(before, x.Op) {
				before = append(before, x.Op)
			}
		}
		for _, x := range c.Checks {
			if !slices.Contains(after, x.Op) {
				after = append(after, x.Op)
			}
		}
		old := strings.Join(before, ", ")
		switch {
		case f.Need > 0:
			old += fmt.Sprintf("; %d must hold", f.Need)
		case f.Any:
			old += "; any must hold"
		}
		differs := func(s string) table.Value {
			if s == "" {
				return table.Missing("the same, except for the looks")
			}
			return table.Str(s)
		}
		first := c.Differs.First
		if first == "as the design" {
			first = c.Differs.Design
		}
		t.Add(table.Str(c.ID), table.Str(old), table.Str(c.Rule+": "+strings.Join(after, ", ")),
			differs(c.Differs.Design), differs(first), table.Str(s.Date))
	}
	return t
}
