//go:build unix

package runner

import (
	"os/signal"

	"golang.org/x/sys/unix"
)

// mkfifo makes a named pipe.
func mkfifo(path string) error { return unix.Mkfifo(path, 0o644) }

// limitFiles makes writes to files fail beyond this size.
func limitFiles(bytes uint64) error {
	signal.Ignore(unix.SIGXFSZ)
	return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: bytes})
}
