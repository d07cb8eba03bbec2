package verify

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// A forger has a run's files and this program, and makes every digest, seal, curve and metric
// consistent. The run has a method that ranks once, one that learns from the same model, and one
// that looks at no data, with two seeds each on one dataset.
const (
	forgedRows   = 60
	forgedBudget = 24
)

func forgedTruth() []bool {
	truth := make([]bool, forgedRows)
	for i := range truth {
		truth[i] = i%10 == 3 // N = 6
	}
	return truth
}

// forgedScores are the scores that the model of a seed gives all rows before any label, as float32
// values.
func forgedScores(seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 7))
	scores := make([]float64, forgedRows)
	for i := range scores {
		scores[i] = float64(rng.Float32())
	}
	return scores
}

func forgerOptions() Options {
	return Options{
		Pretraining: func(c bench.Cell) string {
			if c.Method.ID == "blind" {
				return ""
			}
			return fmt.Sprint(c.Seed)
		},
		Scores: func(c bench.Cell, rows int) ([]float64, bool) {
			if c.Method.ID != "blind" {
				return nil, false
			}
			return forgedScores(c.Seed + 100)[:rows], true
		},
		Possible: func(_ bench.Cell, score float64) bool { return float64(float32(score)) == score },
	}
}

// forgedRun writes an honest run; cells has its cells by method and seed.
func forgedRun(t *testing.T) (dir string, cells map[string]bench.PlannedCell) {
	t.Helper()
	plan := bench.Plan{Name: "forged"}
	cells = map[string]bench.PlannedCell{}
	for seed := range uint64(2) {
		for _, method := range []string{"still", "learns", "blind"} {
			c := bench.Cell{
				Dataset: bench.DatasetRef{ID: "toy", Version: 1, Params: bench.Params{"rows": 60}},
				Method:  bench.MethodRef{ID: method, Version: 1},
				Seed:    seed + 1, Budget: bench.Budget{Audits: forgedBudget},
				K: bench.K{Audits: 3}, Loop: bench.LoopVersion,
			}
			p := bench.PlannedCell{ID: c.ID(), Cell: c, Label: method}
			plan.Cells = append(plan.Cells, p)
			cells[fmt.Sprintf("%s %d", method, seed+1)] = p
		}
	}
	dir = filepath.Join(t.TempDir(), "run")
	w := open(t, dir, plan)
	defer w.Close()
	for _, p := range plan.Cells {
		r, queries := honest(p.Cell)
		d, err := w.Begin(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Done(r, queries, runlog.Attempt{Seed: p.Cell.Seed}); err != nil {
			t.Fatal(err)
		}
	}
	return dir, cells
}

func honest(c bench.Cell) (runlog.Result, []runlog.Audit) {
	truth, scores := forgedTruth(), forgedScores(c.Seed)
	r := runlog.Result{ID: c.ID(), Cell: c, Format: runlog.FormatVersion, Rows: forgedRows,
		Features: 2, K: 3}
	if c.Method.ID == "blind" {
		scores = forgedScores(c.Seed + 100)
	}
	queries := auditsBy(scores, truth, forgedBudget, 3)
	m := ranksOf(scores, truth)
	r.Unlabelled = &m
	if c.Method.ID == "learns" { // it ranks the remaining rows anew, in the opposite order
		worse := slices.Clone(scores)
		for i := range worse {
			worse[i] = -worse[i]
		}
		later := auditsBy(worse, truth, forgedBudget-3, 3)
		for i, q := range later {
			q.Row, q.Score, q.Head = later[i].Row, later[i].Score, "trained"
			queries[3+i] = q
		}
	} else {
		r.Full = curveBy(scores, truth)
	}
	full := r.Full
	refit(&r, queries)
	r.Full = full
	return r, queries
}

// refit recomputes all that follows from the audits' rows and heads.
func refit(r *runlog.Result, queries []runlog.Audit) {
	truth := forgedTruth()
	found := 0
	var seen []bool
	for i := range queries {
		q := &queries[i]
		q.Number, q.Call, q.Rank = i+1, i/3+1, i%3+1
		q.Truth = truth[q.Row]
		q.Label = q.Truth
		if q.Truth {
			found++
		}
		q.Found = found
		seen = append(seen, q.Truth)
	}
	r.Measure(seen, 6, forgedBudget)
	if r.Full != nil {
		r.Full = append(slices.Clone(r.Found), r.Full[len(r.Found):]...)
		for i := found; i < 6; i++ { // the others come last
			r.Full[i] = forgedRows - 6 + i + 1
		}
	}
}

// forged returns verify's findings on a run with one forged cell.
func forged(t *testing.T, cell string, change func(r *runlog.Result, q []runlog.Audit)) []Finding {
	t.Helper()
	dir, cells := forgedRun(t)
	forge(t, dir, cells[cell].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
		change(r, q)
	})
	return findings(t, dir)
}

