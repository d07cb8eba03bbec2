package main

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestFlagsOfPairsExist checks that the commands and flags in the rules exist: a rename would leave
// a rule without effect.
func TestFlagsOfPairsExist(t *testing.T) {
	a := &app{stdout: io.Discard, stderr: io.Discard}
	for _, rules := range []map[string][][2]string{contradictions, dependent} {
		for _, command := range slices.Sorted(maps.Keys(rules)) {
			c, rest, err := a.command().Find(strings.Fields(command))
			if err != nil || len(rest) > 0 {
				t.Errorf("there is no command %s", command)
				continue
			}
			for _, pair := range rules[command] {
				for _, name := range pair {
					if c.Flag(name) == nil {
						t.Errorf("%s has no flag %s", command, name)
					}
				}
			}
		}
	}
}
