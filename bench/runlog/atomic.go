package runlog

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// writeSynced writes a new file and waits until it is on the disk.
func writeSynced(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, atomicfile.FileMode)
	if err != nil {
		return err
	}
	defer func() {
		// Close can be the first call to report a full disk (NFS).
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// syncDir flushes a folder's entries to the disk.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}

// replaceFile atomically replaces the file at path by data and waits until it is on the disk.
func replaceFile(path string, data []byte) error {
	if err := atomicfile.Write(path, data); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// makeDir creates a folder and its parents and syncs them, so that they survive a crash.
func makeDir(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, atomicfile.DirMode); err != nil && !os.IsExist(err) {
		return err
	}
	return syncDir(parent)
}

// names lists the entries of dir that begin with prefix, sorted; a missing folder has none.
func names(dir, prefix string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}