func findings(t *testing.T, dir string) []Finding {
	t.Helper()
	v, err := Run(dir, forgerOptions())
	if err != nil {
		t.Fatal(err)
	}
	return v.Findings
}

// swapRows exchanges the rows of two audits, which keep their places and scores.
func swapRows(q []runlog.Audit, i, j int) { q[i].Row, q[j].Row = q[j].Row, q[i].Row }

// anomaliesFirst puts rows known from other cells' logs as anomalies before all others; the scores
// keep their places.
func anomaliesFirst(r *runlog.Result, q []runlog.Audit) {
	var rows []int
	for row, is := range forgedTruth() {
		if is {
			rows = append(rows, row)
		}
	}
	for _, a := range q {
		if !slices.Contains(rows, a.Row) && len(rows) < len(q) {
			rows = append(rows, a.Row)
		}
	}
	for i := range q {
		q[i].Row = rows[i]
	}
	refit(r, q)
}

func TestHonestRunPasses(t *testing.T) {
	dir, _ := forgedRun(t)
	v, err := Run(dir, forgerOptions())
	if err != nil || len(v.Findings) > 0 || v.Replayed != 6 || v.Models != 4 {
		t.Errorf("%v %+v", err, v)
	}
	if v, err = Run(packed(t, dir), forgerOptions()); err != nil || len(v.Findings) > 0 {
		t.Errorf("%v %+v", err, v.Findings)
	}
}

