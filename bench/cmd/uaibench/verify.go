package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runlog/verify"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/synth"
)

type verifyFlags struct {
	sample  int
	seed    uint64 // draws the sample
	threads int
	partial bool
	digest  string
	asJSON  bool

	allowExec bool
}

func (a *app) verifyCommand() *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use: "verify RUN|PACK…",
		Short: "Re-read every digest and replay every audit log; with --sample, run cells again " +
			"and compare bytes",
		Long: `Checks all files of a run against their digests, each other and the audit logs: the
curve and the metrics of every cell are computed from its log only, and must be the stored bytes.
It trains nothing and needs no data. What no log can show, such as the ROC-AUC of all scores, is
listed.

--sample N runs N cells again and compares all bytes. A random seed draws them, so that whoever
made the run could not know which; it is printed, and --sample-seed draws the same ones.

Exit status: 4 if something was found. Missing planned cells count too, unless --partial.`,
		Args: atLeastOne("run directory or pack"),
		RunE: func(c *cobra.Command, args []string) error {
			if f.sample < 0 {
				return usage(errors.New("--sample: write 1 or more, or leave it out"))
			}
			if err := checkThreads(f.threads); err != nil {
				return usage(err)
			}
			if !c.Flags().Changed("sample-seed") {
				f.seed = rand.Uint64()
			}
			// An empty digest, as from an unset variable in a script, would match any run.
			if f.digest == "" && c.Flags().Changed("digest") {
				return usage(errors.New("--digest is empty: write the digest that the run must " +
					"have, or its beginning"))
			}
			if f.digest != "" && len(args) > 1 {
				return usage(fmt.Errorf("--digest is for one run, but there are %d", len(args)))
			}
			found, failed := false, false
			err := each(args, func(root string) error {
				v, again, err := a.verify(c.Context(), root, f)
				if err != nil {
					return err
				}
				found = found || len(v.Findings) > 0
				failed = failed || len(again.Failed) > 0
				if f.asJSON {
					return snakejson.Write(a.stdout, struct {
						*verify.Report
						Again *againJSON `json:"run_again,omitempty"`
					}{v, again.orNil(f.sample)})
				}
				return a.writeVerification(v, again, f)
			})
			switch {
			case found && (err == nil || c.Context().Err() == nil):
				return &statusError{statusGate, err}
			case err != nil:
				return err
			case failed:
				return &statusError{status: statusCells}
			}
			return nil
		},
	}
	c.Flags().IntVar(&f.sample, "sample", 0,
		"run this many cells again and compare their bytes; needs the data")
	c.Flags().Uint64Var(&f.seed, "sample-seed", 0,
		"seed that draws these cells (default: a random number)")
	c.Flags().IntVar(&f.threads, "threads", 0,
		"threads for a cell that is run again (default: one a core)")
	addAllow(c, &f.allowExec)
	c.Flags().BoolVar(&f.partial, "partial", false,
		"planned cells may be missing, as in an unfinished run")
	c.Flags().StringVar(&f.digest, "digest", "",
		"the digest of the results that the run must have, or its beginning")
	c.Flags().BoolVar(&f.asJSON, "json", false, "as JSON")
	return c
}

// againJSON is the outcome of running cells again, by cell id.
type againJSON struct {
	Seed uint64   `json:"sample_seed"` // draws the sample
	Same []string `json:"same"`        // gave the same bytes
	// Other are the cells that gave other bytes; each is a finding too.
	Other  []string          `json:"other"`
	Failed map[string]string `json:"failed"` // error by id
	// LeftOut has, by id, the reason why a cell of the user's own program was not run.
	LeftOut map[string]string `json:"left_out,omitempty"`
}

func (j *againJSON) orNil(sample int) *againJSON {
	if sample == 0 {
		return nil
	}
	return j
}

