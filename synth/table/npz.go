package table

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"regexp"
	"strconv"
	"strings"
)

// An .npz file is a zip archive with one .npy file per array. An .npy file begins with "\x93NUMPY",
// its version (two bytes), the header's length (two bytes, four from version 2 on) and the header,
// a Python dictionary: descr (the type), fortran_order and shape. Then come the values.
//
// github.com/sbinet/npyio reads them too, but holds the stored array besides the matrix made from
// it, has no half precision, and panics on truncated headers.

// array is an .npy file within an archive.
type array struct {
	name    string
	file    *zip.File
	shape   []int
	fortran bool
	dtype   dtype
	order   binary.ByteOrder
	why     string // why it cannot be read, following the name in a sentence; "" if it can
}

// npz reads X and, as further columns, the arrays of as many values as X has rows.
func (in *file) npz() (*sheet, error) {
	z, err := zip.NewReader(in.f, in.size)
	if err != nil {
		return nil, refuse(in.path, "is a damaged .npz file: %v", err)
	}
	var x *array
	var all []*array
	var names []string
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		a, err := openArray(f)
		if err != nil {
			return nil, refuse(in.path, "%s: %v", f.Name, err)
		}
		a.name = name
		names = append(names, name)
		if name == "X" && x == nil {
			x = a
		} else {
			all = append(all, a)
		}
	}
	switch {
	case x == nil:
		return nil, refuse(in.path, "has no array X; it has %s: save it with numpy.savez(path, "+
			"X=…, y=…)", listed(names))
	case x.why != "":
		return nil, refuse(in.path, "X %s", x.why)
	case len(x.shape) != 2:
		return nil, refuse(in.path, "X has %d dimensions, want 2: rows and columns", len(x.shape))
	}
	n, d := x.shape[0], x.shape[1]
	if n == 0 || d == 0 {
		return nil, refuse(in.path, "X is %d x %d: it is empty", n, d)
	}
	s := &sheet{names: numbered(d), header: true, rows: n, label: "y"}
	if err := in.digest(s); err != nil {
		return nil, err
	}
	var columns []*array
	for _, a := range all {
		if a.values() == n && (len(a.shape) == 1 || len(a.shape) == 2) {
			columns = append(columns, a)
			s.names = append(s.names, a.name)
		}
	}
	s.each = func(want []bool, visit func(*cell), found func(string, Problem)) error {
		if err := x.each(n, d, 0, want, visit); err != nil {
			return in.broken(fmt.Errorf("X: %w", err))
		}
		for i, a := range columns {
			switch err := error(nil); {
			case !want[d+i]:
			case a.why != "":
				found("type", s.place(nil, d+i, a.why))
			default:
				if err = a.each(n, 1, d+i, want, visit); err != nil {
					return in.broken(fmt.Errorf("%s: %w", a.name, err))
				}
			}
		}
		return nil
	}
	return s, nil
}

// numbered returns the names x1, …, xn.
func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint("x", i+1)
	}
	return out
}

