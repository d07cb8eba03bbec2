package figures

import (
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/stats"
	"github.com/uaibench/uaibench/report/text"
)

// bandCaption says what line and band are, and how sure the band is.
func bandCaption(curves []model.Curve) string {
	var ns []int
	for _, c := range curves {
		if c.Seeds > 1 {
			ns = append(ns, c.Seeds)
		}
	}
	slices.Sort(ns)
	s := "Line: median over seeds; band: minimum to maximum."
	for _, n := range slices.Compact(ns) {
		s += " " + bandNote(n) + "."
	}
	if ns == nil {
		s = "Line: the only seed."
	}
	return s
}

// bandNote rounds down, so that no band is ever said to be certain.
func bandNote(n int) string {
	percent := text.Exact(math.Floor(stats.BandCoverage(n)*1000) / 1000)
	article := "a"
	if percent[0] == '8' {
		article = "an"
	}
	return fmt.Sprintf("With n = %d the min–max band is %s %s %% interval for the median", n,
		article, percent)
}
