package figures

import (
	"github.com/uaibench/uaibench/report/comparison"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
)

var methods = Figure{
	Name: "comparison", Section: Methods,
	Doc: "which method found more: pairs with intervals, and over several datasets mean ranks " +
		"and a performance profile",
	Applies: func(m *model.Model) bool { return comparison.Of(m) != nil },
	Tables:  func(m *model.Model) []*table.Table { return comparison.Of(m).Tables() },
	Plots:   func(m *model.Model) []*plot.Drawing { return comparison.Of(m).Plots() },
}
