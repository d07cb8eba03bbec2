package runlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Encode returns v's canonical form on disk: indented JSON in the order of its fields (and of map
// keys), with a newline at the end.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decode decodes JSON; path is its name in errors, which give the line and the byte.
func decode(path string, data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if err == nil {
		return nil
	}
	offset := int64(-1)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = e.Offset
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = e.Offset
	}
	if offset < 0 || offset > int64(len(data)) {
		return fmt.Errorf("%s: %w", path, err)
	}
	// the offset is just past the error
	line := 1 + bytes.Count(data[:max(offset-1, 0)], []byte("\n"))
	return fmt.Errorf("%s:%d: byte %d of %d: %w", path, line, offset, len(data), err)
}

func decodeFile(from store, name string, v any) error {
	data, err := from.read(name)
	if err != nil {
		return err
	}
	return decode(from.path(name), data, v)
}