func TestForgeriesAreFound(t *testing.T) {
	for _, c := range []struct {
		name, cell, want string
		change           func(r *runlog.Result, q []runlog.Audit)
	}{
		{"anomalies first, with the old ROC-AUC", "still 1", "the ROC-AUC is", anomaliesFirst},
		{"anomalies first, with a ROC-AUC that fits", "still 1",
			"has the same model before the first label as learns on toy, seed 1",
			func(r *runlog.Result, q []runlog.Audit) { anomaliesFirst(r, q); fitRanks(r) }},
		{"anomalies first by a method that looks at no data", "blind 2", "this seed ranks row",
			func(r *runlog.Result, q []runlog.Audit) { anomaliesFirst(r, q); fitRanks(r) }},
		{"a static ranking that begins anew in a round", "still 1", "though the method ranks only once",
			func(r *runlog.Result, q []runlog.Audit) {
				slices.SortFunc(q, func(a, b runlog.Audit) int { return (a.Number+11)%24 - (b.Number+11)%24 })
				refit(r, q)
				fitRanks(r)
			}},
		{"lines of a round in another order", "learns 1", "audit 5 scores above the one ranked before",
			func(r *runlog.Result, q []runlog.Audit) { q[3], q[4] = q[4], q[3]; refit(r, q) }},
		{"rows of the first round in another order", "learns 1", "has the same model",
			func(r *runlog.Result, q []runlog.Audit) { swapRows(q, 0, 2); refit(r, q) }},
		{"rows of a static ranking in another order", "still 2", "has the same model",
			func(r *runlog.Result, q []runlog.Audit) { swapRows(q, 0, 1); refit(r, q); fitRanks(r) }},
		{"a changed score that stays in order", "still 1", "cannot give the score",
			func(r *runlog.Result, q []runlog.Audit) { q[9].Score = (q[8].Score + 2*q[9].Score) / 3 }},
		{"a changed score of a float32 in the first round", "learns 2", "has the same model",
			func(r *runlog.Result, q []runlog.Audit) {
				q[2].Score = float64(float32((q[1].Score + q[2].Score) / 2))
			}},
		{"a changed score that is out of order", "learns 2", "scores above the one ranked before",
			func(r *runlog.Result, q []runlog.Audit) { q[7].Score = 2 }},
		{"a digest that was ground in the ROC-AUC", "still 1", "no ranking of 6 anomalies among 60 rows has a ROC-AUC of",
			func(r *runlog.Result, q []runlog.Audit) { *r.Unlabelled.ROCAUC += 1e-13 }},
		{"the same of a method that learns", "learns 1", "no ranking of 6 anomalies among 60 rows",
			func(r *runlog.Result, q []runlog.Audit) { *r.Unlabelled.ROCAUC -= 1e-12 }},
		{"a ROC-AUC of a method that learns", "learns 1", "ROC-AUC and average precision of all scores are",
			func(r *runlog.Result, q []runlog.Audit) { *r.Unlabelled.ROCAUC = 0.5 }},
		{"a digest that was ground in the average precision", "learns 1", "ROC-AUC and average precision of all scores are",
			func(r *runlog.Result, q []runlog.Audit) { *r.Unlabelled.AveragePrecision *= 1 + 1e-12 }},
		{"full past the audits", "still 1", "given full it is", func(r *runlog.Result, q []runlog.Audit) {
			for i := len(r.Found); i < 6; i++ {
				r.Full[i] = forgedRows - 5 + i
			}
		}},
		{"full past the audits, with a ROC-AUC that fits", "still 1", "has the same model",
			func(r *runlog.Result, q []runlog.Audit) { r.Full[5]--; fitRanks(r) }},
		{"full among the audits", "still 1", "full has an anomaly at place 24, among the 24 audits",
			func(r *runlog.Result, q []runlog.Audit) { r.Full[len(r.Found)] = forgedBudget }},
		{"a static method presented as one that learns", "still 1", "full, the curve of one ranking; here it is missing",
			func(r *runlog.Result, q []runlog.Audit) { r.Full = nil }},
		{"more anomalies than the dataset has", "learns 1", "contrary to 2 other cells on the same data",
			func(r *runlog.Result, q []runlog.Audit) {
				refit(r, q)
				for i := range q {
					if i >= 3 && !q[i].Truth {
						q[i].Truth, q[i].Label = true, true
						break
					}
				}
				found, seen := 0, []bool{}
				for i := range q {
					if q[i].Truth {
						found++
					}
					q[i].Found, seen = found, append(seen, q[i].Truth)
				}
				r.Measure(seen, 6, forgedBudget)
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := forged(t, c.cell, c.change)
			_, cells := forgedRun(t)
			if !slices.ContainsFunc(found, func(f Finding) bool {
				return f.Cell == cells[c.cell].ID && strings.Contains(f.Problem, c.want)
			}) {
				t.Errorf("%q is not among %q", c.want, found)
			}
		})
	}
}

// fitRanks sets the ROC-AUC and average precision to those that follow from full if no scores are
// equal.
func fitRanks(r *runlog.Result) {
	scores, truth := make([]float64, r.Rows), make([]bool, r.Rows)
	for i := range scores {
		scores[i] = float64(-i)
	}
	for _, place := range r.Full {
		truth[place-1] = true
	}
	m := ranksOf(scores, truth)
	r.Unlabelled = &m
}

