package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

type htmlGroup struct {
	Title, ID string
	Rows      string // htmlRows.ID of the rows that it audited; "": none
	Series    []htmlSeries

	ref bench.DatasetRef
}

type htmlSeries struct {
	Label, Summary string
	Cells          []*htmlCellLog
}

type htmlCellLog struct {
	ID, Anchor, Summary, Facts, Message string
	Seed                                uint64
	Strip                               template.HTML
	Audits                              *htmlAudits // nil: none
	// the log of the same cell elsewhere in the page
	Same *htmlCellLog

	group   string // group and series, for claims that rest on the cell
	found   metric.RecallCurve
	columns *auditColumns
}

type htmlAudits struct {
	Packed       string
	Shown, Total int
	Width        int    // of a score, in bytes
	Heads        string // JSON
	LeftOut      string
	Curve        string // of all audits if some are left out: budget, then found at curveSteps
}

// stripBuckets and curveSteps are the resolution of a cell's strip and of its curve.
const (
	stripBuckets = 240
	curveSteps   = 32
)

// drillID is the anchor of a group's cells.
func drillID(prefix string, p *model.Group) string { return "cells." + prefix + p.Slug }

// drill returns the cells of all groups and half-split datasets, with up to most audits of each
// cell. prefix distinguishes the anchors of several runs in one page. logs, by cell id, has the
// cells of earlier runs; drill adds those of this one. If only is not nil, cells that are not in it
// are omitted, and so are groups without any other cell.
func drill(m *model.Model, prefix string, logs map[string]*htmlCellLog, most int,
	only map[string]bool) (pools []htmlGroup) {
	anchors := text.Names{}
	for _, log := range logs {
		anchors[log.Anchor] = true
	}
	for k, list := range [][]*model.Group{m.Groups, m.Halves} {
		for _, p := range list {
			hp := htmlGroup{Title: p.Title, ID: drillID(prefix, p), ref: p.Ref}
			if k == 1 {
				hp.Title, hp.ID = p.Title+", halved", drillID(prefix+"halves.", p)
			}
			for _, s := range p.Series {
				hs := htmlSeries{Label: s.AsHalf(), Summary: s.Counts.String()}
				if results := s.Results(); len(results) > 0 && k == 0 {
					var found []float64
					for _, r := range results {
						found = append(found, float64(r.Found.At(r.Budget)))
					}
					hs.Summary += fmt.Sprintf("; found %s of %s",
						table.Column{Kind: table.Range}.Show(table.MedianRange(found)),
						text.Comma(results[0].Anomalies))
				}
				for _, c := range s.Cells {
					if only != nil && !only[c.ID] {
						continue
					}
					log := &htmlCellLog{ID: c.ID, Seed: c.Cell.Seed, Same: logs[c.ID]}
					if log.Same != nil { // in two series, or in an earlier run
						log.Summary = log.Same.Summary
					} else {
						log = cellLog(m, c, most)
						log.group = hp.Title + ", " + hs.Label
						log.Anchor = anchors.Unique("cell."+text.Slug(c.ID), ".")
						logs[c.ID] = log
					}
					hs.Cells = append(hs.Cells, log)
				}
				if len(hs.Cells) > 0 {
					hp.Series = append(hp.Series, hs)
				}
			}
			if len(hp.Series) > 0 {
				pools = append(pools, hp)
			}
		}
	}
	return pools
}

func cellLog(m *model.Model, c model.Cell, most int) *htmlCellLog {
	out := &htmlCellLog{ID: c.ID, Seed: c.Cell.Seed, Message: c.Message}
	var facts []string
	if n := len(c.Status.Attempts); n > 0 {
		a := c.Status.Attempts[n-1]
		facts = append(facts, text.Plural(n, "attempt"),
			fmt.Sprintf("the last took %s s", text.Thousands(a.Seconds, 1)))
		for _, f := range [][2]string{{"host", a.Host}, {"kernel", a.Kernel},
			{"commit", text.Shorten(a.Commit, 13)}} {
			if f[1] != "" {
				facts = append(facts, f[0]+" "+text.Clean(f[1]))
			}
		}
		if a.Stack != "" && c.State != runlog.Done {
			out.Message += "\n\n" + text.CleanLines(a.Stack)
		}
	}
	if c.Status.Digest != "" {
		facts = append(facts, "digest "+text.Clean(c.Status.Digest))
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
	if s := r.Holdout; s != nil {
		out.Summary = fmt.Sprintf("flagged %s of %s rows of the test half, %s of its %s "+
			"anomalies among them: F1 %s",
			text.Comma(s.Flagged), text.Comma(s.Test.Rows), text.Comma(s.TP),
			text.Comma(s.Test.Anomalies), text.Thousands(s.F1, 4))
		return out // there were no audits
	}
	out.Summary = fmt.Sprintf("found %s of %s in %s audits", text.Comma(r.Found.At(r.Audited)),
		text.Comma(r.Anomalies), text.Comma(r.Audited))
	if r.StoppedEarly {
		out.Summary += ", stopped early: every anomaly found"
	}
	out.Strip, out.found = strip(r.Found, r.Audited), r.Found
	queries, err := m.Audits(c.CellRecord)
	if err == nil {
		out.columns, err = columnsOf(queries, most)
	}
	if err != nil {
		out.Message = strings.TrimSpace("the audit log cannot be read: " +
			text.CleanLines(err.Error()))
	}
	return out
}

// packAudits puts the first audits of each cell into the page, as many as fit into bytes. It
// returns a note on the omitted ones, and the number of bytes used.
func packAudits(pools []htmlGroup, bytes, ceiling int) (note string, used int) {
	var logs []*htmlCellLog
	var columns []*auditColumns
	for _, p := range pools {
		for _, s := range p.Series {
			for _, log := range s.Cells {
				if log.columns != nil {
					logs, columns = append(logs, log), append(columns, log.columns)
				}
			}
		}
	}
	if len(logs) == 0 {
		return "No audits were made.", 0
	}
	packed, most := fitAudits(columns, bytes)
	for i, log := range logs {
		c := log.columns
		used += len(packed[i])
		log.Audits = &htmlAudits{Packed: packed[i], Total: c.Total, Shown: len(c.audit),
			Width: c.width(), Heads: asJSON(c.Heads)}
		if most >= 0 {
			log.Audits.Shown = min(most, len(c.audit))
		}
		if a := log.Audits; a.Shown < a.Total {
			a.LeftOut = fmt.Sprintf("The first %s of %s audits.", text.Comma(a.Shown),
				text.Comma(a.Total))
			a.Curve = strconv.Itoa(a.Total)
			for i := range curveSteps {
				a.Curve += " " + strconv.Itoa(log.found.At((i+1)*a.Total/curveSteps))
			}
		}
	}
	if most < 0 {
		return "Every audit of every cell is on this page.", used
	}
	return fmt.Sprintf("To keep this page under %s MiB, only the first %s audits of each of %s "+
		"are on it. cells/<id>/queries.jsonl in the run directory has all.",
		text.Thousands(float64(ceiling)/(1<<20), 1), text.Comma(most),
		text.Plural(len(logs), "cell")), used
}

// strip is a bar chart of the list of audits: a bar for each of up to stripBuckets intervals, as
// high as the share of anomalies in it.
func strip(f metric.RecallCurve, audits int) template.HTML {
	if audits < 1 {
		return ""
	}
	n := min(audits, stripBuckets)
	var b strings.Builder
	fmt.Fprintf(&b,
		`<svg class="strip" viewBox="0 0 %d 100" preserveAspectRatio="none" role="img" aria-label="%s"><path d="M0 100`,
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
