package animation

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	plotdraw "gonum.org/v1/plot/vg/draw"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// animated returns the animations of the run fake.Probed, whose audits are rows 0, 9, 8 and 7.
func animated(t *testing.T) map[string]*Animation {
	t.Helper()
	m := model.New(fake.Probed().Run, fake.Catalog())
	m.Audits = fake.Audits
	all, err := Animations(m)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*Animation{}
	for _, a := range all {
		out[a.Slug] = a
	}
	if len(out) != len(all) {
		t.Error("two animations with one name")
	}
	return out
}

// words returns a frame's SVG, which contains its text.
func words(a *Animation, frame int) string {
	d := plot.Drawing{W: a.W, H: a.H, Draw: a.draw[frame]}
	return d.InPage("", map[color.NRGBA]bool{})
}

// TestAnimations: there is one of each kind for every done cell of a method that learns, with the
// right text.
func TestAnimations(t *testing.T) {
	all := animated(t)
	for _, want := range []string{"mnist0.plane.dae_uai.seed0", "mnist0.plane.dae_uai.seed1", "mnist0.choices.dae_uai.seed0", "mnist0.choices.dae_uai.seed1"} {
		if all[want] == nil {
			t.Errorf("no %s", want)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d animations", len(all))
	}
	plane, choices := all["mnist0.plane.dae_uai.seed1"], all["mnist0.choices.dae_uai.seed1"]
	if len(plane.draw) != 2 || len(choices.draw) != 2 { // the four audits are one round
		t.Fatalf("%d and %d frames", len(plane.draw), len(choices.draw))
	}
	for _, c := range []struct {
		a     *Animation
		frame int
		want  []string
	}{
		{plane, 0, []string{"MNIST0, DAE_uai, seed 1", "b = 0: 0 of 3 anomalies found; a line separates with AUC 0.500", "0 of the 0 audited"}},
		{plane, 1, []string{"b = 4: 2 of 3 anomalies found; a line separates with AUC 1.000", "3 of 3 anomalies and 2 of 7 normal rows drawn; 2 of the 4 audited"}},
		{choices, 0, []string{"b = 0: 0 of 3 anomalies found<"}},
		{choices, 1, []string{"b = 4: 2 of 3 anomalies found; the last chosen by s"}},
	} {
		for _, w := range c.want {
			if got := words(c.a, c.frame); !strings.Contains(got, w) {
				t.Errorf("%s, frame %d: no %q in %s", c.a.Slug, c.frame, w, got)
			}
		}
	}
}

// areas is the number of areas that a frame fills with a colour.
func areas(a *Animation, frame int, c color.NRGBA) int {
	return strings.Count(words(a, frame), `class="f`+plot.Hex(c)+`"`)
}

// TestAuditedRowsAreMarked: two of the drawn rows, 0 and 8, are among the first three audits, row 8
// as the third.
func TestAuditedRowsAreMarked(t *testing.T) {
	rec := fake.Probed().Run.Cells[0]
	rec.Result.Checkpoints[1].Audited = 3
	queries, err := fake.Audits(rec)
	if err != nil {
		t.Fatal(err)
	}
	a := &Animation{"x", 420, 340, (&cellFrames{rec.Result, queries, "x"}).planes()}
	for frame, want := range []int{0, 2} {
		if got := areas(a, frame, auditedColor); got != want {
			t.Errorf("frame %d marks %d rows, want %d", frame, got, want)
		}
		if normals, anomalies := areas(a, frame, plot.NormalColor), areas(a, frame, plot.AnomalyColor); normals != 2+want/2 || anomalies != 3+want/2 {
			t.Errorf("frame %d draws %d normals and %d anomalies", frame, normals, anomalies)
		}
	}
}

// TestChoicesShowWhoChose: the first 100 of 130 audits were chosen by s, and anomalies are counted
// by truth.
func TestChoicesShowWhoChose(t *testing.T) {
	f := fake.New("choices")
	r := f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", 0, fake.Outcome{Rows: 500, N: 40, Budget: 130, Found: metric.RecallCurve{2, 4, 101, 102, 103}})
	queries, _ := fake.Audits(*r)
	a := &cellFrames{result: r.Result, queries: queries, title: "x"}
	frames := a.choices()
	if len(frames) != 14 { // ten audits each, and one without audits
		t.Fatalf("%d frames", len(frames))
	}
	an := &Animation{"x", 420, 340, frames}
	for _, c := range []struct {
		frame int
		want  string
	}{{10, "b = 100: 2 of 40 anomalies found; the last chosen by s, the base&#39;s score"}, {11, "b = 110: 5 of 40 anomalies found; the last chosen by the score that learns"}} {
		if got := words(an, c.frame); !strings.Contains(got, c.want) {
			t.Errorf("no %q in %s", c.want, got)
		}
	}
	for _, c := range []struct{ frame, base, trained int }{{0, 0, 0}, {10, 1, 0}, {11, 1, 1}} {
		if base, trained := areas(an, c.frame, baseHead), areas(an, c.frame, trainedHead); base != c.base || trained != c.trained {
			t.Errorf("frame %d: %d strips of s, %d of the learnt score", c.frame, base, trained)
		}
	}
	// The first ten audits are two anomalies and eight normals; the strip below is ten audits wide.
	rectangle := func(c color.NRGBA) (w, h float64) {
		m := regexp.MustCompile(`class="f` + plot.Hex(c) + `" d="M(\S+) (\S+?)H(\S+?)V(\S+?)H`).FindStringSubmatch(words(an, 1))
		if m == nil {
			t.Fatalf("no area of %s", plot.Hex(c))
		}
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(m[i+1], 64)
		}
		return v[2] - v[0], math.Abs(v[3] - v[1])
	}
	width, anomalies := rectangle(plot.AnomalyColor)
	_, normals := rectangle(plot.NormalColor)
	strip, _ := rectangle(baseHead)
	if math.Abs(normals/anomalies-4) > 0.01 || strip < width || strip > width+1 {
		t.Errorf("heights %v and %v, widths %v and %v", anomalies, normals, width, strip)
	}
}

