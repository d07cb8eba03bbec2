package figures

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

var assumptions = Figure{
	Name: "assumptions", Section: Assumptions,
	Doc: "every parameter of the run's methods and datasets, with the values used, including all " +
		"open points",
	Tables: func(m *model.Model) []*table.Table { return []*table.Table{assumptionsTable(m)} },
}

// assumption is a parameter of a method, of a dataset or of the run.
type assumption struct {
	Of, Name  string
	Used      value
	Default   string
	Open      string // the paper's open point that it settles, such as "U4"
	Doc, From string
}

func assumptionsTable(m *model.Model) *table.Table {
	all := slices.Concat(ofRun(m), ofDatasets(m), ofMethods(m))
	return table.Build(table.Table{
		Name:  "assumptions",
		Title: "Assumptions",
		Caption: "Every parameter of the run's methods and datasets, and the run's own. An open " +
			"point (U1, U2 …) is a choice that the paper does not state. Values that were swept, " +
			"or that are not the default, are marked.",
	}, shared(all), []col[assumption]{
		{Name: "of", Value: func(a assumption) value { return table.Str(a.Of) }},
		{Name: "parameter", Value: func(a assumption) value { return table.Str(a.Name) }},
		{Name: "used", Value: func(a assumption) value { return a.Used }},
		{Name: "default", Value: func(a assumption) value { return table.Str(a.Default) }},
		{Name: "open point", Value: func(a assumption) value { return table.Str(a.Open) }},
		{Name: "what", Value: func(a assumption) value { return table.Str(a.Doc) }},
		{Name: "source", Value: func(a assumption) value { return table.Str(a.From) }},
	}...)
}

// shared merges assumptions that differ only in Of, so that parameters common to several methods
// take one row.
func shared(all []assumption) []assumption {
	var out []assumption
	at := map[string]int{}
	for _, a := range all {
		same := a
		same.Of = ""
		key := fmt.Sprintf("%+v", same)
		if i, ok := at[key]; ok {
			out[i].Of += ", " + text.Clean(a.Of)
			continue
		}
		at[key] = len(out)
		out = append(out, a)
	}
	return out
}

// used marks and notes values that were swept or that are not the default. An empty fallback means
// that there is no default.
func used(values []string, fallback string) value {
	v := table.Str(strings.Join(values, "; "))
	switch {
	case len(values) > 1:
		return v.Marked().Noted("swept, or not the same for all cells")
	case len(values) == 1 && fallback != "" && values[0] != fallback:
		return v.Marked().Noted("not the default")
	}
	return v
}

func ofDatasets(m *model.Model) []assumption {
	var out []assumption
	var seen []string
	all := slices.Concat(m.Groups, m.Halves)
	for _, g := range all {
		if slices.Contains(seen, g.Ref.Source()) {
			continue
		}
		seen = append(seen, g.Ref.Source())
		var params []bench.Params
		var seeds []uint64
		for _, q := range all {
			if q.Ref.Source() == g.Ref.Source() {
				params = append(params, q.Ref.Params)
				seeds = append(seeds, q.Ref.Seed)
			}
		}
		of := cmp.Or(text.Clean(g.Info.Title), text.Clean(g.Ref.ID))
		out = append(out, ofParams(of, g.Info.Params, params)...)
		out = append(out, assumption{Of: of, Name: "data seed", Used: table.Str(seedList(seeds)),
			Doc: "seed of the dataset's own draws, shared by all runs"})
	}
	return out
}

func ofMethods(m *model.Model) []assumption {
	var out []assumption
	var seen []string
	whose := func(p bench.PlannedCell) string { // all programs have one id
		if p.Cell.Method.ID == bench.ProgramID {
			return p.Label
		}
		return p.Cell.Method.ID
	}
	for _, c := range m.Run.Cells {
		id := whose(c.PlannedCell)
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		info, _ := m.Catalog.Method(c.Cell.Method.ID)
		var params []bench.Params
		for _, o := range m.Run.Cells {
			if whose(o.PlannedCell) == id {
				params = append(params, o.Cell.Method.Params)
			}
		}
		of := ofParams(cmp.Or(text.Clean(info.Title), text.Clean(id)), info.Params, params)
		if c.Cell.Method.ID == bench.ProgramID {
			for i := range of {
				of[i].Doc = "of the user's own program"
			}
		}
		out = append(out, of...)
	}
	return out
}

