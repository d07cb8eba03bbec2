package decide

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// values is a source of given values.
type values func(arm, dataset string) []float64

func (f values) Quantity(_ *ledger.Operand, arm, dataset, _ string) sample.Sample {
	s := sample.Sample{Values: f(arm, dataset), Why: "nothing"}
	for i := range s.Values {
		s.Keys = append(s.Keys, sample.Replicate{Data: 1, Train: uint64(i)})
		s.Cells = append(s.Cells, fmt.Sprint(arm, dataset, i))
	}
	return s
}

// input returns an Input for claims by a source, with the committed experiments; no cell is done
// and each takes a minute.
func input(t *testing.T, source sample.Source, ids ...string) Input {
	t.Helper()
	l := fake.Ledger(t)
	in := Input{Ledger: l, Catalog: fake.Catalog(), Judge: &rule.Judge{Ledger: l, Source: source},
		Specs: map[string][]byte{}, Estimate: func(bench.Cell) time.Duration { return time.Minute }}
	for _, id := range ids {
		in.Rows = append(in.Rows, in.Judge.Claim(l.Second.Claim(id)))
	}
	for _, name := range []string{"table1", "table3", "mnist", "figure4", "figure2", "complexity"} {
		text, err := experiments.Specs.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		in.Specs[name] = text
	}
	return in
}

// planned returns the cells of a command's experiment.
func (c Command) planned(t *testing.T, in Input) []bench.PlannedCell {
	t.Helper()
	var o spec.Options
	for i, a := range c.Args {
		switch a {
		case "--set":
			o.Set = append(o.Set, c.Args[i+1])
		case "--profile":
			o.Profile = c.Args[i+1]
		}
	}
	p, err := spec.Parse(c.Args[1], in.Specs[c.Args[1]], in.Catalog, o)
	if err != nil {
		t.Fatalf("%s: %v", c, err)
	}
	return p.Cells
}

// The commands of a step and of those before it plan all that its claims need for their next look,
// and the stated number of cells.
func TestCommandsPlanWhatIsNeeded(t *testing.T) {
	five := values(func(arm, dataset string) []float64 {
		if dataset == "creditcard" {
			return nil
		}
		return fake.Quantiles(5, 0.5, 0.1)
	})
	in := input(t, five, "t1-dae-uai-vs-dae", "t3-uai-beats-tree-3of4", "syn-robust-uai", "t1-dae-bad",
		"f4-uai-seen", "f4-recall-rises", "f2-undecidable", "cx-memory-limit")
	plan := New(in)
	if len(plan.Steps) == 0 {
		t.Fatal("no step")
	}
	run := &runlog.Run{Path: "planned"}
	have := map[string]bool{}
	for _, s := range plan.Steps {
		if len(s.Claims) == 0 || len(s.Commands) == 0 {
			t.Errorf("%+v", s)
		}
		var sum time.Duration
		for _, c := range s.Commands {
			fresh := map[string]bool{}
			for _, x := range c.planned(t, in) {
				if !have[x.ID] {
					fresh[x.ID] = true
					run.Cells = append(run.Cells, runlog.CellRecord{PlannedCell: x,
						Status: runlog.Status{State: runlog.Planned}})
				}
				have[x.ID] = true
			}
			if c.Cells != len(fresh) || c.Time != time.Duration(c.Cells)*time.Minute {
				t.Errorf("%s: %d cells in %v, it plans %d", c, c.Cells, c.Time, len(fresh))
			}
			sum += c.Time
		}
		if s.Time != sum {
			t.Errorf("%v, of commands %v", s.Time, sum)
		}
		m := sample.NewEvaluator(in.Ledger, in.Catalog, []*runlog.Run{run})
		for _, c := range s.Claims {
			i := slices.IndexFunc(in.Rows, func(r rule.Row) bool { return r.ID == c.ID })
			needs, _ := in.Judge.Needs(in.Ledger.Second.Claim(c.ID), &in.Rows[i])
			for _, n := range needs {
				for _, q := range n.Quantities {
					if q.Dataset == "creditcard" {
						continue // not measured: it only lowers the scope
					}
					if n.Next.N != 10 || c.Next != 10 {
						t.Errorf("%s: next %d", c.ID, n.Next.N)
					}
					seeds := map[uint64]bool{}
					for _, x := range m.Cells(q.Arm, q.Dataset) {
						if m.Enough(x.Cell, q.Operand, q.Dataset, q.At) {
							seeds[x.Cell.Seed] = true
						}
					}
					if len(seeds) < n.Next.N {
						t.Errorf("%s: %s of %s on %s: %d seeds", c.ID, q.Operand.Metric, q.Arm, q.Dataset,
							len(seeds))
					}
				}
			}
		}
	}
}

