package runlog

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// PackSuffix ends the name of a pack.
const PackSuffix = ".tar.gz"

// A pack is held in memory while it is read, so its decompressed size is limited: some 8 million
// audits.
const maxPack = 1 << 30

// packFolder matches a run's folders by their names in a tar made by hand.
var packFolder = regexp.MustCompile(`^(\./)?(cells/([0-9a-f]{20}/)?)?$`)

// packName matches the files that a pack may hold; no such name points outside the pack.
var packName = regexp.MustCompile(`^(plan\.json|env\.json|` +
	`cells/[0-9a-f]{20}/(status\.json|result(\.slim)?\.json|queries\.jsonl|audits\.slim))$`)

// Packed describes the contents of a pack.
type Packed struct {
	Planned   int   // cells
	Packed    int   // of those, the ones in the pack: done, failed or timed out
	Slim      int   // of those, the ones without scores
	Audits    int   // of all done cells
	NotInPlan int   // cells of earlier plans that are in the directory, left out of the pack
	Bytes     int64 // size of the pack
}

// Pack writes the run at root, a directory or a pack, finished or not, as a pack to file, which it
// replaces atomically. The same run gives the same bytes (with one version of Go's compressor).
// Like Read, it refuses a damaged run. Slim cells stay slim.
func Pack(root, file string) (Packed, error) { return packRun(root, file, false) }

// PackSlim is Pack, but makes every cell slim that can be.
func PackSlim(root, file string) (Packed, error) { return packRun(root, file, true) }

func packRun(root, file string, slim bool) (Packed, error) {
	var p Packed
	s, err := openStore(root)
	if err != nil {
		return p, err
	}
	kept := &keeping{store: s, files: map[string][]byte{}}
	run, err := read(root, kept)
	if err != nil {
		return p, err
	}
	if kept.files[PlanName], err = portablePlan(kept.path(PlanName), kept.files[PlanName]); err != nil {
		return p, err
	}
	names := []string{PlanName}
	if kept.files[EnvName] != nil {
		names = append(names, EnvName)
	}
	p.Planned, p.NotInPlan = run.Planned(), run.NotInPlan
	packed := map[string]bool{}
	for _, c := range run.Cells {
		if c.Status.State == Planned || c.Status.State == Running || packed[c.ID] {
			continue
		}
		packed[c.ID] = true
		folder := path.Join(CellsName, c.ID)
		names = append(names, path.Join(folder, StatusName))
		if c.Status.State == Done {
			names = append(names, p.done(c, kept.files, folder, slim)...)
		}
	}
	p.Packed = len(packed)
	var b bytes.Buffer
	if err := writePack(&b, names, kept.files); err != nil {
		return p, err
	}
	p.Bytes = int64(b.Len())
	if err := replaceFile(file, b.Bytes()); err != nil {
		return p, fmt.Errorf("write the pack: %w", err)
	}
	return p, nil
}

// done counts a done cell and returns the names of its files, after making it slim if slim is set
// and that is possible.
func (p *Packed) done(c CellRecord, files map[string][]byte, folder string, slim bool) []string {
	p.Audits += c.Result.Audited
	at := func(name string) string { return path.Join(folder, name) }
	if files[at(ResultName)] != nil && slim {
		whole := StoredCell{Result: c.Result, Bytes: files[at(ResultName)], Log: files[at(LogName)]}
		if result, audits, ok := slimmed(whole); ok {
			delete(files, at(ResultName))
			delete(files, at(LogName))
			files[at(SlimResultName)], files[at(SlimAuditsName)] = result, audits
		}
	}
	if files[at(ResultName)] != nil {
		return []string{at(ResultName), at(LogName)}
	}
	p.Slim++
	return []string{at(SlimResultName), at(SlimAuditsName)}
}

// writePack writes files in the order of names. All have the same time and owner, since these are
// no part of the run.
func writePack(w io.Writer, names []string, files map[string][]byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	limited := &limitedWriter{w: z, left: maxPack}
	t := tar.NewWriter(limited)
	for _, name := range names {
		data := files[name]
		h := &tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, ModTime: time.Unix(0, 0),
			Format: tar.FormatUSTAR}
		if err := t.WriteHeader(h); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
		if _, err := t.Write(data); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

// limitedWriter fails once more than left bytes are written, so that no pack is written that cannot
// be read back.
type limitedWriter struct {
	w    io.Writer
	left int64
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, fmt.Errorf("a pack holds at most %d bytes; pack runs of fewer cells",
			int64(maxPack))
	}
	return l.w.Write(p)
}

// keeping is a store that keeps the contents of each file read from it.
type keeping struct {
	store
	files map[string][]byte
}

