// Package snakejson writes the JSON of --json: indented, with keys in snake case.
package snakejson

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"unicode"
)

// Write writes v as indented JSON with keys in snake case. A struct field without a key in its tag
// has two keys: its name in snake case and, for this version still, the name itself ("anomaly_is"
// and "AnomalyIs").
func Write(w io.Writer, v any) error {
	var plain, both, out bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	names := map[string]string{}
	untagged(reflect.TypeOf(v), names, map[reflect.Type]bool{})
	d := json.NewDecoder(&plain)
	d.UseNumber()
	if err := copyValue(d, &both, names); err != nil {
		return err
	}
	if err := json.Indent(&out, both.Bytes(), "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// untagged adds to names the snake-case names of the untagged fields of t and of all types below
// it.
func untagged(t reflect.Type, names map[string]string, seen map[reflect.Type]bool) {
	if t == nil || seen[t] || t.Implements(reflect.TypeFor[json.Marshaler]()) {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		untagged(t.Elem(), names, seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if key == "-" || !f.IsExported() && !f.Anonymous {
				continue
			}
			if key == "" && !f.Anonymous {
				names[f.Name] = Snake(f.Name)
			}
			untagged(f.Type, names, seen)
		}
	}
}

// Snake converts a Go name to snake case: AnomalyIs to anomaly_is, SHA256 to sha256, URLs to urls.
func Snake(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// copyValue copies the next value from d to to, writing the keys in names twice.
func copyValue(d *json.Decoder, to *bytes.Buffer, names map[string]string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('['):
		to.WriteByte('[')
		for i := 0; d.More(); i++ {
			if i > 0 {
				to.WriteByte(',')
			}
			if err := copyValue(d, to, names); err != nil {
				return err
			}
		}
		to.WriteByte(']')
		_, err = d.Token()
		return err
	case json.Delim('{'):
		to.WriteByte('{')
		for i := 0; d.More(); i++ {
			if i > 0 {
				to.WriteByte(',')
			}
			if err := copyMember(d, to, names); err != nil {
				return err
			}
		}
		to.WriteByte('}')
		_, err = d.Token()
		return err
	}
	return write(to, token)
}

func copyMember(d *json.Decoder, to *bytes.Buffer, names map[string]string) error {
	key, err := d.Token()
	if err != nil {
		return err
	}
	var value bytes.Buffer
	if err := copyValue(d, &value, names); err != nil {
		return err
	}
	if name, ok := names[key.(string)]; ok {
		if err := write(to, name); err != nil {
			return err
		}
		to.WriteByte(':')
		to.Write(value.Bytes())
		to.WriteByte(',')
	}
	if err := write(to, key); err != nil {
		return err
	}
	to.WriteByte(':')
	to.Write(value.Bytes())
	return nil
}

func write(to *bytes.Buffer, v any) error {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
