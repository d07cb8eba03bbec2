// Package ensemble implements the paper's active rivals and their bases: the isolation forest (Liu,
// Ting and Zhou 2008), LODA (Pevny 2016), and active anomaly discovery (AAD; Das et al. 2016,
// 2018), which learns the weight of each tree leaf or projection from audits. The settings and
// their sources are those of the authors' code (ad_examples) with its script of 2018.
//
// Both ensembles have the same form here. Each of T members (trees, projections) assigns a row to
// one of its slots (leaves, histogram bins), so a row is T codes of 16 bits, computed once; the
// contributions of a member's slots are a table that all rows share, and scoring is one pass of
// look-ups over the codes.
//
// Legend: T members, m weights of AAD, H labelled rows, A and O its anomalies and nominals.
package ensemble