func (k *keeping) read(name string) ([]byte, error) {
	data, err := k.store.read(name)
	if err == nil {
		k.files[name] = data
	}
	return data, err
}

// pack is a pack in memory.
type pack struct {
	file  string
	files map[string][]byte
}

// openPack reads file, which must be a pack.
func openPack(file string) (*pack, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is %s, neither a run directory nor a pack", file,
			kind(info.Mode()))
	}
	files, err := readPack(f, maxPack)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &pack{file, files}, nil
}

// readPack reads a complete pack of at most limit decompressed bytes. It refuses any file that Pack
// does not write.
func readPack(r io.Reader, limit int64) (map[string][]byte, error) {
	in := bufio.NewReader(r)
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("it is neither a run directory nor a pack (%s): %w", PackSuffix, err)
	}
	z.Multistream(false)
	limited := &io.LimitedReader{R: z, N: limit + 1}
	wrong := func(err error) error {
		switch {
		case limited.N <= 0:
			return fmt.Errorf("the pack is too large: it decompresses to more than %d bytes", limit)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return fmt.Errorf("the pack is cut off: %w", err)
		}
		return fmt.Errorf("the pack is damaged: %w", err)
	}
	files := map[string][]byte{}
	total := int64(0)
	for t := tar.NewReader(limited); ; {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, wrong(err)
		}
		if h.Typeflag == tar.TypeDir && packFolder.MatchString(h.Name) {
			continue // in a tar made by hand, which unpacks to a run directory as well
		}
		name := strings.TrimPrefix(h.Name, "./")
		switch {
		case h.Typeflag == tar.TypeDir:
			return nil, fmt.Errorf("the pack holds the folder %q, which is not a folder of a "+
				"run: it was not made by uaibench pack, which packs %s and %s/ at the top level, "+
				"and no report", h.Name, PlanName, CellsName)
		case h.Typeflag != tar.TypeReg || sparse(h):
			return nil, fmt.Errorf("the pack holds %q, which is not a plain file (tar type %q): "+
				"it was not made by uaibench pack", h.Name, h.Typeflag)
		case !packName.MatchString(name):
			return nil, fmt.Errorf("the pack holds %q, which is not a file of a run: it was not "+
				"made by uaibench pack, which leaves such files out", h.Name)
		case files[name] != nil:
			return nil, fmt.Errorf("the pack holds %s twice", name)
		}
		if err := checkSize(name, h.Size, sizeLimit(path.Base(name))); err != nil {
			return nil, fmt.Errorf("the pack's %w", err)
		}
		if total += h.Size; total > limit {
			limited.N = 0
			return nil, wrong(nil)
		}
		data := bytes.NewBuffer([]byte{}) // grows with the data, not with the size in the header
		if _, err := io.Copy(data, t); err != nil {
			return nil, wrong(err)
		}
		files[name] = data.Bytes()
	}
	// To the end, where gzip compares its checksum.
	rest, err := io.ReadAll(limited)
	if err != nil || limited.N <= 0 {
		return nil, wrong(err)
	}
	if len(bytes.Trim(rest, "\x00")) > 0 {
		return nil, errors.New("the pack has data after its end")
	}
	if _, err := in.ReadByte(); err != io.EOF {
		return nil, errors.New("the pack's file has data after the pack's end")
	}
	return files, nil
}

// sparse reports whether a file has holes, which take no room in the pack.
func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse") {
			return true
		}
	}
	return false
}

func (p *pack) path(name string) string { return p.file + ":" + name }

func (p *pack) read(name string) ([]byte, error) {
	data, ok := p.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: p.path(name), Err: fs.ErrNotExist}
	}
	return data, nil
}

func (p *pack) there(folder string) (bool, error) {
	for _, name := range append([]string{StatusName}, doneNames...) {
		if p.files[path.Join(folder, name)] != nil {
			return true, nil
		}
	}
	return false, nil
}

func (p *pack) others(planned map[string]bool) (int, error) {
	others := map[string]bool{}
	for name := range p.files {
		if id, ok := strings.CutPrefix(path.Dir(name), CellsName+"/"); ok && !planned[id] {
			others[id] = true
		}
	}
	return len(others), nil
}

func (p *pack) running() (map[string]bool, error) { return nil, nil }

func (p *pack) changing() bool { return false }

// PackPath is the default path of a run's pack: beside the run, with the folder's name.
func PackPath(root string) string {
	if base := filepath.Base(filepath.Clean(root)); base == "." || base == ".." {
		if whole, err := filepath.Abs(root); err == nil {
			root = whole
		}
	}
	return strings.TrimSuffix(filepath.Clean(root), PackSuffix) + PackSuffix
}
