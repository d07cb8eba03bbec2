package runner

import "errors"

// mkfifo has nothing to make: this system's named pipes are not files.
func mkfifo(string) error { return errors.ErrUnsupported }

// limitFiles is nothing that this system can do.
func limitFiles(uint64) error { return errors.ErrUnsupported }
