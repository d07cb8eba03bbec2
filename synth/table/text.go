package table

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
)

// maxLine is the longest line of text, in bytes.
const maxLine = 16 << 20

// Delimiter detects the field separator of text: comma, semicolon or tab. It is the one that occurs
// equally often in the first line and the most others; a comma if there is none.
func Delimiter(head []byte) byte {
	head = bytes.TrimPrefix(head[:min(len(head), SniffBytes)], bom)
	var counts [][3]int // per line, outside quotes
	var line [3]int
	quoted, started := false, false
	for _, c := range head {
		started = started || c != '\n' && c != '\r'
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n' && started:
			counts, line, started = append(counts, line), [3]int{}, false
		default:
			if i := strings.IndexByte("\t;,", c); i >= 0 {
				line[i]++
			}
		}
	}
	if len(counts) == 0 || len(head) < SniffBytes && started {
		counts = append(counts, line)
	}
	best, score := byte(','), [2]int{}
	for i, c := range []byte("\t;,") {
		alike := 0
		for _, line := range counts {
			if line[i] == counts[0][i] {
				alike++
			}
		}
		if s := [2]int{alike, counts[0][i]}; s[1] > 0 && slices.Compare(s[:], score[:]) > 0 {
			best, score = c, s
		}
	}
	return best
}

// text opens text; header is auto, yes or no.
func (in *file) text(header string) (*sheet, error) {
	first, second, err := in.beginning()
	if err != nil {
		return nil, err
	}
	if why := otherDelimiter(first, second); why != "" {
		return nil, refuse(in.path, "%s", why)
	}
	s := &sheet{lines: true, header: header == "yes" || header != "no" && isHeader(first, second)}
	for i, name := range first {
		name = strings.TrimSpace(name)
		if !s.header || name == "" {
			name = fmt.Sprint("x", i+1)
		}
		s.names = append(s.names, name)
	}
	size, lines, err := in.count()
	if err != nil {
		return nil, err
	}
	// A row has at least one byte per field: the separator.
	s.rows, s.bytes = int(min(lines+1, size/int64(len(s.names))+1)), size
	sum := sha256.New()
	s.sum = func() string { return hex.EncodeToString(sum.Sum(nil)) }
	s.each = func(want []bool, visit func(*cell), found func(string, Problem)) error {
		sum.Reset()
		return in.rows(s, sum, want, visit, found)
	}
	return s, nil
}

// csv returns a reader of records from the beginning. All bytes read also go to h, unless nil.
func (in *file) csv(h hash.Hash) (r *csv.Reader, all io.Reader, err error) {
	content, err := in.content()
	if err != nil {
		return nil, nil, err
	}
	if h != nil {
		content = io.TeeReader(content, h)
	}
	buffered := bufio.NewReaderSize(&lineLimit{r: content}, 1<<16)
	if start, _ := buffered.Peek(len(bom)); bytes.Equal(start, bom) {
		buffered.Discard(len(bom))
	}
	r = csv.NewReader(buffered)
	r.Comma = rune(Delimiter(in.head))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	return r, content, nil
}

// beginning returns the first two records; second is nil if there is only one.
func (in *file) beginning() (first, second []string, err error) {
	r, _, err := in.csv(nil)
	if err != nil {
		return nil, nil, err
	}
	if first, err = r.Read(); err != nil {
		return nil, nil, in.unreadable(err)
	}
	first = slices.Clone(first)
	if second, err = r.Read(); err != nil {
		return first, nil, nil // rows reports this error
	}
	return first, second, nil
}

// otherDelimiter returns an error text for two records of one field each with equal numbers of
// vertical bars or of blank-separated words; "" for any others.
func otherDelimiter(first, second []string) string {
	if len(first) != 1 || len(second) != 1 {
		return ""
	}
	by := ""
	if n := strings.Count(first[0], "|"); n > 0 && n == strings.Count(second[0], "|") {
		by = "vertical bars"
	} else if n := len(strings.Fields(first[0])); n > 1 && n == len(strings.Fields(second[0])) {
		by = "blanks"
	} else {
		return ""
	}
	return "separates its fields with " + by + ": save it with commas, semicolons or tabs"
}

