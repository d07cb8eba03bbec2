// Package text formats messages and tables: numbers, counts and durations in readable form, and
// lines cut to size.
package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Thousands formats x with the given decimals and commas between thousands.
func Thousands(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) < 4 || strings.IndexFunc(whole, unicode.IsLetter) >= 0 {
		return sign + s
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteString("." + frac)
	}
	return sign + b.String()
}

// Comma formats an integer of at most 2^53 with commas between thousands.
func Comma[N int | int64](n N) string { return Thousands(float64(n), 0) }

// Plural formats a count: "1 seed", "2 seeds", "2 anomalies".
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if stem, ok := strings.CutSuffix(what, "y"); ok && strings.LastIndexAny(stem, "aeou") < len(stem)-1 {
		return Comma(n) + " " + stem + "ies"
	}
	return Comma(n) + " " + what + "s"
}

// FirstLine returns s up to its first line break.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// Duration formats d as 1h05m, 3m07s, 12s or 0.4s; negative durations are 0.
func Duration(d time.Duration) string {
	switch d = max(d, 0); {
	case d.Round(time.Second) >= time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	case d.Round(time.Second) >= time.Minute:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d.Round(time.Second) >= 10*time.Second:
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// ShellWord returns s as one word of a POSIX shell, quoted if necessary.
func ShellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("-_./=,:@%+", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
