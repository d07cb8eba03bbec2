package spec

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// everyKey calls f for each key of t and of the types in it.
func everyKey(t reflect.Type, done map[reflect.Type]bool, f func(in reflect.Type, k key)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		if t == nodeType {
			return
		}
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || done[t] {
		return
	}
	done[t] = true
	for _, k := range keysOf(t) {
		f(t, k)
		everyKey(k.field.Type, done, f)
	}
}

// TestEveryKeyIsDocumented checks that each key has a comment and an example, and that its example
// and default are valid.
func TestEveryKeyIsDocumented(t *testing.T) {
	help, keys := Help(), 0
	everyKey(reflect.TypeFor[Spec](), map[reflect.Type]bool{}, func(in reflect.Type, k key) {
		if k.name == "" {
			return
		}
		keys++
		where := in.Name() + "." + k.name
		text, shown := comment(k.owner(in), k.field.Name), example(in, k)
		if text == "" || shown == "" {
			t.Errorf("%s: comment %q, example %q", where, text, shown)
		}
		if !strings.Contains(help, "\n  "+k.name+": ") {
			t.Errorf("%s is not in the help", where)
		}
		for _, text := range []string{shown, k.deflt} {
			if text == "" {
				continue
			}
			d := newDecoder(bench.Catalog{})
			n := d.read(&tree.Source{Name: where, Lines: true}, []byte(text))
			if n == nil || !d.fill(n, reflect.New(k.field.Type).Elem(), k) || len(d.errs) > 0 {
				t.Errorf("%s: %s: %v", where, text, d.errs)
			}
		}
	})
	if keys < 60 {
		t.Errorf("%d keys", keys)
	}
	for line := range strings.Lines(help) {
		if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > helpWidth {
			t.Errorf("too wide: %s", line)
		}
	}
}

// TestFormerWordsAreNone checks that each former word is renamed to a present word of its key, and
// is not one itself.
func TestFormerWordsAreNone(t *testing.T) {
	seen := 0
	everyKey(reflect.TypeFor[Spec](), map[reflect.Type]bool{}, func(in reflect.Type, k key) {
		if _, taken := find(in, k.alias); k.alias != "" && (!taken || slices.Contains(names(in), k.alias)) {
			t.Errorf("alias %s of %s", k.alias, k.name)
		}
		for old, now := range k.former {
			seen++
			if slices.Contains(k.enum, old) || !slices.Contains(k.enum, now) {
				t.Errorf("%s: %s, now %s", k.name, old, now)
			}
		}
	})
	if seen != 4 {
		t.Errorf("%d former words", seen)
	}
}
