// Package bench is the vocabulary that every part of uaibench shares, and Algorithm 1
// of "UaiNets: From Unsupervised to Active Deep Anomaly Detection" (ICLR 2019
// submission; "the paper" throughout).
//
// Legend of dimensions, used in every package:
//
//	n  rows of the pool          d  features of a row
//	N  anomalies among the n     b  budget, audits in all
//	k  audits a round            C  classes given with the data (not the anomaly labels)
//
// It imports nothing of this module. Data and methods are built above it, and meet in Run.
package bench
