//go:build !unix

package main

import "os"

// politeSignals are only known to Unix.
var politeSignals []os.Signal
