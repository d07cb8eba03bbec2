package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"uaibench": main})
}

// itself returns the path of a link in dir, named uaibench, to the test binary, which runs uaibench
// under that name (see testscript.Main).
func itself(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "uaibench")
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestScripts runs the command-line tests in testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	if signal.Ignored(syscall.SIGHUP) {
		// The tests were started under nohup; the scripts' commands shall not ignore SIGHUP.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			// MNIST comes with the module cache; Fashion-MNIST and the user's own data are hidden.
			for _, name := range []string{"GOMODCACHE", "GOPATH", "GOFLAGS"} {
				if v := os.Getenv(name); v != "" {
					e.Setenv(name, v)
				}
			}
			if os.Getenv("GOMODCACHE") == "" && os.Getenv("GOPATH") == "" {
				home, err := os.UserHomeDir()
				if err != nil {
					return err
				}
				e.Setenv("GOMODCACHE", filepath.Join(home, "go", "pkg", "mod"))
			}
			repo, err := filepath.Abs(filepath.Join("..", "..", ".."))
			if err != nil {
				return err
			}
			e.Setenv("REPO", repo)
			e.Setenv("UAIBENCH_DATA", "")
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, "cache"))
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	})
}
