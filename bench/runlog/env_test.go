package runlog

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCollect(t *testing.T) {
	e := Collect()
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if e.Go != runtime.Version() || e.OS != runtime.GOOS || e.Arch != runtime.GOARCH || e.Cores != runtime.NumCPU() || e.Host != host || e.CPU == "" || time.Since(e.Started) > time.Minute {
		t.Errorf("%+v", e)
	}
	if runtime.GOARCH == "amd64" && e.Level == "" {
		t.Error("GOAMD64 is missing")
	}
}

func TestStamp(t *testing.T) {
	e := Env{Modules: map[string]string{}}
	e.stamp(&debug.BuildInfo{
		Main: debug.Module{Version: "v1.2.3"},
		Deps: []*debug.Module{
			{Path: "example.org/a", Version: "v0.1.0"},
			{Path: "example.org/b", Version: "v0.2.0", Replace: &debug.Module{Path: "example.org/c", Version: "v0.3.0"}},
			{Path: "example.org/d", Version: "v0.4.0", Replace: &debug.Module{Path: "../d"}},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}, {Key: "GOAMD64", Value: "v3"}},
	})
	want := Env{
		Version: "v1.2.3", Commit: "abc", Dirty: true, Level: "v3",
		Modules: map[string]string{"example.org/a": "v0.1.0", "example.org/b": "example.org/c v0.3.0", "example.org/d": "../d"},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestCPUModel(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cpuinfo")
	if err := os.WriteFile(file, []byte("processor\t: 0\nmodel name\t: Model 5: the fast one\nflags\t\t: fpu\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := cpuModel(file); got != "Model 5: the fast one" {
		t.Errorf("CPU %q", got)
	}
	for _, other := range []string{file + "-missing", os.DevNull} {
		if got := cpuModel(other); got != runtime.GOARCH {
			t.Errorf("CPU %q without cpuinfo", got)
		}
	}
}
