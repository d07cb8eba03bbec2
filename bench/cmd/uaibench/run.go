package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/bytesize"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/runjson"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/bench/runner/progress"
	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report"
	"github.com/uaibench/uaibench/synth"
	"github.com/uaibench/uaibench/synth/source"
)

type runFlags struct {
	specFlags
	jobs        int
	threads     int
	shard       string
	retryFailed bool
	failFast    bool
	snapshot    time.Duration
	reuse       []string
	memory      bytesize.Size
	out         string
	asJSON      bool
	allowExec   bool
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run SPEC…",
		Short: "Run the missing cells of a spec, and render its report",
		Long: `Runs, in parallel, the cells of each spec that are missing from the run directory, and prints a
table and the path of a report. An interruption (Ctrl-C, a kill, a power cut) loses no done cell;
the same command resumes the run.

SPEC is a YAML file, the name of a committed experiment, such as demo, or - for standard input.

A cell is the same wherever it is planned: --reuse imports the done cells of another run or pack,
with the record of where they were computed, and only the others run.`,
		Args: atLeastOne("spec"),
		RunE: func(c *cobra.Command, args []string) error { return a.run(c.Context(), args, f) },
	}
	f.add(c)
	f.addMachine(c)
	c.Flags().StringVar(&f.shard, "shard", "",
		"i/n: the i-th of n parts of about equal work; shards may share a run directory")
	c.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop at the first cell that fails")
	c.Flags().StringVarP(&f.out, "out", "o", "",
		"run directory (default: runs/NAME); with one spec only")
	addReuse(c, &f.reuse)
	addAllow(c, &f.allowExec)
	c.Flags().BoolVar(&f.asJSON, "json", false,
		"print each run's summary as JSON instead of the table")
	return c
}

func (a *app) run(ctx context.Context, args []string, f runFlags) error {
	shard, err := parseShard(f.shard)
	if err != nil {
		return usage(err)
	}
	if err := f.checkMachine(); err != nil {
		return err
	}
	if f.out != "" && len(args) > 1 {
		return usage(fmt.Errorf("--out names one run directory, but there are %d specs", len(args)))
	}
	plans, err := a.plans(args, f.specFlags)
	if err != nil {
		return err
	}
	if err := apart(args, plans, f.out); err != nil {
		return usage(err)
	}
	if err := a.checkData(); err != nil {
		return usage(err)
	}
	others, err := readRuns(f.reuse)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if err := a.mayStart(p, f.allowExec); err != nil {
			return err
		}
		a.reportMissing(a.stderr, p, a.missing)
	}
	a.cleans.Store(true)
	find := a.finder()
	worst := statusOK
	for _, p := range plans {
		status, err := a.runPlan(ctx, p, find, shard, others, f)
		if err != nil {
			return err
		}
		if status == statusInterrupted {
			return &statusError{status: status}
		}
		worst = max(worst, status)
	}
	if worst != statusOK {
		return &statusError{status: worst}
	}
	return nil
}

// runPlan runs one plan, prints its outcome and returns the exit status.
func (a *app) runPlan(ctx context.Context, p *bench.Plan, find *source.Finder, shard runlog.Shard,
	others []*runlog.Run, f runFlags) (status int, err error) {
	dir := runDir(p, f.out)
	if shard.N > 0 {
		shard.Owner = baselines.Deal(p.Cells, shard.N,
			func(c bench.Cell) baselines.Shape { return baselines.ShapeOf(a.catalog(), c) })
	}
	sum, err := a.execute(ctx, runner.Config{Plan: *p, Dir: dir, Shard: shard, Reuse: others,
		FailFast: f.failFast}, find, f)
	if err != nil {
		return statusHarness, err
	}
	if sum.Interrupted {
		return statusInterrupted, nil
	}
	if err := a.showRun(dir, sum, shard, f); err != nil {
		return statusHarness, err
	}
	tried := slices.ContainsFunc(sum.Failures,
		func(f runner.Failure) bool { return !f.Attempt.NoData })
	if tried && !f.retryFailed {
		fmt.Fprintln(a.stderr, "to run failed cells again: add --retry-failed")
	}
	switch {
	case sum.Planned == 0:
		return statusOK, nil // a shard without cells: the plan has fewer cells than shards
	case sum.Done == 0:
		return statusNothing, nil
	case sum.Failed+sum.TimedOut+sum.NotRun > 0:
		return statusCells, nil
	}
	return statusOK, nil
}

// execute runs the missing cells of c.Plan in c.Dir and shows the progress. It prints the failed
// cells and, after an interruption, the command that resumes the run.
func (a *app) execute(ctx context.Context, c runner.Config, find *source.Finder, f runFlags) (
	runner.Summary, error) {
	var stale error
	display := progress.New(a.stderr, progress.Options{Dataset: a.catalog().DatasetName})
	learners := newHost(c.Plan.Own, c.Dir)
	restore := tuneCollector(f.memory)
	jobs, left := 1, 1 // cells at a time, and cells not ended yet
	c.Jobs, c.RetryFailed, c.Snapshot, c.Env = f.jobs, f.retryFailed, f.snapshot, a.env(&c.Plan)
	c.Fit = func(todo []*bench.PlannedCell, jobs int) int {
		return a.fitting(display, f, todo, jobs)
	}
	c.Data = func(ctx context.Context, ref bench.DatasetRef) (*bench.Dataset, error) {
		return synth.Build(ctx, ref, find)
	}
	c.Method = learners.learner
	c.Events = func(e runner.Event) {
		switch e.Kind {
		case runner.PlanReady:
			stale = report.DropStale(c.Plan, c.Dir) // now this process holds the directory's lock
			jobs, left = e.Plan.Jobs, len(e.Plan.ToRun)
			for _, c := range e.Plan.ToRun {
				learners.Expect(c.Cell)
			}
		case runner.DatasetFailed:
			if a.missing[e.Dataset.ID] {
				e.Error = "dataset " + e.Dataset.ID + ": its files are missing (see above)"
			}
		case runner.CellDone, runner.CellFailed, runner.CellTimedOut:
			left--
		}
		learners.SetThreads(threads(f.threads, jobs, left))
		display.Event(e)
	}
	sum, err := runner.Run(ctx, c)
	restore()
	display.Close()
	if err = errors.Join(err, stale); err != nil {
		return sum, err
	}
	a.reportFailures(sum)
	if sum.Interrupted {
		fmt.Fprintf(a.stderr, "interrupted: %d of %d cells are done and kept in %s\nto resume: %s %s\n",
			sum.Done, sum.Planned, c.Dir, text.ShellWord(os.Args[0]), quoted(a.args))
	}
	return sum, nil
}

