package source

import (
	"fmt"

	"github.com/uaibench/uaibench/bench"
)

const (
	uci  = "CC BY 4.0 (UCI Machine Learning Repository)"
	odds = "Rayana: ODDS Library. Stony Brook University, 2016"
	aad  = "Das, Wong, Dietterich, Fern, Emmott: Incorporating Expert Feedback into Active " +
		"Anomaly Discovery. ICDM 2016"
	aadFiles = "`uaibench data import PATH` imports the file %s of the public repository " +
		"github.com/shubhomoydas/ad_examples (folder ad_examples/datasets/anomaly), whose " +
		"selection of rows it is"
)

// tableSets are the sets with one table each, and KDD99.
var tableSets = []*Set{KDD99, Thyroid, Arrhythmia, Abalone, Yeast, CTG, Shuttle, Covtype,
	Mammography, CreditCard}

// numbered returns the names prefix1, …, prefixn, for a table whose author gave none.
func numbered(prefix string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(prefix, i+1)
	}
	return out
}

// Thyroid is ODDS's selection of the UCI ann-thyroid training rows.
var Thyroid = &Set{
	ID: "thyroid", Title: "Thyroid (ODDS)",
	Files: []bench.RawFile{{Name: "thyroid.mat", Bytes: 39704,
		SHA256: "49155d7861b977e90808faf68343ff67a67f63090c2744d514dbb67ac68e7e33"}},
	Twins: []bench.RawFile{{Name: "thyroid.csv", Bytes: 351403,
		SHA256: "5770ee13efca997f072725fe5102b2db017c94ba1f77d761acd5ac6cdbba020a",
		Packed: "883763ecc02e6e4692696fd0450487d9bc9c969f73d0e5975936df0fefac9612"}},
	Table: &Format{Columns: numbered("x", 6), Label: "label", Rows: 3772, Anomalies: 93},
	Pages: []string{"https://odds.cs.stonybrook.edu/thyroid-disease-dataset/",
		"https://archive.ics.uci.edu/dataset/102/thyroid+disease"},
	Licence:  uci + "; ODDS asks to be cited",
	Citation: odds + "; Quinlan: Thyroid Disease. UCI Machine Learning Repository, 1987",
	bare:     true,
}

// Arrhythmia is ODDS's selection of columns of UCI Arrhythmia.
var Arrhythmia = &Set{
	ID: "arrhythmia", Title: "Arrhythmia (ODDS)",
	Files: []bench.RawFile{{Name: "arrhythmia.mat", Bytes: 105540,
		SHA256: "e4d47e499591ae31e5d7f0cd983367092353eac240f48e14c9b36457edb3460d"}},
	Twins: []bench.RawFile{{Name: "arrhythmia.csv", Bytes: 362037,
		SHA256: "23e64096e316150ac37396cc48b342f7db4dce31aac441cf6c69c897c938fe24",
		Packed: "5c289913d20ce4ea8143da9c57e845da5b499e953d336746b21040f05a08a771"}},
	Table: &Format{Columns: numbered("x", 274), Label: "label", Rows: 452, Anomalies: 66},
	Pages: []string{"https://odds.cs.stonybrook.edu/arrhythmia-dataset/",
		"https://archive.ics.uci.edu/dataset/5/arrhythmia"},
	Licence: uci + "; ODDS asks to be cited",
	Citation: odds + "; Guvenir, Acar, Muderrisoglu, Quinlan: Arrhythmia. UCI Machine Learning " +
		"Repository, 1997",
	bare: true,
}

