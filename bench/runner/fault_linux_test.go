package runner

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/uaibench/uaibench/bench/runlog"
)

// inNamespace runs the test in a process with its own mount namespace, whose mounts no other
// process sees and which end with it. It returns false in the process that waits for the other; it
// skips the test where there are no such namespaces.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const inside = "UAIBENCH_TEST_NAMESPACE"
	if os.Getenv(inside) != "" {
		// Mounts here must not propagate outside.
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			t.Fatal(err)
		}
		return true
	}
	own := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	group := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	var out []byte
	var err error
	for _, how := range []*syscall.SysProcAttr{
		{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWNS, UidMappings: own, GidMappings: group},
		{Cloneflags: unix.CLONE_NEWNS}, // as root in a container without user namespaces
	} {
		cmd := exec.Command(os.Args[0], "-test.v", "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), inside+"=1")
		cmd.SysProcAttr = how
		out, err = cmd.CombinedOutput()
		if _, ran := errors.AsType[*exec.ExitError](err); err == nil || ran {
			break
		}
	}
	if err != nil && len(out) == 0 {
		t.Skipf("this machine gives no mount namespace: %v", err)
	}
	t.Logf("%s", out)
	if err != nil {
		t.Fail()
	}
	if strings.Contains(string(out), "--- SKIP") {
		t.Skip("skipped in its mount namespace")
	}
	return false
}

// small mounts a file system in memory, which ends with the namespace, and returns its path.
func small(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("this machine mounts no tmpfs: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// A disk that is full, of bytes or of files, and has room again later.
func TestFullFileSystem(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	p := plan([]string{"a", "b"}, []string{"learns", "static"}, 10)
	whole := config(t, p)
	want := must(t, whole).Digest
	digests := map[string]string{}
	for _, c := range read(t, whole.Dir).Cells {
		digests[c.ID] = c.Status.Digest
	}
	for full, room := range map[string]string{"size=400k": "size=16m", "size=16m,nr_inodes=70": "size=16m,nr_inodes=4000"} {
		t.Run(full, func(t *testing.T) {
			disk := small(t, full)
			c := config(t, p)
			c.Dir, c.Snapshot = filepath.Join(disk, "run"), time.Nanosecond
			whole := func() {
				t.Helper()
				run := read(t, c.Dir)
				for _, cell := range run.Cells {
					if s := cell.Status.State; s != runlog.Done && s != runlog.Planned {
						t.Errorf("cell %s is shown as %s", cell.ID, s)
					} else if s == runlog.Done && cell.Status.Digest != digests[cell.ID] {
						t.Errorf("cell %s is done with another digest", cell.ID)
					}
				}
			}
			s, err := Run(t.Context(), c)
			if !errors.Is(err, unix.ENOSPC) || s.Done < 3 || s.Done > 35 || s.Failed != 0 {
				t.Fatalf("%v; %+v", err, s)
			}
			t.Logf("%d of 40 cells done: %v", s.Done, err)
			whole()
			drafts, _ := filepath.Glob(filepath.Join(c.Dir, "cells", ".tmp*"))
			if len(drafts) > 0 {
				t.Errorf("left over: %v", drafts)
			}
			// Run again without room: whether it completes another cell or does not even begin,
			// done cells are kept.
			again, err := Run(t.Context(), c)
			if !errors.Is(err, unix.ENOSPC) || again.Digest != "" && again.Done < s.Done {
				t.Fatalf("%v; %+v", err, again)
			}
			whole()
			if n := read(t, c.Dir).Count(runlog.Done); n < s.Done {
				t.Errorf("%d cells were done, %d are", s.Done, n)
			}
			if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, room); err != nil {
				t.Fatal(err)
			}
			after := must(t, c)
			if after.Digest != want || after.Done != 40 || after.Ran > 40-s.Done {
				t.Errorf("with room: %+v, want digest %s", after, want)
			}
			nothingLeft(t, c.Dir)
		})
	}
}

// A directory that cannot be written to is refused for running, but can be read.
func TestReadOnlyFileSystem(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	disk := small(t, "size=16m")
	c := config(t, good())
	c.Dir = filepath.Join(disk, "run")
	want := must(t, c).Digest
	victim := c.Plan.Cells[0].ID
	if err := os.RemoveAll(filepath.Join(c.Dir, "cells", victim)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{c.Dir, filepath.Join(disk, "new")} {
		if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "size=16m"); err != nil {
			t.Fatal(err)
		}
		c := c
		c.Dir = dir
		_, err := Run(t.Context(), c)
		if !errors.Is(err, unix.EROFS) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "the run directory cannot be") {
			t.Errorf("%s: %v", filepath.Base(dir), err)
		}
		t.Log(err)
	}
	if run := read(t, c.Dir); run.Count(runlog.Done) != len(c.Plan.Cells)-1 || run.Count(runlog.Planned) != 1 {
		t.Errorf("read: %d done", run.Count(runlog.Done))
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	if s := must(t, c); s.Digest != want || s.Ran != 1 {
		t.Errorf("writable again: %+v, want digest %s", s, want)
	}
}

// Of several processes on one run directory one has it; the others are refused with an error that
// names it, and leave no trace.
func TestProcessesOnOneDirectory(t *testing.T) {
	want := must(t, config(t, fragile())).Digest
	dir := filepath.Join(t.TempDir(), "run")
	release := filepath.Join(t.TempDir(), "go on")
	first := childCommand(t, dir, "UAIBENCH_TEST_HOLD="+release)
	var out strings.Builder
	first.Stderr = &out
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	died := make(chan error, 1)
	go func() { died <- first.Wait() }()
	for {
		if run, err := runlog.Read(dir); err == nil && run.Count(runlog.Running) > 0 {
			break
		}
		select {
		case err := <-died:
			t.Fatalf("%v: %s", err, out.String())
		case <-time.After(time.Millisecond):
		}
	}
	type end struct {
		err  error
		text string
	}
	others := make(chan end)
	for range 4 {
		go func() {
			text, err := childCommand(t, dir).CombinedOutput()
			others <- end{err, string(text)}
		}()
	}
	for range 4 {
		e := <-others
		exit, ok := errors.AsType[*exec.ExitError](e.err)
		if !ok || exit.ExitCode() != 1 || !strings.Contains(e.text, fmt.Sprintf("in use: the whole run is held by process %d on ", first.Process.Pid)) {
			t.Errorf("a second process: %v: %s", e.err, e.text)
		}
	}
	if err := os.WriteFile(release, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := <-died; err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	if run := read(t, dir); run.Digest() != want || len(run.Envs) != 1 {
		t.Errorf("digest %s, want %s; %d invocations", run.Digest(), want, len(run.Envs))
	}
	nothingLeft(t, dir)
}