// A decided claim is not planned for. Claims at the last look, or without an experiment, are listed
// apart from those that would stay open at the last look.
func TestWhatIsNotPlanned(t *testing.T) {
	of := func(n int, effect float64) values {
		return func(arm, _ string) []float64 {
			mean := 0.5
			if arm == "dae_uai" {
				mean += effect
			}
			return fake.Quantiles(n, mean, 0.1)
		}
	}
	const id = "t3-uai-beats-loda-all4"
	if p := New(input(t, of(10, 1), id)); len(p.Steps)+len(p.Hopeless)+len(p.Stuck) > 0 {
		t.Errorf("decided: %+v", p)
	}
	p := New(input(t, of(40, 0.03), id))
	if len(p.Stuck) != 1 || !strings.HasPrefix(p.Stuck[0].Note, "it has reached its last look; effect within [") || len(p.Steps) > 0 {
		t.Errorf("at 40: %+v", p)
	}
	if p = New(input(t, of(10, 0.03), id)); len(p.Hopeless) != 1 || len(p.Steps) > 0 ||
		!strings.Contains(p.Hopeless[0].Note, "less than 10 % of worlds like this at 40 replicates; effect within [") {
		t.Errorf("a third of a deviation: %+v", p)
	}
	if p = New(input(t, of(10, 0.1), id)); len(p.Steps) != 1 || p.Steps[0].Claims[0].Next != 20 ||
		p.Steps[0].Claims[0].Chance == nil {
		t.Errorf("a deviation: %+v", p)
	}
	if p = New(input(t, of(5, 0.07), id)); len(p.Steps) != 1 || len(p.Hopeless) > 0 ||
		*p.Steps[0].Claims[0].Chance >= few {
		t.Errorf("no chance at the next look, and one at the last: %+v", p)
	}
	in := input(t, of(5, 0.1), id)
	in.Specs = nil
	if p = New(in); len(p.Stuck) != 1 || !strings.Contains(p.Stuck[0].Note, "no committed experiment") {
		t.Errorf("without experiments: %+v", p)
	}
	none := values(func(string, string) []float64 { return nil })
	if p = New(input(t, none, id)); len(p.Steps) != 1 || p.Steps[0].Claims[0].Chance != nil ||
		p.Steps[0].Claims[0].Next != 5 {
		t.Errorf("not measured: %+v", p)
	}
}

// The chance of a claim is that of its complete rule, by resampling the runs at hand: a large
// effect usually decides at the next look, no effect seldom.
func TestChance(t *testing.T) {
	for effect, want := range map[float64][2]float64{0: {0, 0.3}, 0.4: {0.95, 1}} {
		in := input(t, values(func(arm, _ string) []float64 {
			mean := 0.5
			if arm == "dae_uai" {
				mean += effect
			}
			return fake.Quantiles(5, mean, 0.2)
		}), "t1-dae-uai-vs-dae")
		x := &Planner{}
		x.take(in)
		p := &x.planner
		c := in.Ledger.Second.Claim("t1-dae-uai-vs-dae")
		needs, _ := in.Judge.Needs(c, &in.Rows[0])
		got := p.chance(c, &in.Rows[0], needs, 0, 1)
		clear(p.known)
		if again := p.chance(c, &in.Rows[0], needs, 0, 1); got < want[0] || got > want[1] || got != again {
			t.Errorf("an effect of %g: %g, then %g", effect, got, again)
		}
	}
}

