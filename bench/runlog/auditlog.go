package runlog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// An audit log has one line per audit: an Audit as compact JSON. A run has up to half a million of
// them, so EncodeLog's form is read and written here by hand; every other spelling goes through
// encoding/json, with the same result.

// The keys of a line, in order.
var auditKeys = [...]string{
	`{"i":`, `,"call":`, `,"rank":`, `,"row":`, `,"score":`, `,"head":"`, `","label":`,
	`,"truth":`, `,"found":`,
}

// EncodeLog returns the audit log's form on disk: one compact line per audit. A score that is NaN
// or infinite is an error.
func EncodeLog(queries []Audit) ([]byte, error) {
	out := make([]byte, 0, 110*len(queries))
	for _, q := range queries {
		if math.IsNaN(q.Score) || math.IsInf(q.Score, 0) || !plainWord(q.Head) {
			line, err := slowLine(q)
			if err != nil {
				return nil, fmt.Errorf("audit %d: %w", q.Number, err)
			}
			out = append(out, line...)
			continue
		}
		out = append(appendAudit(out, q), '\n')
	}
	return out, nil
}

// slowLine returns a line as encoding/json writes it.
func slowLine(q Audit) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(q)
	return b.Bytes(), err
}

func appendAudit(b []byte, q Audit) []byte {
	for i, v := range [...]int{q.Number, q.Call, q.Rank, q.Row} {
		b = strconv.AppendInt(append(b, auditKeys[i]...), int64(v), 10)
	}
	b = appendFloat(append(b, auditKeys[4]...), q.Score)
	b = append(append(b, auditKeys[5]...), q.Head...)
	b = strconv.AppendBool(append(b, auditKeys[6]...), q.Label)
	b = strconv.AppendBool(append(b, auditKeys[7]...), q.Truth)
	b = strconv.AppendInt(append(b, auditKeys[8]...), int64(q.Found), 10)
	return append(b, '}')
}

// appendFloat appends a finite number as encoding/json does, in ES6's number format.
func appendFloat(b []byte, v float64) []byte {
	if abs := math.Abs(v); abs == 0 || abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	b = strconv.AppendFloat(b, v, 'e', -1, 64)
	if n := len(b); n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// plainWord reports whether s has only the letters a to z, so that JSON quotes it as it is.
func plainWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// DecodeLog decodes an audit log; path is its name in errors. An empty log is nil.
func DecodeLog(path string, data []byte) ([]Audit, error) {
	out := make([]Audit, 0, bytes.Count(data, []byte("\n")))
	for line := 1; len(data) > 0; line++ {
		text, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return nil, fmt.Errorf("%s:%d: the last line is cut off", path, line)
		}
		q, plain := decodeAudit(text)
		if !plain {
			q = Audit{}
			if err := json.Unmarshal(text, &q); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, line, err)
			}
		}
		out, data = append(out, q), rest
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// decodeAudit decodes a line in the form that appendAudit writes; ok is false for any other form.
func decodeAudit(line []byte) (q Audit, ok bool) {
	r := auditReader{rest: line, ok: true}
	q.Number = r.int(auditKeys[0], ',')
	q.Call = r.int(auditKeys[1], ',')
	q.Rank = r.int(auditKeys[2], ',')
	q.Row = r.int(auditKeys[3], ',')
	q.Score = r.float(auditKeys[4])
	q.Head = r.word(auditKeys[5])
	q.Label = r.bool(auditKeys[6])
	q.Truth = r.bool(auditKeys[7])
	q.Found = r.int(auditKeys[8], '}')
	return q, r.ok && string(r.rest) == "}"
}

// auditReader parses a line; ok turns false where the line is in another form.
type auditReader struct {
	rest []byte
	ok   bool
}

// token returns the bytes between a key and the byte that ends its value.
func (r *auditReader) token(key string, end byte) []byte {
	if !r.ok || len(r.rest) < len(key) || string(r.rest[:len(key)]) != key {
		r.ok = false
		return nil
	}
	r.rest = r.rest[len(key):]
	n := bytes.IndexByte(r.rest, end)
	if n < 0 {
		r.ok = false
		return nil
	}
	var token []byte
	token, r.rest = r.rest[:n], r.rest[n:]
	return token
}

func (r *auditReader) int(key string, end byte) int {
	token := r.token(key, end)
	v, err := strconv.Atoi(string(token))
	var again [20]byte
	r.ok = r.ok && err == nil && string(strconv.AppendInt(again[:0], int64(v), 10)) == string(token)
	return v
}

func (r *auditReader) float(key string) float64 {
	token := r.token(key, ',')
	v, err := strconv.ParseFloat(string(token), 64)
	var again [32]byte
	r.ok = r.ok && err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) &&
		string(appendFloat(again[:0], v)) == string(token)
	return v
}

func (r *auditReader) word(key string) string {
	token := r.token(key, '"')
	for _, known := range [...]string{"base", "trained"} {
		if string(token) == known {
			return known // no allocation per line
		}
	}
	r.ok = false
	return ""
}

func (r *auditReader) bool(key string) bool {
	token := r.token(key, ',')
	r.ok = r.ok && (string(token) == "true" || string(token) == "false")
	return string(token) == "true"
}
