package page

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/table"
)

// TestPageOfVerdicts: claims over several runs link to the cells of all runs, each of which is in
// the page once, and cells of no run are named.
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
	if err := WriteVerdicts(&b, v, []*runlog.Run{first, second}, fake.Catalog(), nil); err != nil {
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
	if n := strings.Count(doc, "the same cell, shown elsewhere"); n != len(first.Cells) {
		t.Errorf("%d cells are said to be the same as others, want %d", n, len(first.Cells))
	}
	for _, want := range []string{
		"Cells of runs that are not on this page: nowhere.", "The verdict rests on no cell.", "The wider run: MNIST0", "2 claims, 2 runs", `data-verdict="partly"`,
		`<span class="verdict v-not-run">not run</span>`, "Numbers of Table 9", first.Digest(), second.Digest(), "Every audit of every cell is on this page.",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Index(doc, `id="verdicts"`) > strings.Index(doc, `id="cells"`) {
		t.Error("the verdicts do not come first")
	}
	// Without a claim there is a placeholder.
	b.Reset()
	if err := WriteVerdicts(&b, &Verdicts{}, nil, fake.Catalog(), nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "No claim rests on these cells.") || fake.Faults(b.String()) != nil {
		t.Errorf("nothing to judge: %v", fake.Faults(b.String()))
	}
}

// For several runs the page has the cells that claims rest on, and the rows of each dataset once,
// whichever run audited them.
func TestRowsOfVerdicts(t *testing.T) {
	var runs []*runlog.Run
	for _, n := range []int{1, 2} { // the second run has one more dataset and seed
		r := fake.Demo(n, n, 60)
		if n == 2 {
			r.Plan.Title = "The wider run"
		}
		runs = append(runs, fake.OnDisk(t, r))
	}
	data := fake.Dataset("mnist0", nil).Key()
	v := &Verdicts{Claims: []Claim{{ID: "a", Verdict: "open"}}}
	left := 0
	for _, c := range runs[1].Cells {
		if c.Cell.Dataset.Key() == data {
			v.Claims[0].Cells = append(v.Claims[0].Cells, c.ID)
		} else {
			left++
		}
	}
	built := 0
	for _, build := range []Data{nil, func(ref bench.DatasetRef) (*bench.Dataset, error) {
		built++
		return nil, errors.New("no file " + ref.ID)
	}} {
		var b strings.Builder
		if err := WriteVerdicts(&b, v, runs, fake.Catalog(), build); err != nil {
			t.Fatal(err)
		}
		doc := b.String()
		want := "The raw data was not available"
		if build != nil {
			want = "no file mnist0"
		}
		for _, w := range []string{want, "on which no claim rests; see the reports of their own runs"} {
			if !strings.Contains(doc, w) {
				t.Errorf("the page does not say %q", w)
			}
		}
		places := regexp.MustCompile(`class="rows" data-group="([^"]*)"`).FindAllStringSubmatch(doc, -1)
		lists := regexp.MustCompile(`class="audits" data-rows="([^"]*)"`).FindAllStringSubmatch(doc, -1)
		if len(places) != 1 || len(lists) != 10 || left == 0 {
			t.Fatalf("%d places of rows, %d lists of audits, %d cells left out", len(places), len(lists), left)
		}
		for _, l := range lists {
			if l[1] != places[0][1] {
				t.Errorf("a list leads to rows %q, which are at %q", l[1], places[0][1])
			}
		}
	}
	if built != 1 {
		t.Errorf("the dataset was built %d times", built)
	}
}
