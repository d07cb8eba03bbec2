// Package experiments hands the committed specs to the command, so that `uaibench run demo` works
// from any folder.
package experiments

import "embed"

// Specs are the YAML files of this folder.
//
//go:embed *.yaml
var Specs embed.FS