// TestGIF: the composed frames of a file equal the frames as drawn, and the bytes are reproducible.
func TestGIF(t *testing.T) {
	a := animated(t)["mnist0.choices.dae_uai.seed0"]
	a.draw = append(a.draw, a.draw[1], a.draw[0]) // a frame without changes, and one that reverts some
	data, err := a.GIF(MaxBytes)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := a.GIF(MaxBytes)
	if !bytes.Equal(data, again) {
		t.Error("other bytes the second time")
	}
	g, err := gif.DecodeAll(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(g.Delay, []int{firstTime, frameTime, frameTime, lastTime}) || g.LoopCount != 0 {
		t.Errorf("delays %v, loops %d", g.Delay, g.LoopCount)
	}
	screen := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	for i, frame := range g.Image {
		draw.Draw(screen, frame.Bounds(), frame, frame.Bounds().Min, draw.Over)
		want := image.NewRGBA(screen.Rect)
		drawn := a.raster(a.draw[i])
		draw.Draw(want, drawn.Bounds(), drawn, drawn.Bounds().Min, draw.Src)
		if !bytes.Equal(screen.Pix, want.Pix) {
			t.Errorf("frame %d is not as drawn", i)
		}
	}
}

// count is the number of a frame's pixels in a colour of the palette.
func count(f *image.Paletted, c interface{ RGBA() (r, g, b, a uint32) }) (n int) {
	i := gifPalette.Index(c)
	for _, v := range f.Pix {
		if int(v) == i {
			n++
		}
	}
	return n
}

// TestGIFCeiling: a file that is too large keeps every other frame, including the first and the
// last.
func TestGIFCeiling(t *testing.T) {
	a := Animation{W: 60, H: 20}
	for i := range 9 {
		a.draw = append(a.draw, func(c plotdraw.Canvas) {
			at := c.Center()
			at.X = c.Max.X * vg.Length(2*i+1) / 18
			c.SetColor(plot.AnomalyColor)
			c.Fill(plot.Square(at, 2))
		})
	}
	whole, _ := a.GIF(MaxBytes)
	for _, c := range []struct{ ceiling, frames int }{{len(whole), 9}, {len(whole) - 1, 5}, {1, 2}} {
		data, err := a.GIF(c.ceiling)
		if err != nil {
			t.Fatal(err)
		}
		g, err := gif.DecodeAll(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Image) != c.frames || c.frames > 2 && len(data) > c.ceiling {
			t.Errorf("ceiling %d: %d frames in %d bytes, want %d", c.ceiling, len(g.Image), len(data), c.frames)
		}
		first, last := g.Image[0], g.Image[len(g.Image)-1]
		if x := last.Rect.Max.X; count(first, plot.AnomalyColor) == 0 || x < 76 { // the last square is at the right edge
			t.Errorf("ceiling %d: the last frame ends at %d", c.ceiling, x)
		}
	}
}

// TestThinTo: both ends are kept, the rest evenly.
func TestThinTo(t *testing.T) {
	for _, c := range []struct {
		n    int
		want []int
	}{{9, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}}, {5, []int{0, 2, 4, 6, 8}}, {3, []int{0, 4, 8}}, {2, []int{0, 8}}} {
		if got := thinTo([]int{0, 1, 2, 3, 4, 5, 6, 7, 8}, c.n); !slices.Equal(got, c.want) {
			t.Errorf("%d: %v", c.n, got)
		}
	}
}

// TestAnimationsWithoutAudits: a log that cannot be read is an error with the cell's id.
func TestAnimationsWithoutAudits(t *testing.T) {
	m := model.New(fake.Probed().Run, fake.Catalog())
	lost := errors.New("lost")
	m.Audits = func(runlog.CellRecord) ([]runlog.Audit, error) { return nil, lost }
	if _, err := Animations(m); !errors.Is(err, lost) || !strings.Contains(err.Error(), m.Run.Cells[0].ID) {
		t.Error(err)
	}
}
