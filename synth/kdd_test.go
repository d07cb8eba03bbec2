package synth

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

var kddIDs = []string{"kddcup", "kddcup_rev"}

// The published numbers of connections of each type in the two files.
var (
	typesOf10Percent = map[string]int{"normal": 97278, "smurf": 280790, "neptune": 107201, "back": 2203, "satan": 1589, "ipsweep": 1247, "portsweep": 1040,
		"warezclient": 1020, "teardrop": 979, "pod": 264, "nmap": 231, "guess_passwd": 53, "buffer_overflow": 30, "land": 21, "warezmaster": 20, "imap": 12,
		"rootkit": 10, "loadmodule": 9, "ftp_write": 8, "multihop": 7, "phf": 4, "perl": 3, "spy": 2}
	typesOfCorrected = map[string]int{"normal": 60593, "smurf": 164091, "neptune": 58001, "snmpgetattack": 7741, "mailbomb": 5000, "guess_passwd": 4367,
		"snmpguess": 2406, "satan": 1633, "warezmaster": 1602, "back": 1098, "mscan": 1053, "apache2": 794, "processtable": 759, "saint": 736,
		"portsweep": 354, "ipsweep": 306, "httptunnel": 158, "pod": 87, "nmap": 84, "buffer_overflow": 22, "multihop": 18, "named": 17, "sendmail": 17,
		"ps": 16, "rootkit": 13, "xterm": 13, "teardrop": 12, "land": 9, "xlock": 9, "xsnoop": 4, "ftp_write": 3, "phf": 2, "perl": 2, "loadmodule": 2,
		"udpstorm": 2, "worm": 2, "sqlattack": 2, "imap": 1}
)

// readConnections caches the two files.
var readConnections struct {
	sync.Mutex
	file [2]*source.Connections
}

// connections returns one of the two files, or skips the test.
func connections(t testing.TB, file int) *source.Connections {
	t.Helper()
	readConnections.Lock()
	defer readConnections.Unlock()
	if readConnections.file[file] == nil {
		c, err := finder().Connections(t.Context(), source.KDD99, source.KDD99.Files[file])
		skipIfMissing(t, "kddcup", err)
		if err != nil {
			t.Fatal(err)
		}
		readConnections.file[file] = c
	}
	return readConnections.file[file]
}

