package report

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// tiny is a run small enough to check its plot by eye.
func tiny() *model {
	f := newFake("tiny")
	ds := dataset("mnist0", nil)
	for s, found := range []bench.Found{{1, 3}, {3, 8}, {5}} {
		f.add(ds, "dae_uai", "DAE_uai", uint64(s), outcome{Rows: 40, N: 4, Found: found})
		f.add(ds, "dae", "DAE", uint64(s), outcome{Rows: 40, N: 4, Found: bench.Found{6}, Full: bench.Found{6, 20, 21, 30 + s}})
	}
	return newModel(f.run, catalog())
}

func TestGoldenPlots(t *testing.T) {
	m := tiny()
	for _, f := range m.figures() {
		golden(t, "tiny."+f.Slug+".svg", f.SVG())
	}
}

func TestPNG(t *testing.T) {
	f := tiny().figures()[0]
	b, err := f.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if w := img.Bounds().Dx(); w != 2*figureWidth {
		t.Errorf("%d pixels wide", w)
	}
	st := methodStyles["dae_uai"].Color
	seen := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, g, b, _ := img.At(x, y).RGBA(); uint8(r>>8) == st.R && uint8(g>>8) == st.G && uint8(b>>8) == st.B {
				seen++
			}
		}
	}
	if seen < 1000 {
		t.Errorf("%d pixels in the colour of DAE_uai", seen)
	}
}

var coordinate = regexp.MustCompile(`[MLHV]?-?[0-9.]+`)

// Nothing of a curve leaves the figure, whatever the run: what lies outside would be cut off, or lie over other text.
func TestEverythingIsInside(t *testing.T) {
	for name, run := range runs() {
		for _, f := range newModel(run, catalog()).figures() {
			svg := string(f.SVG())
			_, body, _ := strings.Cut(svg, "</defs>")
			for _, d := range regexp.MustCompile(` d="([^"]*)"`).FindAllStringSubmatch(body, -1) {
				vertical := false
				for _, c := range coordinate.FindAllString(d[1], -1) {
					switch c[0] {
					case 'M', 'L', 'H':
						vertical = false
					case 'V':
						vertical = true
					}
					v, err := strconv.ParseFloat(strings.TrimLeft(c, "MLHV"), 64)
					if err != nil {
						t.Fatal(err)
					}
					limit := float64(f.W)
					if vertical {
						limit = float64(f.H)
					}
					if v < 0 || v > limit {
						t.Errorf("%s, %s: %s is outside", name, f.Slug, c)
					}
					vertical = !vertical
				}
			}
			for _, g := range regexp.MustCompile(`translate\(([0-9.-]+) ([0-9.-]+)\)`).FindAllStringSubmatch(body, -1) {
				x, _ := strconv.ParseFloat(g[1], 64)
				y, _ := strconv.ParseFloat(g[2], 64)
				if x < 0 || x > float64(f.W) || y < 0 || y > float64(f.H) {
					t.Errorf("%s, %s: a text is outside, at %v, %v", name, f.Slug, x, y)
				}
			}
		}
	}
}

// A method has one look in all plots, and no two curves of a plot look alike.
func TestStyles(t *testing.T) {
	for name, run := range runs() {
		m := newModel(run, catalog())
		byLabel := map[string]style{}
		for _, p := range m.Pools {
			var here []style
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
	if st := methodStyles["dae_uai"]; st.Color != rgb(0x0072b2) || st.Dash != nil {
		t.Error("DAE_uai's look changed: reports would no longer compare at a glance")
	}
}

func TestSpareColorsAreSpare(t *testing.T) {
	for id, st := range methodStyles {
		if slices.Contains(spareColors, st.Color) {
			t.Errorf("%s's colour is also given out", id)
		}
	}
}

// The colours of the page's plots have a rule each, and enough contrast by day and by night.
func TestPlotColors(t *testing.T) {
	for id, st := range methodStyles {
		for _, c := range []struct {
			on, of string
			gap    float64
		}{
			{"paper", "day", luminance(paper) - luminance(st.Color)},
			{"paper", "night", luminance(onDark(st.Color)) - luminance(onDark(paper))},
		} {
			if c.gap < 0.25 {
				t.Errorf("%s by %s is %.2f from %s", id, c.of, c.gap, c.on)
			}
		}
		for other, o := range methodStyles {
			if other <= id {
				continue
			}
			for _, pair := range [][2]color.NRGBA{{st.Color, o.Color}, {onDark(st.Color), onDark(o.Color)}} {
				dr, dg, db := float64(pair[0].R)-float64(pair[1].R), float64(pair[0].G)-float64(pair[1].G), float64(pair[0].B)-float64(pair[1].B)
				if d := math.Sqrt(dr*dr + dg*dg + db*db); d < 40 {
					t.Errorf("%s and %s are %s and %s: %.0f apart", id, other, hex(pair[0]), hex(pair[1]), d)
				}
			}
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		n    int
		hi   float64
		want string
	}{
		{8, 5000, "0 1,000 2,000 3,000 4,000 5,000"}, {6, 650, "0 200 400 600"}, {5, 1, "0 1"}, {8, 54679, "0 10,000 20,000 30,000 40,000 50,000"}, {6, 3, "0 1 2 3"},
	} {
		var got []string
		for _, k := range ticks(c.n).Ticks(0, c.hi) {
			got = append(got, k.Label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("about %d ticks to %v: %s, want %s", c.n, c.hi, s, c.want)
		}
	}
}

func TestViews(t *testing.T) {
	slugs := func(plots []bench.Plot, budget int) string {
		f := newFake("views")
		f.add(dataset("mnist0", nil), "dae", "DAE", 0, outcome{Rows: 40, N: 4, Budget: budget, Found: bench.Found{2}})
		f.run.Plan.Plots = plots
		var out []string
		for _, g := range newModel(f.run, catalog()).figures() {
			out = append(out, strings.TrimPrefix(g.Slug, "mnist0."))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		plots  []bench.Plot
		budget int
		want   string
	}{
		{nil, 10, "budget full"},
		{nil, 40, "full"}, // closer would be the same
		{[]bench.Plot{{Kind: "recall_curve", XMax: 20}}, 10, "first-20 full"},
		{[]bench.Plot{{Kind: "recall_curve", XMax: 5000}}, 10, "full"},
		{[]bench.Plot{{Kind: "recall_curve"}}, 10, "budget full"},
	} {
		if got := slugs(c.plots, c.budget); got != c.want {
			t.Errorf("%v, budget %d: %s, want %s", c.plots, c.budget, got, c.want)
		}
	}
}

// Colours do not depend on the order in which a plan names its methods.
func TestColorsKeepTheirMethods(t *testing.T) {
	colors := func(ids ...string) map[string]style {
		f := newFake("order")
		for _, id := range ids {
			f.add(dataset("mnist0", nil), id, id, 0, outcome{Rows: 40, N: 4, Found: bench.Found{2}})
		}
		out := map[string]style{}
		for _, s := range newModel(f.run, catalog()).Pools[0].Series {
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
