package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report"
	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/synth"
	"github.com/uaibench/uaibench/synth/source"
)

// app is the state that the commands share.
type app struct {
	stdout, stderr io.Writer
	args           []string
	data           string // --data
	find           *source.Finder
	files          *bench.FileCatalog
	missing        map[string]bool // ids of datasets whose files were reported missing
	cleans         atomic.Bool     // the command cleans up and returns soon after its context ends
}

func (a *app) catalog() bench.Catalog {
	if a.files == nil {
		a.files = synth.Files(context.Background(), a.finder())
	}
	return bench.Catalog{Datasets: synth.Catalog(), Methods: baselines.Catalog(), File: a.files,
		Program: external.Catalog()}
}

// width returns the width of the output in columns: COLUMNS (at least 20), else the terminal's
// width, else report.TextWidth.
func (a *app) width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return max(n, 20)
	}
	if f, ok := a.stdout.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return report.TextWidth
}

// finder returns the finder of raw data, whose folder is --data or UAIBENCH_DATA.
func (a *app) finder() *source.Finder {
	if a.find == nil {
		a.find = &source.Finder{Dir: cmp.Or(a.data, os.Getenv("UAIBENCH_DATA"))}
	}
	return a.find
}

// locate registers the paths of own's files with find. A file that is no longer at its path is
// searched for by its name in the data directory and the cache.
func locate(find *source.Finder, own *bench.OwnThings) {
	if own == nil {
		return
	}
	for sum, path := range own.Files {
		for _, name := range []string{path, filepath.Base(path)} {
			if full, err := find.Resolve(".", name); err == nil {
				find.Own(sum, full)
				break
			}
		}
	}
}

// builder returns a function that builds datasets for reports from the available raw data.
func (a *app) builder() page.Data {
	find := a.finder()
	return func(ref bench.DatasetRef) (*bench.Dataset, error) {
		return synth.Build(context.Background(), ref, find)
	}
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "uaibench",
		Short: "Checks the claims of the UaiNets paper on active anomaly detection",
		Long: `uaibench checks the claims of "UaiNets: From Unsupervised to Active Deep Anomaly Detection".

A spec (YAML) names datasets, methods, a budget of audits and seeds. Each method on each dataset
with each seed is a cell; cells run in parallel and are kept in a run directory. After an
interruption the same command resumes the run.

  uaibench run demo            the main job: five methods on real MNIST, a table and a report
  uaibench run SPEC            a file, or the name of a committed experiment
  uaibench methods             what a spec may name; also: datasets, schema
  uaibench help spec           the language of specs: every key with type, default and an example

Exit status: 0 success; 1 the harness failed; 2 the spec or the arguments are wrong; 3 some cells
failed; 4 a gate was crossed (verify found something, compare --gate a regression, claims --gate
a contradiction, lint-paper --gate anything); 5 nothing was measured; 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       versionText(),
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			hint := "see: uaibench --help"
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "did you mean " + strings.Join(near, " or ") + "?"
			}
			return usage(fmt.Errorf("unknown command %q; %s", args[0], hint))
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(c *cobra.Command, _ []string) error {
			if f := c.Flag("out"); f != nil && f.Changed && f.Value.String() == "" {
				return usage(fmt.Errorf("--out is empty: name a place, or leave it out\n"+
					"see: %s --help", c.CommandPath()))
			}
			if err := baselines.KernelError(); err != nil {
				return usage(err)
			}
			return checkFlags(c)
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage(fmt.Errorf("%s\nsee: %s --help", goTerms.ReplaceAllString(err.Error(), ""),
			c.CommandPath()))
	})
	root.PersistentFlags().StringVar(&a.data, "data", "",
		"folder of raw data (default: $UAIBENCH_DATA)")
	a.fitHelp(root)
	root.AddCommand(a.runCommand(), a.planCommand(), a.reportCommand(), a.statusCommand(),
		a.packCommand(), a.verifyCommand(), a.exportCommand(), a.compareCommand(),
		a.acceptCommand(), a.siteCommand(), a.decideCommand(), a.initCommand(),
		a.submitCommand(), a.claimsCommand(), a.lintCommand(), a.dataCommand(),
		a.theoryCommand(), a.drawCommand(), a.renderCommand(), a.methodsCommand(),
		a.methodCommand(),
		a.datasetsCommand(), a.schemaCommand(), a.specHelp())
	return root
}

// goTerms matches the parts of flag errors that are specific to Go.
var goTerms = regexp.MustCompile(`strconv\.\w+: parsing "[^"]*": |time: `)

// temp creates a temporary folder and returns its path.
func temp() (string, error) {
	dir, err := os.MkdirTemp("", "uaibench-")
	if err != nil {
		return "", fmt.Errorf("cannot create a temporary folder: %w; TMPDIR sets where", err)
	}
	return dir, nil
}

// atLeastOne rejects an empty list of arguments; what names them in the error.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage(fmt.Errorf("%s: name at least one %s\nsee: %s --help", c.CommandPath(),
				what, c.CommandPath()))
		}
		return nil
	}
}

