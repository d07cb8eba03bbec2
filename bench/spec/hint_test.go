package spec_test

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/spec"
)

// TestSweepHint checks that the message about several values where one belongs suggests a sweep,
// and that the message about an empty list does not.
func TestSweepHint(t *testing.T) {
	for k, hint := range map[string]string{
		"[3, 10]": "write sweep: {k: [3, 10]}",
		"[3]":     "write sweep: {k: [3]}",
		"[]":      "",
	} {
		text := "{version: 1, name: x, datasets: [mnist0], methods: [random], budget: 5, seeds: [1], k: " + k + "}"
		_, err := spec.Parse("x.yaml", []byte(text), catalog(), spec.Options{})
		if err == nil || strings.Contains(err.Error(), "sweep") != (hint != "") || !strings.Contains(err.Error(), hint) {
			t.Errorf("k: %s: %v, want %q", k, err, hint)
		}
	}
}
