package text

import (
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
)

// A word that is longer than longWord, as a path, may be broken behind its punctuation, and one that
// is longer than a digest, which is copied, anywhere.
const (
	longWord = 20
	digest   = 64
)

// pieces of a word that stay whole.
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

// Unbroken is the width of what Wrap does not break: the widest word of s, or of a long word the
// widest piece.
func Unbroken(s string) (n int) {
	for word := range strings.FieldsSeq(s) {
		for _, piece := range pieces(word) {
			n = max(n, pretty.StringWidth(piece))
		}
	}
	return n
}

// Wrap breaks lines that are wider than width between words, and a word that is itself wider
// between its pieces. The blanks before a line's first word stay.
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

// CutWords cuts s to at most n columns between words, with an ellipsis where it cut.
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
