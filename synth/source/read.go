package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/table"
)

// content describes a file's decompressed content.
type content struct {
	sha256 string
	bytes  int64 // at most limit+1
	gzip   bool  // the file is compressed
	more   bool  // there is more than the limit; the hash is of the bytes read
	err    error // of use, which read the content
}

// unfit is the reason why a file cannot be used, following its path in a sentence.
type unfit struct {
	why string
	err error
}

func (u *unfit) Error() string { return u.why }
func (u *unfit) Unwrap() error { return u.err }

// walk reads a file once from end to end, decompressing gzip, up to limit+1 bytes, which
// distinguishes a longer file (or a gzip bomb) from one within the limit. It hashes the content and
// passes it to use (unless nil), whose error is returned in content.err: it matters only if the
// hash is right. The error is *unfit, or the context's.
func walk(ctx context.Context, path string, limit int64,
	use func(io.Reader) error) (content, error) {
	info, err := os.Stat(path) // before Open, which would block on a named pipe
	switch {
	case err != nil:
		return content{}, unfitOpen(err)
	case info.IsDir():
		return content{}, &unfit{why: "is a directory, not a file"}
	case !info.Mode().IsRegular():
		return content{}, &unfit{why: "is not a regular file"}
	case info.Size() == 0:
		return content{}, &unfit{why: "is empty (0 bytes)"}
	}
	f, err := os.Open(path)
	if err != nil {
		return content{}, unfitOpen(err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	var r io.Reader = in
	var c content
	if m, _ := in.Peek(2); len(m) == 2 && m[0] == 0x1f && m[1] == 0x8b {
		c.gzip = true
		z, err := newMembers(in)
		if err != nil {
			return content{}, unfitGzip(err, 0)
		}
		ahead := readAhead(z)
		defer ahead.Close()
		r = ahead
	}
	h := &hashing{ctx: ctx, r: r, hash: sha256.New(), left: limit + 1}
	if use != nil {
		c.err = use(h)
	}
	io.Copy(io.Discard, h) // the bytes that use did not read; errors stay in h
	switch err := h.err; {
	case err == nil || err == io.EOF:
	case ctx.Err() != nil:
		return content{}, ctx.Err()
	case c.gzip:
		return content{}, unfitGzip(err, h.n)
	default:
		return content{}, &unfit{why: "cannot be read: " + err.Error(), err: err}
	}
	c.bytes, c.more = h.n, h.n > limit
	c.sha256 = hex.EncodeToString(h.hash.Sum(nil))
	return c, nil
}

// hashing is a reader that hashes what it reads, at most left bytes, and keeps its first error.
type hashing struct {
	ctx  context.Context
	r    io.Reader
	hash hash.Hash
	n    int64
	left int64
	err  error
}

func (h *hashing) Read(p []byte) (int, error) {
	if h.err != nil {
		return 0, h.err
	}
	if h.err = h.ctx.Err(); h.err != nil {
		return 0, h.err
	}
	if h.left == 0 {
		h.err = io.EOF
		return 0, io.EOF
	}
	n, err := h.r.Read(p[:min(int64(len(p)), h.left)])
	h.hash.Write(p[:n])
	h.n += int64(n)
	h.left -= int64(n)
	h.err = err
	return n, err
}

func unfitOpen(err error) error {
	why := err.Error()
	var p *fs.PathError
	if errors.As(err, &p) {
		why = p.Err.Error() // without the path, which the sentence has already
	}
	if errors.Is(err, fs.ErrPermission) {
		return &unfit{"may not be read: " + why, err}
	}
	return &unfit{"cannot be opened: " + why, err}
}

func unfitGzip(err error, n int64) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &unfit{fmt.Sprintf("is truncated: its gzip stream ends early, after %s bytes of "+
			"content", table.Group(n)), err}
	}
	if errors.Is(err, errTrailing) {
		return &unfit{fmt.Sprintf("is damaged: bytes follow the gzip stream, which ends after %s "+
			"bytes of content", table.Group(n)), err}
	}
	why := fmt.Sprintf("is damaged after %s bytes of content", table.Group(n))
	switch {
	case errors.Is(err, gzip.ErrChecksum):
		why += ": gzip's own checksum is wrong"
	default:
		why += ": " + err.Error()
	}
	return &unfit{why, err}
}

