package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
)

// install copies r to the cache as the given raw file: to a temporary name, verified, synced, and
// only then renamed. It returns the path.
func (f *Finder) install(ctx context.Context, s *Set, file bench.RawFile, r io.Reader) (path string, err error) {
	cache, err := f.cache()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, s.ID)
	if err := os.MkdirAll(dir, atomicfile.DirMode); err != nil {
		return "", fmt.Errorf("cannot create a folder for %s in the cache: %w", s.Title, err)
	}
	in := bufio.NewReader(r)
	magic, _ := in.Peek(len(gzipMagic)) // Copy returns any error
	path, other := filepath.Join(dir, file.Name), filepath.Join(dir, file.Name+".gz")
	if string(magic) == gzipMagic {
		path, other = other, path
	}
	t, err := atomicfile.Create(path)
	if err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	defer t.Cleanup() // no effect after success
	if _, err := io.Copy(t, in); err != nil {
		return "", err
	}
	if err := readFile(ctx, t.Name(), s, file, f.sets(), nil); err != nil {
		return "", err
	}
	if err := t.CloseAtomicallyReplace(); err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	// A file in the other form, perhaps damaged, could be found before this one.
	if err := os.Remove(other); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("cannot remove the replaced file from the cache: %w", err)
	}
	return path, nil
}

const gzipMagic = "\x1f\x8b"

func isGzip(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var m [2]byte
	_, err = io.ReadFull(f, m[:])
	return string(m[:]) == gzipMagic, err
}
