package text

import (
	"strconv"
	"strings"
)

// Spreadsheet is s as a field of CSV that a spreadsheet shows and does not run: what it would take
// for a formula gets an apostrophe in front. Labels come from specs and packs of others. Numbers
// stay as they are.
func Spreadsheet(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
