// Package atomicfile writes files atomically: under another name first, synced, then renamed, so
// that no reader sees a partial file and a crash leaves the old one. Only this package of the
// module does so, using google/renameio.
//
// Modes are left to the umask: files are created with 0666, folders with 0777, less the umask.
// Under 077 others can read nothing; under 002, in a folder with the setgid bit, members of the
// group can continue this user's work. A replaced file gets the mode of a new one.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Modes before the umask.
const (
	FileMode os.FileMode = 0o666
	DirMode  os.FileMode = 0o777
)

// Create creates a file that replaces path at CloseAtomicallyReplace. Until then it is in path's
// folder, under a hidden name that begins with a dot and path's last element; Cleanup removes it.
// As it is created in that folder, it has the folder's group if the setgid bit is set.
func Create(path string) (*Pending, error) { return CreateIn(filepath.Dir(path), path) }

// Write writes data to path atomically; path's folder must exist.
func Write(path string, data []byte) error { return WriteIn(filepath.Dir(path), path, data) }

// WriteIn is Write with another folder, on the same file system, for the temporary file.
func WriteIn(dir, path string, data []byte) error {
	f, err := CreateIn(dir, path)
	if err != nil {
		return of(path, err)
	}
	defer f.Cleanup() // a no-op after the replacement; before it, err is the error that counts
	if _, err := f.Write(data); err != nil {
		return of(path, err)
	}
	return of(path, f.CloseAtomicallyReplace())
}

// of replaces the temporary file's name in an error by path.
func of(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return &fs.PathError{Op: p.Op, Path: path, Err: p.Err}
	}
	return err
}
