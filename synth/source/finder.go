package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/uaibench/uaibench/bench"
)

// Finder locates raw files. Its zero value looks where they are installed and in the user's cache.
// It is safe for concurrent use.
//
// It searches for a set in Dir/ID (for all but MNIST and ADBench also in Dir itself), then in
// Cache/ID, then where the set is installed; each file with ".gz" or without. The first match
// counts: if that file is invalid it is an error, and the search does not continue.
type Finder struct {
	Dir string // the user's data directory (--data, UAIBENCH_DATA); "": none
	// where Fetch and Import put files; "": uaibench in the user's cache directory
	Cache  string
	Sets   []*Set       // nil: Sets()
	Client *http.Client // nil: http.DefaultClient; for Fetch

	mu     sync.Mutex
	images map[*Set]*Images
	own    map[string]string // see Own
}

func (f *Finder) sets() []*Set {
	if f.Sets != nil {
		return f.Sets
	}
	return Sets()
}

func (f *Finder) cache() (string, error) {
	if f.Cache != "" {
		return f.Cache, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache directory for raw files: %w", err)
	}
	return filepath.Join(dir, "uaibench"), nil
}

// place is a folder that may hold a set's files.
type place struct {
	dir  string
	user bool // within Finder.Dir
	bare bool // Finder.Dir itself, which may hold another set's files of the same names
}

func (f *Finder) places(s *Set) []place {
	var out []place
	if f.Dir != "" {
		out = append(out, place{dir: filepath.Join(f.Dir, s.ID), user: true})
		if s.bare {
			out = append(out, place{dir: f.Dir, user: true, bare: true})
		}
	}
	if dir, err := f.cache(); err == nil {
		out = append(out, place{dir: filepath.Join(dir, s.ID)})
	}
	if s.installed != nil {
		for _, dir := range s.installed() {
			out = append(out, place{dir: dir})
		}
	}
	return out
}

// checkDir returns an error if there is a data directory but it is unusable, such as a mistyped
// one.
func (f *Finder) checkDir() error {
	if f.Dir == "" {
		return nil
	}
	info, err := os.Stat(f.Dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a directory", f.Dir)
	}
	if err != nil {
		return fmt.Errorf("the data directory (--data, UAIBENCH_DATA) cannot be used: %w", err)
	}
	return nil
}

// Images returns the labelled images of a set. They are read and verified once and then kept: treat
// them as read-only. The error is a *FileError if a file is missing or invalid.
func (f *Finder) Images(ctx context.Context, s *Set) (*Images, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m, ok := f.images[s]; ok {
		return m, nil
	}
	var data [2][]byte
	for i, file := range s.Files {
		_, err := f.read(ctx, s, file, func(file bench.RawFile, r io.Reader) error {
			data[i] = make([]byte, file.Bytes)
			_, err := io.ReadFull(r, data[i])
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	m, err := parseImages(s, data[0], data[1])
	if err != nil {
		return nil, err
	}
	if f.images == nil {
		f.images = map[*Set]*Images{}
	}
	f.images[s] = m
	return m, nil
}

// read finds a raw file or a twin, passes its content to use (unless nil) with the file that it is,
// and returns its path. The content is verified only if there is no error; discard use's results
// otherwise.
func (f *Finder) read(ctx context.Context, s *Set, file bench.RawFile, use func(bench.RawFile,
	io.Reader) error) (path string, err error) {
	if err := f.checkDir(); err != nil {
		return "", err
	}
	missing := &FileError{Set: s, File: file, Err: fs.ErrNotExist}
	for _, p := range f.places(s) {
		missing.Looked = append(missing.Looked, p.dir)
		for _, form := range s.forms(file) {
			for _, name := range []string{form.Name + ".gz", form.Name} {
				path := filepath.Join(p.dir, name)
				if !exists(path) {
					continue
				}
				var hand func(io.Reader) error
				if use != nil {
					hand = func(r io.Reader) error { return use(form, r) }
				}
				err := readFile(ctx, path, s, form, f.sets(), hand)
				if err == nil {
					return path, nil
				}
				var u *unfit
				if !errors.As(err, &u) {
					return path, err
				}
				var m *mistaken
				if p.bare && errors.As(err, &m) && m.set != s {
					continue // the same name in another set: not an error in this shared folder
				}
				return path, &FileError{Set: s, File: form, Path: path, Why: u.why, User: p.user,
					Err: u.err}
			}
		}
		for _, stand := range s.StandIns {
			for _, name := range []string{stand.Name + ".gz", stand.Name} {
				if path := filepath.Join(p.dir, name); exists(path) {
					missing.standIn = path + " " + stand.Why
				}
			}
		}
	}
	return "", missing
}

// Missing returns, for each set with an absent file among the given ones (identified by SHA-256),
// the error for its first absent file. It looks for names only and reads nothing. It ignores files
// of no known set.
func (f *Finder) Missing(files []bench.RawFile) []*FileError {
	var out []*FileError
	reported := map[*Set]bool{}
	for _, file := range files {
		for _, s := range f.sets() {
			if reported[s] || !slices.ContainsFunc(s.Files,
				func(of bench.RawFile) bool { return of.SHA256 == file.SHA256 }) {
				continue
			}
			if err := f.absent(s, file); err != nil {
				reported[s] = true
				out = append(out, err)
			}
		}
	}
	return out
}

// absent returns the error for a file of which no folder has the name; nil if one has.
func (f *Finder) absent(s *Set, file bench.RawFile) *FileError {
	missing := &FileError{Set: s, File: file, Err: fs.ErrNotExist}
	for _, p := range f.places(s) {
		missing.Looked = append(missing.Looked, p.dir)
		for _, form := range s.forms(file) {
			for _, name := range []string{form.Name + ".gz", form.Name} {
				if exists(filepath.Join(p.dir, name)) {
					return nil
				}
			}
		}
	}
	return missing
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR)
}

// Status is the state of one raw file.
type Status struct {
	Set  *Set
	File bench.RawFile
	Path string // path of the file or a twin; "": not found
	Err  error  // nil: found and verified
}

// State returns "ok", "missing" or "damaged".
func (s Status) State() string {
	switch {
	case s.Err == nil:
		return "ok"
	case s.Path == "":
		return "missing"
	}
	return "damaged"
}

// List looks for every raw file of the sets with these IDs (none: all sets) and checks its SHA-256.
// Problems with a file are in its Status; the error is the context's, or reports an unknown set or
// an unusable data directory.
func (f *Finder) List(ctx context.Context, ids ...string) ([]Status, error) {
	if err := f.checkDir(); err != nil {
		return nil, err
	}
	sets, err := f.named(ids)
	if err != nil {
		return nil, err
	}
	var out []Status
	for _, s := range sets {
		for _, file := range s.Files {
			path, err := f.read(ctx, s, file, nil)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			out = append(out, Status{Set: s, File: file, Path: path, Err: err})
		}
	}
	return out, nil
}
