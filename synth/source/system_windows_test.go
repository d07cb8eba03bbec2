package source

import "errors"

// mkfifo has nothing to make: this system's named pipes are not files.
func mkfifo(string) error { return errors.ErrUnsupported }
