// Package atomicfile writes files whole or not at all: under another name first, synced, then
// renamed, so that no reader sees half a file and a crash leaves the old one. It is the one place
// of this module that does so, on google/renameio.
//
// Modes are the umask's to choose: files are made with 0666, folders with 0777, less the umask.
// Under 077 nothing is readable by others; under 002, in a folder with the setgid bit, a colleague
// of the group can go on with what this user began. A file that is replaced gets the mode of a new
// one.
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

// Create begins a file that takes the place of path at CloseAtomicallyReplace. Until then it lies
// in path's folder, under a hidden name that begins with a dot and path's last element; Cleanup
// removes it. Being made in that folder it has the folder's group, where the setgid bit asks for
// it.
func Create(path string) (*Pending, error) { return CreateIn(filepath.Dir(path), path) }

// Write puts data in the place of path, whose folder is there.
func Write(path string, data []byte) error { return WriteIn(filepath.Dir(path), path, data) }

// WriteIn is Write with another folder, on the same file system, for the file until it is whole.
func WriteIn(dir, path string, data []byte) error {
	f, err := CreateIn(dir, path)
	if err != nil {
		return of(path, err)
	}
	defer f.Cleanup() // of no effect after the replacement; before it, the error that counts is err
	if _, err := f.Write(data); err != nil {
		return of(path, err)
	}
	return of(path, f.CloseAtomicallyReplace())
}

// of makes an error one of path, which nobody knows by its other name.
func of(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return &fs.PathError{Op: p.Op, Path: path, Err: p.Err}
	}
	return err
}
