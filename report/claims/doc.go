// Package claims judges the paper's claims by the measurements.
//
// The ledger (experiments/paper.yaml) has 57 sentences, each with its checks as data. A check
// compares arms on each of its datasets; the claim's rule (every, usually, most, …) sets how many
// of these comparisons must hold. Verdicts follow from package stats: they may change only at 5,
// 10, 20 and 40 replicates, each look spends its share of the error, and missing runs lower a
// claim's scope, never its verdict. No published number enters a measurement.
//
// It is built on four packages: ledger reads the checks, sample finds their values in runs, rule
// judges them, and calibrate estimates how reliable that is. A Judgement combines them and is
// rendered as tables, as a terminal screen and as a page.
package claims
