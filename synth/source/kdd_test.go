package source

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// record returns a line of a KDD'99 file, with its first columns as given.
func record(kind string, first ...string) string {
	fields := slices.Repeat([]string{"0"}, len(ConnectionColumns))
	fields[1], fields[2], fields[3] = "tcp", "http", "SF"
	copy(fields, first)
	return strings.Join(append(fields, kind), ",") + "\n"
}

var kddText = record("normal.", "5", "udp", "dns", "S0", "0.25") + record("smurf.", "7", "icmp") + record("neptune.", "5", "udp", "dns", "S0", "0.25") + record("smurf.")

func TestReadConnections(t *testing.T) {
	c, err := readConnections(strings.NewReader(kddText), 4)
	if err != nil {
		t.Fatal(err)
	}
	kind := func(name string) uint8 { return uint8(slices.Index(ConnectionTypes, name)) }
	if fmt.Sprint(c.Row, c.Distinct()) != "[0 1 0 2] 3" || !slices.Equal(c.Type, []uint8{0, kind("smurf"), kind("neptune"), kind("smurf")}) {
		t.Errorf("records %v, types %v", c.Row, c.Type)
	}
	if fmt.Sprint(c.Levels) != "[[icmp tcp udp] [dns http] [S0 SF] [0] [0] [0] [0]]" {
		t.Errorf("levels %v", c.Levels)
	}
	if fmt.Sprint(c.Symbols) != "[2 0 0 0 0 0 0 0 1 1 0 0 0 0 1 1 1 0 0 0 0]" {
		t.Errorf("symbols %v", c.Symbols)
	}
	if len(c.Numbers) != 3*34 || c.Numbers[0] != 5 || c.Numbers[1] != 0.25 || c.Numbers[34] != 7 || c.Numbers[68] != 0 {
		t.Errorf("numbers %v", c.Numbers)
	}
}

// The columns are those of the published description: 34 numbers and 7 symbols, 40 types.
func TestConnectionNames(t *testing.T) {
	if len(ConnectionColumns) != 41 || len(ConnectionTypes) != 40 || !slices.IsSorted(ConnectionTypes[1:]) {
		t.Errorf("%d columns, %d types", len(ConnectionColumns), len(ConnectionTypes))
	}
	at := 0
	for _, s := range SymbolicColumns {
		i := slices.Index(ConnectionColumns, s)
		if i < at {
			t.Errorf("%s stands at %d", s, i)
		}
		at = i
	}
}

func TestBrokenConnections(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"nothing", "", "has too few rows: 0, want 2"},
		{"too few rows", record("smurf."), "has too few rows: 1, want 2"},
		{"too many rows", record("smurf.") + record("smurf.") + record("smurf."), "line 3: is one too many: there should be 2 rows"},
		{"an empty line", record("smurf.") + "\n", "line 2: is empty"},
		{"too few fields", record("smurf.") + "0,tcp,http,SF,normal.\n", "line 2: has 5 fields, want 42"},
		{"too many fields", strings.Replace(record("smurf."), "0,smurf", "0,0,smurf", 1), "line 1: has 43 fields, want 42"},
		{"a header", strings.Join(ConnectionColumns, ",") + ",label\n", `line 1, column 1 (duration): "duration" is not a number`},
		{"an unknown type", record("smurf.") + record("smurg."), `line 2, column 42 (type): "smurg." is not a type of KDD'99`},
		{"no type", record("smurf.") + record(""), `line 2, column 42 (type): "" is not a type`},
		{"no dot", record("smurf"), `line 1, column 42 (type): "smurf" is not a type of KDD'99: the trailing dot is missing`},
		{"a word for a number", record("smurf.", "x"), `line 1, column 1 (duration): "x" is not a number`},
		{"NaN", record("smurf.", "0", "tcp", "http", "SF", "NaN"), `line 1, column 5 (src_bytes): "NaN" is not a finite number`},
		{"infinity", record("smurf.", "0", "tcp", "http", "SF", "0", "inf"), `line 1, column 6 (dst_bytes): "inf" is not a finite number`},
		{"no protocol", record("smurf.", "0", ""), "line 1, column 2 (protocol_type): is empty"},
		{"land neither yes nor no", record("smurf.", "0", "tcp", "http", "SF", "0", "0", "2"), `line 1, column 7 (land): "2" is neither 0 nor 1`},
	} {
		if got, err := readConnections(strings.NewReader(c.text), 2); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.what, got, err, c.want)
		}
	}
}

// Accepted text has the values that strings and strconv read from it.
func FuzzReadConnections(f *testing.F) {
	f.Add([]byte(kddText))
	f.Add([]byte(strings.ReplaceAll(kddText, "\n", "\r\n")))
	f.Add([]byte(record("normal.") + record("normal.") + record("teardrop.", "1e5") + strings.TrimSuffix(record("spy.", "-0.5"), "\n")))
	f.Add([]byte(record("smurf")))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := readConnections(strings.NewReader(string(data)), 4)
		if err != nil {
			if c != nil || err.Error() == "" {
				t.Errorf("%v, %v", c, err)
			}
			return
		}
		text := strings.TrimSuffix(string(data), "\n")
		lines := strings.Split(text, "\n")
		if len(lines) != 4 || len(c.Row) != 4 || len(c.Type) != 4 {
			t.Fatalf("%d rows of %d lines", len(c.Row), len(lines))
		}
		for i, line := range lines {
			fields := strings.Split(strings.TrimSuffix(line, "\r"), ",")
			if fields[41] != ConnectionTypes[c.Type[i]]+"." {
				t.Errorf("row %d is a %s, want %s", i, ConnectionTypes[c.Type[i]], fields[41])
			}
			number, symbol := int(c.Row[i])*34, int(c.Row[i])*7
			for j, name := range ConnectionColumns {
				if s := slices.Index(SymbolicColumns, name); s >= 0 {
					if got := c.Levels[s][c.Symbols[symbol]]; got != fields[j] {
						t.Errorf("row %d: %s is %q, want %q", i, name, got, fields[j])
					}
					symbol++
					continue
				}
				if want, err := strconv.ParseFloat(fields[j], 64); err != nil || math.Float64bits(want) != math.Float64bits(c.Numbers[number]) && want != c.Numbers[number] {
					t.Errorf("row %d: %s is %v, want %v, %v", i, name, c.Numbers[number], want, err)
				}
				number++
			}
		}
	})
}
