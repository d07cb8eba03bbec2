package text

import (
	"strings"
	"testing"

	pretty "github.com/jedib0t/go-pretty/v6/text"
	"pgregory.net/rapid"
)

// A line exceeds the width only if it is one piece, nothing but spaces is lost, and a word that
// fits is not broken.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`( {0,3}[a-c/é.-]{1,90}){1,9}`).Draw(t, "s")
		width := rapid.IntRange(1, 80).Draw(t, "width")
		got := Wrap(s, width)
		if strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(s), "") {
			t.Fatalf("%q became %q", s, got)
		}
		words := map[string]bool{}
		for _, w := range strings.Fields(s) {
			words[w] = true
		}
		for _, line := range strings.Split(got, "\n") {
			if pretty.StringWidth(line) > width && len(strings.Fields(line)) > 1 {
				t.Fatalf("%q has more than %d columns", line, width)
			}
			for _, w := range strings.Fields(line) {
				if !strings.Contains(s, w) {
					t.Fatalf("%q is not of %q", w, s)
				}
			}
		}
		for w := range words {
			if n := pretty.StringWidth(w); n <= min(width, digest) && !strings.Contains(got, w) {
				t.Fatalf("%q of %d columns is broken in %q", w, n, got)
			}
		}
	})
	for _, c := range [][3]string{
		{"  a b", "a", "  a b"},
		{"where: /one/two/three/four/five/six", "12345678901234", "where: /one/\ntwo/three/\nfour/five/six"},
	} {
		if got := Wrap(c[0], max(len(c[1]), 6)); got != c[2] {
			t.Errorf("%q became %q, want %q", c[0], got, c[2])
		}
	}
}

func TestCutWords(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{
		{"one two", 7, "one two"}, {"one two", 6, "one…"}, {"one, two", 6, "one…"}, {"one   two", 5, "one…"}, {"onetwo", 4, "one…"}, {"a éé", 3, "a…"},
	} {
		if got := CutWords(c.s, c.n); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.s, c.n, got, c.want)
		}
	}
}
