package source

import (
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/uaibench/uaibench/synth/table"
)

const (
	blockSize = 1 << 20 // bytes of text that are read and parsed at a time
	maxLine   = 1 << 20 // bytes
)

// lines cuts text into blocks of complete lines. The last line may lack a newline.
type lines struct {
	r    io.Reader
	size int    // least size of a block in bytes; 0: blockSize
	rest []byte // read, but not returned
	line int    // lines returned
	err  error  // of r
}

// block returns the next lines, in memory that nothing else uses, and their number; 0 at the end.
func (l *lines) block() (text []byte, n int, err error) {
	size := cmp.Or(l.size, blockSize)
	text, l.rest = l.rest, nil
	end := bytes.LastIndexByte(text, '\n') // of the last complete line
	for {
		if end >= 0 && (len(text) >= size || l.err != nil) {
			l.rest = append(l.rest, text[end+1:]...)
			return l.out(text[:end+1])
		}
		if l.err == io.EOF {
			return l.out(text)
		}
		if l.err != nil {
			return nil, 0, l.err
		}
		if len(text) >= size+maxLine {
			return nil, 0, &placeError{line: l.line + 1, why: "is longer than " +
				table.Group(maxLine) + " bytes"}
		}
		if text == nil {
			text = make([]byte, 0, 2*size)
		}
		text = slices.Grow(text, size)
		var k int
		k, l.err = l.r.Read(text[len(text) : len(text)+size])
		if i := bytes.LastIndexByte(text[len(text):len(text)+k], '\n'); i >= 0 {
			end = len(text) + i
		}
		text = text[:len(text)+k]
	}
}

func (l *lines) out(text []byte) ([]byte, int, error) {
	n := bytes.Count(text, []byte{'\n'})
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	l.line += n
	return text, n, nil
}

// one returns the next line without its line ending; nil at the end of the file.
func (l *lines) one() ([]byte, error) {
	text, n, err := l.block()
	if n == 0 {
		return nil, err
	}
	line, rest, _ := bytes.Cut(text, []byte{'\n'})
	l.rest = append(bytes.Clone(rest), l.rest...)
	l.line -= n - 1
	return bytes.TrimSuffix(line, []byte{'\r'}), nil
}

// nextLine splits the first line off text, without its line ending.
func nextLine(text []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(text, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// nextField splits the first field off a line, without its quotes. last is true for the line's last
// field; why is the field's error, "" if it has none.
func nextField(line []byte) (field, rest []byte, last bool, why string) {
	if len(line) == 0 || line[0] != '"' {
		i := bytes.IndexByte(line, ',')
		if i < 0 {
			return line, nil, true, ""
		}
		return line[:i], line[i+1:], false, ""
	}
	end := bytes.IndexByte(line[1:], '"')
	if end < 0 {
		return nil, nil, true, "its opening quotation mark is not closed"
	}
	field, rest = line[1:1+end], line[end+2:]
	switch {
	case len(rest) == 0:
		return field, nil, true, ""
	case rest[0] != ',':
		return nil, nil, true, "text follows the closing quotation mark"
	}
	return field, rest[1:], false, ""
}
