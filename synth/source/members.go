package source

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

// errTrailing means that a gzip stream is followed by bytes that are not a gzip member.
var errTrailing = errors.New("bytes follow the gzip stream")

// members reads the members of a gzip stream in sequence, as gzip.Reader does by default; but that
// reports a few trailing bytes as a truncated member.
type members struct {
	in *bufio.Reader
	z  *gzip.Reader
}

func newMembers(in *bufio.Reader) (*members, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &members{in, z}, nil
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.z.Read(p)
		if n > 0 && err == io.EOF {
			err = nil // the next Read returns it again
		}
		if n > 0 || err != io.EOF {
			return n, err
		}
		magic, err := m.in.Peek(2)
		switch {
		case len(magic) == 0:
			return 0, err
		case err != nil && err != io.EOF:
			return 0, err
		case string(magic) != "\x1f\x8b":
			return 0, errTrailing
		}
		if err := m.z.Reset(m.in); err != nil {
			return 0, err
		}
		m.z.Multistream(false)
	}
}
