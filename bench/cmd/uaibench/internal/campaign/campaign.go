package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// campaign is the state of one call of Host.Decide.
type campaign struct {
	*Host
	Settings
	ctx     context.Context
	ledger  *ledger.Ledger
	only    []string // ids of claims; nil: all
	paths   []string // sets of results
	started time.Time

	lock *Lock
	sets rule.Evidence
	own  map[string]*runlog.Run // the campaign's runs by folder name

	planner *decide.Planner
	judged  *claims.Judgement // verdicts by the sets and the complete looks
	judges  *rule.Judge
	blocked map[string]string // reasons why cells cannot be run, by id
	noFiles map[string]bool   // ids of datasets without raw files
	late    bool              // no time is left of --hours
	other   error             // looks judged by replicates other than the locked ones
	changes map[string]change // last reported change of a claim, by id
	broken  bool              // a cell failed
	tried   map[string]bool   // folders that this call ran
}

// change is the verdict of a claim before and after a look.
type change struct {
	ID     string       `json:"claim"`
	Before rule.Verdict `json:"before"`
	After  rule.Verdict `json:"verdict"`
	Look   int          `json:"look,omitempty"` // replicates of its look; 0: none
	Text   string       `json:"text"`
}

func (c *campaign) plan(k Command) (*bench.Plan, error) { return plan(c.Catalog, c.Specs, k) }

// run finishes the locked looks, then plans, locks and runs further looks, until no step or no time
// is left.
func (c *campaign) run() error {
	first := c.judged
	c.changes = map[string]change{}
	for i := range c.lock.Looks {
		look := c.lock.Looks[i]
		if c.settled(look) || !c.wanted(look) || c.over() {
			continue
		}
		if err := c.carryOut(look); err != nil {
			return err
		}
	}
	left := &decide.Plan{}
	for c.ctx.Err() == nil && !c.over() {
		left = c.next()
		if c.ctx.Err() != nil || len(left.Steps) == 0 {
			break
		}
		look, err := c.commit(left.Steps[0])
		if err != nil {
			return err
		}
		if err := c.carryOut(look); err != nil {
			return err
		}
	}
	if c.ctx.Err() != nil {
		fmt.Fprintf(c.Stderr, "interrupted; the same command resumes from here\n")
		return ErrInterrupted
	}
	if err := c.summary(first, left); err != nil {
		return err
	}
	if c.other == nil && c.broken {
		return ErrFailed
	}
	return c.other
}

// spent returns the time since the campaign began.
func (c *campaign) spent() time.Duration { return c.Now().Sub(c.started) }

// over reports whether --hours are over.
func (c *campaign) over() bool {
	c.late = c.late || c.Hours > 0 && c.spent() >= hours(c.Hours)
	return c.late
}

// remaining returns the time that is left of --hours, at least 1 ns; 0: no limit.
func (c *campaign) remaining() time.Duration {
	if c.Hours == 0 {
		return 0
	}
	return max(hours(c.Hours)-c.spent(), time.Nanosecond)
}

// input returns the input of the planner. Claims that were not asked for, or whose locked look is
// incomplete, are among its Others.
func (c *campaign) input() decide.Input {
	in := decide.Input{Ledger: c.ledger, Catalog: c.Catalog, Runs: c.all(), Judge: c.judges,
		Specs: c.Specs, Jobs: c.Jobs, Within: c.remaining(),
		Estimate: func(x bench.Cell) time.Duration { return c.Host.Estimate(c.ctx, x) },
		Blocked:  c.reason, Done: func() bool { return c.ctx.Err() != nil },
		Ran: func(args []string) bool { return c.has(Command{Args: args[:len(args)-2]}) }}
	for _, row := range c.judged.Claims {
		if (c.only == nil || slices.Contains(c.only, row.ID)) && !c.waits(row.ID) {
			in.Rows = append(in.Rows, row.Row)
		} else {
			in.Others = append(in.Others, row.Row)
		}
	}
	return in
}

