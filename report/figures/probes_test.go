package figures

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// TestLookTables checks the numbers by hand.
func TestLookTables(t *testing.T) {
	m := model.New(fake.Probed().Run, fake.Catalog())
	test := testTable(m)
	expect(t, row(t, test, "MNIST0", "DAE_uai", "0"), map[string]string{"recall %": "50.0 (0.0)", "recall % on seen": "25.0 (0.0)", "recall % on unseen": "100.0 (0.0)", "found in training": "0.0 (0.0)"})
	expect(t, row(t, test, "MNIST0", "DAE_uai", "4"), map[string]string{
		"seeds": "2", "recall %": "58.3 (11.8)", "recall % on seen": "62.5 (17.7)", "seen types": "4.0 (0.0)", "recall % on unseen": "50.0 (0.0)", "found in training": "2.0 (0.0)"})
	expect(t, row(t, test, "MNIST0", "DAE", "0"), map[string]string{
		"audits": "0 {does not learn from audits: the same at every budget}", "recall % on unseen": "100.0"})
	if len(test.Rows) != 3 {
		t.Errorf("%d rows", len(test.Rows))
	}
	types := testTypesTable(m)
	if len(types.Rows) != 4 || types.Columns[3].Show(types.Rows[1][3]) != "new" || types.Columns[4].Show(types.Rows[1][4]) != "unseen" {
		t.Errorf("%+v", types.Rows)
	}
	guesses := frozenTable(m)
	// The area of anomalies at places 2, 4, 9 of 10: 9 + 7 + 2 of an ideal 10 + 9 + 8. After 4
	// audits they are at 2, 4, 5 and 2, 4, 6, with 6 and 5 for the last.
	expect(t, row(t, guesses, "MNIST0", "DAE_uai", "0"), map[string]string{"area": "0.6667 (0.0000)", "correct of N": "1 [1–1]", "guesses for all": "9 [9–9]"})
	expect(t, row(t, guesses, "MNIST0", "DAE_uai", "4"), map[string]string{
		"area": "0.7963 (0.0262)", "correct of N": "1 [1–1]", "correct of b + N": "3 [3–3]", "share of N at b + 2N": "1.000 (0.000)",
		"precision at 80 %": "0.550 (0.071)", "guesses for 95 %": "5.5 [5–6]"})
	separability := latentTable(m)
	expect(t, row(t, separability, "MNIST0", "DAE_uai", "4"), map[string]string{"AUC": "0.8750 (0.1768)", "best balanced accuracy": "0.7500 (0.1768)", "best line's": "1.0000 (0.0000)", "places a row": "1.0000 (0.0000)", "dimensions of l": "1"})
	if len(separability.Rows) != 2 {
		t.Errorf("%d rows", len(separability.Rows))
	}
	empty := model.New(fake.New("empty").Run, fake.Catalog())
	if testRecall.Applies(empty) || testTypes.Applies(empty) || frozenRanking.Applies(empty) || latentProjection.Applies(empty) {
		t.Error("tables of no looks")
	}
}

