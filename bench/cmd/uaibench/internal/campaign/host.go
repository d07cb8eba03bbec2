package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/bench/spec/tree"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// Host is the environment that the command provides.
type Host struct {
	Ledger  []byte            // paper.yaml
	Specs   map[string][]byte // the experiments that may be run, by name
	Catalog bench.Catalog

	// Evidence reads runs, packs, folders, theory.json, draws.json and looks.json; without paths,
	// the committed result sets.
	Evidence func(paths []string) (rule.Evidence, error)
	// Estimate returns the estimated time of a cell; 0: unknown.
	Estimate func(context.Context, bench.Cell) time.Duration
	// Missing reports the datasets of a plan that lack raw files, and returns their ids.
	Missing func(*bench.Plan) map[string]bool
	// Execute runs a plan's missing cells and shows the progress. Plan, Dir, Reuse and Begin of the
	// configuration are set. After an interruption it prints how to resume.
	Execute func(context.Context, runner.Config) (runner.Summary, error)
	// Command runs another command of the program.
	Command func(ctx context.Context, args []string) error

	Now            func() time.Time
	Stdout, Stderr io.Writer
	Width          int    // of Stdout, in columns
	Program        string // its name in printed commands
}

// Settings are the flags of the command.
type Settings struct {
	Out         string  // the campaign's folder
	Hours       float64 // 0: no limit
	DryRun      bool
	JSON        bool
	RetryFailed bool
	Jobs        int // cells at a time
}

// Flags adds the command's flags, except those of the machine (jobs, threads, memory and the like).
func (s *Settings) Flags(f *pflag.FlagSet) {
	f.Float64Var(&s.Hours, "hours", 0, "start no look or cell that is estimated to end after this many "+
		"hours from now (default: no limit)")
	f.BoolVar(&s.DryRun, "dry-run", false,
		"print the plan, as commands with their times; runs and writes nothing")
	f.BoolVar(&s.JSON, "json", false, "the plan or the outcome, as JSON")
	f.StringVarP(&s.Out, "out", "o", filepath.Join("runs", "decide"),
		"folder for the runs and "+LockName+"; its contents count as results")
}

// Help is the long help text of the command.
const Help = `Judges as claims does, and runs the cells that take claims that are open or not run to their next
look (5, 10, 20 or 40 replicates), beginning with those that decide most in an hour; a cell counts
for every claim that it serves. After each look it judges again, and continues until every claim is
decided or hopeless (decided in less than 10 % of worlds like this at the last look), until no
committed experiment takes the open ones further, or until --hours are over. Without arguments it
works on all claims, with the committed result sets.

Before anything runs for a look, the replicates, seeds and alpha that it is judged by, for each
claim and comparison, are written to decide.lock in --out. A look counts once all its cells are
settled. After an interruption the same command resumes, with the same looks; each run is a folder
in --out, for verify, pack, claims and report.

Chances are those of further runs like the existing ones; no number of runs is certain to decide
anything. Times are those of done cells of the same kind, or estimates. --hours is wall time: a cell
that has begun is finished. Both arms of a comparison get equally many replicates: a look has n of
each.

Exit status: 3 if cells failed; 130 if it was interrupted.`

// ErrInterrupted is returned by an interrupted campaign, ErrFailed by one in which cells failed.
// Both have been reported to the user.
var (
	ErrInterrupted = errors.New("interrupted")
	ErrFailed      = errors.New("some cells failed")
)

// usageError is an error in the arguments.
type usageError struct{ error }

// Usage marks err as an error in the arguments.
func Usage(err error) error { return usageError{err} }

// IsUsage reports whether err is an error in the arguments.
func IsUsage(err error) bool { return errors.As(err, new(usageError)) }

// longest is the largest number of hours that --hours accepts, more than a century.
const longest = 1e6

// Decide judges, plans and, unless it is a dry run, runs. args are ids of claims, and sets of
// results in addition to the runs in Settings.Out.
func (h *Host) Decide(ctx context.Context, args []string, s Settings) error {
	if !(s.Hours >= 0 && s.Hours <= longest) {
		return Usage(fmt.Errorf("--hours %v: write a number of hours from 0 (no limit) to %.0f", s.Hours,
			longest))
	}
	l, err := ledger.Read("experiments/paper.yaml", h.Ledger)
	if err != nil {
		return err
	}
	c := &campaign{Host: h, Settings: s, ctx: ctx, ledger: l, blocked: map[string]string{},
		planner: &decide.Planner{}, own: map[string]*runlog.Run{},
		tried: map[string]bool{}, started: h.Now()}
	if err := c.arguments(args); err != nil {
		return err
	}
	if !s.DryRun {
		release, err := occupy(s.Out)
		if err != nil {
			return err
		}
		defer release()
	}
	if c.lock, err = readLock(s.Out, l); err != nil {
		return err
	}
	if err := c.lock.fits(s.Out, l, c.plan); err != nil {
		return Usage(err)
	}
	if c.sets, err = h.Evidence(c.paths); err != nil {
		return err
	}
	if err := c.readOwn(); err != nil {
		return err
	}
	if err := c.judge(); err != nil {
		return err
	}
	c.findMissing()
	if s.DryRun {
		return c.show()
	}
	return c.run()
}

// arguments separates the claims in args from the sets of results. Its error lists all mistakes.
func (c *campaign) arguments(args []string) error {
	var ids []string
	for _, k := range c.ledger.Second.Claims {
		ids = append(ids, k.ID)
	}
	var errs []error
	for _, arg := range args {
		set, err := os.Stat(arg)
		out, _ := os.Stat(c.Out) // nil if it does not exist
		switch {
		case slices.Contains(ids, arg):
			c.only = append(c.only, arg)
		case err == nil && os.SameFile(set, out):
			// Out is always read.
		case err == nil:
			c.paths = append(c.paths, arg)
		default:
			hint := "`uaibench claims --all` lists the claims"
			if near := tree.Nearest(arg, ids); near != "" {
				hint = "did you mean " + near + "?"
			}
			errs = append(errs, fmt.Errorf("%s: there is no such claim, run, pack or folder; %s", arg, hint))
		}
	}
	if errs != nil {
		return Usage(errors.Join(errs...))
	}
	return nil
}

// show prints the plan of a dry run.
func (c *campaign) show() error {
	p := c.next()
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	if c.JSON {
		return snakejson.Write(c.Stdout, p)
	}
	var pending []string
	for _, look := range c.lock.Looks {
		if !c.settled(look) && c.wanted(look) {
			pending = append(pending, fmt.Sprintf("look %d (%s)", look.Number,
				strings.Join(look.names(), ", ")))
		}
	}
	if pending != nil {
		fmt.Fprintf(c.Stdout, "looks under way in %s, which run first: %s\n\n", c.Out,
			strings.Join(pending, "; "))
	}
	return p.WriteText(c.Stdout, c.Width)
}

// names returns the claims that a look is for.
func (l Look) names() (out []string) {
	for _, c := range l.Claims {
		if !c.Beside {
			out = append(out, c.ID)
		}
	}
	return out
}

// hours converts the value of --hours.
func hours(h float64) time.Duration {
	return time.Duration(math.Min(h*float64(time.Hour), math.MaxInt64))
}
