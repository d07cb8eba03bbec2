package main

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"unicode"
)

// printJSON writes v with indents. Keys are in snake case: a field of a struct that has no key of
// its own stands under its name in snake case and, for this version still, under the name itself
// ("anomaly_is" and "AnomalyIs").
func printJSON(w io.Writer, v any) error {
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

// untagged collects the fields without a key of their own of a type and of all below it, with their
// names in snake case.
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
				names[f.Name] = snake(f.Name)
			}
			untagged(f.Type, names, seen)
		}
	}
}

// snake is a Go name in snake case: AnomalyIs is anomaly_is, SHA256 sha256, URLs urls.
func snake(name string) string {
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

// copyValue copies the next value, with both keys for each of names.
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
