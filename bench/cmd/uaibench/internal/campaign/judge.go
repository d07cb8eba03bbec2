package campaign

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// settled reports whether every cell of a look is done or failed, and the files of its other
// commands exist. With --retry-failed, failures count only in folders that this call ran.
func (c *campaign) settled(l Look) bool {
	return !slices.ContainsFunc(l.Commands, func(k Command) bool {
		if k.Spec == "" {
			return !c.has(k)
		}
		r := c.own[k.Folder]
		return r == nil || r.Plan.Digest() != k.Plan ||
			slices.ContainsFunc(r.Cells, func(x runlog.CellRecord) bool {
				return !over(x) || x.Status.State != runlog.Done && c.RetryFailed && !c.tried[k.Folder]
			})
	})
}

// over reports whether a cell is done, failed or timed out. A failure for missing data does not
// count.
func over(x runlog.CellRecord) bool {
	if x.Status.State == runlog.Done {
		return true
	}
	n := len(x.Status.Attempts)
	return (x.Status.State == runlog.Failed || x.Status.State == runlog.TimedOut) &&
		n > 0 && !x.Status.Attempts[n-1].NoData
}

// readOwn reads the campaign's runs.
func (c *campaign) readOwn() error {
	for _, look := range c.lock.Looks {
		for _, k := range look.Commands {
			if err := c.readRun(k); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRun reads a command's run, if it exists, and notes its failed cells.
func (c *campaign) readRun(k Command) error {
	if k.Spec == "" {
		return nil
	}
	r, err := runlog.Read(filepath.Join(c.Out, k.Folder))
	if _, damaged := errors.AsType[*runlog.Damage](err); damaged {
		// The runner sets damaged cells aside and runs them again, if their claims are open without
		// them.
		fmt.Fprintln(c.Stderr, err)
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	c.own[k.Folder] = r
	if !c.RetryFailed {
		c.block(r)
	}
	return nil
}

// block notes the failed cells of a run, so that no look waits for them.
func (c *campaign) block(r *runlog.Run) {
	for _, x := range r.Cells {
		n := len(x.Status.Attempts)
		if x.Status.State != runlog.Failed && x.Status.State != runlog.TimedOut || n == 0 {
			continue
		}
		last := x.Status.Attempts[n-1]
		c.blocked[x.ID] = fmt.Sprintf("%s on %s, seed %d: %s: %s", x.Label,
			c.Catalog.DatasetName(x.PlannedCell), x.Cell.Seed, x.Status.State, text.FirstLine(last.Error))
	}
}

// judge updates the verdicts by the sets and the complete looks. Unless it is a dry run, it keeps
// in looks.json what aggregate verdicts looked at.
func (c *campaign) judge() error {
	e := c.sets
	e.Runs = slices.Clone(e.Runs)
	for _, look := range c.lock.Looks {
		for _, k := range look.Commands {
			if r := c.own[k.Folder]; r != nil && c.settled(look) && !slices.Contains(e.Runs, r) {
				e.Runs = append(e.Runs, r)
			}
		}
	}
	looks := filepath.Join(c.Out, "looks.json")
	var files []string
	for _, f := range []string{looks, filepath.Join(c.Out, theory, "theory.json"),
		filepath.Join(c.Out, drawsName)} {
		if _, err := os.Stat(f); err == nil {
			files = append(files, f)
		}
	}
	if files != nil {
		more, err := c.Evidence(files)
		if err != nil {
			return err
		}
		e = Join(e, more)
	}
	slices.SortStableFunc(e.Runs, func(a, b *runlog.Run) int { return cmp.Compare(a.Digest(), b.Digest()) })
	c.judges, _ = rule.New(c.ledger, c.Catalog, e)
	c.judged = claims.Verdicts(c.judges)
	if c.DryRun {
		return nil
	}
	if err := c.judged.KeepLooks(looks); err != nil {
		return fmt.Errorf("what verdicts are based on could not be kept: %w", err)
	}
	return nil
}

// asLocked returns an error if a look was judged by replicates other than the locked ones, which
// happens if a given set has others.
func (c *campaign) asLocked(look Look) error {
	var errs []error
	for _, k := range look.Claims {
		c.samples(k, func(n int, q decide.Quantity, s sample.Sample) {
			if got := decide.Seeds(s.Keys, n); len(s.Values) >= n && got != q.Seeds {
				errs = append(errs, fmt.Errorf("look %d, %s: %s of %s on %s was locked with the replicates "+
					"%s, but the sets begin with %s: leave out the set that has these", look.Number, k.ID,
					q.Metric, q.Arm, q.Dataset, q.Seeds, got))
			}
		})
	}
	return errors.Join(errs...)
}

// samples calls use for each quantity of a locked claim, with n, the look's number of replicates.
func (c *campaign) samples(k Claim, use func(n int, q decide.Quantity, s sample.Sample)) {
	operands := map[string]*ledger.Operand{}
	for _, check := range c.ledger.Second.Claim(k.ID).Checks {
		for _, o := range []*ledger.Operand{check.Left, check.Right} {
			if o != nil {
				operands[decide.Metric(o)] = o
			}
		}
	}
	for _, x := range k.Comparisons {
		for _, q := range x.Quantities {
			if o := operands[q.Metric]; o != nil { // the rules are those locked: see fits
				use(x.N, q, c.judges.Source.Quantity(o, q.Arm, q.Dataset, q.At))
			}
		}
	}
}
