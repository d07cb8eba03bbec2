package external

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unsafe"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
)

const npyMagic = "\x93NUMPY"

// writeNPY writes an array's header and body as a NumPy file of version 1.0. It does not overwrite
// a file.
func writeNPY(path, descr, shape string, body func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, atomicfile.FileMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	const start = len(npyMagic) + 4
	text += strings.Repeat(" ", 63-(start+len(text))%64) + "\n" // aligned to 64 bytes, for mmap
	head := append([]byte(npyMagic), 1, 0)
	head = binary.LittleEndian.AppendUint16(head, uint16(len(text)))
	if _, err := f.Write(append(head, text...)); err != nil {
		return err
	}
	return body(f)
}

// writeMatrix writes x as n x d float32, row-major.
func writeMatrix(path string, x bench.Matrix) error {
	return writeNPY(path, "<f4", fmt.Sprintf("%d, %d", x.Rows, x.Cols),
		func(w io.Writer) error { return writeWords(w, x.Data) })
}

// writeClass writes classes as n int32.
func writeClass(path string, class []int32) error {
	return writeNPY(path, "<i4", fmt.Sprintf("%d,", len(class)),
		func(w io.Writer) error { return writeWords(w, class) })
}

// writeWords writes words of four bytes in little-endian order, without a copy on a little-endian
// machine.
func writeWords[T float32 | int32](w io.Writer, words []T) error {
	if len(words) == 0 {
		return nil
	}
	if littleEndian {
		_, err := w.Write(unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 4*len(words)))
		return err
	}
	b := bufio.NewWriter(w)
	if err := binary.Write(b, binary.LittleEndian, words); err != nil {
		return err
	}
	return b.Flush()
}

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

var npyHeader = regexp.MustCompile(`^\{'descr': '([<>|=])([a-z])(\d+)', ` +
	`'fortran_order': (?:True|False), 'shape': \(([0-9, ]*)\), \}\s*$`)

// readScores fills dst from a NumPy file of size bytes with len(dst) floats, which must be finite.
func readScores(f io.Reader, size int64, dst []float64) error {
	start := make([]byte, len(npyMagic)+2)
	if _, err := io.ReadFull(f, start); err != nil || !strings.HasPrefix(string(start), npyMagic) {
		return errors.New("is not a NumPy array (.npy)")
	}
	width := 2
	if start[len(npyMagic)] > 1 {
		width = 4
	}
	length := make([]byte, 4)
	if _, err := io.ReadFull(f, length[:width]); err != nil {
		return errors.New("is truncated")
	}
	n := binary.LittleEndian.Uint32(length)
	if n > 1<<16 {
		return errors.New("has a header that is too long")
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(f, text); err != nil {
		return errors.New("is truncated")
	}
	m := npyHeader.FindSubmatch(text)
	if m == nil {
		return fmt.Errorf("has the header %s, want floats of shape (%d,)", quote(text), len(dst))
	}
	bytes, _ := strconv.Atoi(string(m[3]))
	if string(m[2]) != "f" || bytes != 4 && bytes != 8 {
		return fmt.Errorf("holds values of type %s%s, want f8 (float64)", m[2], m[3])
	}
	if have := lengthOf(string(m[4])); have != len(dst) {
		return fmt.Errorf("has shape (%s), want (%d,): a score for each row", m[4], len(dst))
	}
	if want := int64(len(start)+width) + int64(n) + int64(bytes)*int64(len(dst)); size != want {
		return fmt.Errorf("has %d bytes, want %d", size, want)
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if m[1][0] == '>' || m[1][0] == '=' && !littleEndian {
		order = binary.BigEndian
	}
	return readFloats(f, order, bytes, dst)
}

// lengthOf returns the number of values of a shape that is a vector, a column or a row; -1 for
// other shapes.
func lengthOf(shape string) int {
	n, wide := 1, 0
	for _, s := range strings.FieldsFunc(shape, func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		if v != 1 {
			wide++
		}
		n *= v
	}
	if wide > 1 || strings.TrimSpace(shape) == "" {
		return -1
	}
	return n
}

func readFloats(f io.Reader, order binary.ByteOrder, bytes int, dst []float64) error {
	if bytes == 8 && littleEndian && order == binary.LittleEndian && len(dst) > 0 {
		whole := unsafe.Slice((*byte)(unsafe.Pointer(&dst[0])), 8*len(dst))
		if _, err := io.ReadFull(f, whole); err != nil {
			return errors.New("is truncated")
		}
		return finite(dst)
	}
	buf := make([]byte, 1<<16)
	for at := 0; at < len(dst); {
		part := buf[:min(len(buf), bytes*(len(dst)-at))]
		if _, err := io.ReadFull(f, part); err != nil {
			return errors.New("is truncated")
		}
		for ; len(part) > 0; part, at = part[bytes:], at+1 {
			if bytes == 8 {
				dst[at] = math.Float64frombits(order.Uint64(part))
			} else {
				dst[at] = float64(math.Float32frombits(order.Uint32(part)))
			}
		}
	}
	return finite(dst)
}

func finite(scores []float64) error {
	for i, v := range scores {
		if v-v != 0 { // NaN or infinite
			return fmt.Errorf("scores row %d %v: %w", i, v, bench.ErrNotFinite)
		}
	}
	return nil
}
