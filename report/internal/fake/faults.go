package fake

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Elements returns a document's elements, parsed strictly.
func Elements(data string) ([]xml.StartElement, error) {
	var out []xml.StartElement
	d := xml.NewDecoder(strings.NewReader(data))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := tok.(xml.StartElement); ok {
			out = append(out, e.Copy())
		}
	}
}

var requests = regexp.MustCompile(
	`(?i)@import|url\s*\(|\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\b`,
)

// Faults returns the faults of a page. It parses the page as XML, which it also is, because HTML
// parsers are lenient.
func Faults(doc string) (out []string) {
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	all, err := Elements(doc)
	if err != nil {
		return []string{err.Error()}
	}
	ids := map[string]bool{}
	var links []string
	scripts := 0
	for _, e := range all {
		switch e.Name.Local {
		case "script":
			scripts++
		case "img",
			"iframe",
			"object",
			"embed",
			"audio",
			"video",
			"source",
			"base",
			"form",
			"image":
			fault("the page has a <%s>", e.Name.Local)
		}
		for _, a := range e.Attr {
			name := a.Name.Local
			if strings.HasPrefix(strings.ToLower(name), "on") {
				fault("<%s> has a handler %s", e.Name.Local, name)
			}
			switch name {
			case "id":
				if ids[a.Value] {
					fault("id %q is used twice", a.Value)
				}
				if a.Value == "" || strings.ContainsAny(a.Value, " \t\n") {
					fault("id %q is not one", a.Value)
				}
				ids[a.Value] = true
			case "href", "src", "srcset", "action", "data", "poster":
				if !strings.HasPrefix(a.Value, "#") && a.Value != "data:," {
					fault("<%s %s=%q> leads out of the page", e.Name.Local, name, a.Value)
				}
				links = append(links, a.Value)
			case "aria-labelledby":
				for id := range strings.FieldsSeq(a.Value) {
					links = append(links, "#"+id)
				}
			case "style":
				fault("<%s> has a style of its own", e.Name.Local)
			}
		}
	}
	if scripts != 1 {
		fault("%d scripts: only the page's own belongs there", scripts)
	}
	for _, l := range links {
		if id, ok := strings.CutPrefix(l, "#"); ok && !ids[id] {
			fault("nothing has the id %q", id)
		}
	}
	if m := requests.FindString(doc); m != "" {
		fault("the page could make a request: %q", m)
	}
	return out
}
