package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each case breaks one file of a valid set. Every message must name the file, the fault and the
// remedy.
func TestBrokenFiles(t *testing.T) {
	s, images, labels := small("a", 20, 0)
	other, _, labelsB := small("b", 20, 7)
	imagesZ, labelsZ := zipped(t, images), zipped(t, labels)
	flipped := append([]byte(nil), images...)
	flipped[100] ^= 1
	damaged := append([]byte(nil), imagesZ...)
	damaged[len(damaged)-6] ^= 1 // the checksum in gzip's trailer
	cases := []struct {
		what string
		file int    // which of the two is broken
		data []byte // nil: see make
		make func(t *testing.T, path string)
		want []string
	}{
		{what: "zero bytes", data: []byte{}, want: []string{"is empty (0 bytes)"}},
		{what: "truncated gzip", data: imagesZ[:len(imagesZ)/2],
			want: []string{"is truncated", "gzip stream ends early, after"}},
		{what: "truncated in gzip's header", data: imagesZ[:5], want: []string{"is truncated"}},
		{what: "trailing garbage", data: append(append([]byte(nil), imagesZ...), "garbage!!!"...),
			want: []string{"is damaged: bytes follow the gzip stream, which ends after 136 bytes"}},
		{what: "trailing byte", data: append(append([]byte(nil), imagesZ...), 0x1f),
			want: []string{"is damaged: bytes follow the gzip stream, which ends after 136 bytes"}},
		{what: "truncated second member", data: append(zipped(t, images[:100]), zipped(t, images[100:])[:5]...),
			want: []string{"is truncated", "gzip stream ends early, after 100 bytes"}},
		{what: "gzip's checksum", data: damaged, want: []string{"gzip's own checksum is wrong"}},
		{what: "gzip of nothing", data: zipped(t, nil), want: []string{"is an empty gzip file"}},
		{what: "wrong magic", data: zipped(t, idx(0x00000d03, []int{20, 2, 3}, ramp(120, 0, 251))),
			want: []string{"magic number is 0x00000d03, want 0x00000803", "SHA-256", "want " + s.Files[0].SHA256}},
		{what: "wrong count", data: idx(magicImages, []int{21, 2, 3}, ramp(120, 0, 251)),
			want: []string{"too few values: 120, its header declares 21 x 2 x 3"}},
		{what: "truncated without gzip", data: images[:100],
			want: []string{"has 100 bytes of content, want 136", "too few values"}},
		{what: "too long", data: append(append([]byte(nil), images...), 0),
			want: []string{"has more than 136 bytes of content, want 136"}},
		{what: "wrong checksum", data: zipped(t, flipped),
			want: []string{"right size but different content", "SHA-256", "want " + s.Files[0].SHA256}},
		{what: "labels of another set", file: 1, data: zipped(t, labelsB),
			want: []string{"is another file, train-labels-idx1-ubyte of Set b"}},
		{what: "labels instead of images", data: labelsZ,
			want: []string{"is another file, train-labels-idx1-ubyte of Set a"}},
		{what: "images instead of labels", file: 1, data: imagesZ,
			want: []string{"is another file, train-images-idx3-ubyte of Set a"}},
		{what: "a web page", data: []byte("<!DOCTYPE html><html>Not Found</html>"),
			want: []string{"has 37 bytes of content, want 136", "magic number is 0x3c21444f"}},
		{what: "a directory", make: func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o777); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"is a directory"}},
		{what: "a named pipe", make: func(t *testing.T, path string) {
			if err := mkfifo(path); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"is not a regular file"}},
		{what: "a link to a device", make: func(t *testing.T, path string) {
			if err := os.Symlink("/dev/zero", path); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"is not a regular file"}},
		{what: "a link to nowhere", make: func(t *testing.T, path string) {
			if err := os.Symlink("nowhere", path); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"cannot be opened: no such file"}},
		{what: "no permission", make: func(t *testing.T, path string) {
			if os.Geteuid() == 0 {
				t.Skip("root may read everything")
			}
			write(t, imagesZ, path)
			if err := os.Chmod(path, 0); err != nil {
				t.Fatal(err)
			}
		}, want: []string{"may not be read: permission denied"}},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			good := [][]byte{imagesZ, labelsZ}
			var paths []string
			for i, file := range s.Files {
				path := filepath.Join(dir, "a", file.Name+".gz")
				paths = append(paths, path)
				if i != c.file {
					write(t, good[i], path)
				}
			}
			if err := os.MkdirAll(filepath.Join(dir, "a"), 0o777); err != nil {
				t.Fatal(err)
			}
			if c.make != nil {
				c.make(t, paths[c.file])
			} else {
				write(t, c.data, paths[c.file])
			}
			f := &Finder{Dir: dir, Cache: t.TempDir(), Sets: []*Set{s, other}}
			_, err := f.Images(t.Context(), s)
			var fe *FileError
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a *FileError", err)
			}
			want := append(c.want, paths[c.file]+": ", s.Files[c.file].Name+" of Set a", "to fix it:",
				"remove that file", "uaibench data fetch a", "ask a's author", "uaibench data import PATH")
			first, _, _ := strings.Cut(err.Error(), "\n") // callers may show only that
			for _, w := range want {
				if !strings.Contains(first, w) {
					t.Errorf("the message's first line lacks %q:\n%v", w, err)
				}
			}
			list, err := f.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if list[c.file].State() != "damaged" || list[1-c.file].State() != "ok" {
				t.Errorf("states %s, %s", list[0].State(), list[1].State())
			}
		})
	}
}

// Two files of different sets are detected even if both hashes are as wanted.
func TestImagesAndLabelsAgree(t *testing.T) {
	s, images, _ := small("a", 20, 0)
	_, _, labels := small("a", 19, 0)
	if _, err := parseImages(s, images, labels); err == nil || !strings.Contains(err.Error(), "20 images but 19 labels") {
		t.Errorf("got %v", err)
	}
}
