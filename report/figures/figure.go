// Package figures defines the tables and plots of a report: each figure is one file here and one
// entry in the list All.
//
//	for _, f := range figures.Of(m) {   // m := model.New(run, catalogue)
//		for _, t := range f.Tables { … }
//		for _, d := range f.Plots { … }
//	}
//
// A new figure is a variable of type Figure with its name, a sentence, the runs that it applies to,
// and a function for its tables, its plots, or both. A spec requests its plots by the figure's name
// (report: {plots: [{kind: NAME}]}), and its tables by their own names.
//
// Run directories are read by bench/runlog, cells are grouped and curves named by report/model, and
// tables and plots are written by report/table, report/plot and report/page.
package figures

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// Figure is a set of tables and plots of a run.
type Figure struct {
	Name    string  // lower case: the kind of its plots in a spec
	Doc     string  // a description, in a sentence without a full stop
	Section Section // of the page, for its tables

	Applies func(*model.Model) bool // whether the run has its data; nil: every run has
	Tables  func(*model.Model) []*table.Table
	Plots   func(*model.Model) []*plot.Drawing
}

// Section is a section of a page, which holds tables.
type Section struct{ ID, Name string }

// Sections of a page.
var (
	Results     = Section{"tables", "Tables"}
	Methods     = Section{"methods", "Methods compared"}
	Settings    = Section{"settings", "Settings compared"}
	HalfSplit   = Section{"halves", "Half-split protocol"}
	Datasets    = Section{"datasets", "Datasets"}
	Assumptions = Section{"assumptions", "Assumptions"}
	Coverage    = Section{"coverage", "Coverage"}
)

// Sections lists the sections in page order.
var Sections = []Section{Results, Methods, Settings, HalfSplit, Datasets, Assumptions, Coverage}

// All lists all figures in report order.
var All = []Figure{
	found,
	datasets,
	assumptions,
	coverage,
	toyData,
	testRecall,
	frozenRanking,
	latentProjection,
	explanations,
	checkpoints,
	testTypes,
	roundWork,
	split,
	overBase,
	methods,
	settings,
	recallCurve,
	recallPercent,
}

// Shown is a figure with its tables and plots of a run.
type Shown struct {
	Figure
	Tables []*table.Table
	Plots  []*plot.Drawing
}

// Of makes all figures that apply to a run, whether or not its spec requests them. It adds a
// warning to the model for each requested plot or table that was not made.
func Of(m *model.Model) []Shown {
	var out []Shown
	for _, f := range All {
		if f.Applies == nil || f.Applies(m) {
			s := Shown{Figure: f}
			if f.Tables != nil {
				s.Tables = slices.DeleteFunc(f.Tables(m),
					func(t *table.Table) bool { return t == nil })
			}
			if f.Plots != nil {
				s.Plots = f.Plots(m)
			}
			out = append(out, s)
		}
	}
	warn(m, out)
	return out
}

// warn adds warnings about requested plots and tables that were not made.
func warn(m *model.Model, made []Shown) {
	for _, p := range m.Run.Plan.Plots {
		known := slices.ContainsFunc(All,
			func(f Figure) bool { return f.Name == p.Kind && f.Plots != nil })
		drawn := slices.ContainsFunc(made,
			func(s Shown) bool { return s.Name == p.Kind && len(s.Plots) > 0 })
		switch {
		case !known:
			m.Warn(fmt.Sprintf("the spec asks for a plot of kind %q, which this program cannot "+
				"draw", text.Clean(p.Kind)))
		case !drawn && m.Measured():
			m.Warn(fmt.Sprintf("the spec asks for a plot of kind %q, but no checkpoint of a done "+
				"cell has its data", p.Kind))
		}
	}
	for _, name := range m.Run.Plan.Tables {
		if !slices.ContainsFunc(Tables(made), func(t *table.Table) bool { return t.Name == name }) {
			m.Warn(fmt.Sprintf("the spec asks for a table %q, which this program does not make",
				text.Clean(name)))
		}
	}
}

// Tables returns the figures' tables, in order.
func Tables(made []Shown) []*table.Table {
	var out []*table.Table
	for _, s := range made {
		out = append(out, s.Tables...)
	}
	return out
}

// Plots returns the figures' plots, in order.
func Plots(made []Shown) []*plot.Drawing {
	var out []*plot.Drawing
	for _, s := range made {
		out = append(out, s.Plots...)
	}
	return out
}

// mostPanels is the maximum number of a plot's panels that fit on one screen.
const mostPanels = 4

// Main returns the slug of a run's main plot: the recall curves, or, with more than mostPanels
// datasets, the comparison of methods if there is one; "" if there is neither.
func Main(m *model.Model, made []Shown) string {
	wanted := recallCurve.Name
	if len(m.Groups) > mostPanels {
		wanted = methods.Name
	}
	for _, name := range []string{wanted, recallCurve.Name} {
		for _, s := range made {
			if s.Name == name && len(s.Plots) > 0 {
				return s.Plots[0].Slug
			}
		}
	}
	return ""
}
