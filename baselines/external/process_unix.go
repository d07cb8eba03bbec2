//go:build unix && !linux

package external

import (
	"os"
	"os/exec"
	"syscall"
)

// alone gives a command a process group of its own.
func alone(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) { syscall.Kill(-p.Pid, syscall.SIGKILL) }

// family tells whether a process group has any process; a process that left it is not seen here.
func family(group int, _ string) []relative {
	if syscall.Kill(-group, 0) == nil {
		return []relative{{-group, "of its process group"}}
	}
	return nil
}

// peakOf is not known on this system.
func peakOf(int) int64 { return 0 }
