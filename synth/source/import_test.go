package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/internal/mattest"
)

// large is a set whose size lets Import read the other test files completely.
var large = &Set{ID: "large", Title: "Large", Files: []bench.RawFile{{Name: "large", Bytes: 1 << 20}}}

// The error for a refused file has the difference from the nearest known one in its first line; it
// does not list the known files.
func TestImportGivesReasons(t *testing.T) {
	s, csv, _ := smallTable("a", false)
	text := string(csv)
	m := mattest.Little
	x := m.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25)
	kdd := record("normal.") + record("smurf.")
	for _, c := range []struct{ name, data, want string }{
		{"t.csv", strings.ReplaceAll(text, ",", ";"), "line 1: is separated by semicolons, want commas"},
		{"t.tsv", strings.ReplaceAll(text, ",", "\t"), "line 1: is separated by tabs, want commas"},
		{"t.csv", strings.Replace(text, "100,1", "100,-1", 1), "line 3, column 3 (label): holds -1: want 0 or 1, or nominal and anomaly"},
		{"t.csv", strings.Replace(text, "100,1", "ten,1", 1), `line 3, column 2 (weight): "ten" is not a number`},
		{"t.csv", text + "5\n", "line 5: wrong number of fields"},
		{"t.csv", text + "5,6,0\n", "has 4 rows, but Table a has 3"},
		{"t.csv", strings.Replace(text, "100,1", "101,1", 1), "has the shape of Table a, but other values"},
		{"t.csv", strings.Replace(text, "label", "y", 1), "line 1: no column is called label"},
		{"t.csv", "a,label\n1,0\n", "line 1: has 2 columns: no known table has as many"},
		{"t.csv", "1,2,0\n3,4,1\n", "line 1: has no column names: want a header with label"},
		{"t.csv", "<html><body>404</body></html>", "is a web page, not a table: download the file itself"},
		{"t.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", "is a Git LFS pointer"},
		{"t.csv", "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00a.csv", "is a zip archive: unpack it"},
		{"t.mat", "\x89HDF\r\n\x1a\n" + strings.Repeat("0", 300), "is a MATLAB file of version 7.3 (HDF5): save it with -v7"},
		{"t.mat", string(m.File(x, m.Doubles("y", 3, 1, 0, -1, 0))), "y holds -1: want 0 or 1 (y(2)) (as Table a needs)"},
		{"t.mat", string(m.File(x)), "has no matrix y"},
		{"t.mat", string(m.File(m.Doubles("X", 1, 3, 1, 2, 3), m.Doubles("y", 1, 1, 0))), "X is 1 x 3: no known table has 3 columns"},
		{"t.data", strings.ReplaceAll(kdd, "\n", "\r\n"), "has records of KDD'99, but not those of its 10% file or its corrected test file; its lines end in CRLF"},
	} {
		f := &Finder{Cache: t.TempDir(), Sets: []*Set{s, large}}
		path := write(t, []byte(c.data), t.TempDir(), c.name)
		list, err := f.Import(t.Context(), path)
		first, rest, _ := strings.Cut(errText(err), "\n")
		if first == "" || !strings.HasPrefix(first, path+": "+c.want) {
			t.Errorf("%q\nwant %q", first, c.want)
		}
		if !strings.Contains(rest, "not a known raw file") || strings.Contains(rest, "Table a") {
			t.Errorf("%s: the lines after the first are %q", c.want, rest)
		}
		if _, unknown := errors.AsType[*UnknownError](err); !unknown || len(list) != 1 || list[0].Named().Error() != err.Error() {
			t.Errorf("%s: %T, %+v", c.want, err, list)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Files that differ only in notation are converted: a byte order mark before the label, CRLF,
// MATLAB's integers.
func TestImportMends(t *testing.T) {
	s, csv, _ := smallTable("a", false)
	das := "label,V1,V2\nnominal,1.50,-2\nanomaly,0,1e2\nnominal,3,4.25\n"
	m := mattest.Big
	text := record("normal.", "5", "udp") + record("smurf.")
	sum := sha256.Sum256([]byte(text))
	kdd := &Set{ID: "kdd", Title: "KDD", Files: []bench.RawFile{{Name: "kdd", Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:])}}}
	for what, c := range map[string]struct {
		data, note string
		want       []byte
	}{
		"BOM before the label": {"\xef\xbb\xbf" + das, "", csv},
		"CRLF":                 {strings.ReplaceAll(das, "\n", "\r\n"), "", csv},
		"BOM, CRLF, gzip":      {string(zipped(t, []byte("\xef\xbb\xbf"+strings.ReplaceAll(das, "\n", "\r\n")))), "", csv},
		"logical labels":       {string(m.File(m.Doubles("X", 3, 2, 1.5, 0, 3, -2, 100, 4.25), m.Matrix("y", 9, 2, 3, 1, mattest.Uint8, []byte{0, 1, 0}))), "", csv},
		"KDD with CRLF":        {strings.ReplaceAll(text, "\n", "\r\n"), "its lines ended in CRLF", []byte(text)},
	} {
		f := &Finder{Cache: t.TempDir(), Sets: []*Set{s, kdd, large}}
		list, err := f.Import(t.Context(), write(t, []byte(c.data), t.TempDir(), "any"))
		if err != nil || list[0].Note != c.note {
			t.Errorf("%s: %+v, %v", what, list, err)
			continue
		}
		if got, _ := os.ReadFile(list[0].To); !bytes.Equal(got, c.want) {
			t.Errorf("%s: became %q", what, got)
		}
	}
}