// Cheap claims come before expensive ones of equal chance, a claim that needs no further cells
// joins the step that runs them, and Within keeps what fits.
func TestOrder(t *testing.T) {
	b := &book{spec: "x", place: map[string]int{}}
	cell := func(dataset string, seed uint64) work {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: dataset}, Method: bench.MethodRef{ID: "m"}, Seed: seed}
		w := work{b, bench.PlannedCell{ID: c.ID(), Cell: c}, int(seed)}
		if b.place[w.cell.ID] == 0 {
			b.place[w.cell.ID] = int(seed)
			b.cells = append(b.cells, w.cell)
		}
		return w
	}
	within := func(most time.Duration) *planner {
		x := &Planner{}
		x.take(Input{Within: most, Estimate: func(c bench.Cell) time.Duration {
			return map[string]time.Duration{"small": time.Minute, "large": time.Hour}[c.Dataset.ID]
		}})
		return &x.planner
	}
	of := func(id string, chance float64, cells ...work) *task {
		return &task{Claim: Claim{ID: id, Next: 10}, weight: chance, cells: cells}
	}
	tasks := func() []*task {
		return []*task{
			of("dear", 1, cell("large", 1), cell("small", 1)),
			of("cheap", 0.4, cell("small", 1), cell("small", 2)),
			of("free", 0.1, cell("small", 2)),
			of("dearer", 0.9, cell("large", 1), cell("large", 2)),
		}
	}
	steps, _ := within(0).order(tasks())
	got := ""
	for _, s := range steps {
		for _, c := range s.Claims {
			got += c.ID + " "
		}
		got += fmt.Sprintf("%v; ", s.Time)
	}
	if want := "cheap free 2m0s; dear 1h0m0s; dearer 1h0m0s; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	steps, left := within(61 * time.Minute).order(tasks())
	if len(steps) != 1 || len(left) != 2 {
		t.Errorf("%d steps fit in 61 minutes, and %d claims do not", len(steps), len(left))
	}
}

// The other cells that a command runs count in the order too, and in what fits.
func TestWhatRunsBesideCounts(t *testing.T) {
	b := &book{spec: "x", place: map[string]int{}}
	cell := func(dataset, setting string) work {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: dataset}, Seed: 1,
			Method: bench.MethodRef{ID: "m", Params: bench.Params{"size": setting}}}
		w := work{b, bench.PlannedCell{ID: c.ID(), Cell: c}, 1}
		b.place[w.cell.ID] = 1
		b.cells = append(b.cells, w.cell)
		return w
	}
	narrow, beside, wide := cell("one", "small"), cell("one", "large"), cell("two", "middling")
	for within, want := range map[time.Duration]string{0: "wide 30m0s; narrow 1h1m0s; ", time.Hour: "wide 30m0s; "} {
		x := &Planner{}
		x.take(Input{Within: within, Estimate: func(c bench.Cell) time.Duration {
			return map[string]time.Duration{"small": time.Minute, "middling": 30 * time.Minute,
				"large": time.Hour}[c.Method.Params["size"].(string)]
		}})
		steps, _ := x.planner.order([]*task{
			{Claim: Claim{ID: "narrow", Next: 5}, weight: 1, cells: []work{narrow}},
			{Claim: Claim{ID: "wide", Next: 5}, weight: 1, cells: []work{wide}},
		})
		got := ""
		for _, s := range steps {
			got += fmt.Sprintf("%s %v; ", s.Claims[0].ID, s.Time)
		}
		if got != want {
			t.Errorf("within %v, with %s beside: %s, want %s", within, beside.cell.ID, got, want)
		}
	}
}

