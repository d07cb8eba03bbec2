package atomicfile

import (
	"os"
	"path/filepath"
)

// Pending is a file that has not yet the name that it is to have. renameio has none on Windows,
// where a replacement is no atom by the letter of the system's documentation: os.Rename puts the
// one file in the place of the other by a single call of MoveFileEx, and a reader that has the old
// one open makes that call fail.
type Pending struct {
	*os.File
	path     string
	replaced bool
}

// CreateIn is Create with another folder, on the same volume, for the file until then.
func CreateIn(dir, path string) (*Pending, error) {
	f, err := os.CreateTemp(dir, "."+filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return &Pending{File: f, path: path}, nil
}

// Cleanup removes what CloseAtomicallyReplace did not put in its place; after it, it does nothing.
func (p *Pending) Cleanup() error {
	if p.replaced {
		return nil
	}
	p.Close() // it may be closed already: what counts is that the file goes
	return os.Remove(p.Name())
}

// CloseAtomicallyReplace syncs and closes the file and gives it the name of Create.
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
