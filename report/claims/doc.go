// Package claims judges what was measured by what the paper says.
//
// The ledger (experiments/paper.yaml) has 57 sentences, each with its checks as data. A check is a
// comparison of arms on each of its datasets; what a claim's word asks of its comparisons (every,
// usually, most, …) is its rule. Verdicts follow from package stats: they may change at 5, 10, 20
// and 40 replicates alone, each look spends its share of the error, and what was not run lowers a
// claim's scope and never its verdict. No published number flows into a measured one.
//
// It is built of four rooms, each learnable alone: ledger is the language of the checks, sample finds
// their values in runs, rule judges them, calibrate says how far to trust that. Here a Judgement puts
// them together, and is rendered: as tables, as a screen, as a page.
package claims
