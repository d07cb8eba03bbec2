package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one reason why a file cannot be used.
type Problem struct {
	Line   int    // of a text file, from 1; 0: none, or see Row
	Row    int    // of a file without lines, from 1; 0: none
	Column int    // from 1; 0: none
	Name   string // the column's name
	Why    string // follows the place in a sentence
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

// Error lists why a file cannot be used: the first MaxProblems problems, ordered by place, those of
// the complete file first.
type Error struct {
	Path string
	List []Problem // never empty
	More int       // problems found beyond List
}

// MaxProblems is the largest number of problems in Error.List.
const MaxProblems = 20

// Error puts the first problem into the first line, since callers may show only that; each other
// problem has its own line.
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

// refuse returns an Error with one problem, that of the complete file.
func refuse(path, format string, args ...any) error {
	return &Error{Path: path, List: []Problem{{Why: fmt.Sprintf(format, args...)}}}
}

// refuseNoRows returns the error for a table without rows.
func refuseNoRows(path string, header bool) error {
	return refuse(path, "has no rows%s", map[bool]string{true: " besides its header"}[header])
}

// perKind is the number of problems of one kind kept per column.
const perKind = 5

// problems collects a file's problems.
type problems struct {
	list   []kindOfProblem
	counts map[problemKind]int // all, kept or not
}

type problemKind struct {
	column int
	kind   string
}

type kindOfProblem struct {
	Problem
	kind problemKind
}

// add adds a problem. Of each kind in each column it keeps the first perKind and counts the rest.
func (p *problems) add(kind string, one Problem) {
	if p.counts == nil {
		p.counts = map[problemKind]int{}
	}
	k := problemKind{one.Column, kind}
	if p.counts[k]++; p.counts[k] <= perKind {
		p.list = append(p.list, kindOfProblem{one, k})
	}
}

// forget removes the problems of one kind in a column; column is its number, from 1.
func (p *problems) forget(kind string, column int) {
	k := problemKind{column, kind}
	delete(p.counts, k)
	p.list = slices.DeleteFunc(p.list, func(one kindOfProblem) bool { return one.kind == k })
}

// err returns an *Error with these problems; nil if there are none.
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
