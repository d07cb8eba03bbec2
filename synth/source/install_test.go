package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportFolder(t *testing.T) {
	a, images, labels := small("a", 20, 0)
	b, imagesB, labelsB := small("b", 20, 7)
	from := t.TempDir()
	write(t, zipped(t, images), from, "deep", "renamed.dat") // recognised by content, not by name
	write(t, labels, from, a.Files[1].Name)
	write(t, imagesB[:50], from, "b", b.Files[0].Name)
	write(t, labelsB, from, "b", b.Files[1].Name)
	write(t, []byte("notes"), from, "notes.txt")
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{a, b}}
	// An older damaged file, in the form that is searched first, must be removed.
	write(t, []byte("damaged"), f.Cache, "a", a.Files[1].Name+".gz")

	got, err := f.Import(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, im := range got {
		name, _ := filepath.Rel(from, im.From)
		to, _ := filepath.Rel(f.Cache, im.To)
		if im.Err != nil {
			to = "error"
		}
		lines = append(lines, name+" -> "+to)
	}
	want := `b/train-images-idx3-ubyte -> error
b/train-labels-idx1-ubyte -> b/train-labels-idx1-ubyte
deep/renamed.dat -> a/train-images-idx3-ubyte.gz
train-labels-idx1-ubyte -> a/train-labels-idx1-ubyte`
	if s := strings.Join(lines, "\n"); s != want {
		t.Errorf("got\n%s\nwant\n%s", s, want)
	}
	if _, err := f.Images(t.Context(), a); err != nil {
		t.Error(err)
	}
	if _, err := f.Images(t.Context(), b); err == nil {
		t.Error("half a set was accepted")
	}
	// One more file completes the other set.
	one := write(t, zipped(t, imagesB), from, "x.gz")
	if got, err := f.Import(t.Context(), one); err != nil || got[0].Set != b {
		t.Errorf("one file: %+v, %v", got, err)
	}
	if _, err := verify(t, f); err != nil {
		t.Error(err)
	}
}

func TestImportFails(t *testing.T) {
	a, images, _ := small("a", 20, 0)
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{a}}
	empty := t.TempDir()
	bad := t.TempDir()
	write(t, images[:50], bad, a.Files[0].Name)
	for _, c := range []struct{ path, want string }{
		{filepath.Join(empty, "none"), "no such file"},
		{empty, "no raw file in this folder"},
		{bad, "not a known raw file"},
		{write(t, []byte("text"), t.TempDir(), "x"), "not a known raw file"},
		{write(t, zipped(t, images)[:40], t.TempDir(), "x"), "is truncated"},
		{write(t, nil, t.TempDir(), "x"), "is empty"},
	} {
		_, err := f.Import(t.Context(), c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("%s: got %v, want %q", c.path, err, c.want)
		}
	}
	if want := "train-images-idx3-ubyte and train-labels-idx1-ubyte of Set a"; f.Known() != want {
		t.Errorf("known are %s, want %s", f.Known(), want)
	}
	if entries, _ := os.ReadDir(f.Cache); len(entries) != 0 {
		t.Errorf("the cache is not empty: %v", entries)
	}
}

// MNIST's copy in the cache is a separate file: its original is not written to.
func TestImportMNIST(t *testing.T) {
	from := moduleData()
	f := &Finder{Cache: t.TempDir()}
	got, err := f.Import(t.Context(), from[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 { // the folder's two test files are skipped
		t.Errorf("%d files were imported", len(got))
	}
	list, err := f.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list[:2] {
		if s.State() != "ok" || filepath.Dir(s.Path) != filepath.Join(f.Cache, "mnist") {
			t.Errorf("%s: %s at %s", s.File.Name, s.State(), s.Path)
		}
	}
}
