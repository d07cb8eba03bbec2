package plot

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestSpareColorsAreSpare(t *testing.T) {
	for id, st := range methodStyles {
		if slices.Contains(spareColors, st.Color) {
			t.Errorf("%s's colour is also given out", id)
		}
	}
}

// The methods' colours have enough contrast with the paper, light and dark, and with each other.
func TestPlotColors(t *testing.T) {
	for id, st := range methodStyles {
		for _, c := range []struct {
			on, of string
			gap    float64
		}{
			{"paper", "day", luminance(Paper) - luminance(st.Color)},
			{"paper", "night", luminance(OnDark(st.Color)) - luminance(OnDark(Paper))},
		} {
			if c.gap < 0.25 {
				t.Errorf("%s by %s is %.2f from %s", id, c.of, c.gap, c.on)
			}
		}
		for other, o := range methodStyles {
			if other <= id {
				continue
			}
			for _, pair := range [][2]color.NRGBA{{st.Color, o.Color}, {OnDark(st.Color), OnDark(o.Color)}} {
				dr, dg, db := float64(pair[0].R)-float64(pair[1].R), float64(pair[0].G)-float64(pair[1].G), float64(pair[0].B)-float64(pair[1].B)
				if d := math.Sqrt(dr*dr + dg*dg + db*db); d < 40 {
					t.Errorf("%s and %s are %s and %s: %.0f apart", id, other, Hex(pair[0]), Hex(pair[1]), d)
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
		for _, k := range Ticks(c.n).Ticks(0, c.hi) {
			got = append(got, k.Label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("about %d ticks to %v: %s, want %s", c.n, c.hi, s, c.want)
		}
	}
}

func TestSpanTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{{-12.3, 10.1, "-10 0 10"}, {0.02, 0.98, "0.5"}, {-0.3, 0.3, "-0.2 0.0 0.2"}, {5, 5, ""}, {0, 5e9, "0 2e+09 4e+09"}} {
		var got []string
		for _, t := range Span(3).Ticks(c.lo, c.hi) {
			got = append(got, t.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v to %v: %v, want %s", c.lo, c.hi, got, c.want)
		}
	}
}
