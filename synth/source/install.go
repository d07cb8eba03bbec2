package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
)

// install puts what r gives into the cache as the given raw file: to a temporary name, verified,
// synced, and only then under its own name. It returns the path.
func (f *Finder) install(ctx context.Context, s *Set, file bench.RawFile, r io.Reader) (path string, err error) {
	cache, err := f.cache()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, s.ID)
	if err := os.MkdirAll(dir, atomicfile.DirMode); err != nil {
		return "", fmt.Errorf("cannot make room for %s in the cache: %w", s.Title, err)
	}
	in := bufio.NewReader(r)
	magic, _ := in.Peek(len(gzipMagic)) // an error comes again from Copy
	path, other := filepath.Join(dir, file.Name), filepath.Join(dir, file.Name+".gz")
	if string(magic) == gzipMagic {
		path, other = other, path
	}
	t, err := atomicfile.Create(path)
	if err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	defer t.Cleanup() // of no effect if all went well
	if _, err := io.Copy(t, in); err != nil {
		return "", err
	}
	if err := readFile(ctx, t.Name(), s, file, f.sets(), nil); err != nil {
		return "", err
	}
	if err := t.CloseAtomicallyReplace(); err != nil {
		return "", fmt.Errorf("cannot write to the cache: %w", err)
	}
	// The other form, perhaps damaged, must not stand before this one.
	if err := os.Remove(other); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("cannot tidy the cache: %w", err)
	}
	return path, nil
}

const gzipMagic = "\x1f\x8b"

func isGzip(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	var m [2]byte
	_, err = io.ReadFull(f, m[:])
	return string(m[:]) == gzipMagic, err
}

// Imported is what Import did with one file.
type Imported struct {
	From string
	Set  *Set // nil, as File: not recognised
	File bench.RawFile
	To   string // in the cache; "" if Err
	Err  error  // why a file that bears a raw file's name, or was named by the user, was not taken
}

// Import copies a file, or all raw files in a folder and those below it, into the cache. Files are
// recognised by their content, whatever their names. One that holds a known table in another form is
// rewritten: Imported.File is then what it has become. Others in a folder are passed over, unless
// they bear a raw file's name, which gives an entry with an error. The error says that nothing
// was imported, and why.
func (f *Finder) Import(ctx context.Context, path string) ([]Imported, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if !info.IsDir() {
		im := f.importFile(ctx, path)
		if im.Err != nil {
			return []Imported{im}, fmt.Errorf("import %s: %w", path, im.Err)
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
		if err != nil || !(d.Type().IsRegular() || d.Type()&fs.ModeSymlink != 0) || !f.plausible(p) {
			return nil // an unreadable folder is none of our files
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
		var why strings.Builder
		for _, im := range out {
			fmt.Fprintf(&why, "\n  %s: %v", im.From, im.Err)
		}
		return out, fmt.Errorf("import %s: there is no raw file in this folder; wanted are %s%s", path, f.names(), why.String())
	}
	return out, nil
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
	s, file, text, err := f.rewritten(ctx, path)
	switch {
	case err != nil:
		im.Err = err
	case s == nil:
		im.Err = fmt.Errorf("its content (SHA-256 %s) is none of the raw files %s", c.sha256, f.names())
	default:
		im.Set, im.File = s, file
		im.To, im.Err = f.install(ctx, s, file, bytes.NewReader(text))
	}
	return im
}

// plausible says whether a file may be a raw file by its size or its first bytes, so that a folder
// of large other files is passed over quickly.
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
	case ".mat", ".csv", ".data": // perhaps a table in another form
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

func (f *Finder) names() string {
	var sets []string
	for _, s := range f.sets() {
		var files []string
		for _, r := range s.Files {
			files = append(files, r.Name)
		}
		sets = append(sets, strings.Join(files, " and ")+" of "+s.Title)
	}
	return strings.Join(sets, ", ")
}