func seedList(seeds []uint64) string {
	seeds = slices.Sorted(slices.Values(seeds))
	return text.Join(slices.Compact(seeds), func(s uint64) string { return fmt.Sprint(s) })
}

// ofParams returns an assumption for every parameter in known or set in had.
func ofParams(of string, known []bench.Param, had []bench.Params) []assumption {
	names := []string{}
	for _, p := range known {
		names = append(names, p.Name)
	}
	for _, u := range had {
		for name := range u {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names[len(known):])
	later := slices.DeleteFunc(slices.Clone(known), func(p bench.Param) bool { return !p.Later })
	for i, u := range had {
		had[i] = bench.Complete(later, u)
	}
	var out []assumption
	for i, name := range names {
		var values []string
		for _, u := range had {
			v := "not set"
			if x, ok := u[name]; ok {
				v = text.Param(x)
			}
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		a := assumption{Of: of, Name: name}
		if i < len(known) {
			p := known[i]
			a.Default, a.Open, a.Doc, a.From = text.Param(p.Default), p.Open, p.Doc, p.Source
			a.Used = used(values, a.Default)
			if a.Default == "" && len(values) == 1 && values[0] != "" {
				a.Used = a.Used.Marked().Noted("not the default")
			}
		} else {
			a.Used = used(values, "").Marked().Noted("unknown to this program's catalogue")
		}
		out = append(out, a)
	}
	return out
}

// runSettings are the settings that belong to no method or dataset.
var runSettings = []struct {
	name, fallback, doc, source string
	of                          func(bench.Cell) string
}{
	{"budget", "", "audits in all", "", func(c bench.Cell) string { return c.Budget.String() }},
	{"k", bench.K{Below: 100, Then: 3, Else: 10}.String(), "audits a round",
		"paper, App. A.1 and Sec. 4.2",
		func(c bench.Cell) string { return c.K.String() }},
	{"oracle noise", "none", "how often the expert errs", "paper: noise-free", noiseOf},
	{"checkpoints", "", "audits after which the model was probed", "", checkpointsOf},
}

func noiseOf(c bench.Cell) string {
	if c.Noise == (bench.Noise{}) {
		return "none"
	}
	return fmt.Sprintf("misses %g, false alarms %g", c.Noise.Miss, c.Noise.Alarm)
}

func checkpointsOf(c bench.Cell) string {
	if len(c.Checkpoints) == 0 {
		return "none"
	}
	s := text.Param(c.Checkpoints)
	if c.Probes != nil {
		s += ", and at " + strings.Join(c.Probes, ", ")
	}
	return s
}

func ofRun(m *model.Model) []assumption {
	var out []assumption
	add := func(name string, v value, fallback, doc, source string) {
		out = append(out,
			assumption{Of: "run", Name: name, Used: v, Default: fallback, Doc: doc, From: source})
	}
	for _, s := range runSettings {
		var values []string
		for _, c := range m.Run.Cells {
			if c.Cell.HasHoldout() {
				continue // a half-split cell has no audits
			}
			if v := s.of(c.Cell); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		add(s.name, used(values, s.fallback), s.fallback, s.doc, s.source)
	}
	if len(m.Halves) > 0 {
		add("halves",
			table.Str("half of the rows, rounded down, train, the rest test; scaled by the former"),
			"",
			"for cells of the half-split protocol; its table has what the training half keeps "+
				"and what is flagged",
			"inferred from Table 3's quotients of recall and precision; Zong et al. 2018")
	}
	var seeds []uint64
	for _, c := range m.Run.Cells {
		seeds = append(seeds, c.Cell.Seed)
	}
	add("seeds", table.Str(seedList(seeds)), "", "one run of each method on each dataset per seed",
		"paper: five")
	limit := "none"
	if m.Run.Plan.Timeout > 0 {
		limit = m.Run.Plan.Timeout.String()
	}
	add("time limit", table.Str(limit), "", "of a cell", "")
	return out
}