// rev returns KDDCUP-Rev, or a half of it, from the cached files, which Build would read again.
func rev(t testing.TB, seed uint64, given map[string]any, s bench.Split) *bench.Dataset {
	t.Helper()
	train, test := connections(t, 0), connections(t, 1)
	d, err := checked(kddcupRevOf(t.Context(), train, test, ref(t, "kddcup_rev", seed, given).Params, seed, s))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wholeRev returns rev with seed 1, built once for all tests.
func wholeRev(t testing.TB) *bench.Dataset {
	t.Helper()
	kept.Lock()
	defer kept.Unlock()
	if kept.made["rev"] == nil {
		kept.made["rev"] = rev(t, 1, nil, bench.Split{})
	}
	return kept.made["rev"]
}

func countTypes(types []uint8) map[string]int {
	out := map[string]int{}
	for _, kind := range types {
		out[source.ConnectionTypes[kind]]++
	}
	return out
}

func TestKDDFiles(t *testing.T) {
	for i, want := range []map[string]int{typesOf10Percent, typesOfCorrected} {
		c := connections(t, i)
		got := countTypes(c.Type)
		for _, kind := range source.ConnectionTypes {
			if got[kind] != want[kind] {
				t.Errorf("file %d: %d connections of type %s, want %d", i, got[kind], kind, want[kind])
			}
		}
		if i == 0 {
			// "One-hot sizes in this file" in its description, in the order of
			// source.SymbolicColumns.
			for s, n := range []int{3, 66, 11, 2, 2, 1, 2} {
				if len(c.Levels[s]) != n {
					t.Errorf("%s has %d values, want %d", source.SymbolicColumns[s], len(c.Levels[s]), n)
				}
			}
			if c.Distinct() != 145584 { // counted with sort -u on the lines without their types
				t.Errorf("%d distinct records", c.Distinct())
			}
			continue
		}
		// The known flaw of this file: two normal rows with service icmp, at these lines.
		icmp := int32(slices.Index(c.Levels[1], "icmp"))
		host := int32(slices.Index(c.Levels[5], "1"))
		var at []int
		hosts := 0
		for row, r := range c.Row {
			if c.Symbols[int(r)*7+1] == icmp {
				at = append(at, row)
			}
			if c.Symbols[int(r)*7+5] == host {
				hosts++
			}
		}
		if !slices.Equal(at, []int{136488, 136496}) || c.Type[at[0]] != 0 || c.Type[at[1]] != 0 || hosts != 12 {
			t.Errorf("service icmp in rows %v, is_host_login = 1 in %d rows", at, hosts)
		}
	}
}

func TestKDDCUP(t *testing.T) {
	d := made(t, "kddcup", 1, nil)
	if got := [3]int{d.X.Rows, d.X.Cols, d.Anomalies()}; got != table1["kddcup"] {
		t.Errorf("rows, features, anomalies: %v, want %v", got, table1["kddcup"])
	}
	// The digest is of a version made by a few lines of Python.
	if got := digest(d); got != "b9408b466d0a3f1046d26ca339f34a1a4c7c5310dab05c0055f9aeefca81140f" || entryOf("kddcup").Version != 1 {
		t.Errorf("digest %s", got)
	}
	if n, exact := entryOf("kddcup").Rows(ref(t, "kddcup", 1, nil).Params, 1); n != d.X.Rows || !exact {
		t.Errorf("planned are %d rows", n)
	}
	c := connections(t, 0)
	// Same has as many classes of equal rows as there are distinct records, and each row equals its
	// first.
	if d.Same == nil {
		t.Fatal("Same is not filled")
	}
	kinds := 0
	firstOf := map[int32]int32{}
	for i, s := range d.Same {
		if int(s) == i {
			kinds++
		}
		if s > int32(i) || d.Same[s] != s || !equalRows(d.X.Row(i), d.X.Row(int(s))) {
			t.Fatalf("row %d is not like row %d, or that is not the first", i, s)
		}
		f, ok := firstOf[c.Row[i]]
		if !ok {
			firstOf[c.Row[i]] = s
		} else if f != s {
			t.Fatalf("row %d has the text of row %d, but Same says %d", i, f, s)
		}
	}
	if kinds > c.Distinct() || kinds < c.Distinct()-100 { // two numbers may round to one float32
		t.Errorf("%d kinds of rows, %d distinct records", kinds, c.Distinct())
	}
}

// The encodings on the real values: 121 columns, of which the paper's 120 omit a constant one, or
// 118.
func TestKDDEncodings(t *testing.T) {
	c := connections(t, 0)
	names := func(encoding string) (out []string) {
		for _, f := range features(c, encoding) {
			switch {
			case f.number >= 0:
				out = append(out, "number")
			case f.level == "":
				out = append(out, source.SymbolicColumns[f.symbolic])
			default:
				out = append(out, source.SymbolicColumns[f.symbolic]+"="+f.level)
			}
		}
		return out
	}
	plain := names("plain")
	for encoding, n := range map[string]int{"plain": 121, "drop_is_host_login": 120, "drop_num_outbound_cmds": 120, "binaries_as_numbers": 118} {
		got := names(encoding)
		if len(got) != n {
			t.Errorf("%s: %d columns, want %d", encoding, len(got), n)
		}
		numbers := 0
		for _, name := range got {
			if name == "number" {
				numbers++
			}
		}
		if want := map[bool]int{true: 33, false: 34}[encoding == "drop_num_outbound_cmds"]; numbers != want {
			t.Errorf("%s: %d numbers, want %d", encoding, numbers, want)
		}
	}
	at := slices.Index(plain, "is_host_login=0")
	if at < 0 || !slices.Equal(slices.Delete(slices.Clone(plain), at, at+1), names("drop_is_host_login")) {
		t.Errorf("without is_host_login: %v", names("drop_is_host_login"))
	}
	if got := names("binaries_as_numbers"); !slices.Contains(got, "is_host_login") || slices.Contains(got, "land=0") {
		t.Errorf("binaries as numbers: %v", got)
	}
	if i, j := slices.Index(plain, "protocol_type=icmp"), slices.Index(plain, "protocol_type=udp"); i != 1 || j != 3 {
		t.Errorf("the protocols stand at %d to %d, want 1 to 3", i, j)
	}
}

// small returns small files of connections, for checking single values.
func small() (train, test *source.Connections) {
	train = &source.Connections{Rows: 4, Row: []int32{0, 1, 0, 2}, Type: []uint8{0, 1, 0, 1},
		Levels: [7][]string{{"tcp", "udp"}, {"http", "smtp"}, {"SF"}, {"0", "1"}, {"0"}, {"0"}, {"0"}}}
	test = &source.Connections{Rows: 2, Row: []int32{0, 1}, Type: []uint8{0, 1},
		Levels: [7][]string{{"icmp", "tcp"}, {"http"}, {"S0", "SF"}, {"0", "1"}, {"1"}, {"1"}, {"0"}}}
	record := func(c *source.Connections, first float64, symbols ...int32) {
		numbers := make([]float64, 34)
		numbers[0] = first
		c.Numbers, c.Symbols = append(c.Numbers, numbers...), append(c.Symbols, symbols...)
	}
	record(train, 10, 0, 0, 0, 0, 0, 0, 0)
	record(train, 30, 1, 1, 0, 1, 0, 0, 0)
	record(train, 20, 0, 1, 0, 0, 0, 0, 0)
	record(test, 40, 0, 0, 0, 1, 0, 0, 0)
	record(test, 20, 1, 0, 1, 0, 0, 0, 0)
	return train, test
}

// Values unseen in training have no column; the scaling is fitted on the training pool, without
// clipping.
func TestUnseenValues(t *testing.T) {
	train, test := small()
	for _, c := range []struct {
		encoding     string
		cols         int
		train1, test []float32 // row 1, row 0: duration, protocols, services, land, and the rest summed
	}{
		// duration 10 to 30; tcp, udp; http, smtp; land 0, 1
		{"drop_is_host_login", 33 + 1 + 2 + 2 + 1 + 2 + 1 + 1, []float32{1, 0, 1, 0, 1, 0, 1}, []float32{1.5, 0, 0, 1, 0, 0, 1}},
		{"binaries_as_numbers", 33 + 1 + 2 + 2 + 1 + 4, []float32{1, 0, 1, 0, 1, 1}, []float32{1.5, 0, 0, 1, 0, 1}},
	} {
		p := bench.Params{"encoding": c.encoding, "scaling": "minmax"}
		e, err := newEncoder(t.Context(), train, []int{0, 1, 2, 3}, p)
		if err != nil {
			t.Fatal(err)
		}
		of := func(f *source.Connections, row int) []float32 {
			d, err := e.dataset(t.Context(), "x", f, places(f.Rows), func(kind uint8) bool { return kind != 0 })
			if err != nil {
				t.Fatal(err)
			}
			if d.X.Cols != c.cols || d.Truth[0] || !d.Truth[1] {
				t.Errorf("%s: %d columns, want %d; truth %v", c.encoding, d.X.Cols, c.cols, d.Truth)
			}
			x := d.X.Row(row)
			// duration, 2 protocols, 2 services, the constant flag, src_bytes, dst_bytes, then land
			land := 8
			n := len(c.train1) - 5
			for j, v := range x {
				if v != 0 && j > 4 && (j < land || j >= land+n) {
					t.Errorf("%s: column %d is constant in training, but row %d has %g", c.encoding, j, row, v)
				}
			}
			return append(slices.Clone(x[:5]), x[land:land+n]...)
		}
		if got := of(train, 1); !slices.Equal(got, c.train1) {
			t.Errorf("%s: training row %v, want %v", c.encoding, got, c.train1)
		}
		if got := of(test, 0); !slices.Equal(got, c.test) {
			t.Errorf("%s: test row %v, want %v", c.encoding, got, c.test)
		}
	}
	// Only the pool determines the scaling: without row 1 the duration's maximum is 20.
	e, err := newEncoder(t.Context(), train, []int{0, 2, 3}, bench.Params{"encoding": "plain", "scaling": "zscore"})
	if err != nil {
		t.Fatal(err)
	}
	// 10, 10, 20: mean 40/3, variance 200/9
	if got, want := e.scale[0].of(20), (20-40.0/3)/math.Sqrt(200.0/9); math.Abs(float64(got)-want) > 1e-6 {
		t.Errorf("zscore of 20: %g, want %g", got, want)
	}
}

func BenchmarkKDDCUP(b *testing.B) {
	for b.Loop() {
		made(b, "kddcup", 1, nil)
	}
}
