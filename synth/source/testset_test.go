package source

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// idx returns an idx file of unsigned bytes.
func idx(magic uint32, dims []int, values []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magic)
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, values...)
}

// ramp returns n bytes that count from first, modulo m.
func ramp(n, first, m int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte((first + i) % m)
	}
	return b
}

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// small returns a set like MNIST, of n images of 2 x 3 pixels, and the content of its two files.
func small(id string, n, first int) (s *Set, images, labels []byte) {
	images = idx(magicImages, []int{n, 2, 3}, ramp(6*n, first, 251))
	labels = idx(magicLabels, []int{n}, ramp(n, first, 10))
	raw := func(name string, data []byte) bench.RawFile {
		sum := sha256.Sum256(data)
		return bench.RawFile{Name: name, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	}
	return &Set{
		ID: id, Title: "Set " + id, Labels: make([]string, 10), Other: "ask " + id + "'s author", URLs: []string{"https://host.invalid/"},
		Files: []bench.RawFile{raw("train-images-idx3-ubyte", images), raw("train-labels-idx1-ubyte", labels)},
	}, images, labels
}

func write(t testing.TB, data []byte, elem ...string) string {
	t.Helper()
	path := filepath.Join(elem...)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// verify lists the files and joins their errors.
func verify(t testing.TB, f *Finder) ([]Status, error) {
	t.Helper()
	list, err := f.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var errs []error
	for _, s := range list {
		errs = append(errs, s.Err)
	}
	return list, errors.Join(errs...)
}