// TestLookFigures: each figure is drawn, its notes and description give the counts and results, and
// its SVG is the golden file's.
func TestLookFigures(t *testing.T) {
	m := model.New(fake.Probed().Run, fake.Catalog())
	want := map[string][]string{
		"mnist0.test-recall.full":     {"3 of 4 cells done, 1 failed", "DAE_uai, seen types: median 62.5 % at the last budget.", "DAE, unseen types: median 100.0 %"},
		"mnist0.guesses.dae_uai.near": {"2 of 3 cells done, 1 failed", "with b = 4 a median of 3 of 6 guesses are correct", "All 3 are found after at most 9 guesses, beyond this axis."},
		"mnist0.guesses.dae_uai.full": {"2 of 3 cells done, 1 failed", "with b = 4 a median of 3 of 9 guesses are correct"},
		"mnist0.guesses.dae.near":     {"1 of 1 cells done", "with b = 0 a median of 3 of 9 guesses are correct"},
		"mnist0.plane.dae_uai":        {"2 of 3 cells done, 1 failed", "After 4 audits the best line separates the anomalies with a balanced accuracy of 1.000, a logistic regression with 0.750 and an AUC of 0.875, medians of 2 seeds."},
	}
	for _, f := range Plots(Of(m)) {
		lines, ok := want[f.Slug]
		if !ok {
			continue
		}
		delete(want, f.Slug)
		desc := f.Desc + " " + strings.Join(f.Notes, " ")
		for _, l := range lines {
			if !strings.Contains(desc, l) {
				t.Errorf("%s: no %q in %q", f.Slug, l, desc)
			}
		}
		if strings.HasPrefix(f.Slug, "mnist0.test") || strings.HasSuffix(f.Slug, "near") && strings.Contains(f.Slug, "uai") || strings.Contains(f.Slug, "plane") {
			fake.Golden(t, "looks."+f.Slug+".svg", f.SVG())
		}
		if _, err := f.PNG(); err != nil {
			t.Error(err)
		}
	}
	for slug := range want {
		t.Errorf("no figure %s", slug)
	}
	if len(m.Warnings) > 0 {
		t.Error(m.Warnings)
	}
}

// TestLooksMissing: there is a warning for each requested plot that no checkpoint has, and for
// damaged data, of which nothing is drawn.
func TestLooksMissing(t *testing.T) {
	f := fake.Probed()
	f.Run.Plan.Plots = append(f.Run.Plan.Plots, bench.Plot{Kind: "round_work"})
	for _, c := range f.Run.Cells {
		if c.Result == nil {
			continue
		}
		for i := range c.Result.Checkpoints {
			k := &c.Result.Checkpoints[i]
			k.Test, k.Projection = nil, nil
			if k.Ranking != nil {
				k.Ranking.RunLengths = "1 x"
			}
		}
	}
	m := model.New(f.Run, fake.Catalog())
	for _, f := range Plots(Of(m)) {
		if strings.Contains(f.Slug, "guesses") || strings.Contains(f.Slug, "test") || strings.Contains(f.Slug, "plane") {
			t.Errorf("%s is drawn", f.Slug)
		}
	}
	desc := strings.Join(m.Warnings, "\n")
	for _, want := range []string{`kind "test_recall", but no checkpoint`, `kind "guesses", but no checkpoint`, `kind "latent_plane", but no checkpoint`, `kind "round_work", but no checkpoint`, `the guesses after 4 audits cannot be read`} {
		if !strings.Contains(desc, want) {
			t.Errorf("no %q in %s", want, desc)
		}
	}
}

func TestPlaces(t *testing.T) {
	if got := places(&runlog.Points{L: []float64{1, 1, 1, 2}, S: []float64{0, 3, 0, 0}}); got != 0.75 {
		t.Errorf("%v, want three places of four rows", got)
	}
}

// TestApproximationsAreSaid: more audits a round than the paper's are noted in the table of
// results.
func TestApproximationsAreSaid(t *testing.T) {
	f := fake.New("approximate")
	for i := range 2 {
		rec := f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", 0, fake.Outcome{Rows: 500, N: 120, Budget: 130 + i, Found: metric.RecallCurve{1, 2}})
		rec.Cell.Probes = []string{bench.ProbeRanking}
		rec.Cell.Checkpoints = []int{5}
		rec.Result.K = 10 + 90*i
	}
	m := model.New(f.Run, fake.Catalog())
	first, second := foundTable(m).Rows[0], foundTable(m).Rows[1]
	notes := foundTable(m).Notes
	if len(first[1].Notes()) != 1 || len(second[1].Notes()) != 2 {
		t.Errorf("notes %v and %v", first[1].Notes(), second[1].Notes())
	}
	if want := "100 audits a round; the paper has at most 10"; !strings.Contains(strings.Join(notes, "\n"), want) {
		t.Errorf("no %q in %q", want, notes)
	}
	a := assumptionsTable(m)
	expect(t, row(t, a, "run", "checkpoints"), map[string]string{"used": "[5], and at tail"})
}
