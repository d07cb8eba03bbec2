package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"github.com/uaibench/uaibench/report/text"
)

// svgCanvas is a vg.Canvas that writes SVG in one of two ways. In a file, text is drawn as
// outlines, so that it looks the same without the font. In a page, text stays text and colours are
// classes, so that the style sheet can change them in dark mode. gonum's own vgsvg can do neither.
type svgCanvas struct {
	w, h   vg.Length
	inPage bool

	body   strings.Builder
	glyphs map[string]bool // defined so far
	defs   strings.Builder
	colors map[color.NRGBA]bool // used as classes
	state  []svgState
}

type svgState struct {
	width vg.Length
	dash  []vg.Length
	color color.NRGBA
	m     [6]float64 // x' = m0 x + m2 y + m4, y' = m1 x + m3 y + m5
}

func newSVG(w, h vg.Length, inPage bool) *svgCanvas {
	c := &svgCanvas{w: w, h: h, inPage: inPage, glyphs: map[string]bool{},
		colors: map[color.NRGBA]bool{}}
	c.state = []svgState{{color: Ink, m: [6]float64{1, 0, 0, 1, 0, 0}}}
	return c
}

func (c *svgCanvas) top() *svgState           { return &c.state[len(c.state)-1] }
func (c *svgCanvas) Size() (x, y vg.Length)   { return c.w, c.h }
func (c *svgCanvas) SetLineWidth(w vg.Length) { c.top().width = w }
func (c *svgCanvas) Push()                    { c.state = append(c.state, *c.top()) }
func (c *svgCanvas) Pop()                     { c.state = c.state[:len(c.state)-1] }
func (c *svgCanvas) SetColor(v color.Color) {
	c.top().color = color.NRGBAModel.Convert(v).(color.NRGBA)
}
func (c *svgCanvas) Translate(p vg.Point) {
	c.times(1, 0, 0, 1, float64(p.X),
		float64(p.Y))
}
func (c *svgCanvas) Scale(x, y float64)                     { c.times(x, 0, 0, y, 0, 0) }
func (c *svgCanvas) SetLineDash(d []vg.Length, _ vg.Length) { c.top().dash = d }

func (c *svgCanvas) Rotate(radians float64) {
	s, k := math.Sincos(radians)
	c.times(k, s, -s, k, 0, 0)
}

func (c *svgCanvas) times(a, b, d, e, x, y float64) {
	m := &c.top().m
	*m = [6]float64{
		float64(m[0]*a) + float64(m[2]*b), float64(m[1]*a) + float64(m[3]*b),
		float64(m[0]*d) + float64(m[2]*e), float64(m[1]*d) + float64(m[3]*e),
		float64(m[0]*x) + float64(m[2]*y) + m[4], float64(m[1]*x) + float64(m[3]*y) + m[5],
	}
}

// at is the position of p on the page, y downwards.
func (c *svgCanvas) at(p vg.Point) (x, y float64) {
	m := c.top().m
	px, py := float64(p.X), float64(p.Y)
	return float64(m[0]*px) + float64(m[2]*py) + m[4],
		float64(c.h) - (float64(m[1]*px) + float64(m[3]*py) + m[5])
}

// num formats a coordinate, rounded to a hundredth of a point.
func num(x float64) string {
	x = math.Round(x*100) / 100
	if x == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func (c *svgCanvas) path(p vg.Path) string {
	var b strings.Builder
	point := func(command byte, at vg.Point) {
		x, y := c.at(at)
		b.WriteByte(command)
		b.WriteString(num(x) + " " + num(y))
	}
	lastX, lastY := "", ""
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			point('M', comp.Pos)
			x, y := c.at(comp.Pos)
			lastX, lastY = num(x), num(y)
		case vg.LineComp:
			fx, fy := c.at(comp.Pos)
			x, y := num(fx), num(fy)
			switch {
			case x == lastX && y == lastY:
			case y == lastY:
				b.WriteString("H" + x)
			case x == lastX:
				b.WriteString("V" + y)
			default:
				b.WriteString("L" + x + " " + y)
			}
			lastX, lastY = x, y
		case vg.CloseComp:
			b.WriteByte('Z')
		default:
			panic("report: curves and arcs are not drawn")
		}
	}
	return b.String()
}

// paint is the attribute with the colour of a line ("stroke") or an area ("fill").
func (c *svgCanvas) paint(what string) string {
	v := c.top().color
	solid := v
	solid.A = 255
	s := ""
	if c.inPage {
		c.colors[solid] = true
		s = fmt.Sprintf(` class="%c%s"`, what[0], Hex(solid))
	} else {
		s = fmt.Sprintf(` %s="#%s"`, what, Hex(solid))
	}
	if v.A != 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, what, num(float64(v.A)/255))
	}
	return s
}

// Hex is a colour's six hex digits, without its opacity.
func Hex(v color.NRGBA) string { return fmt.Sprintf("%02x%02x%02x", v.R, v.G, v.B) }

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.top().width <= 0 {
		return
	}
	dash := ""
	if len(c.top().dash) > 0 {
		dash = ` stroke-dasharray="` +
			text.Join(c.top().dash, func(l vg.Length) string { return num(float64(l)) }) + `"`
	}
	fmt.Fprintf(&c.body,
		`<path fill="none"%s stroke-width="%s"%s stroke-linejoin="round" d="%s"/>`+"\n",
		c.paint("stroke"), num(float64(c.top().width)), dash, c.path(p))
}

