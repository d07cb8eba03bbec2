package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// What decide prints can be run, and takes its claims on: a claim about theory is decided by its command,
// and of Figure 2, with five runs on one draw of the points, the density models, which no seed changes,
// come to their first look on five draws.
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
	planned := func(id string, paths ...string) (p decide.Plan) {
		if err := json.Unmarshal(ok(append([]string{"decide", "--json", id}, paths...)...), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}

	const proved = "th2-tight"
	p := planned(proved, pack)
	if len(p.Steps) != 1 || len(p.Steps[0].Commands) != 1 {
		t.Fatalf("%+v", p)
	}
	ok(p.Steps[0].Commands[0].Args...)
	if v := row(proved, pack, "theory/theory.json").Verdict; !v.Decided() {
		t.Errorf("after %s: %s", p.Steps[0].Commands[0], v)
	}
	if p = planned(proved, pack, "theory/theory.json"); len(p.Steps)+len(p.Stuck)+len(p.Hopeless) > 0 {
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
	p = planned(drawn, pack)
	first := p.Steps[0].Commands[0]
	if !slices.Contains(first.Args, "draws") || first.Cells == 0 {
		t.Fatalf("%s: no draws", first)
	}
	ok(first.Args...)
	if after := row(drawn, pack, "runs/figure2-draws"); looked(after) <= looked(before) {
		t.Errorf("after %s %d comparisons have a look, before %d", first, looked(after), looked(before))
	}
}
