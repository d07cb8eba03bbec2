package source

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// partial returns the stand-in for Kaggle's file, or skips the test.
func partial(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(os.Getenv("UAIBENCH_DATA"), "creditcard_partial.csv.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("data missing: creditcard_partial.csv.gz is not in UAIBENCH_DATA: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The stand-in is never used in place of creditcard.csv, under any name.
func TestStandInIsRefused(t *testing.T) {
	data := partial(t)
	const why = "is a stand-in with all 492 frauds but 12,918 of 284,315 normal rows"
	for _, name := range []string{"creditcard_partial.csv.gz", "creditcard.csv.gz", filepath.Join("creditcard", "creditcard.csv.gz")} {
		f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{CreditCard}}
		write(t, data, f.Dir, name)
		_, err := f.Table(t.Context(), CreditCard)
		if err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "so it is not used") || !strings.Contains(err.Error(), "www.kaggle.com") {
			t.Errorf("%s: %v", name, err)
		}
		// Under its own name the data is missing; under the other name it is damaged.
		if missing := errors.Is(err, fs.ErrNotExist); missing != strings.HasPrefix(name, "creditcard_partial") {
			t.Errorf("%s: missing %v", name, missing)
		}
		got, err := f.Import(t.Context(), filepath.Join(f.Dir, name))
		if err == nil || !strings.Contains(err.Error(), "creditcard_partial.csv "+why) || got[0].To != "" {
			t.Errorf("import %s: %+v, %v", name, got, err)
		}
		if got, err := f.Import(t.Context(), f.Dir); err == nil || !strings.Contains(err.Error(), "is a stand-in") {
			t.Errorf("import the folder of %s: %+v, %v", name, got, err)
		}
	}
}

// The stand-in's values are written as Kaggle writes them, so it can test the reader.
func TestReadsCardValues(t *testing.T) {
	f := *CreditCard.Table
	f.Rows, f.Label = 13410, "label"
	z, err := gzip.NewReader(bytes.NewReader(partial(t)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readCSV(z, &f)
	if err != nil {
		t.Fatal(err)
	}
	if got.Values[0] != 4 || got.Values[1] != 1.22965763450793 || got.Rows != 13410 || got.Cols != 30 {
		t.Errorf("%d x %d, first %v", got.Rows, got.Cols, got.Values[:2])
	}
}

// If a set has no address, the others are still fetched, and the error describes how to get it.
func TestFetchByHand(t *testing.T) {
	byHand, _, _ := smallTable("b", false)
	s, images, labels := small("a", 20, 0)
	files := map[string][]byte{s.Files[0].Name: images, s.Files[1].Name: labels}
	s.Plain = true // no ".gz"
	srv, requests := served(t, func(w http.ResponseWriter, name string) { w.Write(files[name]) })
	s.URLs = []string{srv.URL + "/data"}
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{byHand, s}, Client: srv.Client()}
	got, err := f.Fetch(t.Context(), nil, nil)
	if len(got) != 2 || *requests != 2 {
		t.Errorf("%+v, %d requests", got, *requests)
	}
	want := "Table b: b.csv.gz has no address from which a program may download it: download it from https://host.invalid/page; `uaibench data import PATH` imports a copy that you have"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := f.Images(t.Context(), s); err != nil {
		t.Error(err)
	}
}

// Each set has an address or a page, a licence and a citation.
func TestSetsAreComplete(t *testing.T) {
	names := map[string]string{}
	for _, s := range Sets() {
		if s.ID == "" || s.Title == "" || s.Licence == "" || s.Citation == "" || len(s.Files) == 0 {
			t.Errorf("%s is incomplete", s.ID)
		}
		for _, file := range s.all() {
			if len(file.SHA256) != 64 || file.Bytes == 0 || file.Packed != "" && len(file.Packed) != 64 {
				t.Errorf("%s: %+v", s.ID, file)
			}
			if names[file.Name] != "" && s != FashionMNIST { // its names are those of MNIST
				t.Errorf("%s and %s both have a %s in the data directory", s.ID, names[file.Name], file.Name)
			}
			names[file.Name] = s.ID
		}
		if s.Table == nil {
			continue
		}
		seen := map[string]bool{s.Table.Label: true}
		for _, c := range s.Table.Columns {
			if c == "" || seen[c] {
				t.Errorf("%s: column %q twice", s.ID, c)
			}
			seen[c] = true
		}
		if _, ok := s.canonical(); !ok {
			t.Errorf("%s has no CSV form", s.ID)
		}
	}
}
