package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
)

type compareFlags struct {
	format    string
	asJSON    bool
	gate      bool
	maxDrop   []string
	allow     []string
	tolerance float64
	history   string
	nights    int
	notify    []string
}

func (a *app) compareCommand() *cobra.Command {
	var f compareFlags
	c := &cobra.Command{
		Use: "compare OLD NEW",
		Short: "Which cells are equal to the bit, which moved and by how much, which are new, " +
			"gone or fail now",
		Long: `Compares two runs or packs of an experiment. Cells are matched by what determines
them or, if a version or a default changed, by dataset, method, label, sweep and seed, with the
change named. For moved cells it has paired differences over the seeds, with Student's and the
sign-flip test's intervals, and what so few seeds can show.

--history DIR takes the runs and packs in a folder, in the order of their names, as nights, and
those given as arguments as later nights. The last night is compared with the baseline, which is the
first night or the one set by uaibench accept, and with the last green night since: a regression
stays red until it is fixed or accepted. --notify PROGRAM receives the story as JSON. A night that
cannot be read is named and left out, and the exit status is 1 unless a gate was crossed.

--gate exits with status 4 if a cell fails now, is not run now or is gone, if the same recipe gave
different bytes, or if the mean of a group fell by more than --max-drop, or the spec's gate:
max_drop (found: as a share of the anomalies).`,
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args, f) },
	}
	c.Flags().StringVar(&f.format, "format", "text", "text, md or html")
	c.Flags().BoolVar(&f.asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&f.gate, "gate", false, "exit with status 4 if something got worse")
	addGate(c, &f)
	c.Flags().StringVar(&f.history, "history", "", "folder of runs and packs of earlier nights")
	c.Flags().IntVar(&f.nights, "nights", 14, "how many runs the history shows")
	c.Flags().StringSliceVar(&f.notify, "notify", nil,
		"PROGRAM,ARG,…: a program that receives the nights' story as JSON on its standard input")
	return c
}

// addGate adds the flags that define a regression.
func addGate(c *cobra.Command, f *compareFlags) {
	c.Flags().StringSliceVar(&f.maxDrop, "max-drop", nil,
		"found=0.02,f1=0.02,area=0.02,split_f1=0.02: how far the mean of a group may fall; "+
			"metrics left out have no limit (default: the gate of the new run's spec, or 0.02 "+
			"each)")
	c.Flags().StringSliceVar(&f.allow, "allow", nil,
		"what the gate tolerates: fails, not-run, gone, moved")
	c.Flags().Float64Var(&f.tolerance, "tolerance", 0.02,
		"by how much cells of different architectures may differ")
}

var allowed = map[string]compare.Outcome{"fails": compare.FailsNow, "not-run": compare.NotRunNow,
	"gone": compare.Gone, "moved": compare.Moved}

func (f compareFlags) settings() (compare.Settings, error) {
	s := compare.Settings{Tolerance: f.tolerance}
	if f.tolerance <= 0 {
		return s, fmt.Errorf("--tolerance %v: must be above 0", f.tolerance)
	}
	for _, name := range f.allow {
		o, ok := allowed[name]
		if !ok {
			return s, fmt.Errorf("--allow %s: is not one of fails, not-run, gone, moved", name)
		}
		s.Allow = append(s.Allow, o)
	}
	for _, d := range f.maxDrop {
		name, value, _ := strings.Cut(d, "=")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || !(v >= 0) || !slices.Contains(compare.Metrics, name) {
			return s, fmt.Errorf("--max-drop %s: write found=V, f1=V, area=V or split_f1=V with "+
				"V at least 0", d)
		}
		if s.MaxDrop == nil {
			s.MaxDrop = map[string]float64{}
		}
		s.MaxDrop[name] = v
	}
	return s, nil
}

func (a *app) compare(args []string, f compareFlags) error {
	settings, err := f.settings()
	switch {
	case err != nil:
		return usage(err)
	case !slices.Contains(compare.Formats, f.format):
		return usage(fmt.Errorf("--format %s: is not one of %s", f.format,
			strings.Join(compare.Formats, ", ")))
	case f.nights < 2:
		return usage(fmt.Errorf("--nights %d: write 2 or more", f.nights))
	}
	if f.history != "" {
		return a.compareNights(args, f, settings)
	}
	if len(args) != 2 {
		return usage(errors.New("uaibench compare: name an old and a new run, or a --history of " +
			"nights\nsee: uaibench compare --help"))
	}
	var runs []*runlog.Run
	for _, path := range args {
		run, err := runlog.Read(path)
		if err != nil {
			return err
		}
		runs = append(runs, run)
	}
	if settings.MaxDrop == nil {
		settings.MaxDrop = runs[1].Plan.MaxDrop
	}
	c := compare.Compare(runs[0], runs[1], settings)
	if f.asJSON {
		err = snakejson.Write(a.stdout, c)
	} else {
		err = compare.Write(a.stdout, c, compare.Setting{Width: a.width()}, f.format)
	}
	if err != nil {
		return err
	}
	if f.gate && len(c.Crossed) > 0 {
		return &statusError{status: statusGate}
	}
	return nil
}
