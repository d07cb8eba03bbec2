package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Resolve searches beside the spec, then in the data directory, then in the cache. Its error lists
// the places and, for a table of ADBench, how to get it.
func TestResolve(t *testing.T) {
	base, dir, cache := t.TempDir(), t.TempDir(), t.TempDir()
	f := &Finder{Dir: dir, Cache: cache}
	places := []string{base, dir, cache}
	for _, p := range places {
		write(t, []byte("x"), p, "adbench", "6_cardio.npz")
	}
	for _, p := range places {
		got, err := f.Resolve(base, "adbench/6_cardio.npz")
		if want := filepath.Join(p, "adbench", "6_cardio.npz"); err != nil || got != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
		os.Remove(got)
	}
	_, err := f.Resolve(base, "adbench/6_cardio.npz")
	for _, want := range append(places, "adbench/6_cardio.npz: there is no such file", "`uaibench data fetch adbench` downloads it") {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := f.Resolve(base, "mine.csv"); err == nil || strings.Contains(err.Error(), "adbench") {
		t.Errorf("%v", err)
	}
	full := write(t, []byte("x"), t.TempDir(), "mine.csv")
	if got, err := f.Resolve(base, full); err != nil || got != full {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := f.Resolve(base, full+"x"); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("%v", err)
	}
}

// The manifest has 43 distinct tables with the expected sums.
func TestADBenchManifest(t *testing.T) {
	rows, anomalies, bytes := 0, 0, int64(0)
	names, sums := map[string]bool{}, map[string]bool{}
	for _, table := range ADBenchTables {
		rows, anomalies, bytes = rows+table.Rows, anomalies+table.Anomalies, bytes+table.File.Bytes
		names[table.File.Name], sums[table.File.SHA256] = true, true
		if table.Features < 3 || table.Anomalies < 1 || 2*table.Anomalies > table.Rows || len(table.File.SHA256) != 64 || !strings.HasSuffix(table.File.Name, "_"+table.Name+".npz") {
			t.Errorf("%+v", table)
		}
	}
	if len(ADBenchTables) != 43 || len(names) != 43 || len(sums) != 43 || len(ADBench.Files) != 43 {
		t.Errorf("%d tables", len(ADBenchTables))
	}
	if rows != 2272097 || anomalies != 124566 || bytes != 19863082 { // from awk
		t.Errorf("%d rows, %d anomalies, %d bytes", rows, anomalies, bytes)
	}
	here := &Finder{Dir: os.Getenv("UAIBENCH_DATA"), Cache: t.TempDir(), Sets: []*Set{ADBench}}
	if here.Dir == "" {
		t.Skip("data missing: UAIBENCH_DATA is not set")
	}
	list, err := here.List(t.Context())
	if err != nil || len(list) != 43 {
		t.Fatal(err)
	}
	for _, s := range list {
		if s.State() != "ok" {
			t.Errorf("%s: %s: %v", s.File.Name, s.State(), s.Err)
		}
	}
}
