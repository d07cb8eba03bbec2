//go:build unix && !linux

package external

import (
	"os"
	"os/exec"
	"syscall"
)

// isolate gives a command a process group of its own.
func isolate(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

// family returns one entry if a process group has any process. Processes that left the group are
// not found.
func family(group int, _ string) []relative {
	if syscall.Kill(-group, 0) == nil {
		return []relative{{-group, "of its process group"}}
	}
	return nil
}

// peakOf is unknown on this system.
func peakOf(int) int64 { return 0 }
