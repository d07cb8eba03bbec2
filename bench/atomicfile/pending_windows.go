package atomicfile

import (
	"os"
	"path/filepath"
)

// Pending is a file that does not have its final name yet. renameio does not support Windows, where
// the system's documentation does not promise atomic replacement: os.Rename replaces the file by a
// single call of MoveFileEx, which fails if a reader has the old one open.
type Pending struct {
	*os.File
	path     string
	replaced bool
}

// CreateIn is Create with another folder, on the same volume, for the temporary file.
func CreateIn(dir, path string) (*Pending, error) {
	f, err := os.CreateTemp(dir, "."+filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return &Pending{File: f, path: path}, nil
}

// Cleanup removes the temporary file; after CloseAtomicallyReplace has succeeded, it does nothing.
func (p *Pending) Cleanup() error {
	if p.replaced {
		return nil
	}
	p.Close() // it may be closed already; only the removal matters
	return os.Remove(p.Name())
}

// CloseAtomicallyReplace syncs and closes the file and renames it to Create's path.
func (p *Pending) CloseAtomicallyReplace() error {
	if err := p.Sync(); err != nil {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	err := os.Rename(p.Name(), p.path)
	p.replaced = err == nil
	return err
}
