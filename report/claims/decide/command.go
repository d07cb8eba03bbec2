package decide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// Command is one command line and the cells that it runs.
type Command struct {
	Args  []string      `json:"args"`  // after the program's name
	Cells int           `json:"cells"` // not yet done; 0: it is not a run
	Time  time.Duration `json:"ns"`    // of one core; 0: unknown or negligible

	// For a run: the experiment, its profile, and its --set options.
	Spec    string   `json:"-"`
	Profile string   `json:"-"`
	Set     []string `json:"-"`

	draws   []string      // datasets whose draws are counted
	longest time.Duration // longest time of one cell
}

func (c Command) String() string {
	var out []string
	for _, a := range c.Args {
		if strings.ContainsAny(a, " '\"$*&;()<>|\\") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		out = append(out, a)
	}
	return "uaibench " + strings.Join(out, " ")
}

// commands returns the commands that run the cells, and adds all that they run to planned. A
// command may also run other cells of its experiment for the same methods and datasets.
func (p *planner) commands(cells []work, planned map[string]*book) []Command {
	type batch struct {
		book *book
		n    int
	}
	methods := map[batch]map[string][]string{} // by dataset
	var order []batch
	for _, w := range cells {
		most := w.n
		for _, o := range cells {
			if o.book == w.book && o.cell.Cell.Dataset.ID == w.cell.Cell.Dataset.ID {
				most = max(most, o.n)
			}
		}
		k := batch{w.book, most}
		if methods[k] == nil {
			methods[k] = map[string][]string{}
			order = append(order, k)
		}
		d, m := w.cell.Cell.Dataset.ID, w.cell.Cell.Method.ID
		if !slices.Contains(methods[k][d], m) {
			methods[k][d] = append(methods[k][d], m)
		}
	}
	var out []Command
	for _, k := range order {
		sets := map[string][]string{} // datasets by their methods
		for _, d := range slices.Sorted(maps.Keys(methods[k])) {
			slices.Sort(methods[k][d])
			m := strings.Join(methods[k][d], ",")
			sets[m] = append(sets[m], d)
		}
		for _, m := range slices.Sorted(maps.Keys(sets)) {
			out = append(out, p.command(k.book, sets[m], strings.Split(m, ","), k.n, planned))
		}
	}
	return out
}

// command runs the first n replicates of methods on datasets.
func (p *planner) command(b *book, datasets, methods []string, n int,
	planned map[string]*book) Command {
	c := Command{Args: []string{"run", b.spec}, Spec: b.spec, Profile: b.profile,
		Set: []string{"datasets=" + strings.Join(datasets, ","), "methods=" + strings.Join(methods, ",")}}
	if !b.fixed {
		c.Set = append(c.Set, fmt.Sprintf("seeds.count=%d", n))
	}
	if b.profile != "" {
		c.Args = append(c.Args, "--profile", b.profile)
	}
	for _, s := range c.Set {
		c.Args = append(c.Args, "--set", s)
	}
	var reuse []string
	seen := map[string]bool{}
	for _, x := range b.cells {
		if seen[x.ID] || b.place[x.ID] > n || !slices.Contains(datasets, x.Cell.Dataset.ID) ||
			!slices.Contains(methods, x.Cell.Method.ID) {
			continue
		}
		seen[x.ID] = true
		run, by := p.done[x.ID], planned[x.ID]
		if by == nil {
			planned[x.ID] = b
		} else if run == "" && by != b {
			run = by.dir // of an earlier command
		}
		if run != "" && !slices.Contains(reuse, run) {
			reuse = append(reuse, run)
		}
		if run != "" || by != nil {
			continue
		}
		c.Cells++
		d := p.time(x)
		c.Time, c.longest = c.Time+d, max(c.longest, d)
	}
	slices.Sort(reuse)
	for _, run := range reuse {
		c.Args = append(c.Args, "--reuse", run)
	}
	return c
}

// others returns the commands that are not runs: counts of draws, and the theorems' simulations.
func (p *planner) others(c *ledger.Claim, row *rule.Row) []Command {
	missing := func(list []string) (out []string) {
		for _, x := range row.Comparisons {
			name := cmp.Or(x.Dataset, x.What)
			blocked := p.Blocked != nil && p.Blocked(ofDataset(name)) != ""
			if x.Outcome == rule.Missing && !blocked && slices.Contains(list, name) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return out
	}
	var out []Command
	for i := range c.Checks {
		k := &c.Checks[i]
		var args, d []string
		switch k.Op {
		case "data":
			if d = missing(p.Ledger.Second.Datasets(k.Datasets)); d != nil {
				args = slices.Concat([]string{"data", "draws"}, d, []string{"--out", "draws"})
			}
		case "theory":
			if missing(k.Names) != nil {
				args = []string{"theory", "--out", "theory"}
			}
		}
		if args != nil && (p.Ran == nil || !p.Ran(args)) && !slices.ContainsFunc(out, func(c Command) bool { return slices.Equal(c.Args, args) }) {
			out = append(out, Command{Args: args, draws: d})
		}
	}
	return out
}

// ofDataset returns a cell that represents the draws of a dataset.
func ofDataset(id string) bench.PlannedCell {
	return bench.PlannedCell{ID: "draws of " + id, Cell: bench.Cell{Dataset: bench.DatasetRef{ID: id}}}
}
