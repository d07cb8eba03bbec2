package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
)

// sheet is a file's cells, independent of its form.
type sheet struct {
	form   Form
	names  []string // of the columns, in the file's order
	header bool     // the names are in the file
	rows   int      // upper bound
	label  string   // the form's customary label name; "": none
	lines  bool     // rows have line numbers

	// each visits the cells of the wanted columns: row by row in text, column by column elsewhere.
	// It passes problems with complete rows or columns to found. It stops at an error.
	each func(want []bool, visit func(*cell), found func(kind string, p Problem)) error
	// sum returns the content's SHA-256 in hexadecimal; for text, call it after each.
	sum   func() string
	bytes int64 // of the content
}

// cell is one field of a row.
type cell struct {
	row, col int
	line     int // of text, from 1; else 0
	kind     cellKind
	text     string
	number   float64
}

type cellKind uint8

const (
	textCell   cellKind = iota // see cell.text
	numberCell                 // see cell.number
	nullCell                   // no value
)

// maxValues is the largest number of values in a table.
const maxValues = 1 << 31

// file is an open file, with its form as detected from its first bytes.
type file struct {
	ctx  context.Context
	path string
	f    *os.File
	size int64
	gzip bool
	head []byte // the content's first bytes
	form Form
}

// openFile opens a file that Read can read. The error is an *Error, or the context's.
func openFile(ctx context.Context, path string) (*file, error) {
	info, err := os.Stat(path) // before Open, which would block on a named pipe
	switch {
	case err != nil:
		return nil, refuse(path, "cannot be opened: %s", plain(err))
	case info.IsDir():
		return nil, refuse(path, "is a folder, not a file")
	case !info.Mode().IsRegular():
		return nil, refuse(path, "is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, refuse(path, "cannot be opened: %s", plain(err))
	}
	in := &file{ctx: ctx, path: path, f: f, size: info.Size()}
	if err := in.sniff(); err != nil {
		f.Close()
		return nil, err
	}
	return in, nil
}

func (in *file) sniff() error {
	r, err := in.content()
	if err != nil {
		return err
	}
	in.head = make([]byte, SniffBytes)
	n, err := io.ReadFull(r, in.head)
	in.head = in.head[:n]
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return in.broken(err)
	}
	form, why := Sniff(in.path, in.head)
	switch {
	case why != "":
		return refuse(in.path, "%s", why)
	case in.gzip && (form == NPZ || form == Parquet):
		return refuse(in.path, "is compressed by gzip: unpack it, since %s files are read from "+
			"the middle", form)
	}
	in.form = form
	return nil
}

// content returns a reader of the content from its beginning, decompressed if it is gzip.
func (in *file) content() (io.Reader, error) {
	if _, err := in.f.Seek(0, io.SeekStart); err != nil {
		return nil, in.broken(err)
	}
	buffered := bufio.NewReaderSize(&cancelled{in.ctx, in.f}, 1<<16)
	magic, _ := buffered.Peek(2)
	if in.gzip = string(magic) == "\x1f\x8b"; !in.gzip {
		return buffered, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, in.broken(err)
	}
	return z, nil
}

// digest sets a sheet's sum and bytes, for forms that are not read sequentially.
func (in *file) digest(s *sheet) error {
	r, err := in.content()
	if err != nil {
		return err
	}
	h := sha256.New()
	if s.bytes, err = io.Copy(h, r); err != nil {
		return in.broken(err)
	}
	s.sum = func() string { return hex.EncodeToString(h.Sum(nil)) }
	return nil
}

// broken converts a read error to an *Error for the file, or to the context's error.
func (in *file) broken(err error) error {
	var e *Error
	switch {
	case in.ctx.Err() != nil:
		return in.ctx.Err()
	case errors.As(err, &e):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) && in.gzip:
		return refuse(in.path, "is truncated: its gzip stream ends early")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return refuse(in.path, "is damaged: %v", err)
	}
	return refuse(in.path, "cannot be read: %s", plain(err))
}

// plain returns an error's text without the path, which the message begins with already.
func plain(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// cancelled is a reader that fails once its context is cancelled.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// open opens a file's cells; close the io.Closer. header is Options.Header, for text only.
func open(ctx context.Context, path, header string) (*sheet, io.Closer, error) {
	in, err := openFile(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	var s *sheet
	switch in.form {
	case NPZ:
		s, err = in.npz()
	case MAT:
		s, err = in.mat()
	case Parquet:
		s, err = in.parquet()
	default:
		s, err = in.text(header)
	}
	if err != nil {
		in.f.Close()
		return nil, nil, err
	}
	s.form = in.form
	for i, name := range s.names {
		s.names[i] = onLine(name)
	}
	return s, in.f, nil
}

// onLine returns a name with one blank in place of each run of line breaks, tabs and other
// characters that do not print, so that a spec can name the column.
func onLine(name string) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if !strings.ContainsFunc(name, hidden) {
		return name
	}
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || hidden(r) }),
		" ")
}

// place returns a problem at cell c, or in column col if c is nil.
func (s *sheet) place(c *cell, col int, why string) Problem {
	p := Problem{Column: col + 1, Name: s.names[col], Why: why}
	switch {
	case c == nil:
	case s.lines:
		p.Line = c.line
	default:
		p.Row = c.row + 1
	}
	return p
}

// missingWords are the texts, in lower case, that mean a missing value.
var missingWords = map[string]bool{"": true, "nan": true, "na": true, "n/a": true, "null": true,
	"none": true, "?": true}

func isMissing(field string) bool {
	return len(field) <= 4 && missingWords[string(bytes.ToLower([]byte(field)))]
}
