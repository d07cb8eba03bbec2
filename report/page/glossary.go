package page

// term is a technical term with its meaning here.
type term struct{ Word, Means string }

// glossary is listed at the end of a page, and its entries are tooltips at a term's first use in a
// section.
var glossary = []term{
	{"audit", "the expert examines one row and decides whether it is an anomaly"},
	{"budget", "b, the number of audits that a run may make"},
	{"round", "the method trains with all labels so far, and the best k rows are audited"},
	{"cell", "one method with all its parameters on one dataset with one seed"},
	{"arm", "a method in one configuration that is compared with another"},
	{"replicate", "one of the cells that repeat the same arm and dataset with other seeds"},
	{"pool", "the rows that may be audited, and that the method trains on"},
	{"N", "the number of anomalies in the pool"},
	{"n", "the number of rows of the pool; of a comparison, its seeds"},
	{"k", "audits a round"},
	{"l", "the latent representation of a row: the base network's last hidden layer"},
	{"s", "the base score of a row, before any label: reconstruction error or cross-entropy"},
	{"s_uai", "the score of the UAI layer: one sigmoid unit on l and s, trained with the labels"},
	{"F1 at N", "F1 with N rows flagged; precision and recall are then the same number"},
	{"area", "the area under the curve of anomalies found up to the budget, as a share of the " +
		"ideal list's"},
	{"win probability", "how often a run of the first finds more than one of the second; " +
		"ties count half"},
	{"open point", "something that the paper leaves open; each is a parameter with a default"},
	{"U1", "open point: activation of the hidden layers"},
	{"U2", "open point: activation of the latent layer"},
	{"U3", "open point: activation of the decoder's output"},
	{"U4", "open point: the denoising autoencoder's input noise"},
	{"U5", "open point: scaling of the input"},
	{"U6", "open point: whether the reconstruction error is a sum or a mean over the features"},
	{"U7", "open point: scale of s as an input of the UAI layer"},
	{"U8", "open point: initial weights of the UAI layer"},
	{"U9", "open point: which labelled rows a training step takes"},
	{"U10", "open point: whether the cross-entropy is weighted by class"},
	{"U11", "open point: weight of the cross-entropy against the base loss"},
	{"U12", "open point: which score ranks while the labels are all of one kind"},
	{"U13", "open point: length of the cold start"},
	{"U14", "open point: state of the UAI layer's optimiser at the first label"},
	{"U15", "open point: whether a baseline ranks once or trains on, with equal compute"},
	{"U16", "open point: whether the labelled rows have input noise"},
	{"U17", "open point: whether the optimiser's state is kept between rounds"},
	{"U18", "open point: whether the base loss still includes audited anomalies"},
	{"U19", "open point: whether the cross-entropy's gradient flows through l"},
	{"U20", "open point: whether rounds minimise both losses or only the cross-entropy"},
	{"U21", "open point: whether the UAI layer has an optimiser of its own"},
}
