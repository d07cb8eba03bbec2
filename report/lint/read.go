package lint

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/spec"
)

// Read parses the printed numbers strictly: every number must be well-formed, every name known, and
// all that a rule needs present; otherwise a mistake in the file would silently disable a rule. The
// error lists all mistakes, each as file:line:col with what is wrong and what is allowed.
func Read(file string, data []byte) (*Printed, error) {
	p := &Printed{}
	places, err := spec.Decode(file, data, p)
	if _, empty := spec.Decode(file, nil, &Printed{}); err != nil && err.Error() == empty.Error() {
		return nil, spec.Errors{{File: file, Line: 1, Col: 1,
			Msg: "the file is empty: it needs the tables and numbers that the paper prints, as " +
				"experiments/paper_as_printed.yaml has them"}}
	}
	c := checker{p: p, fail: places.Fail, reported: map[string]bool{}}
	var list spec.Errors
	errors.As(err, &list)
	for _, e := range list {
		c.reported[e.Path] = true
	}
	c.all()
	if err := places.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// checker finds entries that are well-formed but have no meaning. It also runs after errors of
// Decode, so that all errors of a file are reported at once; fields that Decode could not fill are
// "", 0 or nil, and are skipped.
type checker struct {
	p        *Printed
	fail     func(v any, format string, args ...any) // v is the address of a decoded value
	reported map[string]bool                         // paths with an error of Decode

	table1, every []string // datasets of Table 1, of all tables
}

func (c *checker) all() {
	p := c.p
	if p.Schema > 1 {
		c.fail(&p.Schema, "schema %d is not supported: this program reads 1", p.Schema)
	}
	c.datasets()
	c.table1F1()
	c.table3()
	c.numbers()
	c.methods()
	seen := map[string]bool{}
	for i := range p.Sentences {
		unique(c, &p.Sentences[i].ID, p.Sentences[i].ID, seen)
		c.sentence(i)
	}
	for _, n := range []*int{&p.Runs, &p.K.Below, &p.K.Then, &p.K.Else, &p.ColdStart} {
		c.atMost(n)
	}
}

// absent reports that an optional key is missing from the mapping at path, with v's position,
// unless Decode has reported an error for it.
func (c *checker) absent(v any, path, key, why string) {
	if !c.reported[path+"."+key] {
		c.fail(v, "there is no %s: %s", key, why)
	}
}

// some reports an empty list.
func some[T any](c *checker, list *[]T) {
	if *list != nil && len(*list) == 0 {
		c.fail(list, "the list is empty: the rules have nothing to check")
	}
}

// unique reports at v a name that has occurred before.
func unique(c *checker, v any, name string, seen map[string]bool) {
	if name != "" && seen[name] {
		c.fail(v, "%.40q occurs twice", name)
	}
	seen[name] = true
}

// names returns the names of a list; nil if it is empty or has a name that Decode could not fill,
// so that no name is called unknown because of another error.
func names[T any](list []T, name func(T) string) []string {
	var out []string
	for _, x := range list {
		if name(x) == "" {
			return nil
		}
		out = append(out, name(x))
	}
	return out
}

func (c *checker) known(v *string, what string, valid []string) {
	if *v != "" && valid != nil && !slices.Contains(valid, *v) {
		c.fail(v, "%.40q is not %s: %s", *v, what, choose(*v, valid))
	}
}

// choose ends a message about a name that is not in valid.
func choose(name string, valid []string) string {
	if n := nearest(name, valid); n != "" {
		return fmt.Sprintf("did you mean %s?", n)
	}
	return "valid: " + strings.Join(valid, ", ")
}

func (c *checker) whole(n *string, least int) {
	if *n != "" {
		c.report(n, wrongWhole(*n, least))
	}
}

func (c *checker) decimal(n *string) {
	if *n != "" {
		c.report(n, wrongDecimal(*n))
	}
}

// score may be negative: the rule score-range reports a value outside its range.
func (c *checker) score(n *string) {
	if *n != "" && wrongDecimal(strings.TrimPrefix(*n, "-")) != "" {
		c.report(n, wrongDecimal(*n))
	}
}

func (c *checker) report(v any, wrong string) {
	if wrong != "" {
		c.fail(v, "%s", wrong)
	}
}

// maxCount bounds the file's integers, so that products of two do not overflow.
const maxCount = 1_000_000_000

func (c *checker) atMost(n *int) {
	if *n > maxCount {
		c.fail(n, "%d is above %d", *n, maxCount)
	}
}

func (c *checker) atLeastOne(n *int) {
	c.atMost(n)
	if *n < 1 {
		c.fail(n, "%d is below 1", *n)
	}
}
