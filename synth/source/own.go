package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Own registers the path of a user's own file under the SHA-256 of its decompressed content, by
// which a dataset's recipe refers to it.
func (f *Finder) Own(sha256, path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.own == nil {
		f.own = map[string]string{}
	}
	f.own[sha256] = path
}

// OwnFile returns the path registered by Own, or that of a table of ADBench.
func (f *Finder) OwnFile(sha256 string) (path string, err error) {
	f.mu.Lock()
	path, ok := f.own[sha256]
	f.mu.Unlock()
	if ok {
		return path, nil
	}
	if file, ok := ADBench.file(sha256); ok {
		some := false // whether any of its tables is there
		for _, p := range f.places(ADBench) {
			if path := filepath.Join(p.dir, file.Name); exists(path) {
				return path, nil
			}
			for _, other := range ADBench.Files {
				some = some || exists(filepath.Join(p.dir, other.Name))
			}
		}
		if !some {
			return "", fmt.Errorf("the tables of ADBench were not found; to get them: %s",
				ADBench.ways(true))
		}
		return "", fmt.Errorf("%s of ADBench was not found; to get it: %s", file.Name,
			ADBench.ways(true))
	}
	return "", fmt.Errorf("the user's own file with SHA-256 %s is not known: name it in a spec",
		sha256)
}

// Resolve returns the file for a path in a spec: an absolute path as it is; a relative one beside
// the spec, then in the data directory, then in the cache. base is the spec's folder.
func (f *Finder) Resolve(base, path string) (string, error) {
	local := filepath.FromSlash(path)
	if filepath.IsAbs(local) {
		if !exists(local) {
			return "", fmt.Errorf("%s: there is no such file", path)
		}
		return local, nil
	}
	dirs := []string{base}
	if f.Dir != "" {
		dirs = append(dirs, f.Dir)
	}
	if cache, err := f.cache(); err == nil {
		dirs = append(dirs, cache)
	}
	for _, dir := range dirs {
		if at := filepath.Join(dir, local); exists(at) {
			return at, nil
		}
	}
	why := ""
	if dir, name := filepath.Split(local); filepath.Clean(dir) == ADBench.ID {
		if _, known := ADBench.named(name); known {
			why = "; `uaibench data fetch adbench` downloads it"
		}
	}
	for i, dir := range dirs {
		if dir == "" {
			dirs[i], _ = os.Getwd()
		}
	}
	return "", fmt.Errorf("%s: there is no such file in %s%s", path, strings.Join(dirs,
		", nor in "), why)
}
