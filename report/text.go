package report

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// clean makes s fit for one line of any rendering: what is not UTF-8 and what controls a terminal, an XML
// parser or the direction of writing becomes the replacement character, a line break a space.
// Escaping is each rendering's own business.
func clean(s string) string { return strings.TrimSpace(mapText(s, ' ')) }

// cleanLines is clean that keeps line breaks.
func cleanLines(s string) string {
	return strings.TrimSpace(mapText(strings.ReplaceAll(s, "\r\n", "\n"), '\n'))
}

func mapText(s string, lineBreak rune) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r':
			return lineBreak
		case r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), r >= 0xfffe && r <= 0xffff, // not XML
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // would turn the rest of the line around
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// slug turns an id into a name for files and anchors: lower-case ASCII letters, digits, '_' and '-'.
func slug(s string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, s)
	if out = strings.Trim(out, "-"); out == "" {
		return "dataset"
	}
	return out
}

// thousands writes x with the given decimals and commas between thousands.
func thousands(x float64, decimals int) string {
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

func comma(n int) string { return thousands(float64(n), 0) }

// half writes a median of whole numbers: "584", or "584.5" between two.
func half(x float64) string {
	if x == float64(int(x)) {
		return thousands(x, 0)
	}
	return thousands(x, 1)
}

// plural is "1 seed", "2 seeds".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return comma(n) + " " + what + "s"
}

// enumerated writes "a", "a and b", "a, b and c".
func enumerated(s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	return strings.Join(s[:len(s)-1], ", ") + " and " + s[len(s)-1]
}

// shorten cuts s to at most n runes, with an ellipsis where it cut.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}

var (
	markdownSpecial = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "](", `\](`, "][", `\][`, "]:", `\]:`,
		"|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "~", `\~`, "#", `\#`, "$", `\$`)
	// An underscore within a word, as in DAE_uai, is no emphasis.
	outerUnderscore = regexp.MustCompile(`(^|[^\pL\pN])_|_([^\pL\pN]|$)`)
)

// markdown escapes a text of one line. Brackets need it only where a link could follow.
func markdown(s string) string {
	s = markdownSpecial.Replace(clean(s))
	return outerUnderscore.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, "_", `\_`) })
}

// exact is the shortest text that reads back as x; infinite means not reached, NaN that there is none.
func exact(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return notReached
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

const notReached = "not reached"

// showValue prints a parameter as a spec would write it.
func showValue(v any) string {
	if s, ok := v.(string); ok {
		return clean(s)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clean(string(b))
}

// names gives out names once: a second "a" becomes "a" + sep + "2", or the next that is free.
type names map[string]bool

func (n names) unique(s, sep string) string {
	out := s
	for i := 2; n[out]; i++ {
		out = fmt.Sprintf("%s%s%d", s, sep, i)
	}
	n[out] = true
	return out
}

func join[T any](xs []T, show func(T) string) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = show(x)
	}
	return strings.Join(out, ", ")
}

// brief writes a number with two digits that say something.
func brief(v float64) string {
	if math.Abs(v) >= 10 {
		return comma(int(math.Round(v)))
	}
	return strings.Replace(fmt.Sprintf("%.2g", v), "-", "−", 1)
}

// signed writes a difference.
func signed(x float64) string {
	s := thousands(x, 1)
	if x > 0 {
		return "+" + s
	}
	return s
}

// figures4 writes a number with four significant digits.
func figures4(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// spreadOf writes numbers that are the same, or from least to most.
func spreadOf(xs []float64) string {
	if least, most := slices.Min(xs), slices.Max(xs); least != most {
		return comma(int(least)) + "–" + comma(int(most))
	}
	return comma(int(xs[0]))
}
