package table

import (
	"strings"
	"testing"
)

func TestQuoteKeepsCharacters(t *testing.T) {
	for _, c := range []struct{ field, want string }{
		{strings.Repeat("é", 20), `"` + strings.Repeat("é", 20) + `"`},
		{"a" + strings.Repeat("é", 20), `"a` + strings.Repeat("é", 19) + `"…`},
		{strings.Repeat("\xff", 41), `"` + strings.Repeat(`\xff`, 40) + `"…`},
		{strings.Repeat("\x80", 41), `"` + strings.Repeat(`\x80`, 40) + `"…`},
	} {
		if got := Quote(c.field); got != c.want {
			t.Errorf("%q: %s, want %s", c.field, got, c.want)
		}
	}
}