func (c *campaign) next() *decide.Plan { return c.planner.Plan(c.input()) }

// all returns the runs of the sets and of all looks, complete or not: done cells of an incomplete
// look need not run again.
func (c *campaign) all() []*runlog.Run {
	out := slices.Clone(c.sets.Runs)
	for _, look := range c.lock.Looks {
		for _, k := range look.Commands {
			if r := c.own[k.Folder]; r != nil {
				out = append(out, r)
			}
		}
	}
	return out
}

// reason returns why a cell cannot run; "": it can.
func (c *campaign) reason(x bench.PlannedCell) string {
	if c.noFiles[x.Cell.Dataset.ID] {
		return "data missing: " + c.Catalog.DatasetName(x)
	}
	return c.blocked[x.ID]
}

// findMissing finds the datasets without raw files among all cells that may run, before any of them
// does.
func (c *campaign) findMissing() {
	cells := c.planner.Cells(c.input())
	c.noFiles = c.Missing(&bench.Plan{Name: "decide", Cells: cells})
}

// wanted reports whether a look is for a requested claim that is open or not run.
func (c *campaign) wanted(l Look) bool {
	return slices.ContainsFunc(l.Claims, func(k Claim) bool {
		row := c.judged.Claim(k.ID)
		return !k.Beside && (c.only == nil || slices.Contains(c.only, k.ID)) &&
			(row.Verdict == rule.Open || row.Verdict == rule.NotRun)
	})
}

// waits reports whether a locked look of the claim is incomplete.
func (c *campaign) waits(id string) bool {
	return slices.ContainsFunc(c.lock.Looks, func(l Look) bool {
		return slices.Contains(l.names(), id) && !c.settled(l)
	})
}

// commit appends a step to the lock, as a look, and writes it.
func (c *campaign) commit(s decide.Step) (Look, error) {
	look := Look{Number: len(c.lock.Looks) + 1}
	for i, k := range slices.Concat(s.Claims, s.Beside) {
		look.Claims = append(look.Claims, Claim{ID: k.ID, Beside: i >= len(s.Claims),
			Rule:  RuleDigest(c.ledger, c.ledger.Second.Claim(k.ID)),
			Spent: c.judged.Claim(k.ID).Alpha, Comparisons: k.Looks})
	}
	for i, k := range s.Commands {
		if k.Spec == "" {
			look.Commands = append(look.Commands, Command{Args: k.Args[:len(k.Args)-2]})
			continue
		}
		folder := fmt.Sprintf("%02d-%s", look.Number, k.Spec)
		if k.Profile != "" {
			folder += "-" + k.Profile
		}
		if len(s.Commands) > 1 {
			folder += fmt.Sprintf("-%d", i+1)
		}
		x := Command{Folder: folder, Spec: k.Spec, Profile: k.Profile, Set: k.Set, Cells: k.Cells}
		p, err := c.plan(x)
		if err != nil {
			return look, err
		}
		x.Plan = p.Digest()
		look.Commands = append(look.Commands, x)
	}
	c.lock.Looks = append(c.lock.Looks, look)
	if err := c.lock.write(c.Out); err != nil {
		return look, err
	}
	fmt.Fprintf(c.Stderr, "look %d: %s: %s\n", look.Number, s, decide.Lasts(s.Wall))
	return look, nil
}

// carryOut runs the commands that a look still needs if they fit into the time left, and judges the
// claims if the look is then complete.
func (c *campaign) carryOut(look Look) error {
	if !c.inTime(look) {
		fmt.Fprintf(c.Stderr, "look %d (%s) is locked, but does not fit into the time left\n",
			look.Number, strings.Join(look.names(), ", "))
		return nil
	}
	for _, k := range look.Commands {
		if c.ctx.Err() != nil || c.over() {
			return nil
		}
		if err := c.command(k); err != nil {
			return err
		}
	}
	if c.ctx.Err() != nil || !c.settled(look) {
		return nil
	}
	before := c.judged
	if err := c.judge(); err != nil {
		return err
	}
	c.report(look, before)
	c.other = errors.Join(c.other, c.asLocked(look))
	return nil
}

