package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// A gzip stream may have several members (RFC 1952, 2.2), which gzip.Reader also reads.
func TestMembers(t *testing.T) {
	text := ramp(300000, 0, 251)
	var file []byte
	for _, part := range [][]byte{text[:1], text[1:1], text[1:200000], text[200000:]} {
		file = append(file, zipped(t, part)...)
	}
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(want, text) {
		t.Fatalf("gzip.Reader: %d bytes, %v", len(want), err)
	}
	for what, r := range map[string]io.Reader{"whole": bytes.NewReader(file), "byte by byte": iotest.OneByteReader(bytes.NewReader(file))} {
		m, err := newMembers(bufio.NewReader(r))
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(m, text); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	failed := errors.New("the disk failed")
	m, err := newMembers(bufio.NewReader(io.MultiReader(bytes.NewReader(file), iotest.ErrReader(failed))))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(m); !errors.Is(err, failed) || !bytes.Equal(got, text) {
		t.Errorf("a reader that fails after the stream: %d bytes, %v", len(got), err)
	}
}
