package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// Kaggle's file is not available here: a small file of the same format takes its place.
func TestCreditCardFormat(t *testing.T) {
	const rows = 40
	columns := source.CreditCard.Table.Columns
	if got := strings.Join(columns, ","); !strings.HasPrefix(got, "Time,V1,V2,") || !strings.HasSuffix(got, ",V28,Amount") || len(columns) != 30 {
		t.Fatalf("columns %s", got)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "\"%s\",\"Class\"\n", strings.Join(columns, `","`))
	value := func(i, j int) float64 { return float64((i*7+j*j)%11)/4 - 1 }
	for i := range rows {
		fmt.Fprint(&text, i*1000) // Time
		for j := 1; j < 30; j++ {
			fmt.Fprintf(&text, ",%v", value(i, j))
		}
		fmt.Fprintf(&text, ",\"%d\"\n", map[bool]int{true: 1}[i%20 == 3])
	}
	sum := sha256.Sum256([]byte(text.String()))
	set := &source.Set{ID: "creditcard", Title: "small", Files: []bench.RawFile{{Name: "creditcard.csv", Bytes: int64(text.Len()), SHA256: hex.EncodeToString(sum[:])}}}
	format := *source.CreditCard.Table
	format.Rows, format.Anomalies = rows, 2
	set.Table = &format
	find := &source.Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*source.Set{set}}
	if err := os.MkdirAll(filepath.Join(find.Dir, "creditcard"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(find.Dir, "creditcard", "creditcard.csv"), []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	p := bench.Params{"scaling": "minmax", "rows": 0}
	d, err := tableDataset(t.Context(), "creditcard", set, p, 1, bench.Split{}, find)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(); err != nil || d.X.Rows != rows || d.X.Cols != 30 || d.Anomalies() != 2 || !d.Truth[3] || !d.Truth[23] {
		t.Errorf("%d x %d, %d anomalies, %v", d.X.Rows, d.X.Cols, d.Anomalies(), err)
	}
	for i := range rows {
		if want := float32(float64(i*1000) / 39000); d.X.Row(i)[0] != want {
			t.Errorf("time of row %d: %g, want %g", i, d.X.Row(i)[0], want)
		}
		// Every remainder from 0 to 10 occurs in a column, so minmax gives tenths.
		if want := float32((value(i, 5) + 1) / 2.5); d.X.Row(i)[5] != want {
			t.Errorf("V5 of row %d: %g, want %g", i, d.X.Row(i)[5], want)
		}
	}
}

// Without its file Credit Card counts as missing data.
func TestCreditCardIsMissing(t *testing.T) {
	_, err := Build(t.Context(), ref(t, "creditcard", 1, nil), &source.Finder{Dir: t.TempDir(), Cache: t.TempDir()})
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "Credit Card Fraud (Kaggle): creditcard.csv was not found") {
		t.Errorf("got %v", err)
	}
}
