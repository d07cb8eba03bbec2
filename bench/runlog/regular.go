package runlog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Size limits of a run's files, in bytes. Files are held in memory while they are read, so a link
// to /dev/zero or a runaway file must not exhaust the machine's memory. A line of queries.jsonl has
// some 120 bytes, so its limit is millions of audits.
const (
	maxQueries = 1 << 30
	maxFile    = 256 << 20 // of any other file
)

// sizeLimit is the largest size, in bytes, of a run's file of this name.
func sizeLimit(name string) int64 {
	if name == LogName {
		return maxQueries
	}
	return maxFile
}

// checkSize returns an error for a size above limit. Writers use it too: a cell that cannot be read
// back must not be marked as done.
func checkSize(path string, size, limit int64) error {
	if size > limit {
		return fmt.Errorf("%s is too large: %d bytes, at most %d are read", path, size, limit)
	}
	return nil
}

// readRegular reads a regular file of at most limit bytes.
func readRegular(path string, limit int64) ([]byte, error) {
	// Without O_NONBLOCK, opening a named pipe waits for a writer.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is %s, not a regular file", path, kind(info.Mode()))
	}
	if err := checkSize(path, info.Size(), limit); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1)) // it may grow meanwhile
	if err != nil {
		return nil, err
	}
	return data, checkSize(path, int64(len(data)), limit)
}

// checkFolder returns an error if something other than a folder is at path; a missing path is none.
func checkFolder(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil
	}
	if _, e := os.Lstat(path); errors.Is(e, fs.ErrNotExist) {
		return nil
	}
	var what string
	switch {
	case err == nil:
		what = kind(info.Mode())
	case errors.Is(err, fs.ErrNotExist):
		what = "a link to nothing"
	case errors.Is(err, syscall.ELOOP):
		what = "a link that leads back to itself"
	default:
		return err
	}
	return fmt.Errorf("%s is %s, not a folder: move it away (and put the folder back if you have "+
		"it), or name another directory", path, what)
}

// kind describes a file's type in messages.
func kind(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return "a file"
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
