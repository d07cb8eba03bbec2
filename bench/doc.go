// Package bench has the types shared by all parts of uaibench, and Algorithm 1 of "UaiNets: From
// Unsupervised to Active Deep Anomaly Detection" (ICLR 2019 submission; "the paper" throughout).
//
// Datasets and methods are implemented in packages that import it; Run combines them.
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
//   - audit: the expert (the oracle) examines one row and decides whether it is an anomaly. The
//     answer is the row's label.
//   - budget b: the number of audits that a run may make.
//   - k: the number of audits a round; the paper's is 10, or 3 for datasets with fewer than 100
//     anomalies.
//   - round: the method trains with all labels so far and ranks the unaudited rows, of which the
//     best k are then audited.
//   - cell: one method with all its parameters, on one dataset, with one seed. It is the unit of
//     work, of resuming and of failing; its id is the hash of what determines its result.
//   - arm: a method in one configuration, compared with others; its cells differ only by their
//     seeds.
//   - replicate: one of the cells that repeat the same arm and dataset: a pair of a data seed and a
//     training seed. A method without randomness has one replicate for each data seed.
//   - pool: the rows that may be audited, and on which the method trains.
//   - N, n: the anomalies of the pool, and its rows.
//   - l: the latent representation of a row, the last hidden layer of the base network (the
//     autoencoder's code, the classifier's last hidden layer).
//   - s: the base score of a row, by which the base network scores anomalies without labels (the
//     reconstruction error, the classifier's cross-entropy).
//   - s_uai: the score of the UAI layer, one sigmoid unit on l and s, trained with the labels.
//   - head: the score by which rows are ranked: base (s) or trained (s_uai).
//   - cold start: the first rounds, the paper's first ten, in which rows are ranked by s although
//     there are labels.
//   - holdout split: the protocol of Table 3. The method trains on half of a dataset, a threshold
//     flags rows of the other half, and nothing is audited. The training half is clean, dirty or
//     contaminated.
//   - recall curve: found(j), the anomalies among the first j audits, as a share of N.
//   - area: the area under the recall curve up to b, divided by that of the list that begins with
//     all N anomalies.
//   - checkpoint: a number of audits at which the model is frozen and probed: how it ranks all rows
//     (the frozen ranking), what it flags of a test set, where rows lie by l and s (the latent
//     projection), which features drive its scores.
//   - open point: something that the paper does not specify and that results may depend on. Each is
//     a parameter with a default.
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
//	U11  weight of the cross-entropy against the base loss, in the same or in alternate steps
//	U12  which score ranks while the labels are all of one kind
//	U13  length of the cold start
//	U14  state of the UAI layer's optimiser at the first label
//	U15  whether a baseline ranks once, or trains on and ranks again with equal compute
//	U16  whether the labelled rows have input noise
//	U17  whether the optimiser's state is kept between rounds
//	U18  whether the base loss still includes audited anomalies
//	U19  whether the cross-entropy's gradient flows through l
//	U20  whether a round's steps minimise the base loss too, or only the cross-entropy
//	U21  whether the cross-entropy has an optimiser of its own
package bench
