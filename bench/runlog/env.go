package runlog

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Collect returns the provenance that this process can find out by itself: the time, the machine,
// and what the Go toolchain stamped into the program (module version, commit, dependencies). The
// caller adds Kernel, Jobs, Raw and Args, and replaces Version, Commit and Dirty where the linker
// set better values.
func Collect() Env {
	e := Env{
		Started: time.Now(),
		Go:      runtime.Version(),
		OS:      runtime.GOOS,
		Arch:    runtime.GOARCH,
		CPU:     cpuModel("/proc/cpuinfo"),
		Cores:   runtime.NumCPU(),
		Modules: map[string]string{},
	}
	e.Host, _ = os.Hostname() // without a host name the entry is still of use
	if info, ok := debug.ReadBuildInfo(); ok {
		e.stamp(info)
	}
	return e
}

// stamp sets the fields that the Go toolchain recorded in the program.
func (e *Env) stamp(info *debug.BuildInfo) {
	e.Version = info.Main.Version
	for _, m := range info.Deps {
		version := m.Version
		if m.Replace != nil { // by a folder (no version) or by another module
			version = strings.TrimSpace(m.Replace.Path + " " + m.Replace.Version)
		}
		e.Modules[m.Path] = version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			e.Commit = s.Value
		case "vcs.modified":
			e.Dirty = s.Value == "true"
		case "GOAMD64":
			e.Level = s.Value
		}
	}
}

// cpuModel reads the processor's name from Linux's /proc/cpuinfo; without one it returns the
// architecture.
func cpuModel(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), ":"); ok &&
			strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
