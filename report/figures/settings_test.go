package figures

import (
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

func tableOf(t *testing.T, m *model.Model, name string) *table.Table {
	t.Helper()
	tables := Tables(Of(m))
	i := slices.IndexFunc(tables, func(x *table.Table) bool { return x.Name == name })
	if i < 0 {
		t.Fatalf("no table %s", name)
	}
	return tables[i]
}

// shownRow is a table's row as text for people.
func shownRow(t *table.Table, i int) string {
	var out []string
	for c, v := range t.Rows[i] {
		out = append(out, t.Columns[c].Show(v))
	}
	return strings.Join(out, "|")
}

// By hand: differences 1, 2, 3 have mean 2 and standard deviation 1; t(2, 0.975) = 4.3027, half
// width 4.3027/sqrt(3) = 2.4841, t = 2*sqrt(3) = 3.4641, p = 0.0742. All are of one sign, so p
// exact is 2/8. There are four t-tests (copy has none), of which 0.0742 is the least p: 0.2967 by
// Holm. With three pairs a power of 0.8 takes 3.264 standard deviations (SciPy).
func TestPairedTable(t *testing.T) {
	m := model.New(fake.Varied().Run, fake.Catalog())
	tab := tableOf(t, m, "paired")
	for i, want := range []string{
		"MNIST0|DAE_uai|copy|3|3|0|3.0|3.0|0.0|0.0|0.0|1.0000|—|—|the default itself",
		"MNIST0|DAE_uai|more|3|3|0|3.0|5.0|2.0|-0.5|4.5|0.2500|0.2967|3.3|undecided",
		"MNIST0|DAE_uai|other scaling|3|3|0|3.0|4.0|1.0|—|—|0.2500|0.7500|—|undecided",
		"MNIST0|DAE_uai|two more|3|3|0|3.0|5.0|2.0|—|—|0.2500|0.7500|—|undecided",
		"MNIST0|DAE_uai|fails|2|3|1|3.0|1.0|-2.0|-14.7|10.7|0.5000|0.7500|16.3|undecided",
	} {
		if got := shownRow(tab, i); got != want {
			t.Errorf("row %d:\n %s\nwant\n %s", i, got, want)
		}
	}
	if len(tab.Rows) != 5 || !strings.Contains(strings.Join(tab.Notes, "\n"), "Holm's family: 4 tests") {
		t.Errorf("%d rows, notes %q", len(tab.Rows), tab.Notes)
	}
}

// TestRenamedCopy: a variant whose cells are the default's differs by exactly 0, in found and in
// area.
func TestRenamedCopy(t *testing.T) {
	m := model.New(fake.Varied().Run, fake.Catalog())
	f := m.Families()[0]
	p := model.Pair(f.Default, f.Variants[0])
	if !p.Same || len(p.Default) != 3 {
		t.Fatalf("%+v", p)
	}
	for _, of := range model.Measures {
		if _, _, d := p.Values(of); !slices.Equal(d, []float64{0, 0, 0}) {
			t.Errorf("%s: %v", of.Name, d)
		}
		row := tableOf(t, m, of.Name).Rows[0]
		for _, c := range []int{8, 9, 10} {
			if x, ok := row[c].Number(); !ok || x != 0 {
				t.Errorf("%s, column %d: %v", of.Name, c, row[c])
			}
		}
	}
	if f.Variants[1].Name != "more" || model.Pair(f.Default, f.Variants[1]).Same {
		t.Error("a variant passes for the default")
	}
}

// Eight pairs, three or four up and two or three down: there is a verdict with the right sign.
func TestVerdict(t *testing.T) {
	f := fake.New("verdict")
	for i := range 8 {
		o := fake.Outcome{Rows: 100, N: 20, Budget: 10, Found: fake.First(4)}
		f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", uint64(i), o)
		o.Found = fake.First(7 + i%2)
		f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", uint64(i), o, bench.Setting{Name: "variant", Value: "up"})
		o.Found = fake.First(1 + i%2)
		f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", uint64(i), o, bench.Setting{Name: "variant", Value: "down"})
	}
	tab := tableOf(t, model.New(f.Run, fake.Catalog()), "paired")
	if up, down := tab.Columns[14].Show(tab.Rows[0][14]), tab.Columns[14].Show(tab.Rows[1][14]); up != "better" || down != "worse" {
		t.Errorf("up is %s, down is %s", up, down)
	}
}

func TestGrid(t *testing.T) {
	f := model.New(fake.Gridded(false).Run, fake.Catalog()).Families()
	if len(f) != 1 || f[0].Default == nil || f[0].Default.Name != "k=10, phi=0.1" || len(f[0].Variants) != 5 {
		t.Fatalf("%+v", f)
	}
	best := tableOf(t, model.New(fake.Gridded(false).Run, fake.Catalog()), "best_of")
	if got, want := shownRow(best, 0), "MNIST0|DAE|6|6|2|k=10, phi=0.1|5.5 (0.7)|budget below N|k=10, phi=0.5|6.5 (0.7)|budget below N"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	// An incomplete setting is not the best.
	best = tableOf(t, model.New(fake.Gridded(true).Run, fake.Catalog()), "best_of")
	if got, want := shownRow(best, 0), "MNIST0|DAE|5|6|2|k=10, phi=0.1|5.5 (0.7)|budget below N|k=10, phi=0.1|5.5 (0.7)|budget below N"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, fig := range settingsPlots(model.New(fake.Gridded(true).Run, fake.Catalog())) {
		if _, err := fig.PNG(); err != nil {
			t.Error(err)
		}
		if svg := string(fig.SVG()); !strings.Contains(svg, "<svg") || !strings.Contains(strings.Join(fig.Notes, " "), "11 of 12 cells done, 1 failed") {
			t.Errorf("%s: %q", fig.Slug, fig.Notes)
		}
	}
}

// A run with one setting per method has no families, tables or plots.
func TestNoSettings(t *testing.T) {
	m := model.New(fake.Demo(2, 2, 500), fake.Catalog())
	if f := m.Families(); len(f) != 0 || settings.Applies(m) || len(settingsPlots(m)) != 0 {
		t.Errorf("%d families", len(f))
	}
}
