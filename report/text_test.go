package report

import (
	"strings"
	"testing"
)

func TestThousands(t *testing.T) {
	for _, c := range []struct {
		x    float64
		d    int
		want string
	}{{0, 0, "0"}, {999, 0, "999"}, {1000, 0, "1,000"}, {-54679, 0, "-54,679"}, {1234567.891, 2, "1,234,567.89"}, {0.5, 3, "0.500"}} {
		if got := thousands(c.x, c.d); got != c.want {
			t.Errorf("thousands(%v, %d) = %s, want %s", c.x, c.d, got, c.want)
		}
	}
}

// A table that is too wide breaks its long texts, never the columns that one copies from nor a word of its head, and loses nothing.
func TestTextFits(t *testing.T) {
	tab := &Table{Columns: []Column{{Name: "id", Whole: true}, {Name: "parameters that are told"}, {Name: "n", Kind: Count}, {Name: "why"}}}
	id, why := "a-name-that-is-copied-from-here", strings.Repeat("many words ", 20)+"end"
	tab.Add(Str(id), Str(strings.Repeat("told ", 9)), Int(7), Str(why))
	for _, width := range []int{60, 80, 300} {
		var b strings.Builder
		if err := tab.WriteText(&b, width); err != nil {
			t.Fatal(err)
		}
		words := 0
		for line := range strings.SplitSeq(b.String(), "\n") {
			if w := len([]rune(line)); w > width {
				t.Errorf("width %d: a line of %d", width, w)
			}
			words += strings.Count(line, "many") + strings.Count(line, "words") + strings.Count(line, "end") + strings.Count(line, "told")
		}
		if words != 20+20+1+9+1 || !strings.Contains(b.String(), id) || !strings.Contains(b.String(), "parameters") {
			t.Errorf("width %d: %d words\n%s", width, words, b.String())
		}
	}
}
