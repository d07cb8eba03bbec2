package table

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Form is the form of a file.
type Form string

// The forms that Read can read.
const (
	Text    Form = "text"
	NPZ     Form = "npz"
	MAT     Form = "mat"
	Parquet Form = "parquet"
)

// SniffBytes is the largest number of bytes that Sniff uses.
const SniffBytes = 1 << 16

// Sniff detects a file's form from its first bytes (decompressed). The name matters only if it ends
// in .mat: such a file is not read as text. For any other kind of file form is "", and why states
// what it is and what to do, following the file's name in a sentence.
func Sniff(name string, head []byte) (form Form, why string) {
	head = head[:min(len(head), SniffBytes)]
	if len(head) == 0 {
		return "", "is empty (0 bytes)"
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.form, m.why
		}
	}
	isMAT := strings.HasSuffix(strings.ToLower(name), ".mat")
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(head)
	case bytes.HasPrefix(head, []byte("\x89HDF\r\n\x1a\n")) && !isMAT:
		return "", "is an HDF5 file (as written by MATLAB 7.3 and pandas), which is not " +
			"supported: save the table as CSV, npz or Parquet"
	case bytes.HasPrefix(head, []byte("\x89HDF\r\n\x1a\n")), bytes.HasPrefix(head,
		[]byte("MATLAB 7.3")):
		return "", "is a MATLAB file of version 7.3 (HDF5): save it with -v7"
	case isMAT || len(head) >= matHeader && (string(head[126:128]) == "IM" ||
		string(head[126:128]) == "MI"):
		if _, err := matOrder(head); err != nil {
			return "", err.Error()
		}
		return MAT, ""
	}
	return sniffText(head)
}

// magics are the fixed beginnings of known kinds of files.
var magics = []struct {
	start string
	form  Form
	why   string
}{
	{"PAR1", Parquet, ""},
	{"PARE", "", "is an encrypted Parquet file, which is not supported"},
	{"\x1f\x8b", "", "is compressed twice by gzip: unpack it once"},
	{"\x93NUMPY", "", "is a single NumPy array (.npy): save X and y together with numpy.savez"},
	{"version https://git-lfs", "", "is a Git LFS pointer, not the file itself: fetch it with " +
		"`git lfs pull`"},
	{"../.git/annex", "", "is a git-annex pointer, not the file itself: fetch it with `git " +
		"annex get`"},
	{"/annex/objects/", "", "is a git-annex pointer, not the file itself: fetch it with `git " +
		"annex get`"},
	{"\xff\xfe", "", "is UTF-16 text: save it as UTF-8"},
	{"\xfe\xff", "", "is UTF-16 text: save it as UTF-8"},
	{"\xd0\xcf\x11\xe0", "", "is an old Excel workbook (.xls): save the sheet as CSV"},
	{"7z\xbc\xaf\x27\x1c", "", "is a 7-Zip archive: unpack it"},
	{"Rar!\x1a\x07", "", "is a RAR archive: unpack it"},
	{"BZh", "", "is compressed by bzip2: unpack it"},
	{"\xfd7zXZ\x00", "", "is compressed by xz: unpack it"},
	{"\x28\xb5\x2f\xfd", "", "is compressed by zstd: unpack it"},
	{"%PDF-", "", "is a PDF document, not a table"},
	{"SQLite format 3\x00", "", "is an SQLite database: export the table as CSV"},
	{"ARROW1", "",
		"is an Arrow (Feather) file, which is not supported: save the table as Parquet or CSV"},
	{"RDX", "", "is an R data file (.rda): save the table with write.csv"},
	{"\x80\x02", "",
		"is a Python pickle, which is not supported: save the table as CSV, npz or Parquet"},
	{"\x80\x03", "",
		"is a Python pickle, which is not supported: save the table as CSV, npz or Parquet"},
	{"\x80\x04", "",
		"is a Python pickle, which is not supported: save the table as CSV, npz or Parquet"},
	{"\x80\x05", "",
		"is a Python pickle, which is not supported: save the table as CSV, npz or Parquet"},
}

// sniffZip distinguishes an .npz from other zip archives by the name of its first file.
func sniffZip(head []byte) (form Form, why string) {
	name := ""
	if len(head) >= 30 {
		n := int(binary.LittleEndian.Uint16(head[26:]))
		name = string(head[30:min(30+n, len(head))])
	}
	switch {
	case strings.HasSuffix(name, ".npy"):
		return NPZ, ""
	case name == "[Content_Types].xml" || strings.HasPrefix(name, "_rels/") ||
		strings.HasPrefix(name, "xl/"):
		return "", "is an Excel workbook (.xlsx): save the sheet as CSV"
	case name == "":
		return "", "is a zip archive: unpack it"
	}
	return "", "is a zip archive: unpack it (it holds " + Quote([]byte(name)) + ")"
}

// bom is the UTF-8 byte order mark, with which some programs begin text.
var bom = []byte("\xef\xbb\xbf")

// sniffText distinguishes a table of text from other text and from binary data.
func sniffText(head []byte) (form Form, why string) {
	whole := len(head) < SniffBytes
	start := bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	lower := bytes.ToLower(start)
	begins := func(with ...string) bool {
		for _, w := range with {
			if bytes.HasPrefix(lower, []byte(w)) {
				return true
			}
		}
		return false
	}
	switch {
	case len(start) == 0 && whole:
		return "", "holds only white space"
	case bytes.IndexByte(head, 0) >= 0:
		return "", "is binary, but in no supported form (CSV or TSV text, .npz, .mat " +
			"of level 5, Parquet)"
	case begins("<!doctype html", "<html", "<head", "<body"):
		return "", "is a web page, not a table: download the file itself"
	case begins("<?xml", "<"):
		return "", "is XML or a web page, not a table: download the file itself, or save it as CSV"
	case begins("{", "["):
		return "", "is JSON, which is not supported: save the table as CSV"
	case bytes.Contains(lower, []byte("@relation")) && begins("@", "%"):
		return "", "is an ARFF file (Weka), which is not supported: save the table as CSV"
	case bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0:
		return "", "ends its lines with only CR (old Macintosh): save it with LF or CRLF"
	case !validUTF8(start) && control(start):
		return "", "is binary, but in no supported form (CSV or TSV text, .npz, .mat " +
			"of level 5, Parquet)"
	case !validUTF8(start): // a spec could not name its columns
		return "", "is not UTF-8 text: save it as UTF-8"
	}
	return Text, ""
}

// validUTF8 reports whether text is UTF-8, where its last character may be cut.
func validUTF8(text []byte) bool {
	for cut := range min(len(text)+1, utf8.UTFMax) {
		if utf8.Valid(text[:len(text)-cut]) {
			return true
		}
	}
	return false
}

// control reports whether text has control characters that do not occur in text files.
func control(text []byte) bool {
	return bytes.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f'
	})
}
