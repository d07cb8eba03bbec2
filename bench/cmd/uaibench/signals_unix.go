//go:build unix

package main

import (
	"os"
	"syscall"
)

// politeSignals are sent by a terminal that closes or a connection that breaks (SIGHUP), and by
// batch systems some time before they kill: SIGUSR1 and SIGUSR2 (Grid Engine, LSF, Slurm's
// --signal), SIGXCPU (a soft limit on processor time).
var politeSignals = []os.Signal{syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGXCPU}
