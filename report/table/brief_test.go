package table_test

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/table"
)

func brief(t *testing.T, tab *table.Table) (string, []string) {
	t.Helper()
	var b strings.Builder
	left, err := tab.WriteBrief(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), left
}

// Values common to all rows are given once above them, values common to a group in its heading,
// omitted details are returned, and every footnote keeps its number.
func TestBriefGroups(t *testing.T) {
	tab := &table.Table{Name: "t", Caption: "Found.", Columns: []table.Column{{Name: "dataset"}, {Name: "method"},
		{Name: "seeds", Kind: table.Count}, {Name: "N", Kind: table.Count}, {Name: "failed", Kind: table.Count, Detail: true},
		{Name: "empty"}, {Name: "F1", Kind: table.Number, Decimals: 1}}}
	for i, dataset := range []string{"a", "a", "a", "a", "b|", "b|", "b|", "b|"} {
		method := table.Str(string(rune('p' + i%4)))
		if i == 1 {
			method = method.Noted("slow")
		}
		tab.Add(table.Str(dataset).Noted("about "+dataset), method, table.Int(5), table.Int(10+i/4), table.Int(i), table.Str(""), table.Num(float64(i)))
	}
	text, left := brief(t, tab)
	want := `Found.

In all rows: seeds 5.

**a ¹**, N 10

| method | F1 |
| --- | ---: |
| p | 0.0 |
| q ² | 1.0 |
| r | 2.0 |
| s | 3.0 |

**b\| ³**, N 11

| method | F1 |
| --- | ---: |
| p | 4.0 |
| q | 5.0 |
| r | 6.0 |
| s | 7.0 |

¹ about a<br>
² slow<br>
³ about b\|<br>
`
	if text != want || len(left) != 1 || left[0] != "failed" {
		t.Errorf("got %q\n%s\nwant\n%s", left, text, want)
	}
}

// A group with rows that are too wide is a list: an item is on one line if its values are short,
// else each value has its own line.
func TestBriefItems(t *testing.T) {
	for _, c := range []struct {
		words int
		want  string
	}{
		{4, "* **claim**: was: w w w w; is, will be: x; "},
		{70, "* **claim**\n  * was: w w "},
	} {
		tab := &table.Table{Name: "t", Columns: []table.Column{{Name: "claim"}, {Name: "was"}, {Name: "is"}, {Name: "will be"}}}
		row := []table.Value{table.Str("claim"), table.Str(strings.TrimSpace(strings.Repeat("w ", c.words))), table.Str("x"), table.Str("x")}
		for _, name := range []string{"c", "d", "e"} {
			tab.Columns = append(tab.Columns, table.Column{Name: name})
			row = append(row, table.Str(name+strings.Repeat(" y", 27)))
		}
		tab.Add(row...)
		if text, _ := brief(t, tab); !strings.HasPrefix(text, c.want) || strings.Contains(text, "|") {
			t.Errorf("got\n%s\nwant\n%s", text, c.want)
		}
	}
}

// No row is lost or repeated: an empty table shows a placeholder, and rows whose leading column
// does not repeat stay together.
func TestBriefRows(t *testing.T) {
	tab := &table.Table{Name: "t", Columns: []table.Column{{Name: "dataset"}, {Name: "x", Kind: table.Count}}}
	if text, _ := brief(t, tab); text != "Nothing to show.\n" {
		t.Errorf("got %q", text)
	}
	for i, d := range []string{"a", "b", "a", "b", "c"} {
		tab.Add(table.Str(d), table.Int(i))
	}
	want := "| dataset | x |\n| --- | ---: |\n| a | 0 |\n| b | 1 |\n| a | 2 |\n| b | 3 |\n| c | 4 |\n"
	if text, _ := brief(t, tab); text != want {
		t.Errorf("got %q", text)
	}
}