// readFile checks that a file is the raw file want of s, and passes its content to use (unless
// nil). sets are searched for the raw file that it is instead.
func readFile(ctx context.Context, path string, s *Set, want bench.RawFile, sets []*Set,
	use func(io.Reader) error) error {
	limit := largest(append([]*Set{{Files: []bench.RawFile{want}}}, sets...))
	c, err := walk(ctx, path, limit, use)
	switch {
	case err != nil:
		return err
	case c.sha256 == want.SHA256 && c.err != nil:
		return fmt.Errorf("%s: %w", path, c.err)
	case c.sha256 == want.SHA256:
		return nil
	}
	hashes := fmt.Sprintf("the SHA-256 of its content is %s, want %s", c.sha256, want.SHA256)
	if s, file, ok := recognise(sets, c.sha256); ok {
		return &unfit{fmt.Sprintf("is another file, %s of %s; %s", file.Name, s.Title, hashes),
			&mistaken{s, file}}
	}
	if stand, ok := standIn(sets, c.sha256); ok {
		return &unfit{why: "is " + stand.Name + ", " + stand.Why}
	}
	var why []string
	switch n := c.bytes; {
	case c.more:
		// The hash of a part is of no use.
		why, hashes = append(why, fmt.Sprintf("has more than %s bytes of content, want %s",
			table.Group(n-1), table.Group(want.Bytes))), ""
	case n == 0:
		return &unfit{why: "is an empty gzip file: 0 bytes of content"}
	case n != want.Bytes:
		why = append(why, fmt.Sprintf("has %s bytes of content, want %s", table.Group(n),
			table.Group(want.Bytes)))
	default:
		why = append(why, "has the right size but different content")
	}
	// Read it again to locate the first error.
	kind, check := s.checker(want)
	head, odd := []byte(nil), ""
	again, err := walk(ctx, path, limit, func(r io.Reader) error {
		in := bufio.NewReaderSize(r, table.SniffBytes)
		head, _ = in.Peek(table.SniffBytes)
		odd = unusual(path, head)
		if check == nil {
			return nil
		}
		return check(in)
	})
	switch _, idx := magicOf(want.Name); {
	case err != nil:
	case kind != "" && odd != "" && !idx:
		why = append(why, "as "+kind+" "+odd)
	case again.err != nil:
		why = append(why, "as "+kind+" "+again.err.Error())
	}
	if hashes != "" {
		why = append(why, hashes)
	}
	return &unfit{why: strings.Join(why, "; ")}
}

// unusual returns how a file's first bytes differ in form from a published table's; "" if they do
// not, or cannot be checked.
func unusual(path string, head []byte) string {
	switch form, why := table.Sniff(path, head); {
	case why != "":
		return why
	case form != table.Text:
		return ""
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "line 1: begins with a byte order mark: `uaibench data import PATH` removes it"
	case separated(head) != "":
		return separated(head)
	case bytes.Contains(head, []byte("\r\n")):
		return "line 1: ends in CRLF: `uaibench data import PATH` converts it to LF"
	}
	return ""
}

// largest returns the size of the largest known file.
func largest(sets []*Set) int64 {
	n := int64(0)
	for _, s := range sets {
		for _, f := range s.all() {
			n = max(n, f.Bytes)
		}
	}
	return n
}

// mistaken is the cause when a file is another known one.
type mistaken struct {
	set  *Set
	file bench.RawFile
}

func (m *mistaken) Error() string { return m.file.Name + " of " + m.set.Title }
