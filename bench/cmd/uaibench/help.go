package main

import (
	"bytes"
	"fmt"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/report/text"
)

// fitHelp makes the help of root and of its subcommands fit the terminal.
func (a *app) fitHelp(root *cobra.Command) {
	plain := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		var b bytes.Buffer
		out := c.OutOrStdout()
		c.SetOut(&b)
		plain(c, args)
		c.SetOut(out)
		fmt.Fprint(out, fit(b.String(), a.width()))
	})
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Short: "Help on a command, or on specs",
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, _ := root.Find(args) // arguments that it does not find are in rest
			if len(rest) > 0 {
				return usage(fmt.Errorf("there is no help on %s; see: uaibench --help",
					text.Shorten(strings.Join(args, " "), 80)))
			}
			return c.Help()
		},
	})
}

// fit breaks lines wider than width. Continuation lines are indented to the line's last column,
// which two or more blanks set apart, if it begins in the first two thirds, else to its first word.
func fit(s string, width int) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if pretty.StringWidth(line) <= width {
			lines = append(lines, line)
			continue
		}
		at := len(line) - len(strings.TrimLeft(line, " "))
		if k := strings.LastIndex(line, "  "); k+2 > at && k+2 <= 2*width/3 {
			at = k + 2
		}
		for k, part := range strings.Split(text.Wrap(line[at:], max(width-at, 1)), "\n") {
			before := line[:at]
			if k > 0 {
				before = strings.Repeat(" ", at)
			}
			lines = append(lines, before+strings.TrimRight(part, " "))
		}
	}
	return strings.Join(lines, "\n")
}
