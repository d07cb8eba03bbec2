package source

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// content is what a file holds once uncompressed.
type content struct {
	data   []byte
	sha256 string
	gzip   bool // the file is compressed
	more   bool // there is more than the limit; the hash is of what was read
}

// unfit is what is wrong with a file, for a sentence that begins with its path.
type unfit struct {
	why string
	err error
}

func (u *unfit) Error() string { return u.why }
func (u *unfit) Unwrap() error { return u.err }

// readContent reads a file, uncompressing it if it is gzip, up to limit bytes and one more, which
// tells a longer file (or a gzip bomb) from one that fits. Errors are *unfit, or the context's.
func readContent(ctx context.Context, path string, limit int64) (content, error) {
	f, err := os.Open(path)
	if err != nil {
		return content{}, unfitOpen(err)
	}
	defer f.Close()
	info, err := f.Stat()
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
	in := bufio.NewReaderSize(f, 1<<16)
	var r io.Reader = in
	var c content
	if m, _ := in.Peek(2); len(m) == 2 && m[0] == 0x1f && m[1] == 0x8b {
		c.gzip = true
		if r, err = gzip.NewReader(in); err != nil {
			return content{}, unfitGzip(err, 0)
		}
	}
	size := limit + 1
	if !c.gzip {
		size = min(size, info.Size()+1)
	}
	buf := make([]byte, size)
	n := 0
	for n < len(buf) {
		if err := ctx.Err(); err != nil {
			return content{}, err
		}
		k, err := r.Read(buf[n:min(n+1<<20, len(buf))])
		n += k
		if err == io.EOF {
			break
		}
		if err != nil {
			if c.gzip {
				return content{}, unfitGzip(err, n)
			}
			return content{}, &unfit{why: "cannot be read: " + err.Error(), err: err}
		}
	}
	c.data, c.more = buf[:n], int64(n) > limit
	sum := sha256.Sum256(c.data)
	c.sha256 = hex.EncodeToString(sum[:])
	return c, nil
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

func unfitGzip(err error, n int) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &unfit{fmt.Sprintf("is truncated: its gzip stream breaks off after %s bytes of content", group(int64(n))), err}
	}
	why := fmt.Sprintf("is damaged after %s bytes of content", group(int64(n)))
	switch {
	case errors.Is(err, gzip.ErrHeader) && n > 0:
		why += ": what follows the gzip stream is not part of it"
	case errors.Is(err, gzip.ErrChecksum):
		why += ": gzip's own checksum is wrong"
	default:
		why += ": " + err.Error()
	}
	return &unfit{why, err}
}

// readFile reads a file that should be the raw file want, and nothing else. sets are those that it
// may be mistaken for.
func readFile(ctx context.Context, path string, want bench.RawFile, sets []*Set) ([]byte, error) {
	c, err := readContent(ctx, path, largest(append([]*Set{{Files: []bench.RawFile{want}}}, sets...)))
	if err != nil {
		return nil, err
	}
	if c.sha256 == want.SHA256 {
		return c.data, nil
	}
	hashes := fmt.Sprintf("the SHA-256 of its content is %s, want %s", c.sha256, want.SHA256)
	if s, file, ok := recognise(sets, c.sha256); ok {
		return nil, &unfit{fmt.Sprintf("is another file, %s of %s; %s", file.Name, s.Title, hashes), &mistaken{s, file}}
	}
	var why []string
	switch n := int64(len(c.data)); {
	case c.more:
		return nil, &unfit{why: fmt.Sprintf("has more than %s bytes of content, want %s", group(n-1), group(want.Bytes))}
	case n == 0:
		return nil, &unfit{why: "is a gzip file of nothing: 0 bytes of content"}
	case n != want.Bytes:
		why = append(why, fmt.Sprintf("has %s bytes of content, want %s", group(n), group(want.Bytes)))
	default:
		why = append(why, "has the right size but other content")
	}
	if magic, ok := magicOf(want.Name); ok {
		if _, _, err := parseIDX(c.data, magic); err != nil {
			why = append(why, "as an idx file "+err.Error())
		}
	}
	return nil, &unfit{why: strings.Join(append(why, hashes), "; ")}
}

// largest is the size of the largest known file.
func largest(sets []*Set) int64 {
	n := int64(0)
	for _, s := range sets {
		for _, f := range s.Files {
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

// magicOf tells what an idx file should begin with from its customary name.
func magicOf(name string) (uint32, bool) {
	switch {
	case strings.HasSuffix(name, "-idx3-ubyte"):
		return magicImages, true
	case strings.HasSuffix(name, "-idx1-ubyte"):
		return magicLabels, true
	}
	return 0, false
}

// group writes 47040016 as 47,040,016.
func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
