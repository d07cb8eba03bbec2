package text

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

func TestPlain(t *testing.T) {
	at := func(op, path string, err error) error { return &fs.PathError{Op: op, Path: path, Err: err} }
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("open: the door"), "open: the door"},
		{at("open", "x y", syscall.EACCES), "x y: permission denied"},
		{fmt.Errorf("report: %w", at("mkdir", "x", syscall.ENOTDIR)), "report: x: not a directory"},
		{fmt.Errorf("x: %w", at("stat", "x", syscall.ENOENT)), "x: no such file or directory"},
		{fmt.Errorf("xx: %w; move it", at("stat", "x", syscall.ENOENT)),
			"xx: x: no such file or directory; move it"},
		{errors.Join(at("open", "a", syscall.ENOENT), nil, fmt.Errorf("b: %w", at("open", "c", syscall.EIO))),
			"a: no such file or directory\nb: c: input/output error"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EXDEV}, "b: invalid cross-device link"},
		{at("write", "x", os.NewSyscallError("write", syscall.ENOSPC)), "x: no space left on device"},
		{Reword("there is no x", at("stat", "x", syscall.ENOENT)), "there is no x"},
	} {
		if got := Plain(c.err); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if !errors.Is(Reword("no", fs.ErrNotExist), fs.ErrNotExist) {
		t.Error("what a message stands for is lost")
	}
}
