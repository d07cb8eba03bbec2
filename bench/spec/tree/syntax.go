package tree

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxBytes bounds a spec's size; the project's largest have a few KiB.
const maxBytes = 1 << 20

// Read parses a file into nodes. The root is nil if nothing can be decoded; needs are the keys that
// the message about an empty file lists.
func Read(src *Source, data []byte, needs []string) (root *Node, errs Errors) {
	at := func(line, col int, format string, args ...any) {
		errs = append(errs, Error{File: src.Name, Line: line, Col: col,
			Msg: fmt.Sprintf(format, args...), Order: src.Order})
	}
	if len(data) > maxBytes {
		at(1, 1, "the file has %d bytes: a spec has at most %d. Is it the right file?", len(data),
			maxBytes)
		return nil, errs
	}
	data = bytes.TrimPrefix(data,
		[]byte("\xef\xbb\xbf")) // the byte order mark that some editors write; harmless
	if line, col, what := unreadable(data); what != "" {
		at(line, col, "%s", what)
		return nil, errs
	}
	doc, more, err := document(data)
	if err != nil {
		line, col, msg := explain(data, err.Error())
		at(line, col, "%s", msg)
		return nil, errs
	}
	if more {
		at(secondDocument(data), 1, "the file has a second document (---): a spec is one document")
	}
	if doc == nil {
		at(1, 1, "the file is empty: it needs %s", AndList(needs))
		return nil, errs
	}
	root = build(src, doc, func(n *Node, format string, args ...any) {
		errs = append(errs, n.Error(n.Path(), fmt.Sprintf(format, args...)))
	})
	return root, errs
}

// unreadable returns the place of the first byte that is not UTF-8 text as YAML allows it, and the
// error; "" if there is none.
func unreadable(data []byte) (line, col int, what string) {
	line, col = 1, 1
	if bytes.HasPrefix(data, []byte{0xfe, 0xff}) || bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
		return line, col, "the file is UTF-16: save it as UTF-8"
	}
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			return line, col, fmt.Sprintf("byte 0x%02x is not UTF-8: save the file as UTF-8",
				data[0])
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != 0x85,
			r == 0xfeff, r == 0xfffe, r == 0xffff:
			return line, col, fmt.Sprintf("the character %U has no place in a text file", r)
		}
		col++
		if r == '\n' {
			line, col = line+1, 1
		}
		data = data[size:]
	}
	return line, col, ""
}

var errorLine = regexp.MustCompile(`^line ([0-9]+): `)

// explain adds a place and a hint to the YAML reader's message, which has a line at best: the
// column is that of the line's first non-blank character.
func explain(data []byte, msg string) (line, col int, what string) {
	msg = strings.TrimPrefix(msg, "yaml: ")
	line = 1
	if m := errorLine.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = strings.TrimPrefix(msg, m[0])
		if strings.HasPrefix(msg, "did not find expected") {
			line++ // the reader's parser counts from 0, its scanner from 1
		}
	}
	lines := bytes.Split(data, []byte("\n"))
	has := func(s string) bool { return strings.Contains(msg, s) }
	const tab = "a tab in the indentation: use spaces"
	if i, j := tabbed(lines); i > 0 && i <= line {
		return i, j, tab
	}
	if has("tab character") { // the line given is the one before, or that where the block began
		if i, j := tabbed(lines[min(line, len(lines))-1:]); i > 0 {
			return line - 1 + i, j, tab
		}
	}
	hint := ""
	switch {
	case has("unknown anchor"):
		if m := regexp.MustCompile(`'(.*)'`).FindStringSubmatch(msg); m != nil {
			for i, l := range lines {
				if j := bytes.Index(l, []byte("*"+m[1])); j >= 0 {
					return i + 1, utf8.RuneCount(l[:j]) + 1,
						fmt.Sprintf("the alias *%s has no anchor &%[1]s before it", Brief(m[1]))
				}
			}
		}
	case has("expected key"), has("expected '-' indicator"):
		line = firstFailing(data, lines, line, msg)
		hint = "does the line's indentation fit the lines above, and is every quote closed?"
	case has("expected ',' or"):
		hint = "a bracket opened here is not closed, or a comma is missing"
	case has("mapping values are not allowed"):
		hint = "a value with \": \" in it goes in quotes; a key's indentation must fit its " +
			"neighbours'"
	case has("could not find expected ':'"):
		hint = "a key is followed by a colon and a space"
	case has("cannot start any token"):
		hint = "a value that begins with @, % or ` goes in quotes"
	case has("unexpected end of stream"):
		hint = "a quote is opened and never closed"
	case has("escape"):
		hint = "in double quotes a backslash begins an escape: use single quotes"
	case has("max depth"):
		hint = "nested too deeply"
	}
	line = min(max(line, 1), len(lines))
	text := lines[line-1]
	col = len(text) - len(bytes.TrimLeft(text, " \r")) + 1
	i, j := bytes.Index(text, []byte(": ")), bytes.LastIndex(text, []byte(": "))
	if has("mapping values") && i < j {
		col = utf8.RuneCount(text[:j]) + 1
	}
	if hint != "" {
		msg += " (" + hint + ")"
	}
	return line, col, msg
}

// firstFailing narrows an error of block structure down to the line at which it first appears: the
// reader gives the line where the block began. As blocks end with the file, the lines before the
// mistake parse by themselves.
func firstFailing(data []byte, lines [][]byte, from int, msg string) int {
	if len(data) > 64<<10 {
		return from
	}
	fails := func(n int) bool {
		_, _, err := document(bytes.Join(lines[:n], []byte("\n")))
		return err != nil && strings.HasSuffix(err.Error(), msg)
	}
	lo, hi := min(from, len(lines))-1, len(lines) // fails(hi) holds
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; fails(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// tabbed returns the place of the first tab in a line's indentation, from 1; 0 if there is none.
func tabbed(lines [][]byte) (line, col int) {
	for i, l := range lines {
		blank := l[:len(l)-len(bytes.TrimLeft(l, " \t"))]
		if len(blank) == len(bytes.TrimRight(l, "\r")) {
			continue // nothing but blanks
		}
		if j := bytes.IndexByte(blank, '\t'); j >= 0 {
			return i + 1, j + 1
		}
	}
	return 0, 0
}

// secondDocument returns the line of the marker that begins a second document.
func secondDocument(data []byte) int {
	begun := false
	line := 0
	for l := range bytes.Lines(data) {
		line++
		text := bytes.TrimSpace(l)
		switch {
		case bytes.HasPrefix(l, []byte("---")):
			if begun {
				return line
			}
			begun = true
		case len(text) > 0 && text[0] != '#' && text[0] != '%':
			begun = true
		}
	}
	return cmp.Or(line, 1)
}
