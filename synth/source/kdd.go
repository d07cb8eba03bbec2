package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/table"
)

// KDD99 is the connection records of the KDD Cup 1999: the 10% training file, and the labelled test
// file with the organisers' corrected labels.
var KDD99 = &Set{
	ID:    "kddcup",
	Title: "KDD Cup 1999",
	Files: []bench.RawFile{
		{Name: "kddcup.data_10_percent", Bytes: 74889749,
			SHA256: "f8c8267ebcd9c0ed1fd7d6277fe5bfff8732e9b7db8e61b873542b2a534b6f9a",
			Packed: "8045aca0d84e70e622d1148d7df782496f6333bf6eb979a1b0837c42a9fd9561"},
		{Name: "corrected", Bytes: 47251540,
			SHA256: "547dfb9c0f0dc1d9944219ec79e851191faebaeb8acbfa1cd171c418397052a4",
			Packed: "74f0daef49b242badc09f2adbd457dea6a45b4f77177efbd11216d333651044b"},
	},
	Pages: []string{
		"http://kdd.ics.uci.edu/databases/kddcup99/kddcup99.html",
		"https://archive.ics.uci.edu/dataset/130/kdd+cup+1999+data",
	},
	Licence: uci,
	Citation: "Stolfo, Fan, Lee, Prodromidis, Chan: KDD Cup 1999 Data. UCI Machine Learning " +
		"Repository, 1999",
	bare: true,
}

var connectionRows = map[string]int{"kddcup.data_10_percent": 494021, "corrected": 311029}

// ConnectionColumns are the names of a connection's features, in the files' order.
var ConnectionColumns = []string{
	"duration", "protocol_type", "service", "flag", "src_bytes", "dst_bytes", "land",
	"wrong_fragment", "urgent", "hot",
	"num_failed_logins", "logged_in", "num_compromised", "root_shell", "su_attempted", "num_root",
	"num_file_creations",
	"num_shells", "num_access_files", "num_outbound_cmds", "is_host_login", "is_guest_login",
	"count", "srv_count",
	"serror_rate", "srv_serror_rate", "rerror_rate", "srv_rerror_rate", "same_srv_rate",
	"diff_srv_rate",
	"srv_diff_host_rate", "dst_host_count", "dst_host_srv_count", "dst_host_same_srv_rate",
	"dst_host_diff_srv_rate",
	"dst_host_same_src_port_rate", "dst_host_srv_diff_host_rate", "dst_host_serror_rate",
	"dst_host_srv_serror_rate",
	"dst_host_rerror_rate", "dst_host_srv_rerror_rate",
}

// SymbolicColumns are the columns whose values are words, or 0 and 1 for no and yes (kddcup.names);
// the other 34 are numbers.
var SymbolicColumns = []string{"protocol_type", "service", "flag", "land", "logged_in",
	"is_host_login", "is_guest_login"}

// YesNo reports whether a symbolic column's values are 0 and 1.
func YesNo(column string) bool { return slices.Contains(SymbolicColumns[3:], column) }

// ConnectionTypes are "normal" and the attack types of both files, as written there without the
// trailing dot.
var ConnectionTypes = []string{"normal",
	"apache2", "back", "buffer_overflow", "ftp_write", "guess_passwd", "httptunnel", "imap",
	"ipsweep", "land", "loadmodule",
	"mailbomb", "mscan", "multihop", "named", "neptune", "nmap", "perl", "phf", "pod", "portsweep",
	"processtable", "ps",
	"rootkit", "saint", "satan", "sendmail", "smurf", "snmpgetattack", "snmpguess", "spy",
	"sqlattack", "teardrop", "udpstorm",
	"warezclient", "warezmaster", "worm", "xlock", "xsnoop", "xterm",
}

// Connections is a file of connection records. Most records recur: features are stored once per
// distinct record, in order of first appearance.
type Connections struct {
	Rows    int
	Row     []int32     // len Rows: index of the distinct record
	Type    []uint8     // len Rows: index into ConnectionTypes; 0 is normal
	Numbers []float64   // row-major, distinct x 34: the numeric columns in order, finite
	Symbols []int32     // row-major, distinct x 7: per symbolic column, the index into its Levels
	Levels  [7][]string // per symbolic column, its values in ascending order
}

// Distinct returns the number of distinct records.
func (c *Connections) Distinct() int { return len(c.Symbols) / len(SymbolicColumns) }

