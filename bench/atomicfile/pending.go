//go:build !windows

package atomicfile

import "github.com/google/renameio/v2"

// Pending is a file that does not have its final name yet.
type Pending = renameio.PendingFile

// CreateIn is Create with another folder, on the same file system, for the temporary file.
func CreateIn(dir, path string) (*Pending, error) {
	return renameio.NewPendingFile(path, renameio.WithTempDir(dir),
		renameio.WithPermissions(FileMode))
}
