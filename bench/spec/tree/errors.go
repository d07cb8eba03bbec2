package tree

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Error is one error in a spec.
type Error struct {
	File      string // as given to Parse, or "--set key=value", or "--profile name"
	Line, Col int    // from 1; 0 where there are none (--set, --profile)
	Path      string // methods[2].params.hidden; "" for the complete file
	Msg       string // the problem and its remedy

	Order int // the source's
}

// Error formats e as file:line:col: path: msg, without absent parts.
func (e Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Col)
	}
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	b.WriteString(": " + e.Msg)
	return b.String()
}

// Errors are all the errors of a spec, in the order of the file, then --profile, then --set.
type Errors []Error

// printed is the maximum number of errors printed; the rest are counted.
const printed = 100

// Error formats the errors, one a line.
func (l Errors) Error() string {
	lines := make([]string, 0, min(len(l), printed+1))
	for i, e := range l {
		if i == printed {
			lines = append(lines, fmt.Sprintf("… and %d more errors", len(l)-printed))
			break
		}
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// Sorted sorts the errors in place and drops repetitions, which occur as a spec is resolved once
// for each of its profiles.
func (l Errors) Sorted() Errors {
	slices.SortStableFunc(l, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Msg, b.Msg))
	})
	return slices.Compact(l)
}

// Suggest returns the end of a message about a name that is not in valid: the nearest valid name,
// or all of them (above 60 only their number, the first and the last).
func Suggest(name string, valid []string) string {
	if best := Nearest(name, valid); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	switch {
	case len(valid) == 0:
		return "there are none"
	case len(valid) > 60:
		return fmt.Sprintf("there are %d, from %s to %s", len(valid), valid[0], valid[len(valid)-1])
	}
	return "valid: " + strings.Join(valid, ", ")
}

// Nearest returns the valid name with the least edit distance, the first of equals, or "" if none
// is near. Case and the choice between - and _ are ignored; apart from these about one character in
// four may differ, and at most three.
func Nearest(name string, valid []string) string {
	best, least := "", 4
	a := fold(name)
	for _, v := range valid {
		b := fold(v)
		cut := min(least-1, (max(len(a), len(b))+2)/4)
		if len(a) < 2 || len(b) < 2 {
			cut = 0
		}
		if max(len(a)-len(b), len(b)-len(a)) > cut {
			continue
		}
		if d := distance(a, b); d <= cut {
			best, least = v, d
		}
	}
	return best
}

func fold(s string) []rune {
	r := []rune(strings.ReplaceAll(s, "-", "_"))
	for i := range r {
		r[i] = unicode.ToLower(r[i])
	}
	return r
}

// distance counts the insertions, deletions, replacements and swaps of neighbours between a and b
// (optimal string alignment).
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(above[j]+1, row[j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

// Brief shortens a string from the spec to at most 40 characters for a message.
func Brief(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// OrList joins as "a, b or c", AndList as "a, b and c".
func OrList(l []string) string  { return joined(l, " or ") }
func AndList(l []string) string { return joined(l, " and ") }

func joined(l []string, last string) string {
	if len(l) < 2 {
		return strings.Join(l, "")
	}
	return strings.Join(l[:len(l)-1], ", ") + last + l[len(l)-1]
}
