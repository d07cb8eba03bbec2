//go:build !windows

package atomicfile

import "github.com/google/renameio/v2"

// Pending is a file that has not yet the name that it is to have.
type Pending = renameio.PendingFile

// CreateIn is Create with another folder, on the same file system, for the file until then.
func CreateIn(dir, path string) (*Pending, error) {
	return renameio.NewPendingFile(path, renameio.WithTempDir(dir),
		renameio.WithPermissions(FileMode))
}