// inTime reports whether the remaining cells of a look fit into the time left, by estimate.
func (c *campaign) inTime(look Look) bool {
	if c.Hours == 0 {
		return true
	}
	var all, most time.Duration
	for _, k := range look.Commands {
		if k.Spec == "" {
			continue
		}
		p, err := c.plan(k)
		if err != nil {
			return false
		}
		for _, d := range c.times(p) {
			all, most = all+d, max(most, d)
		}
	}
	return max(all/time.Duration(max(c.Jobs, 1)), most) <= c.remaining()
}

// times returns the estimated time of a plan's cells by id; 0 for done cells.
func (c *campaign) times(p *bench.Plan) map[string]time.Duration {
	out := map[string]time.Duration{}
	for _, x := range p.Cells {
		out[x.ID] = c.planner.Time(x)
	}
	return out
}

// command runs one command of a look, or nothing if it is no run and its file exists.
func (c *campaign) command(k Command) error {
	if k.Spec == "" {
		if c.has(k) {
			return nil
		}
		return c.Host.Command(c.ctx, c.args(k))
	}
	p, err := c.plan(k)
	if err != nil {
		return err
	}
	config := runner.Config{Plan: *p, Dir: filepath.Join(c.Out, k.Folder)}
	for _, r := range c.all() {
		if r != c.own[k.Folder] {
			config.Reuse = append(config.Reuse, r)
		}
	}
	if c.Hours > 0 {
		took := c.times(p)
		config.Begin = func(x *bench.PlannedCell) bool { return took[x.ID] <= hours(c.Hours)-c.spent() }
	}
	sum, err := c.Execute(c.ctx, config)
	if err != nil {
		return err
	}
	if err := c.readRun(k); err != nil {
		return err
	}
	c.block(c.own[k.Folder])
	c.tried[k.Folder] = true
	c.broken = c.broken || sum.Failed+sum.TimedOut > 0
	if sum.Interrupted {
		return ErrInterrupted
	}
	return nil
}

// args returns the arguments of a command that is no run, with an --out in the campaign's folder.
// Datasets already in draws.json are counted again, since the command rewrites the file.
func (c *campaign) args(k Command) []string {
	args := slices.Clone(k.Args)
	if args[0] == theory {
		return append(args, "--out", filepath.Join(c.Out, theory))
	}
	for _, look := range c.lock.Looks {
		for _, o := range look.Commands {
			for _, d := range o.draws() {
				if !slices.Contains(args, d) && c.has(o) {
					args = append(args, d)
				}
			}
		}
	}
	return append(args, "--out", c.Out)
}

// theory is the command that simulates the theorems; drawsName is the file of the counts of draws.
const (
	theory    = "theory"
	drawsName = "draws.json"
)

// draws returns the datasets of a command `data draws`; nil for others.
func (k Command) draws() []string {
	if len(k.Args) < 2 || k.Args[0] == theory {
		return nil
	}
	return k.Args[2:]
}

// has reports whether the file of a command that is no run exists; for `data draws`, with all its
// datasets.
func (c *campaign) has(k Command) bool {
	if k.Args[0] == theory {
		_, err := os.Stat(filepath.Join(c.Out, theory, "theory.json"))
		return err == nil
	}
	path := filepath.Join(c.Out, drawsName)
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	counted, err := sample.ReadDraws(path, data)
	return err == nil && !slices.ContainsFunc(k.draws(), func(id string) bool {
		info, _ := c.Catalog.Dataset(id)
		return !slices.ContainsFunc(counted.Datasets, func(d sample.DrawnDataset) bool {
			return d.ID == id && d.Version == info.Version
		})
	})
}