// listed joins names, at most the first 12.
func listed(names []string) string {
	const most = 12
	if len(names) == 0 {
		return "none"
	}
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

var (
	npyDescr   = regexp.MustCompile(`['"]descr['"]\s*:\s*(['"]([^'"]*)['"]|\[)`)
	npyFortran = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	npyShape   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([0-9,\sL]*)\)`)
)

// openArray reads an array's header. An unsupported type is noted in why, not an error, since the
// array may not be needed.
func openArray(f *zip.File) (*array, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	header, _, err := npyHeader(r)
	if err != nil {
		return nil, err
	}
	descr, fortran, shape := npyDescr.FindStringSubmatch(header),
		npyFortran.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return nil, errors.New("its header is not a NumPy header")
	}
	a := &array{file: f, fortran: fortran[1] == "True"}
	values := uint64(1)
	for _, t := range strings.Split(shape[1], ",") {
		if t = strings.TrimRight(strings.TrimSpace(t), "L"); t == "" {
			continue
		}
		n, err := strconv.Atoi(t)
		if err != nil {
			return nil, fmt.Errorf("its shape is (%s)", shape[1])
		}
		hi, lo := bits.Mul64(values, uint64(n))
		if hi != 0 || lo > maxValues {
			return nil, fmt.Errorf("its shape (%s) has more than %s values", shape[1],
				Group(maxValues))
		}
		values = lo
		a.shape = append(a.shape, n)
	}
	a.setType(descr[2])
	if size := values * uint64(max(a.dtype.size, 1)); a.why == "" && (size > f.UncompressedSize64 ||
		f.UncompressedSize64 > uint64(inflated(int64(min(f.CompressedSize64, 1<<40))))) {
		return nil, fmt.Errorf("it is truncated: its shape (%s) needs %s bytes", shape[1],
			Group(int64(size)))
	}
	return a, nil
}

// npyHeader reads the header and returns it with the offset of the values.
func npyHeader(r io.Reader) (header string, length int, err error) {
	start := make([]byte, 12)
	if _, err := io.ReadFull(r, start[:10]); err != nil || string(start[:6]) != "\x93NUMPY" {
		return "", 0, errors.New("it is not a NumPy array")
	}
	n, at := int(binary.LittleEndian.Uint16(start[8:])), 10
	switch major := start[6]; major {
	case 1:
	case 2, 3:
		if _, err := io.ReadFull(r, start[10:]); err != nil {
			return "", 0, errors.New("its header is truncated")
		}
		n, at = int(binary.LittleEndian.Uint32(start[8:])), 12
	default:
		return "", 0, fmt.Errorf("its NumPy format version is %d, want 1 to 3", major)
	}
	if n > 1<<20 {
		return "", 0, errors.New("its header is too long")
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", 0, errors.New("its header is truncated")
	}
	return string(text), at + n, nil
}

// setType parses a type such as <f8: byte order, kind and size.
func (a *array) setType(descr string) {
	a.order = binary.LittleEndian
	if len(descr) >= 3 {
		if descr[0] == '>' {
			a.order = binary.BigEndian
		}
		size, err := strconv.Atoi(descr[2:])
		a.dtype = dtype{descr[1], size}
		if err == nil && strings.IndexByte("<>|=", descr[0]) >= 0 &&
			a.dtype.reader(a.order) != nil {
			return
		}
	}
	a.dtype = dtype{}
	switch {
	case strings.HasSuffix(descr, "O"):
		a.why = "holds Python objects, want numbers"
	case strings.ContainsAny(descr, "US"):
		a.why = fmt.Sprintf("holds text (%s), want numbers", descr)
	case strings.Contains(descr, "c"):
		a.why = fmt.Sprintf("holds complex numbers (%s), want real ones", descr)
	default:
		a.why = fmt.Sprintf("is of type %q, want numbers", descr)
	}
}

// values returns the number of values.
func (a *array) values() int {
	n := 1
	for _, s := range a.shape {
		n *= s
	}
	return n
}

// each visits the cells of an n x d array whose first column is the sheet's column at.
func (a *array) each(n, d, at int, want []bool, visit func(*cell)) error {
	r, err := a.file.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if _, _, err := npyHeader(r); err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, 1<<16)
	value, size := a.dtype.reader(a.order), a.dtype.size
	outer, inner := n, d
	if a.fortran {
		outer, inner = d, n
	}
	c := cell{kind: numberCell}
	for i := range outer {
		for j := range inner {
			b, err := in.Peek(size)
			if err != nil {
				if err == io.EOF {
					err = io.ErrUnexpectedEOF
				}
				return err
			}
			c.row, c.col = i, at+j
			if a.fortran {
				c.row, c.col = j, at+i
			}
			if want[c.col] {
				c.number = value(b)
				visit(&c)
			}
			in.Discard(size)
		}
	}
	// Read to the end: the archive verifies its checksum there.
	_, err = io.Copy(io.Discard, in)
	return err
}
