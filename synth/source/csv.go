package source

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/synth/table"
)

// readCSV reads a table from comma-separated text: a header line, then a line per row with its
// features and, last, its label, 0 or 1. Names, numbers and labels may be in double quotes. Blocks
// of lines are parsed in parallel; of several errors it returns the first in the file.
func readCSV(r io.Reader, f *Format) (*Table, error) {
	in := &lines{r: r}
	header, err := in.one()
	if err != nil {
		return nil, err
	}
	if err := checkHeader(header, f); err != nil {
		return nil, err
	}
	t := newTable(f)
	err = inBlocks(in, func(text []byte, line int) error {
		for ; len(text) > 0; line++ {
			var l []byte
			l, text = nextLine(text)
			if err := t.parseLine(l, line, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if n := in.line - 1; n < t.Rows {
		return nil, fmt.Errorf("has too few rows: %s, want %s", table.Group(int64(n)),
			table.Group(int64(t.Rows)))
	}
	return t.checked(f)
}

// inBlocks calls parse for blocks of lines, in parallel, each with its first line's number. Of
// several errors it returns that of the earliest block.
func inBlocks(in *lines, parse func(text []byte, line int) error) error {
	var mu sync.Mutex
	var first error
	at := 0 // first line of first's block
	failed := func() bool { mu.Lock(); defer mu.Unlock(); return first != nil }
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	var end error
	for !failed() {
		line := in.line + 1
		text, n, err := in.block()
		if n == 0 {
			end = err
			break
		}
		g.Go(func() error {
			if err := parse(text, line); err != nil {
				mu.Lock()
				defer mu.Unlock()
				if first == nil || line < at {
					first, at = err, line
				}
			}
			return nil
		})
	}
	g.Wait()
	if first != nil {
		return first
	}
	return end
}

func checkHeader(header []byte, f *Format) error {
	if len(header) == 0 {
		return &placeError{line: 1, why: "the header line is empty"}
	}
	for col, last := 1, false; ; col++ {
		want := f.Label
		if col <= len(f.Columns) {
			want = f.Columns[col-1]
		}
		if last || col > len(f.Columns)+1 {
			if !last {
				return &placeError{line: 1, why: fmt.Sprintf("the header has more than %d "+
					"names", len(f.Columns)+1)}
			}
			if col <= len(f.Columns)+1 {
				return &placeError{line: 1, why: fmt.Sprintf("the header has %d names, want %d",
					col-1, len(f.Columns)+1)}
			}
			return nil
		}
		var name []byte
		var why string
		name, header, last, why = nextField(header)
		if why == "" && string(name) != want {
			why = fmt.Sprintf("the header has %s, want %q", table.Quote(name), want)
		}
		if why != "" {
			return &placeError{line: 1, col: col, why: why}
		}
	}
}

// parseLine parses a line into its row of t.
func (t *Table) parseLine(text []byte, line int, f *Format) error {
	row := line - 2
	switch {
	case row >= t.Rows:
		return &placeError{line: line, why: fmt.Sprintf("is one too many: there should be %s "+
			"rows after the header", table.Group(int64(t.Rows)))}
	case len(text) == 0:
		return &placeError{line: line, why: "is empty"}
	}
	to := t.Values[row*t.Cols : (row+1)*t.Cols]
	for col := range t.Cols + 1 {
		field, rest, last, why := nextField(text)
		name := f.Label
		if col < t.Cols {
			name = f.Columns[col]
		}
		switch {
		case why != "":
		case last != (col == t.Cols):
			return &placeError{line: line, why: fmt.Sprintf("has %d fields, want %d",
				fields(text)+col, t.Cols+1)}
		case col < t.Cols:
			to[col], why = table.ParseNumber(field)
		case string(field) == "0":
		case string(field) == "1":
			t.Anomaly[row] = true
		default:
			why = "the label is " + table.Quote(field) + ", want 0 or 1"
		}
		if why != "" {
			return &placeError{line: line, col: col + 1, name: name, why: why}
		}
		text = rest
	}
	return nil
}

// fields counts the fields of a line; it stops at an invalid quotation.
func fields(text []byte) int {
	for n := 1; ; n++ {
		_, rest, last, _ := nextField(text)
		if last {
			return n
		}
		text = rest
	}
}
