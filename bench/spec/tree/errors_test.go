package tree

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	valid := []string{"dae", "dae_uai", "class", "class_uai", "random", "k", "checkpoints"}
	for name, want := range map[string]string{
		"dae_ui": "dae_uai", "dae-uai": "dae_uai", "DAE": "dae", "clas": "class", "classs": "class", "radnom": "random", "class_aui": "class_uai",
		"K": "k", "kk": "", "x": "", "": "", "forest": "", "svm": "", "chekpoint": "checkpoints", strings.Repeat("dae", 1000): "",
	} {
		if got := Nearest(name, valid); got != want {
			t.Errorf("nearest to %.20q is %q, want %q", name, got, want)
		}
	}
}
