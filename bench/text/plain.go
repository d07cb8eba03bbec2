package text

import (
	"io/fs"
	"os"
	"strings"
)

// Plain returns an error's message without the names of system calls (open, stat, mkdir), and with
// each path once: "open x: permission denied" becomes "x: permission denied".
func Plain(err error) string {
	message := err.Error()
	for _, e := range causes(err) {
		var path string
		var cause error
		switch e := e.(type) {
		case *fs.PathError:
			path, cause = e.Path, e.Err
		case *os.LinkError:
			path, cause = e.New, e.Err
		case *os.SyscallError:
			cause = e.Err
		}
		before, after, found := strings.Cut(message, e.Error())
		if !found {
			continue
		}
		text := Plain(cause)
		if path != "" && !strings.HasSuffix(" "+before, " "+path+": ") {
			text = path + ": " + text
		}
		message = before + text + after
	}
	return message
}

// causes returns the errors of system calls that an error wraps, outermost first.
func causes(err error) (out []error) {
	switch err.(type) {
	case *fs.PathError, *os.LinkError, *os.SyscallError:
		return []error{err}
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return causes(inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			out = append(out, causes(inner)...)
		}
	}
	return out
}

// Reword returns err with another message, for where err's own would repeat parts of message.
func Reword(message string, err error) error { return &reworded{message, err} }

type reworded struct {
	message string
	err     error
}

func (e *reworded) Error() string { return e.message }
func (e *reworded) Unwrap() error { return e.err }
