package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/uaibench/uaibench/bench"
)

// install puts what r gives into the cache as the given raw file: to a temporary name, verified,
// synced, and only then under its own name. It returns the path.
func (f *Finder) install(ctx context.Context, s *Set, file bench.RawFile, r io.Reader) (path string, err error) {
	cache, err := f.cache()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, s.ID)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("cannot make room for %s in the cache: %w", s.Title, err)
	}
	t, err := os.CreateTemp(dir, "."+file.Name+".*")
	if err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	defer func() {
		t.Close()
		os.Remove(t.Name()) // gone already if all went well
	}()
	if _, err := io.Copy(t, r); err != nil {
		return "", err
	}
	if err := errors.Join(t.Chmod(0o644), t.Sync(), t.Close()); err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	if err := readFile(ctx, t.Name(), s, file, f.sets(), nil); err != nil {
		return "", err
	}
	zipped, err := isGzip(t.Name())
	if err != nil {
		return "", err
	}
	path, other := filepath.Join(dir, file.Name), filepath.Join(dir, file.Name+".gz")
	if zipped {
		path, other = other, path
	}
	if err := os.Rename(t.Name(), path); err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	// The other form, perhaps damaged, must not stand before this one.
	if err := os.Remove(other); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("cannot tidy the cache: %w", err)
	}
	return path, nil
}

func isGzip(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var m [2]byte
	_, err = io.ReadFull(f, m[:])
	return m == [2]byte{0x1f, 0x8b}, err
}
