//go:build !unix

package external

import (
	"os"
	"os/exec"
)

func alone(*exec.Cmd) {}

func killGroup(p *os.Process) { p.Kill() }

// family sees nothing here: a program's children end by themselves once their pipes are closed.
func family(int, string) []relative { return nil }

// peakOf is not known on this system.
func peakOf(int) int64 { return 0 }
