package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// Imported is the result of Import for one file.
type Imported struct {
	From string
	Set  *Set // nil: not recognised; File is then zero
	File bench.RawFile
	To   string // in the cache; "" on error
	Note string // difference besides the form between the file and the imported one; "": none
	Err  error  // why a file with a raw file's name, or one named by the user, was not imported
}

// Named returns Err with the path before it.
func (m Imported) Named() error { return named(m.From, m.Err) }

// UnknownError means that a file is not a known raw file; Why is its difference from the
// nearest one.
type UnknownError struct {
	Path   string // of the file, or of a folder without raw files
	Why    string // follows the path in a sentence
	SHA256 string // of the file's content; "" for a folder
}

func (e *UnknownError) Error() string {
	if e.SHA256 == "" {
		return e.Path + ": " + e.Why
	}
	return fmt.Sprintf("%s: %s\n  its content (SHA-256 %s) is not a known raw file", e.Path,
		e.Why, e.SHA256)
}

// Import copies a file, or all raw files in a folder and its subfolders, into the cache. It
// recognises files by their content, not their names, and converts known tables in another form;
// Imported.File is then the result. It skips other files in a folder; those with a raw file's name
// give an entry with an error. An error other than the context's means that nothing was imported;
// its first line has the reason. If the files are readable but unknown, it is an *UnknownError or
// wraps one; Known lists the known files.
func (f *Finder) Import(ctx context.Context, path string) ([]Imported, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if !info.IsDir() {
		im := f.importFile(ctx, path)
		if im.Err != nil {
			return []Imported{im}, named(path, im.Err)
		}
		return []Imported{im}, nil
	}
	root, err := filepath.EvalSymlinks(path) // WalkDir does not follow a link at its root
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	var out []Imported
	taken := false
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !(d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0) ||
			!f.plausible(p) {
			return nil // skip unreadable folders
		}
		im := f.importFile(ctx, p)
		taken = taken || im.Err == nil
		if im.Err == nil || f.bearsName(p) {
			out = append(out, im)
		}
		return nil
	})
	if err != nil {
		return out, fmt.Errorf("import %s: %w", path, err)
	}
	if !taken {
		why := "there is no raw file in this folder"
		for _, im := range out {
			why += "\n  " + named(im.From, im.Err).Error()
		}
		return out, &UnknownError{Path: path, Why: why}
	}
	return out, nil
}

// named prefixes an error with a path, except an UnknownError, which has it.
func named(path string, err error) error {
	if _, ok := errors.AsType[*UnknownError](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

func (f *Finder) importFile(ctx context.Context, path string) Imported {
	im := Imported{From: path}
	c, err := walk(ctx, path, largest(f.sets()), nil)
	if err != nil {
		im.Err = err
		return im
	}
	s, file, ok := recognise(f.sets(), c.sha256)
	if ok {
		in, err := os.Open(path)
		if err != nil {
			im.Err = err
			return im
		}
		defer in.Close()
		im.Set, im.File = s, file
		im.To, im.Err = f.install(ctx, s, file, in)
		return im
	}
	if stand, ok := standIn(f.sets(), c.sha256); ok {
		im.Err = fmt.Errorf("%s %s", stand.Name, stand.Why)
		return im
	}
	other, why, err := f.rewritten(ctx, path)
	switch {
	case err != nil:
		im.Err = err
	case other == nil:
		im.Err = &UnknownError{Path: path, Why: why, SHA256: c.sha256}
	default:
		im.Set, im.File, im.Note = other.set, other.file, other.note
		im.To, im.Err = f.install(ctx, other.set, other.file, bytes.NewReader(other.text))
	}
	return im
}

// plausible reports whether a file may be a raw file, by its size, name or first bytes, so that
// Import skips large unrelated files quickly.
func (f *Finder) plausible(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return f.bearsName(path)
	}
	for _, s := range f.sets() {
		for _, file := range s.all() {
			if info.Size() == file.Bytes {
				return true
			}
		}
	}
	switch filepath.Ext(path) {
	case ".mat", ".csv", ".data", ".npz": // perhaps a table in another form
		return info.Size() <= largest(f.sets())
	}
	zipped, err := isGzip(path)
	return f.bearsName(path) || (err == nil && zipped)
}

func (f *Finder) bearsName(path string) bool {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return slices.ContainsFunc(f.sets(), func(s *Set) bool {
		return slices.ContainsFunc(s.all(), func(r bench.RawFile) bool { return r.Name == name }) ||
			slices.ContainsFunc(s.StandIns, func(r StandIn) bool { return r.Name == name })
	})
}

// Known lists the raw files of all sets, as part of a sentence.
func (f *Finder) Known() string {
	var sets []string
	for _, s := range f.sets() {
		var files []string
		for _, r := range s.Files {
			files = append(files, r.Name)
		}
		if len(files) > 5 {
			files = []string{fmt.Sprintf("%d tables", len(files))}
		}
		sets = append(sets, strings.Join(files, " and ")+" of "+s.Title)
	}
	return strings.Join(sets, ", ")
}
