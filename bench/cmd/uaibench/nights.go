package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/report/compare"
	"github.com/uaibench/uaibench/report/nights"
)

// storyJSON is the JSON of compare --history, for --json and --notify.
type storyJSON struct {
	Verdict string `json:"verdict"`
	Changed bool   `json:"changed"` // the last night's colour differs from that of the night before
	*nights.Story
	Comparison *compare.Comparison `json:"comparison"`
}

// compareNights judges the nights in a folder, with the runs in args as later nights.
func (a *app) compareNights(args []string, f compareFlags, s compare.Settings) error {
	folder, err := nights.Read(f.history)
	if err != nil {
		return fmt.Errorf("--history: %w", err)
	}
	for _, path := range args {
		folder.Add(path)
	}
	switch unreadable := folder.Err(); {
	case len(folder.Runs) == 0 && unreadable != nil:
		return unreadable
	case len(folder.Runs) == 0:
		return usage(fmt.Errorf("--history %s: there is no run or pack in it", f.history))
	}
	story, err := folder.Judge(s)
	if err != nil {
		return err
	}
	all := storyJSON{story.Verdict(), story.Changed(), story, story.Last}
	if f.asJSON {
		err = snakejson.Write(a.stdout, all)
	} else {
		shown := folder.Runs[max(0, len(folder.Runs)-f.nights):]
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
		return &statusError{statusGate, folder.Err()}
	}
	return folder.Err()
}

// notify runs a program, without a shell, with the story as JSON on its standard input.
func (a *app) notify(program []string, story storyJSON) error {
	if len(program) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := snakejson.Write(&b, story); err != nil {
		return err
	}
	c := exec.Command(program[0], program[1:]...)
	c.Stdin, c.Stdout, c.Stderr = &b, a.stderr, a.stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("--notify %s: %w", strings.Join(program, " "), err)
	}
	return nil
}

func (a *app) acceptCommand() *cobra.Command {
	reason := ""
	c := &cobra.Command{
		Use:   "accept NIGHTS [NIGHT]",
		Short: "Make a night the baseline that later nights are compared with",
		Long: `Writes ` + nights.BaselineFile + ` into a folder of nights: the runs and packs of one spec, in the
order of their names. NIGHT is the last one by default. Until a night is accepted, the first one
is the baseline.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage(errors.New("uaibench accept: name a folder of nights and, unless it " +
					"is the last one, a night\nsee: uaibench accept --help"))
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
	c.Flags().StringVar(&reason, "reason", "", "why, for later readers")
	return c
}
