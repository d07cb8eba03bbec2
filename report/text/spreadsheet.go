package text

import (
	"strconv"
	"strings"
)

// Spreadsheet returns s as a CSV field that a spreadsheet does not evaluate: text that looks like a
// formula gets a leading apostrophe, because labels may come from untrusted specs and packs.
// Numbers are unchanged.
func Spreadsheet(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
