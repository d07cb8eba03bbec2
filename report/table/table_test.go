package table

import (
	"bytes"
	"encoding/csv"
	"math"
	"strings"
	"testing"

	prettytext "github.com/jedib0t/go-pretty/v6/text"

	"github.com/uaibench/uaibench/report/internal/fake"
)

func sample() *Table {
	t := &Table{Name: "sample", Title: "A table", Caption: "What it shows.", Columns: []Column{
		{Name: "method"}, {Name: "n", Kind: Count}, {Name: "score", Kind: Number, Decimals: 2},
		{
			Name:     "F1",
			Kind:     Spread,
			Decimals: 3,
			Help:     "of the first N",
		}, {Name: "found", Kind: Range},
	}}
	few := "2 of 3 seeds"
	t.Add(
		Str("DAE_uai").Noted(few),
		Int(54679),
		Num(-1234.567),
		MeanSD([]float64{0.5, 0.75}),
		MedianRange([]float64{584, 570, 591}),
	)
	t.Add(
		Str("one"),
		Int(0).Marked(),
		Num(0.005),
		MeanSD([]float64{0.5}),
		MedianRange([]float64{7}),
	)
	t.Add(
		Str(fake.Strange),
		Missing("data missing"),
		Missing("—"),
		MeanSD(nil).Noted(fake.Strange, few),
		MedianRange([]float64{1204, 900, math.Inf(1)}),
	)
	return t
}

func TestTableRenderings(t *testing.T) {
	for _, r := range []struct {
		file  string
		write func(*Table, *bytes.Buffer) error
	}{
		{"table.txt", func(t *Table, b *bytes.Buffer) error { return t.WriteText(b, 0) }},
		{"table.md", func(t *Table, b *bytes.Buffer) error { return t.WriteMarkdown(b) }},
		{"table.csv", func(t *Table, b *bytes.Buffer) error { return t.WriteCSV(b) }},
		{"table.html", func(t *Table, b *bytes.Buffer) error { return t.WriteHTML(b) }},
	} {
		var b bytes.Buffer
		if err := r.write(sample(), &b); err != nil {
			t.Fatal(err)
		}
		fake.Golden(t, r.file, b.Bytes())
		if strings.ContainsAny(b.String(), "\x00\x1b\u202e") {
			t.Errorf("%s: control characters got through", r.file)
		}
	}
}

// Numbers in CSV parse back to the original, and a missing value is not a number.
func TestCSVIsExact(t *testing.T) {
	third := 1.0 / 3
	tab := &Table{
		Name: "x",
		Columns: []Column{
			{Name: "a", Kind: Number, Decimals: 1},
			{Name: "b", Kind: Spread},
			{Name: "c", Kind: Range},
			{Name: "d", Kind: Count},
		},
	}
	tab.Add(
		Num(third),
		MeanSD([]float64{third}),
		MedianRange([]float64{1, math.Inf(1)}),
		Missing("data missing"),
	)
	var b bytes.Buffer
	if err := tab.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"0.3333333333333333",
		"0.3333333333333333",
		"",
		"1",
		"not reached",
		"1",
		"not reached",
		"2",
		"",
		"d: data missing",
	}
	if strings.Join(rows[1], "|") != strings.Join(want, "|") {
		t.Errorf("got  %q\nwant %q", rows[1], want)
	}
}

func TestMarkdownRowsKeepTheirColumns(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		bars := strings.Count(line, "|") - strings.Count(line, `\|`)
		if bars != 6 {
			t.Errorf("%d bars in %q", bars, line)
		}
	}
}

func TestTextFitsItsWidth(t *testing.T) {
	tab := sample()
	tab.Rows[0][0] = Str(strings.Repeat("long label with words ", 10))
	tab.Rows[1][0] = Str(strings.Repeat("x", 150))
	for _, width := range []int{70, 100} {
		var b bytes.Buffer
		if err := tab.WriteText(&b, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if w := prettytext.StringWidth(line); w > width {
				t.Errorf("%d columns in %q", w, line)
			}
		}
		if strings.Count(b.String(), "x") < 150 {
			t.Error("a long word was cut")
		}
	}
}

func TestAddPanicsOnAWrongRow(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a row of one value was accepted for five columns")
		}
	}()
	sample().Add(Int(1))
}

// A table that is too wide wraps its long texts, but not Whole columns nor words in the header, and
// loses nothing.
func TestTextFits(t *testing.T) {
	tab := &Table{
		Columns: []Column{
			{Name: "id", Whole: true},
			{Name: "parameters that are told"},
			{Name: "n", Kind: Count},
			{Name: "why"},
		},
	}
	id, why := "a-name-that-is-copied-from-here", strings.Repeat("many words ", 20)+"end"
	tab.Add(Str(id), Str(strings.Repeat("told ", 9)), Int(7), Str(why))
	for _, width := range []int{60, 80, 300} {
		var b strings.Builder
		if err := tab.WriteText(&b, width); err != nil {
			t.Fatal(err)
		}
		words := 0
		for line := range strings.SplitSeq(b.String(), "\n") {
			if w := len([]rune(line)); w > width {
				t.Errorf("width %d: a line of %d", width, w)
			}
			words += strings.Count(
				line,
				"many",
			) + strings.Count(
				line,
				"words",
			) + strings.Count(
				line,
				"end",
			) + strings.Count(
				line,
				"told",
			)
		}
		if words != 20+20+1+9+1 || !strings.Contains(b.String(), id) ||
			!strings.Contains(b.String(), "parameters") {
			t.Errorf("width %d: %d words\n%s", width, words, b.String())
		}
	}
}

// On a narrow terminal no word is cut: values common to all rows move above them, and if the rest
// does not fit, rows become lines of text.
func TestTextKeepsWords(t *testing.T) {
	tab := &Table{Name: "t", Columns: []Column{{Name: "dataset"}, {Name: "method"}, {Name: "state"}, {Name: "found at budget", Kind: Count}, {Name: "why"}}}
	for _, method := range []string{"Class_uai", "DAE_uai"} {
		tab.Add(Str("mnist_hard"), Str(method), Str("done"), Int(569), Str("it stopped early."))
	}
	for width, want := range map[int]string{
		100: `dataset    method    state found at budget why
─────────────────────────────────────────────────────────────
mnist_hard Class_uai done              569 it stopped early.
mnist_hard DAE_uai   done              569 it stopped early.
`,
		42: `In all rows: state: done; found at
  budget: 569; why: it stopped early.
dataset    method
─────────────────────
mnist_hard Class_uai
mnist_hard DAE_uai
`,
	} {
		var b strings.Builder
		if err := tab.WriteText(&b, width); err != nil || b.String() != want {
			t.Errorf("%d columns, %v:\n%s", width, err, b.String())
		}
	}
	tab.Rows[0][2], tab.Rows[1][3], tab.Rows[1][4] = Str("failed"), Int(1), Str("")
	for width, want := range map[int]string{
		43: `dataset    method    state   found why
                                at
                            budget
───────────────────────────────────────────
mnist_hard Class_uai failed    569 it
                                   stopped
                                   early.
mnist_hard DAE_uai   done        1
`,
		30: `mnist_hard, Class_uai
  state: failed; found at
  budget: 569; why: it stopped
  early.
mnist_hard, DAE_uai
  state: done; found at
  budget: 1
`,
	} {
		var b strings.Builder
		if err := tab.WriteText(&b, width); err != nil || b.String() != want {
			t.Errorf("%d columns, %v:\n%s", width, err, b.String())
		}
	}
}
