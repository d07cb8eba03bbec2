//go:build !unix

package external

import (
	"os"
	"os/exec"
)

func isolate(*exec.Cmd) {}

func killGroup(p *os.Process) { p.Kill() }

// family returns nothing on this system: a program's children end once their pipes are closed.
func family(int, string) []relative { return nil }

// peakOf is unknown on this system.
func peakOf(int) int64 { return 0 }