// A step takes at least as long as its longest cell, however many cells run concurrently.
func TestLongestCell(t *testing.T) {
	l := leftover{time: 3 * time.Hour, longest: 2 * time.Hour}
	for jobs, want := range map[int]time.Duration{0: 3 * time.Hour, 1: 3 * time.Hour, 2: 2 * time.Hour,
		8: 2 * time.Hour} {
		if got := l.wall(jobs); got != want {
			t.Errorf("%d at a time: %v", jobs, got)
		}
	}
}

// A command that has run without changing its claim is not planned again.
func TestRan(t *testing.T) {
	in := input(t, values(func(string, string) []float64 { return nil }), "th2-tight")
	if p := New(in); len(p.Steps) != 1 || p.Steps[0].Commands[0].Args[0] != "theory" {
		t.Fatalf("%+v", p)
	}
	in.Ran = func(args []string) bool { return args[0] == "theory" }
	if p := New(in); len(p.Steps) > 0 || len(p.Stuck) != 1 {
		t.Errorf("%+v", p)
	}
}

// A cell counts for every claim that it serves: two claims that share one expensive cell come
// before a cheaper one.
func TestCellsServeSeveralClaims(t *testing.T) {
	x := &Planner{}
	x.take(Input{Estimate: func(c bench.Cell) time.Duration {
		return map[string]time.Duration{"dear": 50 * time.Minute, "cheap": 40 * time.Minute}[c.Dataset.ID]
	}})
	b := &book{spec: "x", place: map[string]int{}}
	of := func(id, dataset string) *task {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: dataset}, Seed: 1}
		w := work{b, bench.PlannedCell{ID: c.ID(), Cell: c}, 1}
		if b.place[w.cell.ID] == 0 {
			b.place[w.cell.ID] = 1
			b.cells = append(b.cells, w.cell)
		}
		return &task{Claim: Claim{ID: id}, weight: 0.5, cells: []work{w}}
	}
	steps, _ := x.order([]*task{of("alone", "cheap"), of("one", "dear"), of("other", "dear")})
	if len(steps) != 2 || len(steps[0].Claims) != 2 || steps[0].Claims[0].ID != "one" ||
		steps[1].Claims[0].ID != "alone" {
		t.Errorf("%+v", steps)
	}
}