// The same reasons are given for a file used in place.
func TestInPlaceGivesReasons(t *testing.T) {
	s, csv, _ := smallTable("b", false)
	for data, want := range map[string]string{
		strings.ReplaceAll(string(csv), ",", ";"):                                      "as a CSV file: line 1: is separated by semicolons, want commas",
		strings.ReplaceAll(string(csv), ",", "\t"):                                     "as a CSV file: line 1: is separated by tabs, want commas",
		strings.ReplaceAll(string(csv), "\n", "\r\n"):                                  "as a CSV file: line 1: ends in CRLF: `uaibench data import PATH` converts it to LF",
		"\xef\xbb\xbf" + string(csv):                                                   "as a CSV file: line 1: begins with a byte order mark",
		"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00b.csv" + "......": "as a CSV file: is a zip archive: unpack it",
		"<!DOCTYPE html><html></html>":                                                 "as a CSV file: is a web page",
		"version https://git-lfs.github.com/spec/v1\n":                                 "as a CSV file: is a Git LFS pointer",
	} {
		f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{s, large}}
		write(t, []byte(data), f.Dir, "b.csv")
		_, err := f.Table(t.Context(), s)
		if first, _, _ := strings.Cut(errText(err), "\n"); !strings.Contains(first, want) {
			t.Errorf("%q, want %q", first, want)
		}
	}
}

// Import of a folder reports each file with a raw file's name once, with the reason.
func TestImportFolderGivesReasons(t *testing.T) {
	s, csv, _ := smallTable("a", false)
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{s, large}}
	dir := t.TempDir()
	path := write(t, []byte(strings.ReplaceAll(string(csv), ",", ";")), dir, "a.csv")
	_, err := f.Import(t.Context(), dir)
	if text := errText(err); !strings.HasPrefix(text, dir+": there is no raw file in this folder\n  "+path+": line 1: is separated by semicolons") ||
		strings.Count(text, "semicolons") != 1 || strings.Contains(text, "Table a") {
		t.Errorf("%s", text)
	}
	write(t, csv, dir, filepath.Join("deep", "b.csv"))
	list, err := f.Import(t.Context(), dir)
	if err != nil || len(list) != 2 || list[0].Err == nil || list[1].Err != nil {
		t.Errorf("%+v, %v", list, err)
	}
}