// Connections reads one of KDD99's files, verified. The error is a *FileError if the file is
// missing or invalid. Nothing is cached: each call reads the file again.
func (f *Finder) Connections(ctx context.Context, s *Set,
	file bench.RawFile) (*Connections, error) {
	var c *Connections
	_, err := f.read(ctx, s, file, func(file bench.RawFile, r io.Reader) (err error) {
		c, err = readConnections(r, connectionRows[file.Name])
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// readConnections reads comma-separated records without a header, each with its type last.
func readConnections(r io.Reader, rows int) (*Connections, error) {
	p := newConnectionParser(rows)
	in := &lines{r: r}
	for {
		line := in.line + 1
		text, n, err := in.block()
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		for ; len(text) > 0; line++ {
			var l []byte
			l, text = nextLine(text)
			if line > rows {
				return nil, &placeError{line: line,
					why: fmt.Sprintf("is one too many: there should be %s rows",
						table.Group(int64(rows)))}
			}
			if err := p.add(l, line); err != nil {
				return nil, err
			}
		}
	}
	if n := len(p.Row); n < rows {
		return nil, fmt.Errorf("has too few rows: %s, want %s", table.Group(int64(n)),
			table.Group(int64(rows)))
	}
	p.sortLevels()
	return &p.Connections, nil
}

type connectionParser struct {
	Connections
	seen     map[string]int32 // a record's text without its type: its index
	types    map[string]uint8
	level    [7]map[string]int32
	symbolic []int // per column: index into SymbolicColumns; -1: a number
}

func newConnectionParser(rows int) *connectionParser {
	p := &connectionParser{seen: map[string]int32{}, types: map[string]uint8{}}
	p.Rows = rows
	p.Row, p.Type = make([]int32, 0, rows), make([]uint8, 0, rows)
	for i, t := range ConnectionTypes {
		p.types[t] = uint8(i)
	}
	for i := range p.level {
		p.level[i] = map[string]int32{}
	}
	for _, c := range ConnectionColumns {
		p.symbolic = append(p.symbolic, slices.Index(SymbolicColumns, c))
	}
	return p
}

// add parses a line. It parses the features only of new records.
func (p *connectionParser) add(text []byte, line int) error {
	if len(text) == 0 {
		return &placeError{line: line, why: "is empty"}
	}
	cut := max(bytes.LastIndexByte(text, ','), 0)
	at, known := p.seen[string(text[:cut])]
	if !known {
		if n := bytes.Count(text, []byte{','}) + 1; n != len(ConnectionColumns)+1 {
			return &placeError{line: line, why: fmt.Sprintf("has %d fields, want %d", n,
				len(ConnectionColumns)+1)}
		}
		if err := p.record(text[:cut], line); err != nil {
			return err
		}
		at = int32(len(p.seen))
		p.seen[string(text[:cut])] = at
	}
	word, dot := bytes.CutSuffix(text[cut+1:], []byte{'.'})
	kind, ok := p.types[string(word)]
	if !ok || !dot {
		why := fmt.Sprintf("%s is not a type of KDD'99", table.Quote(text[cut+1:]))
		if ok {
			why += ": the trailing dot is missing"
		}
		return &placeError{line: line, col: len(ConnectionColumns) + 1, name: "type", why: why}
	}
	p.Row, p.Type = append(p.Row, at), append(p.Type, kind)
	return nil
}

// record parses the features of a new record.
func (p *connectionParser) record(text []byte, line int) error {
	if p.Distinct() == math.MaxInt32 {
		return &placeError{line: line, why: "is one distinct record too many"}
	}
	for col, name := range ConnectionColumns {
		field, rest, _ := bytes.Cut(text, []byte{','})
		text = rest
		why := ""
		if s := p.symbolic[col]; s >= 0 {
			var level int32
			if level, why = p.symbol(s, field); why == "" {
				p.Symbols = append(p.Symbols, level)
			}
		} else {
			var v float64
			if v, why = table.ParseNumber(field); why == "" {
				p.Numbers = append(p.Numbers, v)
			}
		}
		if why != "" {
			return &placeError{line: line, col: col + 1, name: name, why: why}
		}
	}
	return nil
}

func (p *connectionParser) symbol(column int, field []byte) (level int32, why string) {
	level, ok := p.level[column][string(field)]
	if ok {
		return level, ""
	}
	switch name := SymbolicColumns[column]; {
	case YesNo(name) && string(field) != "0" && string(field) != "1":
		return 0, table.Quote(field) + " is neither 0 nor 1"
	case len(field) == 0:
		return 0, "is empty"
	}
	level = int32(len(p.level[column]))
	p.level[column][string(field)] = level
	return level, ""
}

// sortLevels renumbers the levels in ascending order instead of order of appearance.
func (p *connectionParser) sortLevels() {
	var place [7][]int32
	for i, levels := range p.level {
		for l := range levels {
			p.Levels[i] = append(p.Levels[i], l)
		}
		slices.Sort(p.Levels[i])
		place[i] = make([]int32, len(levels))
		for to, l := range p.Levels[i] {
			place[i][levels[l]] = int32(to)
		}
	}
	for i, l := range p.Symbols {
		p.Symbols[i] = place[i%7][l]
	}
}
