package figures

import (
	"bytes"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// tiny is a run whose plot is small enough to check by eye.
func tiny() *model.Model {
	f := fake.New("tiny")
	ds := fake.Dataset("mnist0", nil)
	for s, found := range []metric.RecallCurve{{1, 3}, {3, 8}, {5}} {
		f.Add(ds, "dae_uai", "DAE_uai", uint64(s), fake.Outcome{Rows: 40, N: 4, Found: found})
		f.Add(ds, "dae", "DAE", uint64(s), fake.Outcome{Rows: 40, N: 4, Found: metric.RecallCurve{6}, Full: metric.RecallCurve{6, 20, 21, 30 + s}})
	}
	return model.New(f.Run, fake.Catalog())
}

func TestGoldenPlots(t *testing.T) {
	m := tiny()
	for _, f := range Plots(Of(m)) {
		fake.Golden(t, "tiny."+f.Slug+".svg", f.SVG())
	}
}

func TestPNG(t *testing.T) {
	f := Plots(Of(tiny()))[0]
	b, err := f.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if w := img.Bounds().Dx(); w != 2*plot.FigureWidth {
		t.Errorf("%d pixels wide", w)
	}
	look, _ := plot.MethodStyle("dae_uai")
	st := look.Color
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

// No part of a curve leaves the figure in any run: it would be cut off or overlap text.
func TestEverythingIsInside(t *testing.T) {
	for name, run := range fake.Runs() {
		for _, f := range Plots(Of(model.New(run, fake.Catalog()))) {
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

func TestViews(t *testing.T) {
	slugs := func(plots []bench.Plot, budget int) string {
		f := fake.New("views")
		f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 0, fake.Outcome{Rows: 40, N: 4, Budget: budget, Found: metric.RecallCurve{2}})
		f.Run.Plan.Plots = plots
		var out []string
		for _, g := range Plots(Of(model.New(f.Run, fake.Catalog()))) {
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
		{nil, 40, "full"}, // a closer view would be the same
		{[]bench.Plot{{Kind: "recall_curve", XMax: 20}}, 10, "first-20 full"},
		{[]bench.Plot{{Kind: "recall_curve", XMax: 5000}}, 10, "full"},
		{[]bench.Plot{{Kind: "recall_curve"}}, 10, "budget full"},
		{[]bench.Plot{{Kind: "recall_percent"}}, 10, "budget full budget.percent"},
		{[]bench.Plot{{Kind: "recall_percent", XMax: 20}}, 10, "budget full first-20.percent"},
	} {
		if got := slugs(c.plots, c.budget); got != c.want {
			t.Errorf("%v, budget %d: %s, want %s", c.plots, c.budget, got, c.want)
		}
	}
}
