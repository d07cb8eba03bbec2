// Package animation makes GIFs of a run: for each done cell of a method that learns, the latent
// plane from checkpoint to checkpoint, and the rows chosen for audit. The paper's footnotes 8 and 9
// promise them. They take longer than the rest of a report, which includes them only on request.
//
//	all, err := animation.Animations(m)
//	data, err := all[0].GIF(animation.MaxBytes)
//
// Static plots are in report/figures.
package animation

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/uaibench/uaibench/report/plot"
)

// GIF is the format of animations, which a report includes only on request.
const GIF = "gif"

// Animation is a sequence of frames of one size.
type Animation struct {
	Slug string
	W, H vg.Length
	draw []func(draw.Canvas) // one per frame
}

const (
	mostFrames = 64
	MaxBytes   = 4 << 20 // of a file, in bytes
	frameTime  = 20      // hundredths of a second
	firstTime  = 100
	lastTime   = 300
)

// thinTo keeps at most n elements, evenly spaced, including the first and the last. n must be at
// least 2.
func thinTo[T any](all []T, n int) []T {
	if len(all) <= n {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*(len(all)-1)/(n-1)]
	}
	return out
}

// GIF encodes the animation with at most mostFrames frames. While the file is larger than ceiling,
// in bytes, every other frame is dropped, down to two.
func (a *Animation) GIF(ceiling int) ([]byte, error) {
	var frames []*image.Paletted
	for _, f := range thinTo(a.draw, mostFrames) {
		frames = append(frames, a.raster(f))
	}
	for {
		var b bytes.Buffer
		if err := gif.EncodeAll(&b, animate(frames)); err != nil {
			return nil, fmt.Errorf("report: %s.gif: %w", a.Slug, err)
		}
		if b.Len() <= ceiling || len(frames) <= 2 {
			return b.Bytes(), nil
		}
		frames = thinTo(frames, (len(frames)+1)/2)
	}
}

// raster draws a frame at 96 dots per inch, in the palette's colours.
func (a *Animation) raster(f func(draw.Canvas)) *image.Paletted {
	c := vgimg.NewWith(vgimg.UseWH(a.W, a.H), vgimg.UseDPI(96),
		vgimg.UseBackgroundColor(plot.Paper))
	f(draw.New(c))
	from := c.Image()
	to := image.NewPaletted(from.Bounds(), gifPalette)
	seen := map[color.RGBA]uint8{}
	for y := from.Bounds().Min.Y; y < from.Bounds().Max.Y; y++ {
		for x := from.Bounds().Min.X; x < from.Bounds().Max.X; x++ {
			v := color.RGBAModel.Convert(from.At(x, y)).(color.RGBA)
			i, ok := seen[v]
			if !ok {
				i = uint8(1 + gifPalette[1:].Index(v))
				seen[v] = i
			}
			to.SetColorIndex(x, y, i)
		}
	}
	return to
}

// gifPalette is common to all animations: transparent first, then every colour in use, faded to
// white in 16 steps.
var gifPalette = func() color.Palette {
	p := color.Palette{color.RGBA{}}
	for _, c := range []color.NRGBA{plot.Ink, plot.Muted, plot.NormalColor, plot.AnomalyColor,
		auditedColor, baseHead, trainedHead} {
		for i := range 16 {
			p = append(p, plot.Mix(c, float64(i)/16))
		}
	}
	return append(p, plot.Paper, plot.Grid)
}()

// animate makes a GIF in which each frame holds only its differences from the one before.
func animate(frames []*image.Paletted) *gif.GIF {
	g := &gif.GIF{Config: image.Config{ColorModel: gifPalette, Width: frames[0].Rect.Dx(),
		Height: frames[0].Rect.Dy()}}
	for i, f := range frames {
		shown, delay := f, frameTime
		if i > 0 {
			shown = difference(frames[i-1], f)
		}
		switch i {
		case len(frames) - 1:
			delay = lastTime
		case 0:
			delay = firstTime
		}
		g.Image = append(g.Image, shown)
		g.Delay = append(g.Delay, delay)
		g.Disposal = append(g.Disposal, gif.DisposalNone)
	}
	return g
}

// difference is b where it differs from a and transparent elsewhere, cropped to the differences.
func difference(a, b *image.Paletted) *image.Paletted {
	out := image.NewPaletted(b.Rect, b.Palette)
	var changed image.Rectangle
	for y := range b.Rect.Dy() {
		from := y * b.Stride
		if slices.Equal(a.Pix[from:from+b.Stride], b.Pix[from:from+b.Stride]) {
			continue
		}
		for x := range b.Rect.Dx() {
			if v := b.Pix[from+x]; v != a.Pix[from+x] {
				out.Pix[from+x] = v
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if changed.Empty() {
		changed = image.Rect(0, 0, 1, 1) // a frame has at least one pixel
	}
	return out.SubImage(changed).(*image.Paletted)
}
