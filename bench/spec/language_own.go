package spec

// The keys for the user's own tables and programs; see language.go.

// OwnFile is what a dataset with id file has: a table of your own. All but path and title are its
// parameters, which params and sweep (file.scaling) may set as well.
type OwnFile struct {
	// Of id: file, where the table is, from the spec's folder or else the data folder: CSV, TSV
	// (also gzip), .npz, .mat or Parquet. uaibench init writes such an entry.
	// Example: fraud.csv
	Path string `json:"path,omitempty"`
	// Of id: file, its name in the report. Default: the file's.
	// Example: card payments
	Title string `json:"title,omitempty" jsonschema:"minLength=1"`
	// Of id: file, the label's values that are anomalies. Default: 1, true, anomaly, yes and o,
	// beside 0, -1, false, nominal, normal, no, n and i.
	// Example: [fraud, stolen]
	Anomaly *node `json:"anomaly,omitempty" value:"a value, or a list of these"`
	// Of id: file, the column of the class that is observed with a row, for methods that need one.
	// Example: merchant
	Class *node `json:"class,omitempty" value:"text"`
	// Of id: file, columns that are left out.
	// Example: [id]
	Drop *node `json:"drop,omitempty" value:"text, or a list of these"`
	// Of id: file, columns that become a column of 0 and 1 for each of their values.
	// Example: [city]
	Categorical *node `json:"categorical,omitempty" value:"text, or a list of these"`
	// Of id: file, what becomes of fields without a value: error; mean, the mean of their column;
	// drop, their rows are left out. Default: error.
	// Example: mean
	Missing *node `json:"missing,omitempty" value:"error, mean or drop"`
	// Of id: file, whether text begins with the columns' names. Default: auto, which looks.
	// Example: "yes"
	Header *node `json:"header,omitempty" value:"auto, yes or no"`
	// Of id: file, how columns are scaled. Default: minmax, to [0, 1].
	// Example: zscore
	Scaling *node `json:"scaling,omitempty" value:"minmax, zscore or none"`
	// Of id: file, how many rows are drawn. Default: 0, all.
	// Example: 5000
	Rows *node `json:"rows,omitempty" value:"an integer from 0"`
}

// OwnProgram is what a method with id exec has: a program of your own, which speaks the protocol of
// package external. It is started only with --allow-exec. Its params are free: each name with its
// value, as it is handed over.
type OwnProgram struct {
	// Of id: exec, the program and its arguments, without a shell. Arguments that are files in the
	// spec's folder belong to files; it works in a folder of its own, which goes when it ends.
	// Example: [python3, mine.py]
	Command []string `json:"command,omitempty" jsonschema:"minItems=1,maxItems=100"`
	// Of id: exec, the files that it is made of, from the spec's folder: a change of one makes
	// other cells.
	// Example: [uaibench_client.py]
	Files []string `json:"files,omitempty" jsonschema:"maxItems=100,uniqueItems=true" form:"one"`
	// Of id: exec, its environment beside PATH, TMPDIR, UAIBENCH_FOLDER (the spec's folder) and the
	// number of threads: NAME=value, or NAME to hand that one over.
	// Example: [HOME, "PYTHONHASHSEED=0"]
	Env []string `json:"env,omitempty" jsonschema:"maxItems=100,uniqueItems=true" form:"one"`
}
