package campaign

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
	shown "github.com/uaibench/uaibench/report/text"
)

// Join returns the evidence of both a and b. Where they overlap, b's theory and draws count, but
// a's looks.
func Join(a, b rule.Evidence) rule.Evidence {
	a.Runs = slices.Concat(a.Runs, b.Runs)
	if b.Theory != nil {
		a.Theory = b.Theory
	}
	if first, second := a.Draws, b.Draws; first == nil {
		a.Draws = second
	} else if second != nil {
		a.Draws = func(dataset, metric string) []float64 {
			if xs := second(dataset, metric); len(xs) > 0 {
				return xs
			}
			return first(dataset, metric)
		}
	}
	looked := rule.Looked{}
	for _, l := range []rule.Looked{b.Looked, a.Looked} {
		for id, looks := range l {
			if looked[id] == nil {
				looked[id] = map[int][]int{}
			}
			maps.Copy(looked[id], looks)
		}
	}
	a.Looked = looked
	return a
}

// report prints the outcome of a look: a line for each of its claims, and for each other claim
// whose verdict changed.
func (c *campaign) report(look Look, before *claims.Judgement) {
	for _, row := range c.judged.Claims {
		old := before.Claim(row.ID).Verdict
		i := slices.IndexFunc(look.Claims, func(k Claim) bool { return k.ID == row.ID })
		if (i < 0 || look.Claims[i].Beside) && old == row.Verdict {
			continue
		}
		n, short := 0, ""
		if i >= 0 {
			c.samples(look.Claims[i], func(of int, _ decide.Quantity, s sample.Sample) {
				n = max(n, of)
				if len(s.Values) < of {
					short = s.Failed
				}
			})
		}
		line := fmt.Sprintf("%s: %s", row.ID, row.Verdict)
		switch {
		case short != "" && !row.Verdict.Decided():
			line += fmt.Sprintf("; look %d is incomplete because of cell %s", n, short)
		case n > 0:
			line += fmt.Sprintf(" at look %d", n)
		}
		if row.Verdict == rule.Open {
			line += decide.Within(&row.Row)
		}
		c.changes[row.ID] = change{row.ID, old, row.Verdict, n, line}
		c.print("", line)
	}
}

// print prints a line, wrapped to the width, on the standard output, or with --json on the standard
// error.
func (c *campaign) print(indent, line string) {
	w := c.Stdout
	if c.JSON {
		w = c.Stderr
	}
	for _, l := range strings.Split(shown.Wrap(line, max(c.Width-len(indent), 20)), "\n") {
		fmt.Fprintln(w, indent+strings.TrimRight(l, " "))
	}
}

// outcome is the result of a campaign, as JSON.
type outcome struct {
	Headline string       `json:"headline"`
	Changes  []change     `json:"changes"`
	Left     *decide.Plan `json:"left"`
	Waiting  []string     `json:"waiting"` // claims whose locked look is incomplete
	TimeOver bool         `json:"time_over"`
	Folders  []string     `json:"folders"` // the campaign's runs
}

// summary prints the end of a campaign: the headline, the changed verdicts, why the other claims
// are open, and how to keep the results.
func (c *campaign) summary(first *claims.Judgement, left *decide.Plan) error {
	o := outcome{Headline: c.judged.Headline(), Left: left, TimeOver: c.late}
	for _, row := range c.judged.Claims {
		if x, ok := c.changes[row.ID]; ok && first.Claim(row.ID).Verdict != row.Verdict {
			x.Before = first.Claim(row.ID).Verdict
			o.Changes = append(o.Changes, x)
		}
		if c.waits(row.ID) {
			o.Waiting = append(o.Waiting, row.ID)
		}
	}
	for _, look := range c.lock.Looks {
		for _, k := range look.Commands {
			if c.own[k.Folder] != nil {
				o.Folders = append(o.Folders, filepath.Join(c.Out, k.Folder))
			}
		}
	}
	// The plan may predate the last look.
	decided := func(k decide.Claim) bool {
		return c.judged.Claim(k.ID).Verdict.Decided() || slices.Contains(o.Waiting, k.ID)
	}
	for i := range left.Steps {
		left.Steps[i].Claims = slices.DeleteFunc(left.Steps[i].Claims, decided)
	}
	left.Hopeless = slices.DeleteFunc(left.Hopeless, decided)
	left.Stuck = slices.DeleteFunc(left.Stuck, decided)
	if c.JSON {
		return snakejson.Write(c.Stdout, o)
	}
	if len(c.lock.Looks) > 0 {
		c.print("", "")
	}
	c.print("", o.Headline)
	if len(o.Changes) == 0 {
		c.print("", "No verdict has changed.")
	} else {
		c.print("", fmt.Sprintf("Changed: %s.", text.Plural(len(o.Changes), "verdict")))
		for _, x := range o.Changes {
			c.print("  ", fmt.Sprintf("%s; was %s", x.Text, x.Before))
		}
	}
	c.printOpen(o)
	c.printKeep(o)
	return nil
}

// fewLines is the most claims that printOpen lists with their notes, so that the rest of the output
// fits on a screen.
const fewLines = 8

// printOpen prints why claims are not decided.
func (c *campaign) printOpen(o outcome) {
	var left []decide.Claim
	for _, s := range o.Left.Steps {
		left = append(left, s.Claims...)
	}
	ids := func(list []decide.Claim) (out []string) {
		for _, k := range list {
			out = append(out, k.ID)
		}
		return out
	}
	list := func(what string, ids []string) {
		if len(ids) > 0 {
			c.print("", what+": "+strings.Join(ids, ", "))
		}
	}
	if len(o.Left.Hopeless) > 0 {
		c.print("", "Hopeless:")
		for _, k := range o.Left.Hopeless {
			c.print("  ", k.ID+": "+k.Note)
		}
	}
	list("Locked but incomplete; the same command continues with them", o.Waiting)
	if c.late {
		c.print("", "Time is up.")
		list("No look was begun for", append(ids(left), ids(o.Left.TooLong)...))
	} else {
		list("Claims that take longer than --hours", ids(o.Left.TooLong))
	}
	switch stuck := o.Left.Stuck; {
	case len(stuck) > fewLines:
		list("Open, and nothing takes them further (--dry-run shows why)", ids(stuck))
	case len(stuck) > 0:
		c.print("", "Open, and nothing takes them further:")
		for _, k := range stuck {
			c.print("  ", k.ID+": "+k.Note)
		}
	}
}

// printKeep prints the commands that keep the results beside the committed ones.
func (c *campaign) printKeep(o outcome) {
	if len(o.Folders) == 0 {
		return
	}
	program, sets, keep := text.ShellWord(c.Program), c.paths, ""
	if results := filepath.Join("experiments", "results"); len(sets) == 0 {
		if _, err := os.Stat(results); err == nil {
			sets, keep = []string{results}, " --keep "+results
		}
	}
	words := func(list []string) string {
		var out []string
		for _, s := range list {
			out = append(out, text.ShellWord(s))
		}
		return strings.Join(out, " ")
	}
	c.print("", "")
	c.print("", "The results are in "+c.Out+". To show the verdicts again, and to pack each run into a file:")
	fmt.Fprintf(c.Stdout, "  %s claims %s%s\n", program, words(append(slices.Clone(sets), c.Out)), keep)
	fmt.Fprintf(c.Stdout, "  %s pack %s\n", program, words(o.Folders))
}
