//go:build !unix

package main

import "os"

// politeSignals is empty: they are known only to Unix.
var politeSignals []os.Signal