// Equal is true: extra replicates of one arm bring no rule to a further look.
func TestUnequalArms(t *testing.T) {
	l := fake.Ledger(t)
	checked := 0
	for i := range l.Second.Claims {
		c := &l.Second.Claims[i]
		for k := range c.Checks {
			if c.Checks[k].Right == nil || c.Checks[k].Right.Metric == "published" ||
				slices.Contains([]string{"data", "plan", "printed"}, c.Checks[k].Op) {
				continue
			}
			left, alone := c.Checks[k].Left, *c
			alone.Checks = c.Checks[k : k+1]
			look := func(more int) (n int) {
				source := values(func(arm, dataset string) []float64 {
					xs := fake.Quantiles(10, 0.5, 0.1)
					if slices.Contains(left.Arms, arm) && !slices.Contains(c.Checks[k].Right.Arms, arm) {
						xs = append(xs, fake.Quantiles(more, 0.5, 0.1)...)
					}
					return xs
				})
				j := &rule.Judge{Ledger: l, Source: source}
				row := j.Claim(&alone)
				for _, x := range row.Comparisons {
					n = max(n, x.Look.N)
				}
				if row.Aggregate != nil {
					n = max(n, row.Aggregate.Look.N)
				}
				return n
			}
			checked++
			if equal, unequal := look(0), look(30); unequal > equal {
				t.Errorf("%s: %d more of one arm bring look %d to %d", c.ID, 30, equal, unequal)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d checks of two arms", checked)
	}
}

// No time is estimated for an experiment that plans the same with a larger budget.
func TestLargerBudgets(t *testing.T) {
	x := &Planner{}
	x.take(Input{})
	of := func(b bench.Budget, method string) []work {
		c := bench.Cell{Method: bench.MethodRef{ID: method}, Budget: b}
		return []work{{cell: bench.PlannedCell{ID: c.ID(), Cell: c}}}
	}
	short, long := of(bench.Budget{Audits: 100}, "m"), of(bench.Budget{Audits: 200}, "m")
	all, some := of(bench.Budget{Rule: "all"}, "m"), of(bench.Budget{Rule: "anomalies"}, "m")
	other := of(bench.Budget{Audits: 50}, "o")
	for _, c := range []struct{ found, want [][]work }{
		{[][]work{long, short}, [][]work{short}},
		{[][]work{all, long}, [][]work{long}},
		{[][]work{all, some}, [][]work{some}},
		{[][]work{some, long}, [][]work{some, long}}, // which is larger is unknown
		{[][]work{other, short}, [][]work{other, short}},
		{[][]work{short, short}, [][]work{short, short}},
	} {
		if got := x.cheaper(c.found); !slices.EqualFunc(got, c.want, func(a, b []work) bool { return &a[0] == &b[0] }) {
			t.Errorf("of %v: %v", c.found, got)
		}
	}
}

// Passive methods are timed by those of their cells that did their own pre-training.
func TestTimes(t *testing.T) {
	run := &runlog.Run{Path: "r"}
	cell := func(method string, seed uint64) bench.PlannedCell {
		c := bench.Cell{Method: bench.MethodRef{ID: method, Version: 1}, Seed: seed}
		return bench.PlannedCell{ID: c.ID(), Cell: c}
	}
	for _, method := range []string{"dae", "dae_uai"} {
		for i, s := range []float64{0.4, 0.5, 0.4, 30, 20} {
			run.Cells = append(run.Cells, runlog.CellRecord{PlannedCell: cell(method, uint64(i)),
				Status: runlog.Status{State: runlog.Done, Attempts: []runlog.Attempt{{Seconds: s}}}})
		}
	}
	x := &Planner{}
	x.take(Input{Catalog: fake.Catalog(), Runs: []*runlog.Run{run},
		Estimate: func(bench.Cell) time.Duration { return time.Hour }})
	for _, c := range []struct {
		cell bench.PlannedCell
		want time.Duration
	}{
		{cell("dae", 9), 30 * time.Second}, {cell("dae_uai", 9), 500 * time.Millisecond},
		{cell("dae", 3), 0}, {cell("class", 1), time.Hour},
	} {
		if got := x.Time(c.cell); got != c.want {
			t.Errorf("%s, seed %d: %v", c.cell.Cell.Method.ID, c.cell.Cell.Seed, got)
		}
	}
}

func TestSeeds(t *testing.T) {
	keys := []sample.Replicate{{Data: 1, Train: 5}, {Data: 1, Train: 6}, {Data: 1, Train: 7}, {Data: 1, Train: 9},
		{Data: 2, Train: 10}, {Data: 3, Train: 1}, {Data: 3, Train: 2}}
	for n, want := range map[int]string{0: "", 1: "1:5", 2: "1:5-6", 4: "1:5-7,9", 6: "1:5-7,9 2:10 3:1",
		9: "1:5-7,9 2:10 3:1-2"} {
		if got := Seeds(keys, n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// The text has the complete commands and every claim, and predicts no number of runs.
func TestText(t *testing.T) {
	half := 0.5
	p := Plan{Steps: []Step{{Claims: []Claim{{ID: "a", Next: 10, Chance: &half}, {ID: "b", Next: 5}},
		Commands: []Command{{Args: []string{"run", "table1", "--set", "datasets=x", "--reuse", "my runs"}}},
		Time:     time.Hour}}, Stuck: []Claim{{ID: "c", Note: "why"}}}
	var b strings.Builder
	if err := p.WriteText(&b, 60); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1. a (to 10 replicates, chance 50 %), b (to 5 replicates,", "no promise",
		"\n   uaibench run table1 --set datasets=x --reuse 'my runs'\n", "  c: why\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "would decide") {
		t.Error(b.String())
	}
}
