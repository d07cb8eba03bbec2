package plot

import "image/color"

// HeatScale is one hue from light to dark, which every colour-blind eye and every copier keeps in
// order (ColorBrewer, Blues).
var HeatScale = []color.NRGBA{
	RGB(0xf7fbff), RGB(0xdeebf7), RGB(0xc6dbef), RGB(0x9ecae1), RGB(0x6baed6), RGB(0x4292c6),
	RGB(0x2171b5), RGB(0x08519c), RGB(0x08306b),
}

// Letters on the scale. Neither they nor it change on a dark page.
var (
	OnLight = RGB(0x101418)
	onDeep  = RGB(0xfdfeff)
)

// fixedColors are the heat maps' own.
var fixedColors = append([]color.NRGBA{OnLight, onDeep}, HeatScale...)

// HeatColor is a value's place on the scale, and the letters that show on it.
func HeatColor(x, lo, hi float64) (fill, letters color.NRGBA) {
	i := len(HeatScale) / 3
	if hi > lo {
		i = min(int((x-lo)/(hi-lo)*float64(len(HeatScale))), len(HeatScale)-1)
	}
	if fill = HeatScale[i]; luminance(fill) < 0.55 {
		return fill, onDeep
	}
	return fill, OnLight
}