// isHeader reports whether a first record is a header: none of its fields is a number (and not all
// are missing), or one is text where the second record has a number, or one is a name that labels
// often have and that is no value of this label, or the numbers count from 0 or 1 (as pandas names
// columns without names).
func isHeader(first, second []string) bool {
	const wide = 6 // a data row this long is unlikely to count
	numbers, blanks, from0, from1 := 0, 0, len(first) >= wide, len(first) >= wide
	for i, field := range first {
		field = strings.TrimSpace(field)
		v, why := ParseNumber(field)
		from0 = from0 && (why != "" || v == float64(i))
		from1 = from1 && (why != "" || v == float64(i+1))
		switch {
		case why == "":
			numbers++
			continue
		case isMissing(field):
			blanks++
			continue
		case i < len(second):
			below := strings.TrimSpace(second[i])
			if _, why := ParseNumber(below); why == "" || namesLabel(field) && field != below {
				return true
			}
		}
	}
	return numbers == 0 && blanks < len(first) || numbers >= wide-1 && (from0 || from1)
}

// namesLabel reports whether a word is customary as the name of a label, and not as its value.
func namesLabel(word string) bool {
	word = strings.ToLower(word)
	return slices.Contains(labelNames, word) && !slices.Contains([]string{"y", "anomaly", "outlier",
		"fraud", "attack"}, word)
}

// count returns the content's size in bytes and its number of newlines.
func (in *file) count() (bytesRead, lines int64, err error) {
	r, err := in.content()
	if err != nil {
		return 0, 0, err
	}
	buf := make([]byte, 1<<16)
	for {
		n, err := r.Read(buf)
		bytesRead += int64(n)
		lines += int64(bytes.Count(buf[:n], []byte{'\n'}))
		if err == io.EOF {
			return bytesRead, lines, nil
		}
		if err != nil {
			return 0, 0, in.broken(err)
		}
	}
}

// rows implements sheet.each for text.
func (in *file) rows(s *sheet, h hash.Hash, want []bool, visit func(*cell), found func(string,
	Problem)) error {
	r, content, err := in.csv(h)
	if err != nil {
		return err
	}
	skip := s.header
	c := cell{kind: textCell}
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return in.unreadable(err)
		}
		c.line, _ = r.FieldPos(0)
		switch {
		case skip:
			skip = false
			continue
		case len(record) != len(s.names):
			found("ragged", Problem{Line: c.line, Why: fmt.Sprintf("has %s, want %d%s",
				fields(len(record)), len(s.names),
				map[bool]string{true: ", as in the header",
					false: ", as in the first line"}[s.header])})
			continue
		case c.row == s.rows:
			return refuse(in.path, "changed while it was read")
		}
		for j, field := range record {
			if want[j] {
				c.col, c.text = j, field
				visit(&c)
			}
		}
		c.row++
	}
	// Read the remaining bytes: the hash is of the complete content.
	if _, err := io.Copy(io.Discard, content); err != nil {
		return in.broken(err)
	}
	return nil
}

func fields(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

// unreadable converts an error of reading records to an *Error with its line.
func (in *file) unreadable(err error) error {
	var p *csv.ParseError
	var long *longLine
	line := 0
	switch {
	case errors.As(err, &p):
		line, err = p.Line, p.Err
		switch {
		case errors.Is(err, csv.ErrQuote) && p.Line != p.StartLine:
			line, err = p.StartLine, errors.New("its opening quotation mark is not closed")
		case errors.Is(err, csv.ErrQuote):
			err = errors.New("a quotation mark is not closed, or text follows the closing one")
		case errors.Is(err, csv.ErrBareQuote):
			err = errors.New("an unquoted field contains a quotation mark")
		default:
			return in.broken(err)
		}
	case errors.As(err, &long):
		line = long.line
	case err == io.EOF:
		return refuse(in.path, "holds only white space")
	default:
		return in.broken(err)
	}
	return &Error{Path: in.path, List: []Problem{{Line: line, Why: err.Error()}}}
}

// lineLimit is a reader that fails at lines longer than maxLine.
type lineLimit struct {
	r    io.Reader
	line int // newlines so far
	n    int // bytes since the last newline
}

type longLine struct{ line int }

func (e *longLine) Error() string {
	return fmt.Sprintf("is longer than %s bytes: this is not a text table", Group(maxLine))
}

func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if last := bytes.LastIndexByte(p[:n], '\n'); last >= 0 {
		l.line += bytes.Count(p[:n], []byte{'\n'})
		l.n = n - last - 1
	} else if l.n += n; l.n > maxLine {
		return 0, &longLine{l.line + 1}
	}
	return n, err
}
