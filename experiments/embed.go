// Package experiments hands the committed specs to the command, so that `uaibench run demo` works
// from any folder.
package experiments

import "embed"

// Ledger is paper.yaml: what the paper says, and how each sentence is checked. It is among Specs,
// but is none.
//
//go:embed paper.yaml
var Ledger []byte

// Printed is paper_as_printed.yaml: the paper's tables, uncorrected.
//
//go:embed paper_as_printed.yaml
var Printed []byte

// Specs are the YAML files of this folder.
//
//go:embed *.yaml
var Specs embed.FS
