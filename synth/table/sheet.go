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
)

// sheet is a file's cells, whatever its form.
type sheet struct {
	form   Form
	names  []string // of the columns, in the file's order
	header bool     // the names are the file's own
	rows   int      // at most so many
	label  string   // the label's name where the form has a customary one; else ""
	lines  bool     // rows have line numbers

	// each hands out the cells of the wanted columns: row by row in text, column by column elsewhere.
	// What is wrong with a row or a column as a whole goes to found. An error ends it.
	each func(want []bool, visit func(*cell), found func(kind string, p Problem)) error
	// sum is the SHA-256 of the content; for text it is there once each has ended.
	sum   func() string
	bytes int64 // of the content
}

// cell is a field of a row.
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
	nullCell                   // has no value
)

// maxValues bounds the numbers of a table.
const maxValues = 1 << 31

// file is an open file and what its first bytes say.
type file struct {
	ctx  context.Context
	path string
	f    *os.File
	size int64
	gzip bool
	head []byte // of the content
	form Form
}

// openFile opens a file that Read can read; the error is an *Error, or the context's.
func openFile(ctx context.Context, path string) (*file, error) {
	info, err := os.Stat(path) // first: to open a named pipe is to wait for its writer
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
		return refuse(in.path, "is compressed by gzip: unpack it, since %s files are read from the middle", form)
	}
	in.form = form
	return nil
}

// content is the file's content from its beginning, without gzip.
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

// digest gives a sheet the SHA-256 and the size of the content, for forms that are not read from end to end.
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

// broken makes an error of reading one of the file.
func (in *file) broken(err error) error {
	var e *Error
	switch {
	case in.ctx.Err() != nil:
		return in.ctx.Err()
	case errors.As(err, &e):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF) && in.gzip:
		return refuse(in.path, "is truncated: its gzip stream breaks off")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return refuse(in.path, "is damaged: %v", err)
	}
	return refuse(in.path, "cannot be read: %s", plain(err))
}

// plain is an error without the path, which messages begin with.
func plain(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// cancelled is a reader that ends when its context does.
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

// open gives a file's cells; close what it returns. header says whether text has a header.
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
	return s, in.f, nil
}

// place is a problem's place: that of a cell, or of its column alone where c is nil.
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

// missingWords are how a field says that it has no value, in lower case.
var missingWords = map[string]bool{"": true, "nan": true, "na": true, "n/a": true, "null": true,
	"none": true, "?": true}

func isMissing(field string) bool {
	return len(field) <= 4 && missingWords[string(bytes.ToLower([]byte(field)))]
}
