//go:build unix

package source

import "golang.org/x/sys/unix"

// mkfifo creates a named pipe.
func mkfifo(path string) error { return unix.Mkfifo(path, 0o644) }
