package runlog

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// store is where the files of a run are read from: a directory, or a pack held in memory. Names are
// relative to the run, with slashes.
type store interface {
	// read gives a whole file of at most its size limit; what is not there is fs.ErrNotExist.
	read(name string) ([]byte, error)
	// there says whether there is a folder, or anything in its place.
	there(folder string) (bool, error)
	// path is what messages call a file.
	path(name string) string
	// others counts the cells that are there but not planned.
	others(planned map[string]bool) (int, error)
	// running gives the ids of the cells that a living process is working on.
	running() (map[string]bool, error)
	// changing says that another process may be writing at this moment.
	changing() bool
}

// openStore opens what is at a path: a pack where there is a file, else a directory, whether it is
// there or not.
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
	// Not Stat: a link to nothing would block the cell's place.
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
