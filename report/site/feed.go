package site

import (
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"github.com/uaibench/uaibench/report/nights"
	"github.com/uaibench/uaibench/report/text"
)

// feed returns an Atom feed with an entry for each judged night whose colour changed and for each
// spec's last night, the newest first.
func feed(specs []Spec) ([]byte, error) {
	f := &feeds.Feed{Title: "uaibench: nights", Link: &feeds.Link{Href: "index.html"}}
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
	atom := (&feeds.Atom{Feed: f}).AtomFeed()
	atom.Id = tag("nights") // not its address, which is relative
	text, err := feeds.ToXML(whole{atom})
	return []byte(text), err
}

// whole adapts an AtomFeed to the library's interface for feeds.
type whole struct{ *feeds.AtomFeed }

func (w whole) FeedXml() any { return w.AtomFeed }

// tag is a tag URI (RFC 4151).
func tag(parts ...string) string {
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "tag:uaibench,2026:" + strings.Join(parts, "/")
}

func entry(s Spec, n nights.Night) *feeds.Item {
	title := fmt.Sprintf("%s: %s with %s", s.Name, n.State, n.Name)
	if n.State == nights.Red && n.Since != n.Name {
		title += ", since " + n.Since
	}
	lines := []string{"Nothing fails the gate."}
	if len(n.Crossed) > 0 {
		lines = slices.Clone(n.Crossed)
	}
	for i := range lines { // a summary is HTML
		lines[i] = html.EscapeString(text.Clean(lines[i]))
	}
	when := n.Started().UTC()
	if n.Started().IsZero() {
		when = time.Unix(0, 0).UTC()
	}
	return &feeds.Item{Title: title, Description: strings.Join(lines, "<br>"), Created: when, Updated: when,
		Id:   tag(s.Name, n.Name),
		Link: &feeds.Link{Href: url.PathEscape(s.Name) + "/index.html"}}
}
