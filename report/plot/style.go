package plot

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Style is how a series is drawn: the same in every plot of a run and, for the project's methods,
// in every report.
type Style struct {
	Color color.NRGBA
	Dash  []vg.Length // of the line, in points; nil: solid
	Width vg.Length   // of the line, in points; 0: LineWidth
}

// LineWidth is the default width of a series' line. Among many settings, those to look at are Bold
// and the rest Thin.
const (
	LineWidth = 1.6
	Bold      = 2.4
	Thin      = 0.8
)

func (s Style) width() vg.Length {
	if s.Width > 0 {
		return s.Width
	}
	return LineWidth
}

// RGB is the opaque colour 0xrrggbb.
func RGB(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// Colours of everything but series.
var (
	Ink   = RGB(0x1f2328)
	Muted = RGB(0x59636e)
	Grid  = RGB(0xe1e4e8)
	Paper = RGB(0xffffff)
)

// methodStyles uses the palette of Okabe and Ito, which is distinct under every common colour
// blindness, without its yellow (too pale on paper). A UaiNet and its base network are the dark and
// light variants of one hue.
var methodStyles = map[string]Style{
	"dae_uai":   {Color: RGB(0x0072b2)},
	"dae":       {Color: RGB(0x56b4e9), Dash: Dashes[2]},
	"class_uai": {Color: RGB(0xd55e00), Dash: Dashes[1]},
	"class":     {Color: RGB(0xe69f00), Dash: Dashes[3]},
	"random":    {Color: RGB(0x767676), Dash: Dashes[4]},
	"loda_aad":  {Color: RGB(0x009e73)},
	"tree_aad":  {Color: RGB(0xcc79a7), Dash: Dashes[1]},
	"dagmm":     {Color: RGB(0x4d4d4d), Dash: Dashes[3]},
}

// spareMethods are the project's other methods. They take the spare colours in this order, so that
// each has one colour in every report. Append new ones.
var spareMethods = []string{"iforest", "fif", "labels", "loda", "pae", "dsebm_e", "dcn", "ocsvm",
	"kde", "gmm", "dsebm_r", "pae_uai", "dsebm_uai", "dcn_uai", "dagmm_uai"}

// spareColors are the colours of methods that are not in methodStyles.
var spareColors = []color.NRGBA{
	RGB(0x7b5aa6), RGB(0x8c510a), RGB(0x882255), RGB(0x117733), RGB(0x000000), RGB(0x999933),
	RGB(0xc51b7d),
}

// Dashes remain distinct in print without colour.
var Dashes = [][]vg.Length{nil, {8, 2.5}, {4, 2}, {7, 2, 1.5, 2}, {1.5, 2}, {10, 2, 2, 2, 2, 2}}

// Variant returns the style of variant i of n of a method: its hue, from dark to light, and another
// dash.
func (s Style) Variant(i, n int) Style {
	if n < 2 {
		return s
	}
	at := slices.IndexFunc(Dashes, func(d []vg.Length) bool { return slices.Equal(d, s.Dash) })
	t := float64(float64(i)/float64(n-1)*0.9) - 0.4 // -0.4 (towards black) to 0.5 (towards white)
	return Style{Color: Mix(s.Color, t), Dash: Dashes[(max(at, 0)+i)%len(Dashes)]}
}

// Mix mixes c with white by t > 0, or with black by -t > 0.
func Mix(c color.NRGBA, t float64) color.NRGBA {
	to := 255.0
	if t < 0 {
		to, t = 0, -t
	}
	f := func(v uint8) uint8 { return uint8(float64(float64(v)*(1-t)) + float64(to*t) + 0.5) }
	return color.NRGBA{f(c.R), f(c.G), f(c.B), c.A}
}

// OnDark is the colour that replaces c on a dark page.
func OnDark(c color.NRGBA) color.NRGBA {
	switch c {
	case Ink:
		return RGB(0xe6e8eb)
	case Muted:
		return RGB(0x9aa4ae)
	case Grid:
		return RGB(0x30363d)
	case Paper:
		return RGB(0x14171a)
	}
	if slices.Contains(fixedColors, c) {
		return c
	}
	switch l := luminance(c); {
	case l < 0.3:
		return Mix(c, 0.5)
	case l < 0.5: // no more than needed: a UaiNet must stay darker than its base
		return Mix(c, 0.15)
	}
	return c
}

// luminance is c's brightness, from 0 for black to 1 for white, with the channels weighted by eye
// sensitivity.
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 { return float64(v) / 255 }
	return float64(0.2126*f(c.R)) + float64(0.7152*f(c.G)) + float64(0.0722*f(c.B))
}

var (
	NormalColor  = RGB(0x8aa1b4)
	AnomalyColor = RGB(0xd55e00)
)

// MethodStyles returns the style of each method of a report: the project's methods have their own,
// methods of other programs the next spare ones, in the order of their ids.
func MethodStyles(ids []string) map[string]Style {
	out := map[string]Style{}
	next := len(spareMethods)
	for _, id := range slices.Sorted(slices.Values(ids)) {
		st, ok := MethodStyle(id)
		if !ok {
			st = spare(next)
			next++
		}
		out[id] = st
	}
	return out
}

// MethodStyle is the style of a method of the project; ok is false for any other.
func MethodStyle(id string) (s Style, ok bool) {
	if s, ok = methodStyles[id]; ok {
		return s, true
	}
	if i := slices.Index(spareMethods, id); i >= 0 {
		return spare(i), true
	}
	return Style{}, false
}

// spare is the i-th combination of a spare colour and a dash.
func spare(i int) Style {
	return Style{Color: spareColors[i%len(spareColors)], Dash: Dashes[i%len(Dashes)]}
}
