package report

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// looks is a run whose checkpoints look at everything: ten rows with three anomalies, two seeds of a method that learns, of
// which one cell more failed, and one that does not learn.
func looks() *fake {
	f := newFake("looks")
	f.run.Plan.Plots = []bench.Plot{{Kind: "test_recall"}, {Kind: "guesses"}, {Kind: "latent_plane"}}
	add := func(method, label string, seed uint64, checkpoints ...runlog.Checkpoint) {
		o := outcome{Rows: 10, N: 3, Budget: 4, Found: bench.Found{2, 4}}
		if method == "dae" {
			o.Full = bench.Found{2, 4, 9}
		}
		r := f.add(dataset("mnist0", nil), method, label, seed, o).Result
		r.Anomalies, r.Checkpoints = 3, checkpoints
	}
	test := func(seen, unseen, found int) *runlog.TestLook {
		return &runlog.TestLook{Rows: 20, Anomalies: 6, Hits: seen + unseen, Found: found,
			Seen: runlog.Hits{Hits: seen, Of: 4}, Unseen: runlog.Hits{Hits: unseen, Of: 2},
			Groups: []runlog.GroupHits{{Name: "smurf", Seen: true, Hits: runlog.Hits{Hits: seen, Of: 4}}, {Name: "new", Hits: runlog.Hits{Hits: unseen, Of: 2}}}}
	}
	plane := func(v float64) *runlog.Plane {
		b := v - 0.125
		return &runlog.Plane{Dim: 1, AUC: &v, Balanced: &b, W: []float64{1, 0.5}, Mean: []float64{2, 1}, SD: []float64{1, 2}, Cut: 0.5,
			Anomalies: &runlog.Points{Of: 3, Row: []int{1, 5, 8}, L: []float64{3, 4, 4.5}, S: []float64{1, 0, 7}},
			Normals:   &runlog.Points{Of: 7, Row: []int{0, 2}, L: []float64{0, -1}, S: []float64{3, 1}}}
	}
	for seed := range 2 {
		i := int(seed)
		add("dae_uai", "DAE_uai", uint64(seed),
			runlog.Checkpoint{At: 0, Head: "base", Test: test(1, 2, 0), Tail: runlog.NewTail(bench.Found{2, 4, 9}, 0, 10), Plane: plane(0.5)},
			runlog.Checkpoint{At: 4, Audited: 4, Head: "trained", Test: test(2+i, 1, 2), Tail: runlog.NewTail(bench.Found{2, 4, 5 + i}, 4, 10), Plane: plane(0.75 + 0.25*float64(i))},
		)
	}
	f.add(dataset("mnist0", nil), "dae_uai", "DAE_uai", 2, outcome{Budget: 4, State: runlog.Failed, Error: "diverged"})
	add("dae", "DAE", 0, runlog.Checkpoint{At: 0, Head: "base", Test: test(1, 2, 0), Tail: runlog.NewTail(bench.Found{2, 4, 9}, 0, 10)}, runlog.Checkpoint{At: 4, Audited: 4, Head: "base"})
	return f
}

// TestLookTables: the numbers by hand.
func TestLookTables(t *testing.T) {
	m := newModel(looks().run, catalog())
	test := m.testTable()
	expect(t, row(t, test, "MNIST0", "DAE_uai", "0"), map[string]string{"recall %": "50.0 (0.0)", "recall % on seen": "25.0 (0.0)", "recall % on unseen": "100.0 (0.0)", "found in training": "0.0 (0.0)"})
	expect(t, row(t, test, "MNIST0", "DAE_uai", "4"), map[string]string{
		"seeds": "2", "recall %": "58.3 (11.8)", "recall % on seen": "62.5 (17.7)", "seen types": "4.0 (0.0)", "recall % on unseen": "50.0 (0.0)", "found in training": "2.0 (0.0)"})
	expect(t, row(t, test, "MNIST0", "DAE", "0"), map[string]string{
		"audits": "0 {does not learn from audits: the same at every budget}", "recall % on unseen": "100.0"})
	if len(test.Rows) != 3 {
		t.Errorf("%d rows", len(test.Rows))
	}
	types := m.testTypesTable()
	if len(types.Rows) != 4 || types.Rows[1][3].text != "new" || types.Rows[1][4].text != "unseen" {
		t.Errorf("%+v", types.Rows)
	}
	guesses := m.guessTable()
	// Area of places 2, 4, 9 of 10: 9 + 7 + 2 of an ideal 10 + 9 + 8; of 2, 4, 5 and 2, 4, 6 with 6 and 5 at the end.
	expect(t, row(t, guesses, "MNIST0", "DAE_uai", "0"), map[string]string{"area": "0.6667 (0.0000)", "correct of N": "1 [1–1]", "guesses for all": "9 [9–9]"})
	expect(t, row(t, guesses, "MNIST0", "DAE_uai", "4"), map[string]string{
		"area": "0.7963 (0.0262)", "correct of N": "1 [1–1]", "correct of b + N": "3 [3–3]", "share of N at b + 2N": "1.000 (0.000)",
		"precision at 80 %": "0.550 (0.071)", "guesses for 95 %": "5.5 [5–6]"})
	separability := m.planeTable()
	expect(t, row(t, separability, "MNIST0", "DAE_uai", "4"), map[string]string{"AUC": "0.8750 (0.1768)", "best balanced accuracy": "0.7500 (0.1768)", "best line's": "1.0000 (0.0000)", "places a row": "1.0000 (0.0000)", "dimensions of l": "1"})
	if len(separability.Rows) != 2 {
		t.Errorf("%d rows", len(separability.Rows))
	}
	empty := newModel(newFake("empty").run, catalog())
	if empty.testTable() != nil || empty.testTypesTable() != nil || empty.guessTable() != nil || empty.planeTable() != nil {
		t.Error("tables of no looks")
	}
}

