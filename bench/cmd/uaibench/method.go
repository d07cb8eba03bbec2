package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/text"
)

func (a *app) methodCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "method",
		Short: "A method of your own, in any language",
		Args:  none,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.methodCheck())
	return c
}

func (a *app) methodCheck() *cobra.Command {
	trace, params := false, []string(nil)
	c := &cobra.Command{
		Use:   "check [flags] -- COMMAND [ARG…]",
		Short: "Check a program against the protocol of methods, on small made-up data, in seconds",
		Long: `Starts the program as a run would, a dozen times, and reports what is wrong with it.
Exit status: 4 if anything is.

  uaibench method check -- python3 mine.py`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(errors.New("method check: name the program, " +
					"such as: uaibench method check -- python3 mine.py"))
			}
			return a.checkMethod(c, args, params, trace)
		},
	}
	c.Flags().BoolVar(&trace, "trace", false,
		"print every line of the protocol (> the program reads, < it writes)")
	c.Flags().StringArrayVar(&params, "param", nil,
		"NAME=VALUE: a parameter for the program; may be repeated")
	return c
}

func (a *app) checkMethod(c *cobra.Command, command, params []string, trace bool) error {
	given, err := parseParams(params)
	if err != nil {
		return usage(err)
	}
	a.cleans.Store(true)
	temp, err := temp()
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	s := external.Settings{Command: command, Folder: ".", Params: given, Seed: 1, Temp: temp,
		Name: "check"}
	if trace {
		s.Trace = a.stdout
	}
	failed := 0
	right := external.Check(c.Context(), s, func(one external.Checked) {
		word, rest := "ok    ", ""
		if one.Note != "" {
			rest = " (" + one.Note + ")"
		}
		if one.Err != nil {
			failed++
			word = "WRONG "
			rest = "\n      " + strings.ReplaceAll(one.Err.Error(), "\n", "\n      ")
		}
		fmt.Fprintf(a.stdout, "%s%s%s\n", word, one.What, rest)
	})
	if !right {
		return &statusError{status: statusGate,
			err: fmt.Errorf("%s failed", text.Plural(failed, "check"))}
	}
	return nil
}

// parseParams parses arguments NAME=VALUE; see plainValue.
func parseParams(list []string) (bench.Params, error) {
	out := bench.Params{}
	for _, p := range list {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--param %s: write NAME=VALUE", p)
		}
		v, err := plainValue(value)
		if err != nil {
			return nil, fmt.Errorf("--param %s: %w", p, err)
		}
		out[name] = v
	}
	return out, nil
}

// plainValue parses a value as JSON, else returns it as a string; it rejects numbers out of range.
func plainValue(value string) (any, error) {
	var v any
	if err := json.Unmarshal([]byte(value), &v); err != nil {
		if _, err := strconv.ParseFloat(value, 64); errors.Is(err, strconv.ErrRange) {
			return nil, errors.New("the number is out of range")
		}
		return value, nil
	}
	return bench.Param{Kind: bench.Any}.Normalize(v)
}