// fitting returns how many cells at a time fit into --memory, and prints a note if below jobs.
func (a *app) fitting(display io.Writer, f runFlags, todo []*bench.PlannedCell, jobs int) int {
	if f.memory == 0 {
		return jobs
	}
	fits, one := a.fit(f.memory, todo, jobs, f.threads)
	switch most := min(jobs, len(todo)); {
	case one > f.memory:
		fmt.Fprintf(display, "--memory %v: even one cell at a time may need %v\n", &f.memory, &one)
	case fits < most:
		fmt.Fprintf(display, "--memory %v: %d cells at a time, not %d\n", &f.memory, fits, most)
	}
	return fits
}

// reportFailures prints the failed cells. A dataset that could not be built was reported when it
// failed; here only the cells that wait for it are counted.
func (a *app) reportFailures(sum runner.Summary) {
	wait := map[string]int{}
	defer func() {
		for _, id := range slices.Sorted(maps.Keys(wait)) {
			fmt.Fprintf(a.stderr, "waiting for dataset %s: %s; once it is available, the same "+
				"command runs them\n", id, text.Plural(wait[id], "cell"))
		}
	}()
	for _, e := range sum.Failures {
		if e.Attempt.NoData {
			wait[a.catalog().DatasetName(e.Cell)]++
			continue
		}
		fmt.Fprintf(a.stderr, "%s on %s, seed %d: %s: %s\n", e.Cell.Label,
			a.catalog().DatasetName(e.Cell), e.Cell.Cell.Seed, e.Attempt.State,
			text.FirstLine(e.Attempt.Error))
	}
}

// showRun prints the summary of a run and, unless it is a shard, writes its report: a shard's
// report would show only a part, and all shards would write the same files.
func (a *app) showRun(dir string, sum runner.Summary, shard runlog.Shard, f runFlags) error {
	run, err := runlog.Read(dir)
	if err != nil {
		return err
	}
	// The files come first, so that they exist even if printing the table fails.
	var files []string
	var failed error
	if shard.N == 0 {
		files, failed = a.writeReport(run, dir)
	}
	if f.asJSON {
		err = snakejson.Write(a.stdout, runjson.Of(run, sum))
	} else {
		err = report.Summary(a.stdout, run, a.catalog())
	}
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return err
	case !f.asJSON && len(files) > 0:
		fmt.Fprintf(a.stdout, "\nreport: %s\n", reportPath(files))
	}
	return nil
}

func (a *app) writeReport(run *runlog.Run, dir string) (files []string, err error) {
	verdicts, err := a.verdicts(run)
	if err == nil {
		files, err = report.Write(run, a.catalog(), verdicts, a.builder(), dir, nil)
	}
	if err != nil {
		return files, fmt.Errorf("the results are safe in %s, but the report failed: %w", dir, err)
	}
	return files, nil
}

// addReuse adds --reuse to a command, with its former name --from.
func addReuse(c *cobra.Command, paths *[]string) {
	c.Flags().StringArrayVar(paths, "reuse", nil,
		"import the done cells of this run directory or pack; may be repeated (formerly --from)")
	c.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "from" {
			name = "reuse"
		}
		return pflag.NormalizedName(name)
	})
}

// readRuns reads runs whose cells may be imported; damaged ones are found before any cell runs.
func readRuns(paths []string) (runs []*runlog.Run, err error) {
	for _, path := range paths {
		run, e := runlog.Read(path)
		if e != nil {
			err = errors.Join(err, fmt.Errorf("--reuse %s: %w", path, e))
		}
		runs = append(runs, run)
	}
	return runs, err
}

func (a *app) env(p *bench.Plan) runlog.Env {
	e := runlog.Collect()
	if version != "development" {
		e.Version = version
	}
	if commit != "" {
		e.Commit, e.Dirty = commit, dirty != ""
	}
	e.Kernel = baselines.Kernel()
	e.Args = a.args
	e.Raw = map[string]string{}
	cat := a.catalog()
	for _, c := range p.Cells {
		d, _ := cat.Of(c.Cell.Dataset)
		for _, r := range d.Raw {
			e.Raw[r.Name+" of "+cat.DatasetName(c)] = r.SHA256
		}
	}
	return e
}

func reportPath(files []string) string {
	for _, f := range files {
		if filepath.Ext(f) == ".html" {
			return f
		}
	}
	return strings.Join(files, ", ")
}

// quoted joins arguments to one line that is safe to paste into a shell.
func quoted(args []string) string {
	words := make([]string, len(args))
	for i, s := range args {
		words[i] = text.ShellWord(s)
	}
	return strings.Join(words, " ")
}