// TestLookFigures: each is drawn, says what it rests on and in words what it shows, and its bytes are looked at.
func TestLookFigures(t *testing.T) {
	m := newModel(looks().run, catalog())
	want := map[string][]string{
		"mnist0.test-recall.full":     {"3 of 4 cells done, 1 failed", "DAE_uai, seen types: median 62.5 % at the last budget.", "DAE, unseen types: median 100.0 %"},
		"mnist0.guesses.dae_uai.near": {"2 of 3 cells done, 1 failed", "with b = 4 a median of 3 of 6 guesses are correct", "All 3 are found after 9 guesses at the most, beyond this axis."},
		"mnist0.guesses.dae_uai.full": {"2 of 3 cells done, 1 failed", "with b = 4 a median of 3 of 9 guesses are correct"},
		"mnist0.guesses.dae.near":     {"1 of 1 cells done", "with b = 0 a median of 3 of 9 guesses are correct"},
		"mnist0.plane.dae_uai":        {"2 of 3 cells done, 1 failed", "After 4 audits the best line separates the anomalies with a balanced accuracy of 1.000, a logistic regression with 0.750 and an AUC of 0.875, medians of 2 seeds."},
	}
	for _, f := range m.figures() {
		lines, ok := want[f.Slug]
		if !ok {
			continue
		}
		delete(want, f.Slug)
		text := f.Desc + " " + strings.Join(f.Notes, " ")
		for _, l := range lines {
			if !strings.Contains(text, l) {
				t.Errorf("%s: no %q in %q", f.Slug, l, text)
			}
		}
		if strings.HasPrefix(f.Slug, "mnist0.test") || strings.HasSuffix(f.Slug, "near") && strings.Contains(f.Slug, "uai") || strings.Contains(f.Slug, "plane") {
			golden(t, "looks."+f.Slug+".svg", f.SVG())
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

// TestLooksMissing: what a spec asks for and no checkpoint has is said; damaged runs are said, and nothing is drawn of them.
func TestLooksMissing(t *testing.T) {
	f := looks()
	f.run.Plan.Plots = append(f.run.Plan.Plots, bench.Plot{Kind: "round_work"})
	for _, c := range f.run.Cells {
		if c.Result == nil {
			continue
		}
		for i := range c.Result.Checkpoints {
			k := &c.Result.Checkpoints[i]
			k.Test, k.Plane = nil, nil
			if k.Tail != nil {
				k.Tail.Runs = "1 x"
			}
		}
	}
	m := newModel(f.run, catalog())
	for _, f := range m.figures() {
		if strings.Contains(f.Slug, "guesses") || strings.Contains(f.Slug, "test") || strings.Contains(f.Slug, "plane") {
			t.Errorf("%s is drawn", f.Slug)
		}
	}
	text := strings.Join(m.Warnings, "\n")
	for _, want := range []string{`kind "test_recall", but no checkpoint`, `kind "guesses", but no checkpoint`, `kind "latent_plane", but no checkpoint`, `kind "round_work", but no checkpoint`, `the guesses after 4 audits cannot be read`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestPlaces(t *testing.T) {
	if got := places(&runlog.Points{L: []float64{1, 1, 1, 2}, S: []float64{0, 3, 0, 0}}); got != 0.75 {
		t.Errorf("%v, want three places of four rows", got)
	}
}

func TestSpanTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{{-12.3, 10.1, "-10 0 10"}, {0.02, 0.98, "0.5"}, {-0.3, 0.3, "-0.2 0.0 0.2"}, {5, 5, ""}, {0, 5e9, "0 2e+09 4e+09"}} {
		var got []string
		for _, t := range span(3).Ticks(c.lo, c.hi) {
			got = append(got, t.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v to %v: %v, want %s", c.lo, c.hi, got, c.want)
		}
	}
}

// TestApproximationsAreSaid: rounds that are not the paper's, in the table of results.
func TestApproximationsAreSaid(t *testing.T) {
	f := newFake("approximate")
	for i := range 2 {
		rec := f.add(dataset("mnist0", nil), "dae_uai", "DAE_uai", 0, outcome{Rows: 500, N: 120, Budget: 130 + i, Found: bench.Found{1, 2}})
		rec.Cell.Look = []string{bench.LookTail}
		rec.Cell.Checkpoints = []int{5}
		rec.Result.K = 10 + 90*i
	}
	m := newModel(f.run, catalog())
	first, second := m.foundTable().Rows[0], m.foundTable().Rows[1]
	notes := m.foundTable().Notes
	if len(first[1].notes) != 1 || len(second[1].notes) != 2 {
		t.Errorf("notes %v and %v", first[1].notes, second[1].notes)
	}
	if want := "100 audits a round, where the paper has at most 10"; !strings.Contains(strings.Join(notes, "\n"), want) {
		t.Errorf("no %q in %q", want, notes)
	}
	a := m.assumptionsTable()
	expect(t, row(t, a, "run", "checkpoints"), map[string]string{"used": "[5], and at tail"})
}
