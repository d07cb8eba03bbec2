// Package bench is the vocabulary that every part of uaibench shares, and Algorithm 1
// of "UaiNets: From Unsupervised to Active Deep Anomaly Detection" (ICLR 2019
// submission; "the paper" throughout).
//
// Data and methods are built above it, and meet in Run.
//
// # Dimensions
//
// Used in every package:
//
//	n  rows of the pool          d  features of a row
//	N  anomalies among the n     b  budget, audits in all
//	k  audits a round            C  classes given with the data (not the anomaly labels)
//
// # Glossary
//
//   - audit: the expert (the oracle) looks at one row and says whether it is an anomaly. The answer
//     is the row's label.
//   - budget b: the number of audits that a run may make.
//   - k: the number of audits a round; the paper's is 10, or 3 where there are fewer than 100
//     anomalies.
//   - round: the method trains with all labels so far, ranks the rows that were not audited, and the
//     best k of them are audited.
//   - cell: one method with all its parameters, on one dataset, with one seed. It is the unit of
//
// work,
//
//	  of resuming and of failing; its id is the hash of what determines its result.
//	- arm: a method in one configuration that is compared with another; its cells differ by their
//	  seeds alone.
//	- replicate: one of the cells that repeat the same arm and dataset: a pair of a data seed and a
//	  training seed. A method that draws nothing has as many replicates as there are data seeds.
//	- pool: the rows that may be audited, and that the method trains on.
//	- N, n: the anomalies of the pool, and its rows.
//	- l: the latent representation of a row, the last hidden layer of the base network (the
//	  autoencoder's code, the classifier's last hidden layer).
//	- s: the base score of a row, what the base network scores anomalies by without any label (the
//	  reconstruction error, the classifier's cross-entropy).
//	- s_uai: the score of the UAI layer, one sigmoid unit on l and s, trained with the labels.
//	- head: the score that rows are ranked by: base (s) or trained (s_uai).
//
// - cold start: the first rounds, the paper's first ten, in which s ranks although there are
// labels.
// - holdout split: the protocol of Table 3. Half of a dataset trains, the other half is flagged by
// a
//
//	  threshold, and nothing is audited. The training half is clean, dirty or contaminated.
//	- recall curve: found(j), the anomalies among the first j audits, as a share of N.
//	- area: the area under the recall curve up to b, of that of the list that begins with all N
//	  anomalies.
//	- checkpoint: a number of audits at which the model is frozen and probed: how it ranks all rows
//	  (the frozen ranking), what it flags of a test set, how l and s lie (the latent projection),
//	  which features drive its scores.
//
// - open point: something that the paper leaves open and a result may depend on. Each is a
// parameter
//
//	with a default.
//
// The open points:
//
//	U1   activation of the hidden layers
//	U2   activation of the latent layer
//	U3   activation of the decoder's output
//	U4   kind and size of the denoising autoencoder's input noise
//	U5   scaling of the input
//	U6   whether the reconstruction error is a sum or a mean over the features
//	U7   scale of s as an input of the UAI layer
//	U8   initial weights of the UAI layer
//	U9   which labelled rows a training step takes
//	U10  whether the cross-entropy is weighted by class
//	U11  weight of the cross-entropy beside the base loss, in the same or in alternate steps
//	U12  what ranks while the labels are all of one kind
//	U13  length of the cold start
//	U14  state of the UAI layer's optimiser at the first label
//	U15  whether a baseline ranks once or trains on and ranks anew, with equal compute
//	U16  whether the labelled rows have input noise
//	U17  whether the optimiser's state is kept between rounds
//	U18  whether the base loss goes on with audited anomalies
//	U19  whether the cross-entropy's gradient goes through l
//	U20  whether a round's steps minimise the base loss too, or the cross-entropy alone
//	U21  whether the cross-entropy has an optimiser of its own
package bench