// Exchanging all results of two seeds of a method is found through another method with the same
// model.
func TestSwappedSeedsAreFound(t *testing.T) {
	for _, method := range []string{"still", "learns", "blind"} {
		dir, cells := forgedRun(t)
		for one, other := range map[string]string{method + " 1": method + " 2", method + " 2": method + " 1"} {
			taken, audits := honest(cells[other].Cell)
			forge(t, dir, cells[one].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
				cell, id := r.Cell, r.ID
				*r = taken
				r.Cell, r.ID = cell, id
				copy(q, audits)
			})
		}
		found := findings(t, dir)
		for _, seed := range []string{" 1", " 2"} {
			id := cells[method+seed].ID
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Cell == id }) {
				t.Errorf("%s%s is not among %q", method, seed, found)
			}
		}
	}
}

// NotReplayed names what no file can reveal, such as forged rows in a later round of a method that
// learns, with all that follows from them. Running the cell again reveals it, whichever cells the
// forger hoped would be drawn.
func TestUndetectableForgery(t *testing.T) {
	dir, cells := forgedRun(t)
	c := cells["learns 1"]
	forge(t, dir, c.ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
		swapRows(q, 6, 7)
		refit(r, q)
	})
	v, err := Run(dir, forgerOptions())
	if err != nil || len(v.Findings) > 0 {
		t.Fatal(err, v.Findings)
	}
	if text := strings.Join(v.NotReplayed, "; "); !strings.Contains(text, "which rows a model ranks first") ||
		!strings.Contains(text, "only by --sample (4 of 6 cells)") {
		t.Error(text)
	}
	r, q := honest(c.Cell)
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 1 {
		t.Error(err, v.Findings)
	}
}

// A seed draws the same cells every time, other seeds draw others, and every cell can be drawn.
func TestSampleIsDrawnByTheVerifier(t *testing.T) {
	dir, cells := forgedRun(t)
	v, err := Run(dir, forgerOptions())
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]int{}
	for seed := range uint64(600) {
		one, again := v.Sample(1, seed), v.Sample(1, seed)
		if len(one) != 1 || one[0].ID != again[0].ID {
			t.Fatal(one, again)
		}
		drawn[one[0].ID]++
	}
	for name, c := range cells {
		if n := drawn[c.ID]; n < 60 || n > 140 { // 100 expected, a deviation of 9
			t.Errorf("%s was drawn %d of 600 times", name, n)
		}
	}
	if b, err := json.Marshal(drawn); len(drawn) != 6 {
		t.Error(string(b), err)
	}
}

// If two cells disagree on a row, one against one, both are named; more anomalies than N, which no
// single cell shows, are found too.
func TestPoolsDisagree(t *testing.T) {
	dir, plan := wholeRun(t, 2)
	forge(t, dir, plan.Cells[0].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
		q[0].Truth, q[0].Label, q[0].Found, q[1].Found, q[2].Found = true, true, 1, 2, 2
		r.Measure([]bool{true, true, false}, 2, 3)
	})
	v := verify(t, dir)
	for _, c := range plan.Cells {
		if !slices.ContainsFunc(v.Findings, func(f Finding) bool {
			return f.Cell == c.ID && strings.Contains(f.Problem, "for row 3, contrary to 1 other cell on the same data")
		}) {
			t.Errorf("cell %s is not among %q", c.ID, v.Findings)
		}
	}

	dir, plan = wholeRun(t, 2)
	for i, row := range []int{2, 4} { // with row 1 these are three anomalies of N = 2
		forge(t, dir, plan.Cells[i].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
			q[0].Row, q[0].Truth, q[0].Found, q[1].Found, q[2].Found = row, true, 1, 2, 2
			answer(t, r.Cell, q)
			r.Measure([]bool{true, true, false}, 2, 3)
		})
	}
	if v := verify(t, dir); len(v.Findings) != 1 ||
		!strings.Contains(v.Findings[0].Problem, "found 3 different anomalies, but it has 2") {
		t.Errorf("%q", v.Findings)
	}
}
