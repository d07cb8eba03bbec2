package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/plot"
)

// A method has one style in all plots, and no two curves of a plot have the same colour.
func TestStyles(t *testing.T) {
	for name, run := range fake.Runs() {
		m := New(run, fake.Catalog())
		byLabel := map[string]plot.Style{}
		for _, p := range m.Groups {
			var here []plot.Style
			for _, s := range p.Series {
				if o, ok := byLabel[s.Label]; ok && (o.Color != s.Style.Color || !slices.Equal(o.Dash, s.Style.Dash)) {
					t.Errorf("%s: %s looks different on %s", name, s.Label, p.Title)
				}
				byLabel[s.Label] = s.Style
				for _, o := range here {
					if o.Color == s.Style.Color {
						t.Errorf("%s: two curves of %s have one colour", name, p.Title)
					}
				}
				here = append(here, s.Style)
			}
		}
	}
	if st, _ := plot.MethodStyle("dae_uai"); st.Color != plot.RGB(0x0072b2) || st.Dash != nil {
		t.Error("DAE_uai's look changed: reports would no longer compare at a glance")
	}
}

// Colours do not depend on the order of the methods in a plan.
func TestColorsKeepTheirMethods(t *testing.T) {
	colors := func(ids ...string) map[string]plot.Style {
		f := fake.New("order")
		for _, id := range ids {
			f.Add(fake.Dataset("mnist0", nil), id, id, 0, fake.Outcome{Rows: 40, N: 4, Found: metric.RecallCurve{2}})
		}
		out := map[string]plot.Style{}
		for _, s := range New(f.Run, fake.Catalog()).Groups[0].Series {
			out[s.Method.ID] = s.Style
		}
		return out
	}
	a, b := colors("zebra", "dae", "aardvark"), colors("aardvark", "zebra", "dae")
	for id := range a {
		if a[id].Color != b[id].Color {
			t.Errorf("%s has another colour in another order", id)
		}
	}
}

// Cells that differ only in the seed are one curve; any other difference separates them, and shows
// in the names.
func TestGrouping(t *testing.T) {
	f := fake.New("groups")
	o := fake.Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1}}
	ds := fake.Dataset("mnist0", nil)
	f.Add(ds, "dae", "DAE", 0, o)
	f.Add(ds, "dae", "DAE", 1, o)
	f.Add(ds, "dae", "DAE", 1, o) // planned twice
	other := f.Add(ds, "dae", "DAE", 2, o)
	other.Cell.Method.Params["phi"] = 0.7 // same label, but another method
	f.Add(ds, "dae", "DAE", 3, fake.Outcome{Rows: 50, N: 4, Budget: 20, Found: metric.RecallCurve{1}})
	f.Add(fake.Dataset("mnist0", bench.Params{"rows": 9}), "dae", "DAE", 0, o)
	m := New(f.Run, fake.Catalog())
	var got []string
	for _, p := range m.Groups {
		for _, s := range p.Series {
			got = append(got, fmt.Sprintf("%s/%s/%s:%d", p.Title, p.Slug, s.Label, len(s.Cells)))
		}
	}
	want := "MNIST0 (rows=0)/mnist0/DAE:2 MNIST0 (rows=0)/mnist0/DAE #2:1 MNIST0 (rows=0)/mnist0/DAE #3:1 MNIST0 (rows=9)/mnist0-2/DAE:1"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if m.Counts.Planned != 5 || len(m.Warnings) != 1 {
		t.Errorf("a cell that is planned twice counts twice: %v, %v", m.Counts, m.Warnings)
	}
}
