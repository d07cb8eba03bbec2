//go:build !unix

package main

func cpuSeconds() float64 { panic("speed: -cpu is not known on this system") }
