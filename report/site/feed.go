package site

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"github.com/uaibench/uaibench/report/nights"
)

// feed has an entry for each judged night whose colour changed, and for each spec's last night;
// the newest first, in Atom.
func feed(specs []Spec) ([]byte, error) {
	f := &feeds.Feed{Title: "uaibench: nights", Link: &feeds.Link{Href: "index.html"},
		Id: "tag:uaibench,2026:nights"}
	for _, s := range specs {
		last := nights.Baseline
		for i, n := range s.Story.Nights {
			changed := (n.State == nights.Red) != (last == nights.Red)
			last = n.State
			if n.State == nights.Before || !changed && i < len(s.Story.Nights)-1 {
				continue
			}
			f.Items = append(f.Items, entry(s, n))
		}
	}
	slices.SortStableFunc(f.Items, func(a, b *feeds.Item) int { return b.Updated.Compare(a.Updated) })
	for _, item := range f.Items {
		if item.Updated.After(f.Updated) {
			f.Updated = item.Updated
		}
	}
	if f.Updated.IsZero() {
		f.Updated = time.Unix(0, 0).UTC()
	}
	text, err := f.ToAtom()
	return []byte(text), err
}

func entry(s Spec, n nights.Night) *feeds.Item {
	title := fmt.Sprintf("%s: %s with %s", s.Name, n.State, n.Name)
	if n.State == nights.Red && n.Since != n.Name {
		title += ", since " + n.Since
	}
	text := "Nothing that a gate stops."
	if len(n.Crossed) > 0 {
		text = strings.Join(n.Crossed, "\n")
	}
	when := n.Started().UTC()
	if n.Started().IsZero() {
		when = time.Unix(0, 0).UTC()
	}
	return &feeds.Item{Title: title, Description: text, Created: when, Updated: when,
		Id:   "tag:uaibench,2026:" + slug(s.Name) + "/" + slug(n.Name),
		Link: &feeds.Link{Href: s.Name + "/index.html"}}
}
