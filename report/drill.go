package report

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

type htmlPool struct {
	Title, Slug string
	Series      []htmlSeries
}

type htmlSeries struct {
	Label, Summary string
	Cells          []htmlCellLog
}

type htmlCellLog struct {
	ID, Summary, Facts, Message string
	Seed                        uint64
	Strip, Audits               template.HTML
}

const (
	auditsShown  = 200     // of a cell, at most
	auditsBytes  = 4 << 20 // of all cells' audits in the page, about
	auditBytes   = 90      // of one, about
	stripBuckets = 240
)

// drill goes from the pools to the audits of every cell. note says where it was cut.
func (m *model) drill() (pools []htmlPool, note string) {
	shown := auditsShown
	if m.Counts.Done > 0 {
		shown = min(shown, auditsBytes/auditBytes/m.Counts.Done)
	}
	note = fmt.Sprintf("The first %d audits of each cell are listed; the run directory's queries.jsonl holds all.", shown)
	if shown < auditsShown {
		note = fmt.Sprintf("With %s cells, to keep this page's size down, only the first %d audits of each are listed "+
			"instead of %d; the run directory's queries.jsonl holds all.", comma(m.Counts.Done), shown, auditsShown)
	}
	for _, p := range m.Pools {
		hp := htmlPool{Title: p.Title, Slug: p.Slug}
		for _, s := range p.Series {
			hs := htmlSeries{Label: s.Label, Summary: s.Counts.String()}
			if results := s.results(); len(results) > 0 {
				var found []float64
				for _, r := range results {
					found = append(found, float64(r.Found.At(r.Budget)))
				}
				hs.Summary += fmt.Sprintf("; found %s of %s", Column{Kind: Range}.show(MedianRange(found)), comma(results[0].Anomalies))
			}
			for _, c := range s.Cells {
				hs.Cells = append(hs.Cells, m.cellLog(c, shown))
			}
			hp.Series = append(hp.Series, hs)
		}
		pools = append(pools, hp)
	}
	return pools, note
}

func (m *model) cellLog(c cell, shown int) htmlCellLog {
	out := htmlCellLog{ID: c.ID, Seed: c.Cell.Seed, Message: c.Message}
	var facts []string
	if n := len(c.Status.Attempts); n > 0 {
		a := c.Status.Attempts[n-1]
		facts = append(facts, plural(n, "attempt"), fmt.Sprintf("the last took %s s", thousands(a.Seconds, 1)))
		for _, f := range [][2]string{{"host", a.Host}, {"kernel", a.Kernel}, {"commit", shorten(a.Commit, 13)}} {
			if f[1] != "" {
				facts = append(facts, f[0]+" "+clean(f[1]))
			}
		}
		if a.Stack != "" && c.State != runlog.Done {
			out.Message += "\n\n" + cleanLines(a.Stack)
		}
	}
	if c.Status.Digest != "" {
		facts = append(facts, "digest "+clean(c.Status.Digest))
	}
	out.Facts = strings.Join(facts, "; ")
	if c.State != runlog.Done {
		out.Summary = string(c.State)
		if c.State == runlog.Planned {
			out.Summary = "not run"
		}
		return out
	}
	r := c.Result
	out.Summary = fmt.Sprintf("found %s of %s in %s audits", comma(r.Found.At(r.Audited)), comma(r.Anomalies), comma(r.Audited))
	if r.StoppedEarly {
		out.Summary += ", stopped early: every anomaly found"
	}
	out.Strip = strip(r.Found, r.Audited)
	if shown == 0 {
		return out
	}
	queries, err := m.Audits(c.CellRecord)
	if err != nil {
		out.Message = strings.TrimSpace("the audit log cannot be read: " + cleanLines(err.Error()))
		return out
	}
	out.Audits = auditList(queries, shown)
	return out
}

// strip is the audit list at a glance: a bar for each stretch of it, as high as the share of anomalies in it.
func strip(f bench.Found, audits int) template.HTML {
	if audits < 1 {
		return ""
	}
	n := min(audits, stripBuckets)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="strip" viewBox="0 0 %d 100" preserveAspectRatio="none" role="img" aria-label="%s"><path d="M0 100`,
		n, fmt.Sprintf("%d anomalies among %d audits", f.At(audits), audits))
	last := 0
	for i := range n {
		from, to := i*audits/n, (i+1)*audits/n
		h := (100*(f.At(to)-f.At(from)) + (to-from)/2) / (to - from)
		if h != last {
			fmt.Fprintf(&b, "H%dV%d", i, 100-h)
			last = h
		}
	}
	fmt.Fprintf(&b, `H%dV100Z"/></svg>`+"\n", n)
	return template.HTML(b.String())
}

// auditList is a table of the first audits. Where the oracle erred, it says so.
func auditList(queries []runlog.Query, shown int) template.HTML {
	if len(queries) == 0 {
		return "<p class=\"note\">The audit log is empty.</p>\n"
	}
	var b strings.Builder
	total := len(queries)
	queries = queries[:min(total, shown)]
	b.WriteString(`<div class="scroll log" tabindex="0" role="region" aria-label="audits"><table class="audits"><thead><tr><th scope="col">audit</th><th scope="col">round</th>` +
		`<th scope="col">row</th><th scope="col">score</th><th scope="col">head</th><th scope="col">anomaly</th><th scope="col">found</th></tr></thead><tbody>` + "\n")
	for _, q := range queries {
		class := ""
		if q.Truth {
			class = ` class="a"`
		}
		answer := "no"
		if q.Anomaly {
			answer = "yes"
		}
		if q.Anomaly != q.Truth {
			answer += " (wrong)"
		}
		fmt.Fprintf(&b, "<tr%s><td>%d</td><td>%d</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td><td>%d</td></tr>\n",
			class, q.Audit, q.Call, q.Row, strconv.FormatFloat(q.Score, 'g', 6, 64), template.HTMLEscapeString(clean(q.Head)), answer, q.Found)
	}
	b.WriteString("</tbody></table></div>\n")
	if total > shown {
		fmt.Fprintf(&b, "<p class=\"note\">Cut after %d of %s audits.</p>\n", shown, comma(total))
	}
	return template.HTML(b.String())
}
