package runlog

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// What is read of a run directory is held in memory as a whole, so there is an end to it: a link to
// /dev/zero or a file that went wild must not take the machine with it. A line of queries.jsonl
// has some 120 bytes, so its limit is millions of audits.
const (
	maxQueries = 1 << 30
	maxFile    = 256 << 20 // of any other file
)

// sizeLimit is how large a file may be that stands in a run directory under a name.
func sizeLimit(name string) int64 {
	if name == LogName {
		return maxQueries
	}
	return maxFile
}

// checkSize holds for what is written too: what cannot be read back must not be called done.
func checkSize(path string, size, limit int64) error {
	if size > limit {
		return fmt.Errorf("%s is too large: %d bytes, at most %d are read", path, size, limit)
	}
	return nil
}

// readRegular reads a regular file of at most limit bytes.
func readRegular(path string, limit int64) ([]byte, error) {
	// Without O_NONBLOCK the opening of a named pipe waits for a writer.
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

// checkFolder says what is wrong where a folder of the run directory is something else. Nothing is
// wrong where there is nothing.
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

// kind names what stands in the place of a file or folder.
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
