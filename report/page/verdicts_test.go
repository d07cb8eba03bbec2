package page

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/table"
)

// TestPageOfVerdicts: claims over several runs lead to the cells of all, each of which is there once, and those that no run
// holds are named.
func TestPageOfVerdicts(t *testing.T) {
	first := fake.OnDisk(t, fake.Demo(1, 2, 60))
	wider := fake.Demo(2, 2, 60) // holds the cells of the first run and others
	wider.Plan.Title = "The wider run"
	second := fake.OnDisk(t, wider)
	var ids []string
	for _, c := range second.Cells {
		ids = append(ids, c.ID)
	}
	tab := &table.Table{Name: "claims-table9", Title: "Numbers of Table 9", Columns: []table.Column{{Name: "ours", Kind: table.Count}}}
	tab.Add(table.Int(7))
	v := &Verdicts{
		Note: "By two runs.", Counts: []VerdictCount{{"partly", 1}, {"not run", 1}}, Tables: []*table.Table{tab},
		Claims: []Claim{
			{ID: "a", Verdict: "partly", Statement: fake.Strange, Reason: "<b>", Cells: append(ids, "nowhere")},
			{ID: "b", Verdict: "not run", Statement: "Nothing."},
		},
	}
	var b strings.Builder
	if err := WriteVerdicts(&b, v, []*runlog.Run{first, second}, fake.Catalog()); err != nil {
		t.Fatal(err)
	}
	doc := b.String()
	for _, f := range fake.Faults(doc) { // links without a target and ids used twice among them
		t.Error(f)
	}
	for _, id := range ids {
		if n := strings.Count(doc, `<details class="cell" id="cell.`+id+`"`); n != 1 {
			t.Errorf("cell %s has %d logs", id, n)
		}
		if n := strings.Count(doc, `<a href="#cell.`+id+`">`); n < 1 {
			t.Errorf("nothing leads to cell %s", id)
		}
	}
	if n := strings.Count(doc, "the same cell, which stands elsewhere"); n != len(first.Cells) {
		t.Errorf("%d cells are said to be the same as others, want %d", n, len(first.Cells))
	}
	for _, want := range []string{
		"Of runs that this page does not hold: nowhere.", "It rests on no cell.", "The wider run: MNIST0", "2 claims, 2 runs", `data-verdict="partly"`,
		`<span class="verdict v-not-run">not run</span>`, "Numbers of Table 9", first.Digest(), second.Digest(), "Every audit of every cell is in this page.",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Index(doc, `id="verdicts"`) > strings.Index(doc, `id="cells"`) {
		t.Error("the verdicts do not come first")
	}
	// Without a claim it says so.
	b.Reset()
	if err := WriteVerdicts(&b, &Verdicts{}, nil, fake.Catalog()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "No claim rests on what was run.") || fake.Faults(b.String()) != nil {
		t.Errorf("nothing to judge: %v", fake.Faults(b.String()))
	}
}
