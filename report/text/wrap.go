package text

import (
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// A word longer than longWord, such as a path, may be broken after punctuation, and a piece longer
// than a digest, which people copy, anywhere.
const (
	longWord = 20
	digest   = 64
)

// pieces splits a word into its unbreakable pieces.
func pieces(word string) []string {
	if pretty.StringWidth(word) <= longWord {
		return []string{word}
	}
	var out []string
	for word != "" {
		n := strings.IndexAny(word, "/-_.,:=") + 1
		if n == 0 {
			n = len(word)
		}
		if r := []rune(word[:n]); len(r) > digest {
			n = len(string(r[:longWord]))
		}
		out, word = append(out, word[:n]), word[n:]
	}
	return out
}

// Unbroken is the width of the widest unbreakable piece of s: a word, or a piece of a long word.
func Unbroken(s string) (n int) {
	for word := range strings.FieldsSeq(s) {
		for _, piece := range pieces(word) {
			n = max(n, pretty.StringWidth(piece))
		}
	}
	return n
}

// Wrap breaks lines wider than width between words, and words wider than width between their
// pieces. Spaces before a line's first word are kept.
func Wrap(s string, width int) string {
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if pretty.StringWidth(line) <= width {
			lines = append(lines, line)
			continue
		}
		at := line[:len(line)-len(strings.TrimLeft(line, " "))]
		blank := ""
		for word := range strings.FieldsSeq(line) {
			parts := []string{word}
			if pretty.StringWidth(word) > width {
				parts = pieces(word)
			}
			for _, part := range parts {
				if strings.TrimSpace(at) != "" && pretty.StringWidth(at+blank+part) > width {
					lines, at, blank = append(lines, at), "", ""
				}
				at, blank = at+blank+part, ""
			}
			blank = " "
		}
		lines = append(lines, at)
	}
	return strings.Join(lines, "\n")
}

// CutWords cuts s to at most n columns between words, with an ellipsis if it was longer.
func CutWords(s string, n int) string {
	if pretty.StringWidth(s) <= n {
		return s
	}
	for cut := s; ; {
		at := strings.LastIndex(cut, " ")
		if at < 0 {
			return Shorten(s, n)
		}
		if cut = strings.TrimRight(cut[:at], " ,;:"); pretty.StringWidth(cut) < n {
			return cut + "…"
		}
	}
}
