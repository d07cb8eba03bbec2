package page

import (
	"encoding/json"
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// TestReadings: each plot of guesses and of settings has its axes' area and ranges and the curves
// it shows; the page has these once, with the number of steps of each.
func TestReadings(t *testing.T) {
	for name, c := range map[string]struct {
		m       *model.Model
		figures string // prefix of their slugs
		unit    string
		want    int // areas
	}{
		"guesses":  {model.New(fake.Probed().Run, fake.Catalog()), "mnist0.guesses.", "guesses", 3}, // of two methods, near and full, which are the same for one
		"settings": {model.New(fake.Varied().Run, fake.Catalog()), "settings.", "audits", 4},
	} {
		p := &document{}
		figures := figures.Plots(figures.Of(c.m))
		p.addFigures(figures, map[color.NRGBA]bool{})
		curves := map[string][]htmlCurve{}
		for _, more := range p.MoreCurves {
			if more.Series == "[]" { // of markers
				continue
			}
			if curves[more.Pool] != nil {
				t.Errorf("%s: the curves %s are there twice", name, more.Pool)
			}
			var list []htmlCurve
			if err := json.Unmarshal([]byte(more.Series), &list); err != nil || len(list) == 0 {
				t.Fatalf("%s: %v", more.Series, err)
			}
			curves[more.Pool] = list
		}
		areas := 0
		for i, f := range figures {
			if !strings.HasPrefix(f.Slug, c.figures) {
				continue
			}
			var list []htmlArea
			if err := json.Unmarshal([]byte(p.Figures[i].Areas), &list); err != nil {
				t.Fatalf("%s: %q: %v", f.Slug, p.Figures[i].Areas, err)
			}
			for _, a := range list {
				areas++
				if a.Left < 0 || a.Right-a.Left < 50 || a.Right > float64(f.W) || a.Top < 0 || a.Bottom-a.Top < 50 || a.Bottom > float64(f.H) || a.XMax < 1 || a.YMax < 1 {
					t.Errorf("%s: axes at %+v of %v x %v", f.Slug, a, f.W, f.H)
				}
				of := curves[a.Pool]
				if a.Unit[1] != c.unit || of == nil || a.Only != nil && (len(a.Only) != 2 || slices.Max(a.Only) >= len(of)) {
					t.Errorf("%s: %+v reads %+v", f.Slug, a, of)
				}
			}
		}
		if areas < c.want {
			t.Errorf("%s: %d areas, want %d", name, areas, c.want)
		}

		p.leaveMore()
		for i, f := range figures {
			if left := p.Figures[i].Areas; (left == "") != !f.Tooltips[0].Main {
				t.Errorf("%s: of what is left to read: %q", f.Slug, left)
			}
		}
		if len(p.MoreCurves) > 0 || len(p.LeftOut) != 1 {
			t.Errorf("%s: %d curves are left, %q", name, len(p.MoreCurves), p.LeftOut)
		}
	}
}
