package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// TestDecideDecides checks that decide carries out its plan. It decides a claim about theory. For
// Figure 2, which has five runs on one draw of the points, the planned command brings a density
// model, which no seed changes, to its first look on five draws.
func TestDecideDecides(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates and runs")
	}
	pack, err := filepath.Abs("../../../experiments/results/figure2.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ok := func(args ...string) []byte {
		var out, errs strings.Builder
		if status := run(context.Background(), args, &out, &errs); status != statusOK {
			t.Fatalf("%s: status %d: %s", strings.Join(args, " "), status, errs.String())
		}
		return []byte(out.String())
	}
	row := func(id string, paths ...string) (r rule.Row) {
		args := append([]string{"claims", "--json", "--claim", id}, paths...)
		if err := json.Unmarshal(ok(args...), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	planned := func(id string) (p decide.Plan) {
		if err := json.Unmarshal(ok("decide", "--dry-run", "--json", id, pack), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}

	const proved = "th2-tight"
	if p := planned(proved); len(p.Steps) != 1 || len(p.Steps[0].Commands) != 1 {
		t.Fatalf("%+v", p)
	}
	if _, err := os.Stat("runs"); err == nil {
		t.Error("a dry run wrote")
	}
	var o struct {
		Headline string
		Changes  []struct{ Claim, Verdict string }
	}
	if err := json.Unmarshal(ok("decide", "--json", proved, pack), &o); err != nil || !slices.ContainsFunc(
		o.Changes, func(c struct{ Claim, Verdict string }) bool { return c.Claim == proved }) {
		t.Errorf("%v: %+v", err, o)
	}
	if v := row(proved, pack, "runs/decide").Verdict; !v.Decided() {
		t.Errorf("after decide: %s", v)
	}
	if p := planned(proved); len(p.Steps)+len(p.Stuck)+len(p.Hopeless) > 0 {
		t.Errorf("it is decided: %+v", p)
	}

	const drawn = "f2-undecidable"
	looked := func(r rule.Row) (n int) {
		for _, c := range r.Comparisons {
			if c.Look.N > 0 {
				n++
			}
		}
		return n
	}
	before := row(drawn, pack)
	if before.Verdict != rule.Open {
		t.Fatalf("%s by five runs", before.Verdict)
	}
	p := planned(drawn)
	first := p.Steps[0].Commands[0]
	models := slices.IndexFunc(first.Args, func(a string) bool { return strings.HasPrefix(a, "methods=") })
	if !slices.Contains(first.Args, "draws") || first.Cells == 0 || !strings.Contains(first.Args[models], "gmm") {
		t.Fatalf("%s: no draws", first)
	}
	first.Args[models] = "methods={id: gmm, params: {components: 1}}" // the quickest model
	ok(first.Args...)
	if after := row(drawn, pack, "runs/figure2-draws"); looked(after) <= looked(before) {
		t.Errorf("after %s %d comparisons have a look, before %d", first, looked(after), looked(before))
	}
}

// TestDecideArguments checks that wrong arguments end with status 2 and a message that shows the
// correction.
func TestDecideArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"decide th2-tigt":           "did you mean th2-tight?",
		"decide --hours -1":         "--hours -1: write a number of hours from 0",
		"decide --hours NaN":        "--hours NaN",
		"decide -j -1":              "--jobs -1",
		"decide --threads 100000":   "--threads 100000",
		"decide --snapshot -1s":     "--snapshot -1s",
		"decide --data nowhere":     "--data nowhere: there is no such folder",
		"decide th2-tight -o file":  "--out file: it is a file",
		"decide --out= th2-tight":   "--out is empty",
		"decide nowhere/run.tar.gz": "there is no such claim, run, pack or folder",
	} {
		var out, errs strings.Builder
		if status := run(context.Background(), strings.Fields(args), &out, &errs); status != statusUsage ||
			!strings.Contains(errs.String(), want) {
			t.Errorf("%s: status %d: %s", args, status, errs.String())
		}
	}
	if found, _ := os.ReadDir("."); len(found) != 1 {
		t.Errorf("written: %v", found)
	}
}