func (c *svgCanvas) Fill(p vg.Path) {
	fmt.Fprintf(&c.body, `<path%s d="%s"/>`+"\n", c.paint("fill"), c.path(p))
}

func (c *svgCanvas) DrawImage(vg.Rectangle, image.Image) { panic("report: images are not drawn") }

// FillString writes s in face with its baseline starting at p.
func (c *svgCanvas) FillString(face font.Face, p vg.Point, s string) {
	x, y := c.at(p)
	m := c.top().m
	turn := math.Round(-math.Atan2(m[1], m[0])*180/math.Pi*100) / 100
	place := fmt.Sprintf(`translate(%s %s)`, num(x), num(y))
	if turn != 0 {
		place += fmt.Sprintf(" rotate(%s)", num(turn))
	}
	bold := ""
	if face.Font.Weight > 0 {
		bold = ` font-weight="bold"`
	}
	size := float64(face.Font.Size)
	if c.inPage {
		fmt.Fprintf(&c.body, `<text transform="%s" font-size="%s"%s%s>%s</text>`+"\n", place,
			num(size), bold, c.paint("fill"), escapeXML(s))
		return
	}
	units := float64(face.Face.UnitsPerEm())
	fmt.Fprintf(&c.body, `<g transform="%s scale(%s)"%s>`, place,
		strconv.FormatFloat(size/units, 'f', 6, 64), c.paint("fill"))
	var buf sfnt.Buffer
	ppem := fixed.Int26_6(face.Face.UnitsPerEm()) // so that lengths are in font units
	before := ""
	for _, r := range s {
		index, err := face.Face.GlyphIndex(&buf, r)
		if err != nil {
			panic("report: font: " + err.Error())
		}
		id := c.glyph(face, index, &buf, ppem)
		// The advance is that of the text so far, kerning included, as in the layout.
		advance := float64(face.Width(before)) / size * units
		before += string(r)
		if id != "" {
			fmt.Fprintf(&c.body, `<use xlink:href="#%s" x="%s"/>`, id,
				strconv.Itoa(int(math.Round(advance))))
		}
	}
	c.body.WriteString("</g>\n")
}

// glyph defines a glyph's outline once and returns its id, or "" if it is empty.
func (c *svgCanvas) glyph(face font.Face, index sfnt.GlyphIndex, buf *sfnt.Buffer,
	ppem fixed.Int26_6) string {
	style := "r"
	if face.Font.Weight > 0 {
		style = "b"
	}
	id := style + strconv.Itoa(int(index))
	segments, err := face.Face.LoadGlyph(buf, index, ppem, nil)
	if err != nil {
		panic("report: font: " + err.Error())
	}
	if len(segments) == 0 {
		return ""
	}
	if c.glyphs[id] {
		return id
	}
	c.glyphs[id] = true
	fmt.Fprintf(&c.defs, `<path id="%s" d="`, id)
	for _, s := range segments {
		n := 1
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.defs.WriteByte('M')
		case sfnt.SegmentOpLineTo:
			c.defs.WriteByte('L')
		case sfnt.SegmentOpQuadTo:
			c.defs.WriteByte('Q')
			n = 2
		case sfnt.SegmentOpCubeTo:
			c.defs.WriteByte('C')
			n = 3
		}
		for i, a := range s.Args[:n] {
			if i > 0 {
				c.defs.WriteByte(' ')
			}
			fmt.Fprintf(&c.defs, "%d %d", int(a.X), int(a.Y))
		}
	}
	c.defs.WriteString(`Z"/>` + "\n")
	return id
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'",
	"&#39;")

func escapeXML(s string) string { return xmlEscaper.Replace(text.Clean(s)) }

// document is the complete SVG; in a page its ids start with prefix.
func (c *svgCanvas) document(prefix, title, desc string) string {
	var b strings.Builder
	names := fmt.Sprintf(`role="img" aria-labelledby="%[1]stitle %[1]sdesc"`, prefix)
	box := fmt.Sprintf(`viewBox="0 0 %s %s"`, num(float64(c.w)), num(float64(c.h)))
	if c.inPage {
		fmt.Fprintf(&b, `<svg class="plot" %s %s>`+"\n", box, names)
	} else {
		fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
			`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `+
			`width="%spt" height="%spt" %s %s>`+"\n",
			num(float64(c.w)), num(float64(c.h)), box, names)
	}
	fmt.Fprintf(&b, `<title id="%stitle">%s</title>`+"\n"+`<desc id="%sdesc">%s</desc>`+"\n",
		prefix, escapeXML(title), prefix, escapeXML(desc))
	if c.defs.Len() > 0 {
		b.WriteString("<defs>\n" + c.defs.String() + "</defs>\n")
	}
	b.WriteString(c.body.String())
	b.WriteString("</svg>\n")
	return b.String()
}
