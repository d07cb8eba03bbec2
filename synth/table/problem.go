package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that stands against using a file.
type Problem struct {
	Line   int    // of a text file, from 1; 0: of none, or see Row
	Row    int    // of a file without lines, from 1; 0: of none
	Column int    // its number in the file, from 1; 0: of none
	Name   string // the column's
	Why    string // for a sentence that begins with the place
}

func (p Problem) String() string {
	var at []string
	switch {
	case p.Line > 0:
		at = append(at, fmt.Sprintf("line %d", p.Line))
	case p.Row > 0:
		at = append(at, fmt.Sprintf("row %d", p.Row))
	}
	if p.Column > 0 {
		at = append(at, fmt.Sprintf("column %d (%s)", p.Column, p.Name))
	}
	if len(at) == 0 {
		return p.Why
	}
	return strings.Join(at, ", ") + ": " + p.Why
}

// Error is all that stands against using a file: the first MaxProblems problems, in the order of
// their places; those of the whole file come first.
type Error struct {
	Path string
	List []Problem // never empty
	More int       // how many were found beyond List
}

// MaxProblems is how many problems an Error lists.
const MaxProblems = 20

// Error says the first problem in its first line, which may be all that is shown; each other one
// has a line of its own.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Path, e.List[0])
	if n := len(e.List) + e.More; n > 1 {
		fmt.Fprintf(&b, " (the first of %s problems)", Group(int64(n)))
	}
	for _, p := range e.List[1:] {
		b.WriteString("\n  " + p.String())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  … and %s more", Group(int64(e.More)))
	}
	return b.String()
}

// refuse is the error of a file that has one problem as a whole.
func refuse(path, format string, args ...any) error {
	return &Error{Path: path, List: []Problem{{Why: fmt.Sprintf(format, args...)}}}
}

// refuseNoRows is the error of a table without a row.
func refuseNoRows(path string, header bool) error {
	return refuse(path, "has no rows%s", map[bool]string{true: " beside its header"}[header])
}

// perKind is how many problems of one kind are kept for a column.
const perKind = 5

// problems collects what is wrong with a file.
type problems struct {
	list   []kindOfProblem
	counts map[problemKind]int // all that were found
}

type problemKind struct {
	column int
	kind   string
}

type kindOfProblem struct {
	Problem
	kind problemKind
}

// add notes a problem; of one kind in one column the first few are kept and the others counted.
func (p *problems) add(kind string, one Problem) {
	if p.counts == nil {
		p.counts = map[problemKind]int{}
	}
	k := problemKind{one.Column, kind}
	if p.counts[k]++; p.counts[k] <= perKind {
		p.list = append(p.list, kindOfProblem{one, k})
	}
}

// forget takes back the problems of one kind in a column, by its number.
func (p *problems) forget(kind string, column int) {
	k := problemKind{column, kind}
	delete(p.counts, k)
	p.list = slices.DeleteFunc(p.list, func(one kindOfProblem) bool { return one.kind == k })
}

// err is the error of a file with these problems; nil if there are none.
func (p *problems) err(path string) error {
	if len(p.list) == 0 {
		return nil
	}
	total := 0
	for _, n := range p.counts {
		total += n
	}
	slices.SortStableFunc(p.list, func(a, b kindOfProblem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column,
			b.Column))
	})
	e := &Error{Path: path}
	for _, one := range p.list[:min(len(p.list), MaxProblems)] {
		e.List = append(e.List, one.Problem)
	}
	e.More = total - len(e.List)
	return e
}
