package report

// summaryRow is a series as a terminal shows it, which is narrow: below its default a setting goes by what it changes alone.
type summaryRow struct {
	*series
	Dataset, Name string
}

// summaryRows are all series that audit pools, each method's settings below its default.
func (m *Model) summaryRows() []summaryRow {
	of := map[*series]*family{}
	for _, f := range m.families() {
		for _, s := range f.all() {
			of[s.series] = f
		}
	}
	var out []summaryRow
	seen := map[*family]bool{}
	for _, p := range m.Groups {
		for _, s := range p.Series {
			f := of[s]
			switch {
			case f == nil:
				out = append(out, summaryRow{s, p.Title, s.Label})
			case !seen[f]:
				seen[f] = true
				out = append(out, f.summaryRows()...)
			}
		}
	}
	return out
}

func (f *family) summaryRows() []summaryRow {
	dataset := f.all()[0].Group.Title
	for _, s := range f.all() {
		if s.Group != f.all()[0].Group {
			dataset = f.Dataset // whose pools differ by what is compared
		}
	}
	var out []summaryRow
	for _, s := range f.all() {
		name := "· " + f.shown(s)
		if s == f.Default && f.Axes == nil {
			name = f.Method
		} else if len(out) == 0 {
			name = f.Method + ": " + f.shown(s)
		}
		out = append(out, summaryRow{s.series, dataset, name})
	}
	return out
}
