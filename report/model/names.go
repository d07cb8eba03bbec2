package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/text"
)

// nameSeries makes the labels of each group's series unique.
func (m *Model) nameSeries() {
	for _, p := range m.Groups {
		taken := text.Names{}
		for _, s := range p.Series {
			s.Label = taken.Unique(s.Label, " #")
			if !slices.Contains(m.Labels, s.Label) {
				m.Labels = append(m.Labels, s.Label)
			}
		}
	}
}

// nameGroups gives each group its title: the plan's label or the catalogue's title, with the
// parameters that distinguish it from groups with the same name.
func nameGroups(pools []*Group) {
	namesakes := map[string][]*Group{}
	of := func(p *Group) string { return p.Ref.Source() + "\x00" + p.Own }
	for _, p := range pools {
		namesakes[of(p)] = append(namesakes[of(p)], p)
	}
	titles, names, slugs := text.Names{}, text.Names{}, text.Names{PanelSlug: true}
	for _, p := range pools {
		more := ""
		if d := differing(p, namesakes[of(p)]); d != "" {
			more = " (" + d + ")"
		}
		title := cmp.Or(p.Own, p.Info.Title, p.Ref.ID)
		p.Title = titles.Unique(text.Clean(title+more), " #")
		p.Name = names.Unique(text.Clean(cmp.Or(p.Own, p.Ref.ID)+more), " #")
		slug := p.Ref.ID
		if slug == bench.FileID {
			slug = title
		}
		p.Slug = slugs.Unique(text.Slug(slug), "-")
	}
}

// differing lists p's parameters that are not the same in all of its namesakes.
func differing(p *Group, all []*Group) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(p.Ref.Params)) {
		v := text.Param(p.Ref.Params[name])
		if slices.ContainsFunc(all,
			func(q *Group) bool { return text.Param(q.Ref.Params[name]) != v }) {
			out = append(out, name+"="+v)
		}
	}
	if slices.ContainsFunc(all, func(q *Group) bool { return q.Ref.Seed != p.Ref.Seed }) {
		out = append(out, fmt.Sprintf("data seed %d", p.Ref.Seed))
	}
	return strings.Join(out, ", ")
}