func (a *app) verify(ctx context.Context, root string, f verifyFlags) (*verify.Report, *againJSON,
	error) {
	again := &againJSON{Seed: f.seed, Same: []string{}, Other: []string{}, Failed: map[string]string{}}
	v, err := verify.Run(root, verify.Options{
		Partial:     f.partial,
		Pretraining: baselines.PretrainingKey,
		Scores:      baselines.ScoresWithoutData,
		Possible:    baselines.PossibleScore,
		Dataset:     a.catalog().DatasetName,
	})
	if err != nil {
		return nil, nil, err
	}
	if !strings.HasPrefix(v.Digest, f.digest) {
		v.Findings = append(v.Findings, verify.Finding{File: root,
			Problem: fmt.Sprintf("%s: the digest of the results is %s, not %s", root, v.Digest,
				f.digest)})
	}
	if f.sample == 0 {
		return v, again, nil
	}
	if err := a.checkData(); err != nil {
		return nil, nil, usage(err)
	}
	a.cleans.Store(true)
	temp, err := temp()
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(temp)
	find, learners := a.finder(), newHost(v.Own, temp)
	learners.SetThreads(cmp.Or(f.threads, runtime.GOMAXPROCS(0)))
	locate(find, v.Own)
	cells, left := startable(v.Sample(f.sample, f.seed), v, execAllowed(f.allowExec))
	again.LeftOut = left
	for _, line := range programsOf(cells) {
		fmt.Fprintf(a.stderr, "starting program\n%s\n", line)
	}
	for _, c := range cells {
		learners.Expect(c.Cell)
	}
	config := runner.Config{
		Data: func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
			return synth.Build(ctx, ref, find)
		},
		Method: learners.learner,
	}
	start := time.Now()
	err = runner.Rerun(ctx, config, cells,
		func(p bench.PlannedCell, r runlog.Result, q []runlog.Audit, err error) error {
			n := len(v.Findings)
			outcome := "the same bytes"
			if err != nil {
				again.Failed[p.ID] = err.Error()
				outcome = "could not be run: " + err.Error()
			} else if err := v.Compare(p.ID, r, q); err != nil {
				return err
			} else if len(v.Findings) > n {
				outcome = "DIFFERENT bytes"
				again.Other = append(again.Other, p.ID)
			} else {
				again.Same = append(again.Same, p.ID)
			}
			fmt.Fprintf(a.stderr, "run again: %s on %s, seed %d: %s (%.1f s)\n", p.Label,
				a.catalog().DatasetName(p), p.Cell.Seed, outcome, time.Since(start).Seconds())
			start = time.Now()
			return nil
		})
	return v, again, err
}

func (a *app) writeVerification(v *verify.Report, again *againJSON, f verifyFlags) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: digest of the results %s", v.Path, v.Digest)
	line("  %d cells planned: %d done, %d failed, %d timed out, %d missing", v.Planned, v.Done,
		v.Failed, v.TimedOut, v.NotRun)
	line("  %d of %d done cells replayed, %d audits: curve and metrics follow from the audit "+
		"log, byte for byte", v.Replayed, v.Done, v.Audits)
	if v.Slim > 0 {
		line("  %d cells are slim, without scores: only --sample can check that the scores fall "+
			"within a round, and the digest of the log", v.Slim)
	}
	line("  %d audits are of rows that other cells on the same data audited too: they agree",
		v.Shared)
	if v.Models > 0 {
		line("  %d cells share their model before the first label with another cell: they "+
			"agree on what it ranks first, and on its scores", v.Models)
	}
	if len(v.NotReplayed) > 0 {
		line("  no audit log can show these, so they are taken as given: %s",
			strings.Join(v.NotReplayed, "; "))
	}
	if v.Unsealed > 0 {
		line("  %d files are older than seals: labels, seconds and numbers of attempts are "+
			"taken as given", v.Unsealed)
	}
	if v.Unproven > 0 {
		line("  %d invocations are older than seals of env.json: its record of where and with "+
			"what they ran is taken as given", v.Unproven)
	}
	if f.sample > 0 {
		line("  %d of %d done cells, drawn by --sample-seed %d, run again: %d gave the same bytes, "+
			"%d different bytes, %d could not be run",
			len(again.Same)+len(again.Other)+len(again.Failed), v.Done, again.Seed,
			len(again.Same), len(again.Other), len(again.Failed))
	}
	for _, t := range v.Tried {
		line("  %s: %s after %d attempt(s) (cell %s)", t.Name, t.State, len(t.Attempts), t.Cell)
		for i, x := range t.Attempts {
			tried := fmt.Sprintf("    attempt %d: %s, %.1f s on %s, %s", i+1, x.State, x.Seconds,
				x.Host, x.Started.UTC().Format(time.DateTime))
			if x.Error != "" {
				tried += ": " + text.FirstLine(x.Error)
			}
			line("%s", tried)
		}
	}
	if v.NotInPlan > 0 {
		line("  %d cells are not in the plan: they are from earlier plans, or were removed "+
			"from it", v.NotInPlan)
	}
	for _, name := range v.SetAside {
		line("  set aside by an earlier run, as damaged: %s", name)
	}
	for _, x := range v.Findings {
		line("FOUND: %s", x)
	}
	for _, id := range slices.Sorted(maps.Keys(again.Failed)) {
		line("NOT RUN AGAIN: cell %s: %s", id, again.Failed[id])
	}
	for _, id := range slices.Sorted(maps.Keys(again.LeftOut)) {
		line("LEFT OUT: cell %s: %s", id, again.LeftOut[id])
	}
	if len(v.Findings) == 0 {
		line("nothing wrong was found")
	}
	_, err := io.WriteString(a.stdout, fit(b.String(), a.width()))
	return err
}
