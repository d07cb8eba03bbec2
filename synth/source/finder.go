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

// Finder knows where raw files are. Its zero value looks where they are installed and in the
// user's cache. It may be used by many goroutines.
//
// A set is looked for in Dir/ID (all but MNIST in Dir itself too), then in Cache/ID, then where it
// is installed; each file with ".gz" or without. The first place that has a file counts: if that
// file is unfit it is an error, not passed over in silence.
type Finder struct {
	Dir string // the user's data directory (--data, UAIBENCH_DATA); "": none
	// where fetch and import put files; "": the user's cache directory, uaibench
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

// place is a folder where a set's files may lie.
type place struct {
	dir  string
	user bool // within Finder.Dir
	bare bool // Finder.Dir itself, where another set's files of the same names may lie
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

// checkDir tells a data directory that is mistyped from one that lacks a set.
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

// Images returns the labelled images of a set, read and verified once and then kept: treat them as
// read-only. The error is a *FileError where a file is missing or unfit.
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

// read hands the content of a raw file, or of a twin, to use (nil: to nobody), tells which it is,
// and returns its path. What use has made of it counts only if there is no error: then the content
// is right.
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
					continue // the same name in another set, which has as much right to this folder
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

// Missing gives the sets of raw files, known by their SHA-256, of which no folder has a file of the
// right name: what can be said before anything is read. Files of no set do not count.
func (f *Finder) Missing(files []bench.RawFile) []*FileError {
	var out []*FileError
	said := map[*Set]bool{}
	for _, file := range files {
		for _, s := range f.sets() {
			if said[s] || !slices.ContainsFunc(s.Files,
				func(of bench.RawFile) bool { return of.SHA256 == file.SHA256 }) {
				continue
			}
			if err := f.absent(s, file); err != nil {
				said[s] = true
				out = append(out, err)
			}
		}
	}
	return out
}

// absent is the error of a file that lies nowhere; nil if some folder has one of its name.
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
	Path string // where it, or a twin, was found; "": nowhere
	Err  error  // nil: found, and its SHA-256 is right
}

// State is "ok", "missing" or "damaged".
func (s Status) State() string {
	switch {
	case s.Err == nil:
		return "ok"
	case s.Path == "":
		return "missing"
	}
	return "damaged"
}

// List looks for every raw file of the sets with these IDs, all sets if there are none, and checks
// its SHA-256. What is wrong with a file is in its Status; the error is the context's, or says that
// there is no such set, or no data directory.
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
