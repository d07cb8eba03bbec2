package lint

// Erratum is a known inconsistency of the paper.
type Erratum struct {
	N     int      `json:"n"`
	What  string   `json:"what"`
	Rules []string `json:"rules,omitempty"` // that find it
	Why   string   `json:"why,omitempty"`   // why no rule finds it, or not all of it
}

// Errata are all known inconsistencies, whether a rule finds them or not.
var Errata = []Erratum{
	{1, "Table 1: the statistics of Arrhythmia and Thyroid are under each other's name; the " +
		"F1 rows do not", []string{"exchanged-statistics"}, ""},
	{2, "Table 3: GADMM for DAGMM", []string{"unknown-method"}, ""},
	{3, "MNIST-hard: 3.3 % in the text, 3.5 % in Table 2", []string{"text-against-table"}, ""},
	{4, "MNIST0-2: 4.1 % in the text, 4.2 % in Table 2; MNIST-pca's 5 % are 4.99 %",
		[]string{"text-against-table"}, "4.99 % is correctly rounded to 5 %"},
	{5, "CTG: 22 features printed, 21 in the source", []string{"source-features"}, ""},
	{6, "Covtype: 0.960 % printed as 0.9 %", []string{"percent-of-counts"}, ""},
	{7, "KDDCUP: 34 continuous features and seven one-hot ones give 121, not 120",
		[]string{"one-hot"}, ""},
	{8, "Thyroid's 531 and KDDCUP-Rev's 4,000 labels are both called about 10 % of the dataset",
		[]string{"share-of-dataset"}, ""},
	{9, "Table 3, DAE_uai on KDDCUP-Rev: precision, recall and F1 differ although the budget is " +
		"the number of anomalies", []string{"prf-equal"}, ""},
	{10, "The cold start uses up abalone's whole budget, and two thirds of ctg's",
		[]string{"cold-start"},
		"that ctg's gain too must come from the base score is not a contradiction: it needs runs"},
	{11, "“Similar or better than the best baselines on the 11 datasets”: not on thyroid, " +
		"creditcard, covtype", []string{"sentence"}, ""},
	{12, "“Lower standard deviation than the baselines in almost all datasets”: on three of " +
		"four a baseline has a lower one", []string{"sentence"}, ""},
	{13, "Tree-AAD's means on thyroid and arrhythmia are not means of five runs",
		[]string{"mean-of-runs"},
		"DAGMM's rows fit other numbers of runs, but its test halves are not printed"},
	{14, "36 attack types in the test set, of which 20 are new: the file has 37, and not every " +
		"type of the training set recurs", nil,
		"16 and 20 add up to 36: only the file itself shows otherwise"},
	{15, "Figure 4's caption: “anomalies in training set” are the test anomalies of types seen " +
		"in training", nil, "wording"},
	{16, "Algorithm 1 overshoots the budget if k does not divide it", []string{"overshoot"}, ""},
	{17, "DAE's score approximates the inverse probability, which s(x) = 1/p(x) is already", nil,
		"wording, without effect"},
	{18, "Theorem 2's bound is called tight; Theorem 1's proof presumes the prior that it " +
		"discusses", nil, "proofs: see uaibench theory"},
	{19, "DAGMM is called semi-supervised, and also trained dirty; the dirty runs' test set is " +
		"not described", nil, "a gap, not a contradiction"},
	{20, "The UaiNets train 100 more steps a round than their static baselines", nil, "protocol"},
	{21, "Lost decimal points and debris of the text extraction", nil,
		"not the paper's: corrected in the file that is read"},
	{22, "Table 3, DAGMM* (0 %) on KDDCUP-Rev: 0.1553 around 0.9391 is not a deviation of five " +
		"runs between 0 and 1; seven can have it", []string{"deviation-of-runs"}, ""},
}
