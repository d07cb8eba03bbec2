package source

import (
	"bufio"
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

// content is what a file holds once uncompressed.
type content struct {
	sha256 string
	bytes  int64 // at most one more than the limit
	gzip   bool  // the file is compressed
	more   bool  // there is more than the limit; the hash is of what was read
	err    error // what the reader of the content had to say of it
}

// unfit is what is wrong with a file, for a sentence that begins with its path.
type unfit struct {
	why string
	err error
}

func (u *unfit) Error() string { return u.why }
func (u *unfit) Unwrap() error { return u.err }

// walk reads a file once from end to end, uncompressing it if it is gzip, up to limit bytes and one
// more, which tells a longer file (or a gzip bomb) from one that fits. On the way the content is
// hashed and handed to use (nil: to nobody), whose verdict counts for nothing before the hash is
// known: it is in content.err. Errors are *unfit, or the context's.
func walk(ctx context.Context, path string, limit int64, use func(io.Reader) error) (content, error) {
	info, err := os.Stat(path) // first: to open a named pipe is to wait for its writer
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
	io.Copy(io.Discard, h) // what use has left; errors stay in h
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

// hashing hashes what is read through it, at most left bytes, and keeps its first error.
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
		why = p.Err.Error() // without the path, which the sentence begins with
	}
	if errors.Is(err, fs.ErrPermission) {
		return &unfit{"may not be read: " + why, err}
	}
	return &unfit{"cannot be opened: " + why, err}
}

func unfitGzip(err error, n int64) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &unfit{fmt.Sprintf("is truncated: its gzip stream breaks off after %s bytes of content", table.Group(n)), err}
	}
	if errors.Is(err, errTrailing) {
		return &unfit{fmt.Sprintf("is damaged: bytes follow the gzip stream, which ends after %s bytes of content", table.Group(n)), err}
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

// readFile reads a file that should be the raw file want of s, and nothing else, and hands its content
// to use, which may be nil. sets are those that it may be mistaken for.
func readFile(ctx context.Context, path string, s *Set, want bench.RawFile, sets []*Set, use func(io.Reader) error) error {
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
		return &unfit{fmt.Sprintf("is another file, %s of %s; %s", file.Name, s.Title, hashes), &mistaken{s, file}}
	}
	if stand, ok := standIn(sets, c.sha256); ok {
		return &unfit{why: "is " + stand.Name + ", " + stand.Why}
	}
	var why []string
	switch n := c.bytes; {
	case c.more:
		// The hash of a part tells nothing.
		why, hashes = append(why, fmt.Sprintf("has more than %s bytes of content, want %s", table.Group(n-1), table.Group(want.Bytes))), ""
	case n == 0:
		return &unfit{why: "is a gzip file of nothing: 0 bytes of content"}
	case n != want.Bytes:
		why = append(why, fmt.Sprintf("has %s bytes of content, want %s", table.Group(n), table.Group(want.Bytes)))
	default:
		why = append(why, "has the right size but other content")
	}
	// A second time, to say where it goes wrong.
	kind, check := s.checker(want)
	if again, err := walk(ctx, path, limit, check); err == nil && again.err != nil {
		why = append(why, "as "+kind+" "+again.err.Error())
	}
	if hashes != "" {
		why = append(why, hashes)
	}
	return &unfit{why: strings.Join(why, "; ")}
}

// largest is the size of the largest known file.
func largest(sets []*Set) int64 {
	n := int64(0)
	for _, s := range sets {
		for _, f := range s.all() {
			n = max(n, f.Bytes)
		}
	}
	return n
}

// mistaken is the cause where a file turns out to be another known one.
type mistaken struct {
	set  *Set
	file bench.RawFile
}

func (m *mistaken) Error() string { return m.file.Name + " of " + m.set.Title }
