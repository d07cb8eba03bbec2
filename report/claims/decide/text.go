package decide

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/uaibench/uaibench/report/text"
)

// WriteText writes the plan for a terminal of width columns. Commands are not wrapped, so that they
// can be copied.
func (p *Plan) WriteText(w io.Writer, width int) error {
	var b strings.Builder
	line := func(indent int, s string) {
		for _, l := range strings.Split(text.Wrap(s, max(width-indent, 20)), "\n") {
			b.WriteString(strings.Repeat(" ", indent) + strings.TrimRight(l, " ") + "\n")
		}
	}
	claims := 0
	for _, s := range p.Steps {
		claims += len(s.Claims)
	}
	if claims == 0 {
		line(0, "No open claim has a look ahead.")
	} else {
		line(0, "Looks ahead of "+text.Plural(claims, "open claim")+", ordered by what an hour of "+
			"one core decides; a chance assumes further runs like those at hand, and is no promise.")
	}
	for i, s := range p.Steps {
		b.WriteString("\n")
		line(0, fmt.Sprintf("%d. %s: %s", i+1, s, Lasts(s.Time)))
		for _, c := range s.Commands {
			b.WriteString("   " + c.String() + "\n")
		}
	}
	for _, list := range []struct {
		what   string
		claims []Claim
	}{{"Unlikely to be decided even at the last look, of 40 replicates", p.Hopeless},
		{"Open, and no run of a committed experiment takes them further", p.Stuck},
		{"Not within --hours", p.TooLong}} {
		if len(list.claims) == 0 {
			continue
		}
		b.WriteString("\n")
		line(0, list.what+":")
		for _, c := range list.claims {
			s := c.ID
			if c.Note != "" {
				s += ": " + c.Note
			}
			line(2, s)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String lists a step's claims with their next looks and chances.
func (s Step) String() string {
	var out []string
	for _, c := range s.Claims {
		t := c.ID
		if c.Next > 0 {
			t += fmt.Sprintf(" (to %d replicates, ", c.Next)
			if c.Chance == nil {
				t += "not measured yet)"
			} else {
				t += fmt.Sprintf("chance %.0f %%)", 100**c.Chance)
			}
		}
		out = append(out, t)
	}
	return strings.Join(out, ", ")
}

// Lasts formats a time with few figures.
func Lasts(d time.Duration) string {
	switch {
	case d == 0:
		return "no time to speak of"
	case d < 2*time.Minute:
		return fmt.Sprintf("about %.0f s", max(1, d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("about %.0f min", d.Minutes())
	}
	return fmt.Sprintf("about %.1f h", d.Hours())
}
