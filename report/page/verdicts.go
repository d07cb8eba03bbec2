package page

import (
	"html/template"
	"image/color"
	"strings"

	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Verdicts are published claims beside the measured results, the first section of a page. Package
// claims makes them.
type Verdicts struct {
	Note   string // what the verdicts are based on
	Counts []VerdictCount
	Claims []Claim
	Tables []*table.Table // published numbers and other tables beside the claims
}

// VerdictCount is a verdict and its number of claims.
type VerdictCount struct {
	Verdict string
	N       int
}

// Claim is a published statement with its verdict.
type Claim struct {
	ID, Where, Statement, Verdict, Reason, Tolerance string

	Comparisons *table.Table  // nil: there are none
	Ablations   *table.Table  // of other settings; nil: no such cells ran
	Plot        *plot.Drawing // of the comparisons; nil: none has a number
	Cells       []string      // ids of the cells that the verdict rests on
}

type (
	htmlVerdicts struct {
		Note   string
		Counts []htmlCount
		Claims []htmlClaim
		Tables []template.HTML
	}
	htmlCount struct {
		Verdict, Class string
		N              int
	}
	htmlClaim struct {
		Claim
		Class string // of its verdict
		Table template.HTML
		SVG   template.HTML
		// for a phone
		Narrow template.HTML
		Cells  []htmlCellGroup
		Away   []string // cells that are not on this page
	}
	// htmlCellGroup has cells that differ only in the seed.
	htmlCellGroup struct {
		Name  string
		Cells []*htmlCellLog
	}
)

// verdictClass is a verdict's class name in the style sheet.
func verdictClass(verdict string) string { return "v-" + text.Slug(verdict) }

// forPage links each claim to its cells among the logs.
func (v *Verdicts) forPage(logs map[string]*htmlCellLog,
	colors map[color.NRGBA]bool) (*htmlVerdicts, error) {
	out := &htmlVerdicts{Note: text.Clean(v.Note)}
	for _, c := range v.Counts {
		out.Counts = append(out.Counts,
			htmlCount{text.Clean(c.Verdict), verdictClass(c.Verdict), c.N})
	}
	for _, c := range v.Claims {
		h := htmlClaim{Claim: c, Class: verdictClass(c.Verdict)}
		for _, s := range []*string{&h.ID, &h.Where, &h.Statement, &h.Verdict, &h.Reason,
			&h.Tolerance} {
			*s = text.Clean(*s)
		}
		var b strings.Builder
		if c.Comparisons != nil && len(c.Comparisons.Rows) > 0 {
			t := *c.Comparisons
			t.Title, t.Caption = "", "" // the claim's own
			if err := t.WriteHTML(&b); err != nil {
				return nil, err
			}
		}
		if c.Ablations != nil {
			if err := c.Ablations.WriteHTML(&b); err != nil {
				return nil, err
			}
		}
		h.Table = template.HTML(b.String()) // made by a template, escaped
		if d := c.Plot; d != nil {
			h.SVG = template.HTML(d.InPage("claim."+h.ID+".plot.", colors))
			h.Narrow = template.HTML(d.Narrow().InPage("claim."+h.ID+".narrow.", colors))
		}
		place := map[string]int{}
		for _, id := range c.Cells {
			log := logs[id]
			if log == nil {
				h.Away = append(h.Away, text.Clean(id))
				continue
			}
			i, ok := place[log.group]
			if !ok {
				i = len(h.Cells)
				place[log.group] = i
				h.Cells = append(h.Cells, htmlCellGroup{Name: log.group})
			}
			h.Cells[i].Cells = append(h.Cells[i].Cells, log)
		}
		out.Claims = append(out.Claims, h)
	}
	for _, t := range v.Tables {
		var b strings.Builder
		if err := t.WriteHTML(&b); err != nil {
			return nil, err
		}
		out.Tables = append(out.Tables, template.HTML(b.String()))
	}
	return out, nil
}

// contents are the table of contents of the verdicts' section.
func (v *Verdicts) contents() link {
	l := link{ID: "verdicts", Name: "Verdicts"}
	if len(v.Claims) > 0 {
		l.Sub = append(l.Sub, link{ID: "claims", Name: "Claim by claim"})
	}
	for _, t := range v.Tables {
		l.Sub = append(l.Sub, link{ID: "table." + t.Name, Name: t.Title})
	}
	return l
}