// Abalone is the selection of UCI Abalone that Das et al. released.
var Abalone = &Set{
	ID: "abalone", Title: "Abalone",
	Files: []bench.RawFile{{Name: "abalone.csv", Bytes: 91437,
		SHA256: "e8045d98829056a1f113866c0eca8239cfc8ba12d91dfa60d33d695637968c0f",
		Packed: "69ac401b60d4e7f683ce9542dda18e62611257fd49af94003c5e089daa5867e7"}},
	Table: &Format{Columns: []string{"sex_M", "sex_I", "length", "diameter", "height",
		"whole_weight", "shucked_weight", "viscera_weight", "shell_weight"},
		Label: "label", Rows: 1920, Anomalies: 29},
	Pages:   []string{"https://archive.ics.uci.edu/dataset/1/abalone"},
	Other:   fmt.Sprintf(aadFiles, "abalone_1.csv"),
	Licence: uci,
	Citation: "Nash, Sellers, Talbot, Cawthorn, Ford: Abalone. UCI Machine Learning Repository, " +
		"1994; " + aad,
	bare: true,
}

// Yeast is the selection of UCI Yeast that Das et al. released.
var Yeast = &Set{
	ID: "yeast", Title: "Yeast",
	Files: []bench.RawFile{{Name: "yeast.csv", Bytes: 44638,
		SHA256: "09e6079f7b1d7e8959e8034fc2518620308311330064005f8085d4653f348d14",
		Packed: "848f9df72c9ee48ef3da10cdfc2689488784c6005a1d11f86d27c88273602039"}},
	Table: &Format{Columns: []string{"mcg", "gvh", "alm", "mit", "erl", "pox", "vac", "nuc"},
		Label: "label", Rows: 1191, Anomalies: 55},
	Pages:    []string{"https://archive.ics.uci.edu/dataset/110/yeast"},
	Other:    fmt.Sprintf(aadFiles, "yeast_1.csv"),
	Licence:  uci,
	Citation: "Nakai: Yeast. UCI Machine Learning Repository, 1991; " + aad,
	bare:     true,
}

// CTG is the selection of UCI Cardiotocography that Das et al. released.
var CTG = &Set{
	ID: "ctg", Title: "Cardiotocography",
	Files: []bench.RawFile{{Name: "cardiotocography.csv", Bytes: 147093,
		SHA256: "974f936453dc53c18de72143dd56d6cc2269c5c6476adfd9c8737986ddea7ac2",
		Packed: "1148b4ca10e7cddac9f5ab39fbf7432e8eab0c8e16d1730b8723f82ca207e810"}},
	Table: &Format{Columns: []string{"LB", "AC", "FM", "UC", "DL", "DS", "DP", "ASTV", "MSTV",
		"ALTV", "MLTV", "Width", "Min", "Max", "Nmax",
		"Nzeros", "Mode", "Mean", "Median", "Variance", "Tendency"}, Label: "label", Rows: 1700,
		Anomalies: 45},
	Pages:    []string{"https://archive.ics.uci.edu/dataset/193/cardiotocography"},
	Other:    fmt.Sprintf(aadFiles, "cardiotocography_1_1.csv"),
	Licence:  uci,
	Citation: "Campos, Bernardes: Cardiotocography. UCI Machine Learning Repository, 2010; " + aad,
	bare:     true,
}

// Shuttle is the selection of the UCI Shuttle test file that Das et al. released.
var Shuttle = &Set{
	ID: "shuttle", Title: "Shuttle",
	Files: []bench.RawFile{{Name: "shuttle.csv", Bytes: 326049,
		SHA256: "3cc9ca35e617806a13c40bbf5383f8d5fe4554ac8ae25648b92c7be61a02ffea",
		Packed: "77bd5de1d3bd20c7d0818db21b6fe5e4702d5133a96309cee4293674040a4496"}},
	Table:    &Format{Columns: numbered("A", 9), Label: "label", Rows: 12345, Anomalies: 867},
	Pages:    []string{"https://archive.ics.uci.edu/dataset/148/statlog+shuttle"},
	Other:    fmt.Sprintf(aadFiles, "shuttle_1v23567_1.csv"),
	Licence:  uci,
	Citation: "Statlog (Shuttle). UCI Machine Learning Repository; " + aad,
	bare:     true,
}

