package runlog

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// store is the source of a run's files: a directory, or a pack held in memory. Names are relative
// to the run, with slashes.
type store interface {
	// read returns the contents of a file of at most its size limit; a missing file is
	// fs.ErrNotExist.
	read(name string) ([]byte, error)
	// there reports whether folder exists, or anything else in its place.
	there(folder string) (bool, error)
	// path is a file's name in messages.
	path(name string) string
	// others counts the cells that are present but not planned.
	others(planned map[string]bool) (int, error)
	// running returns the cells with a draft, by id: true where a living process works on it.
	running() (map[string]bool, error)
	// changing reports whether another process may be writing at this moment.
	changing() bool
}

// openStore opens a run: a pack if root is a file, else a directory, which need not exist.
func openStore(root string) (store, error) {
	if info, err := os.Stat(root); err == nil && !info.IsDir() {
		return openPack(root)
	}
	if err := checkFolder(filepath.Join(root, CellsName)); err != nil {
		return nil, err
	}
	return directory(root), nil
}

// directory is a run directory, by its path.
type directory string

func (d directory) path(name string) string {
	return filepath.Join(string(d), filepath.FromSlash(name))
}

func (d directory) read(name string) ([]byte, error) {
	return readRegular(d.path(name), sizeLimit(path.Base(name)))
}

func (d directory) there(folder string) (bool, error) {
	// Not Stat: a dangling link would block the cell's place, too.
	_, err := os.Lstat(d.path(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d directory) others(planned map[string]bool) (int, error) {
	return countOthers(string(d), planned)
}

func (d directory) running() (map[string]bool, error) { return runningCells(string(d)) }

func (d directory) changing() bool { return true }
