package table

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"
)

// Sizes beyond the available bytes are refused before anything is allocated for them.
func TestThriftSizes(t *testing.T) {
	for what, c := range map[string]struct {
		b  []byte
		ok bool
	}{
		"an empty struct":          {[]byte{0}, true},
		"a binary of 2":            {[]byte{0x18, 2, 'a', 'b', 0}, true},
		"a binary that is cut":     {[]byte{0x18, 9, 'a', 'b', 0}, false},
		"a list of 3 bytes":        {[]byte{0x19, 0x33, 1, 2, 3, 0}, true},
		"a list of 2 structs":      {[]byte{0x19, 0x2c, 0x15, 2, 0, 0x15, 4, 0, 0}, true},
		"a list of 2 booleans":     {[]byte{0x19, 0x21, 1, 2, 0}, true},
		"2^31 structs":             {append([]byte{0x19, 0xfc}, binary.AppendUvarint(nil, 1<<31)...), false},
		"2^31 elements of no kind": {append(append([]byte{0x19, 0xf0}, binary.AppendUvarint(nil, 1<<31)...), 0), false},
		"no end":                   {[]byte{0x15, 2}, false},
		"a map":                    {[]byte{0x1b, 0, 0}, false},
		"structs without end":      {[]byte(strings.Repeat("\x1c", 100)), false},
		"a varint without end":     {[]byte(strings.Repeat("\x15\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 2)), false},
	} {
		if rest, err := skipThrift(c.b, thriftStruct, 0); (err == nil) != c.ok || err == nil && len(rest) > 0 {
			t.Errorf("%s: %v, %v", what, rest, err)
		}
	}
}

// A Parquet file with false sizes in its end, footer or pages is refused, without allocating them.
func TestForgedParquet(t *testing.T) {
	type row struct {
		A     float64 `parquet:"a"`
		Label int32   `parquet:"label"`
	}
	good, err := os.ReadFile(parquetFile(t, []row{{1, 0}, {2, 1}, {3, 0}}))
	if err != nil {
		t.Fatal(err)
	}
	forged := func(at int, b ...byte) string {
		out := append([]byte{}, good...)
		copy(out[(at+len(out))%len(out):], b)
		return string(out)
	}
	footer := -8 - int(binary.LittleEndian.Uint32(good[len(good)-8:])) // first byte, from the end
	for what, c := range map[string]struct{ data, want string }{
		"too short":        {"PAR1PAR1", "it is too short"},
		"truncated":        {string(good[:len(good)-20]), "its end is not that of a Parquet file: perhaps it is truncated"},
		"a long footer":    {forged(-8, 0xff, 0xff, 0xff, 0x7f), "its footer declares 2,147,483,647 bytes"},
		"a damaged footer": {forged(footer, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07), "a header is damaged"},
		// A page's header begins with its type, then its size.
		"a large page": {forged(4, 0x15, 0x00, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f), "column 1, byte 4: "},
	} {
		_, err := Read(t.Context(), write(t, "t.parquet", c.data), Options{})
		if err == nil || !strings.Contains(err.Error(), "t.parquet: is a damaged Parquet file: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
}

// Each size in a page's header must fit the column's bytes and rows.
func TestPageSizes(t *testing.T) {
	for _, c := range []struct {
		size, packed, values int64
		ok                   bool
	}{
		{24, 24, 3, true}, {24, 24, 0, true}, {maxPage, 24, 3, true}, {maxPage + 1, 24, 3, false}, {24, 25, 3, false},
		{24, 24, 4, false}, {24, -1, 3, false}, {-1, 24, 3, false}, {24, 24, -1, false}, {1<<31 - 1, 24, 3, false},
	} {
		b := []byte{0x15, 0} // a data page
		for _, v := range []int64{c.size, c.packed} {
			b = binary.AppendVarint(append(b, 0x15), v)
		}
		b = append(binary.AppendVarint(append(b, 0x2c, 0x15), c.values), 0x15, 0, 0x15, 6, 0x15, 6, 0, 0)
		header := len(b)
		f, err := os.Open(write(t, "page", string(append(b, make([]byte, 24)...))))
		if err != nil {
			t.Fatal(err)
		}
		next, err := (&file{f: f}).checkPage(0, int64(header+24), 3)
		if (err == nil) != c.ok || err == nil && next != int64(header)+c.packed {
			t.Errorf("%+v: %d, %v", c, next, err)
		}
		f.Close()
	}
}