func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(fmt.Errorf("%s: unexpected argument %q\nsee: %s --help", c.CommandPath(),
			args[0], c.CommandPath()))
	}
	return nil
}

// each calls do for every argument, even after an error, and returns the joined errors.
func each(args []string, do func(arg string) error) error {
	var errs []error
	for _, arg := range args {
		errs = append(errs, do(arg))
	}
	return errors.Join(errs...)
}

// specFlags are the flags shared by the commands that read specs.
type specFlags struct {
	profile string
	set     []string
}

func (f *specFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.profile, "profile", "", "apply a profile of the spec, such as smoke")
	c.Flags().StringArrayVar(&f.set, "set", nil,
		"override a field, key=value or key=v,v to sweep; may be repeated")
}

// plans parses the named specs. Its usage error joins the errors of all specs.
func (a *app) plans(names []string, f specFlags) ([]*bench.Plan, error) {
	var plans []*bench.Plan
	var errs []error
	for _, name := range names {
		file, text, err := readSpec(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		p, err := spec.Parse(file, text, a.catalog(), spec.Options{Profile: f.profile, Set: f.set})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		plans = append(plans, p)
	}
	if len(errs) > 0 {
		return nil, usage(errors.Join(errs...))
	}
	return plans, nil
}

// maxSpec is the most bytes read of a spec; spec.Parse has its own, lower limit.
const maxSpec = 4 << 20

// fromInput is the argument that names standard input as the spec.
const fromInput = "-"

// readSpec reads a file, a committed experiment by its name, or standard input. A folder with an
// experiment's name does not hide the experiment.
func readSpec(name string) (file string, text []byte, err error) {
	if name == fromInput {
		text, err = io.ReadAll(io.LimitReader(os.Stdin, maxSpec))
		return "standard input", text, err
	}
	f, err := os.Open(name)
	folder := false
	if err == nil {
		defer f.Close()
		info, err := f.Stat()
		folder = err == nil && info.IsDir()
	}
	if folder || errors.Is(err, fs.ErrNotExist) {
		if file, text, ok := committedSpec(name); ok {
			return file, text, nil
		}
	}
	switch {
	case folder:
		return name, nil, fmt.Errorf("%s: is a folder; name a YAML file in it", name)
	case errors.Is(err, fs.ErrNotExist):
		return name, nil, fmt.Errorf("%s: there is no such file, nor a committed experiment of "+
			"that name (%s)", name, strings.Join(experimentNames(), ", "))
	case err != nil:
		return name, nil, fmt.Errorf("the spec cannot be read: %w", err)
	}
	text, err = io.ReadAll(io.LimitReader(f, maxSpec))
	if err != nil {
		return name, nil, fmt.Errorf("%s: %w", name, err)
	}
	return name, text, nil
}

// committedSpec returns the experiment called name: demo, demo.yaml or experiments/demo.yaml.
func committedSpec(name string) (file string, text []byte, ok bool) {
	short := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(name), "experiments/"), ".yaml")
	if !slices.Contains(experimentNames(), short) {
		return "", nil, false
	}
	text, err := experiments.Specs.ReadFile(short + ".yaml")
	return "experiments/" + short + ".yaml", text, err == nil
}

func experimentNames() []string {
	files, _ := experiments.Specs.ReadDir(".")
	var out []string
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), "paper") { // the ledger and the printed tables
			out = append(out, strings.TrimSuffix(f.Name(), ".yaml"))
		}
	}
	return out
}

// apart rejects specs with the same run directory, where one's plan would replace the other's.
func apart(names []string, plans []*bench.Plan, out string) error {
	first := map[string]string{}
	for i, p := range plans {
		dir := runDir(p, out)
		if other, taken := first[dir]; taken {
			return fmt.Errorf("%s and %s both go to %s, where the second one's report would "+
				"replace the first one's: give one of them another name, or run them one at a "+
				"time with --out", other, names[i], dir)
		}
		first[dir] = names[i]
	}
	return nil
}

// checkData returns an error if --data or UAIBENCH_DATA is set and does not name a folder.
func (a *app) checkData() error {
	dir, from := a.data, "--data"
	if dir == "" {
		dir, from = os.Getenv("UAIBENCH_DATA"), "UAIBENCH_DATA"
	}
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && info.IsDir():
		return nil
	case err == nil:
		return fmt.Errorf("%s %s: it is not a folder", from, dir)
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(dir, "~"):
		return fmt.Errorf("%s %s: there is no such folder; the ~ was not expanded by a shell: "+
			"write the whole path", from, dir)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s %s: there is no such folder", from, dir)
	}
	return fmt.Errorf("%s: %w", from, err)
}

// runDir returns the directory of a plan's results: out, or runs/NAME[-PROFILE] if out is empty.
func runDir(p *bench.Plan, out string) string {
	if out != "" {
		return out
	}
	name := p.Name
	if p.Profile != "" {
		name += "-" + p.Profile
	}
	return filepath.Join("runs", name)
}

func versionText() string {
	text := version
	if commit != "" {
		text += " (" + commit[:min(12, len(commit))]
		if dirty != "" {
			text += ", with changes"
		}
		text += ")"
	}
	return text
}