// Covtype is the rows of cover types 2 and 4 of UCI Covertype, in its order.
var Covtype = &Set{
	ID: "covtype", Title: "Covertype",
	Files: []bench.RawFile{{Name: "covtype.csv", Bytes: 37039324,
		SHA256: "f116fbb2776a0dbf38ad03739905c8bc60b984de98066afc22910310d7682f9b",
		Packed: "1cfe741fcdf35e58fa4f59aa0f63d66c04029a3b5b4955a2dd981f3f4e8d20e2"}},
	Table: &Format{Columns: append(append([]string{"Elevation", "Aspect", "Slope",
		"Horizontal_Distance_To_Hydrology",
		"Vertical_Distance_To_Hydrology", "Horizontal_Distance_To_Roadways", "Hillshade_9am",
		"Hillshade_Noon", "Hillshade_3pm",
		"Horizontal_Distance_To_Fire_Points"}, numbered("Wilderness_Area", 4)...),
		numbered("Soil_Type", 40)...),
		Label: "label", Rows: 286048, Anomalies: 2747},
	Pages: []string{"https://archive.ics.uci.edu/dataset/31/covertype"},
	Other: "`uaibench data import PATH` imports UCI's covtype.data or covtype.data.gz " +
		"(https://archive.ics.uci.edu/dataset/31/covertype)",
	Licence:  uci,
	Citation: "Blackard: Covertype. UCI Machine Learning Repository, 1998",
	bare:     true,
}

// Mammography is ODDS's file, converted to decimal text.
var Mammography = &Set{
	ID: "mmg", Title: "Mammography (ODDS)",
	Files: []bench.RawFile{{Name: "mammography.csv", Bytes: 794640,
		SHA256: "63816c2f211b2e3d489e5384b12f6499f77dea6856509ba8a20feb133c3dcfd5",
		Packed: "3f9803a5cef8fe78b1e81011e304f08eec0a070c18e49bbaf30a31986920a525"}},
	Table: &Format{Columns: numbered("x", 6), Label: "label", Rows: 11183, Anomalies: 260},
	Pages: []string{"https://odds.cs.stonybrook.edu/mammography-dataset/",
		"https://www.openml.org/d/310"},
	Other: "`uaibench data import PATH` imports ODDS's mammography.mat " +
		"(https://odds.cs.stonybrook.edu/mammography-dataset/)",
	Licence: "not stated by ODDS; public on OpenML",
	Citation: "Woods, Doss, Bowyer, Solka, Priebe, Kegelmeyer: Comparative evaluation of pattern " +
		"recognition techniques for detection of microcalcifications in mammography. IJPRAI " +
		"7(6), 1993; " + odds,
	bare: true,
}

// CreditCard is Kaggle's unmodified file.
var CreditCard = &Set{
	ID: "creditcard", Title: "Credit Card Fraud (Kaggle)",
	Files: []bench.RawFile{{Name: "creditcard.csv", Bytes: 150828752,
		SHA256: "76274b691b16a6c49d3f159c883398e03ccd6d1ee12d9d8ee38f4b4b98551a89"}},
	Table: &Format{Columns: append(append([]string{"Time"}, numbered("V", 28)...), "Amount"),
		Label: "Class", Rows: 284807, Anomalies: 492},
	StandIns: []StandIn{{Name: "creditcard_partial.csv",
		SHA256: "cbd0ae27ce6530991de863e580419ab2547305aafd68df50874a0e7e54df7a5e",
		Why: "is a stand-in with all 492 frauds but 12,918 of 284,315 normal rows (3.7% " +
			"anomalies, not 0.17%): results on it are not results on Credit Card, so it is not " +
			"used"}},
	URLs:  []string{"https://storage.googleapis.com/download.tensorflow.org/data/"},
	Plain: true,
	Pages: []string{"https://www.kaggle.com/datasets/mlg-ulb/creditcardfraud"},
	Other: "https://www.kaggle.com/datasets/mlg-ulb/creditcardfraud has it: unpack " +
		"creditcard.csv",
	Licence: "Database Contents License (DbCL) 1.0",
	Citation: "Dal Pozzolo, Caelen, Johnson, Bontempi: Calibrating probability with " +
		"undersampling for unbalanced classification. CIDM 2015",
	bare: true,
}
