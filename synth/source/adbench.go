package source

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

//go:embed adbench.tsv
var adbenchText string

// ADBenchTable is a table of ADBench, with counts made by NumPy.
type ADBenchTable struct {
	Number                    int // in ADBench's list
	Name                      string
	File                      bench.RawFile
	Rows, Features, Anomalies int
}

// ADBenchTables are those 43 of ADBench's 47 classical tables that are included, in its order.
var ADBenchTables = adbenchTables(adbenchText)

// adbenchCommit is the commit of ADBench's repository with these files.
const adbenchCommit = "3dac8221081e190f157d78e93bfa8867f90d0965"

// ADBench are the tables of Han, Hu, Huang, Jiang and Zhao (2022), .npz files with X and y.
var ADBench = &Set{
	ID: "adbench", Title: "ADBench", Files: adbenchFiles(),
	URLs: []string{
		"https://raw.githubusercontent.com/Minqi824/ADBench/" + adbenchCommit +
			"/adbench/datasets/Classical/",
	},
	Plain: true,
	Pages: []string{"https://github.com/Minqi824/ADBench"},
	Other: "git clone https://github.com/Minqi824/ADBench puts them in " +
		"adbench/datasets/Classical: pass that folder to `uaibench data import`",
	Licence:  "BSD-2-Clause (ADBench); of each table, its source's",
	Citation: "Han, Hu, Huang, Jiang, Zhao: ADBench: Anomaly Detection Benchmark. NeurIPS 2022",
}

// adbenchTables parses the manifest: a header, then a tab-separated line per table.
func adbenchTables(text string) []ADBenchTable {
	var out []ADBenchTable
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if i == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		var n [5]int
		for j, column := range []int{0, 3, 5, 6, 7} {
			v, err := strconv.Atoi(f[column])
			if err != nil {
				panic(fmt.Sprintf("source: adbench.tsv, line %d: %v", i+1, err))
			}
			n[j] = v
		}
		out = append(out, ADBenchTable{n[0], f[1], bench.RawFile{Name: f[2], Bytes: int64(n[1]),
			SHA256: f[4]}, n[2], n[3], n[4]})
	}
	return out
}

func adbenchFiles() []bench.RawFile {
	var out []bench.RawFile
	for _, t := range ADBenchTables {
		out = append(out, t.File)
	}
	return out
}

// file returns the set's file with the given content.
func (s *Set) file(sha256 string) (bench.RawFile, bool) {
	for _, f := range s.Files {
		if f.SHA256 == sha256 {
			return f, true
		}
	}
	return bench.RawFile{}, false
}

// named returns the set's file of the given name.
func (s *Set) named(name string) (bench.RawFile, bool) {
	for _, f := range s.Files {
		if f.Name == name {
			return f, true
		}
	}
	return bench.RawFile{}, false
}
