package runner

import "errors"

// mkfifo fails: this system's named pipes are not files.
func mkfifo(string) error { return errors.ErrUnsupported }

// limitFiles fails: this system has no such limit.
func limitFiles(uint64) error { return errors.ErrUnsupported }
