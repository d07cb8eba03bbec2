package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
	"github.com/uaibench/uaibench/report/nights"
)

// storyJSON is what compare --history --json and --notify say of nights.
type storyJSON struct {
	Verdict string `json:"verdict"`
	Changed bool   `json:"changed"` // the last night's colour is not that of the one before
	*nights.Story
	Comparison *compare.Comparison `json:"comparison"`
}

// compareNights judges the nights of a folder, and those that are named as later ones.
func (a *app) compareNights(args []string, f compareFlags, s compare.Settings) error {
	runs, accepted, err := nights.Read(f.history)
	if err != nil {
		return fmt.Errorf("--history: %w", err)
	}
	runs = slices.DeleteFunc(runs, func(run *runlog.Run) bool {
		return slices.ContainsFunc(args, func(arg string) bool { return sameFile(arg, run.Path) })
	})
	for _, path := range args {
		run, err := runlog.Read(path)
		if err != nil {
			return err
		}
		runs = append(runs, run)
	}
	if len(runs) == 0 {
		return usage(fmt.Errorf("--history %s: there is no run or pack", f.history))
	}
	story, err := nights.Judge(runs, accepted, s)
	if err != nil {
		return err
	}
	all := storyJSON{story.Verdict(), story.Changed(), story, story.Last}
	if f.asJSON {
		err = printJSON(a.stdout, all)
	} else {
		shown := runs[max(0, len(runs)-f.nights):]
		err = compare.Write(a.stdout, story.Last, compare.Setting{
			Verdict: story.Verdict(), Crossed: append([]string{}, story.Now().Crossed...),
			Tables: story.Tables(f.nights), Past: compare.Past(shown), Width: a.width()}, f.format)
	}
	if err != nil {
		return err
	}
	if err := a.notify(f.notify, all); err != nil {
		return err
	}
	if f.gate && story.Now().State == nights.Red {
		return &statusError{status: statusGate}
	}
	return nil
}

// notify hands the story to a program, without a shell.
func (a *app) notify(program []string, story storyJSON) error {
	if len(program) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := printJSON(&b, story); err != nil {
		return err
	}
	c := exec.Command(program[0], program[1:]...)
	c.Stdin, c.Stdout, c.Stderr = &b, a.stderr, a.stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("--notify %s: %w", strings.Join(program, " "), err)
	}
	return nil
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

func (a *app) acceptCommand() *cobra.Command {
	reason := ""
	c := &cobra.Command{
		Use:   "accept NIGHTS [NIGHT]",
		Short: "Make a night the baseline that later ones are held against",
		Long: `Writes ` + nights.BaselineFile + ` into a folder of nights: the runs and packs of one spec, in the
order of their names. Without a NIGHT it is the last one. Until something is accepted, the first
night is the baseline.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(errors.New("uaibench accept: name a folder of nights, and a night of " +
					"it if not the last one\nsee: uaibench accept --help"))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			night := ""
			if len(args) == 2 {
				night = args[1]
			}
			accepted, err := nights.Accept(args[0], night, reason)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "%s: the baseline is %s\n", args[0], accepted.Night)
			return nil
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for those who read it later")
	return c
}
