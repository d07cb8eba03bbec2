package runlog

import (
	"strings"
	"testing"
)

func TestBrokenAuditLog(t *testing.T) {
	for text, want := range map[string]string{
		"{\"i\":1}\n{\"i\":2":    "q.jsonl:2: the last line is cut off",
		"{\"i\":1}\n{\"i\":x}\n": "q.jsonl:2: invalid character",
		"\n":                     "q.jsonl:1: unexpected end",
	} {
		if _, err := DecodeLog("q.jsonl", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
