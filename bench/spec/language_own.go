package spec

// The keys for the user's own tables and programs; see language.go.

// OwnFile is what a dataset with id file has: a table of your own. All but path and title are its
// parameters, which params and sweep (file.scaling) may set as well.
type OwnFile struct {
	// With id: file, the table's path, from the spec's folder or else the data folder: CSV, TSV
	// (also gzip), .npz, .mat or Parquet. uaibench init writes such an entry.
	// Example: fraud.csv
	Path string `json:"path,omitempty"`
	// With id: file, its name in the report. Default: the file's name.
	// Example: card payments
	Title string `json:"title,omitempty" jsonschema:"minLength=1"`
	// With id: file, the label's values that mean anomaly. Default: 1, true, anomaly, yes and o,
	// with 0, -1, false, nominal, normal, no, n and i for normal rows.
	// Example: [fraud, stolen]
	Anomaly *node `json:"anomaly,omitempty" value:"a value, or a list of these"`
	// With id: file, the column of a row's observed class, for methods that need one.
	// Example: merchant
	Class *node `json:"class,omitempty" value:"text"`
	// With id: file, columns to leave out.
	// Example: [id]
	Drop *node `json:"drop,omitempty" value:"text, or a list of these"`
	// With id: file, columns to replace by a column of 0 and 1 for each of their values.
	// Example: [city]
	Categorical *node `json:"categorical,omitempty" value:"text, or a list of these"`
	// With id: file, what to do with fields without a value: error; mean, take the column's mean;
	// drop, leave out their rows. Default: error.
	// Example: mean
	Missing *node `json:"missing,omitempty" value:"error, mean or drop"`
	// With id: file, whether text begins with the columns' names. Default: auto, which detects it.
	// Example: "yes"
	Header *node `json:"header,omitempty" value:"auto, yes or no"`
	// With id: file, how columns are scaled. Default: minmax, to [0, 1].
	// Example: zscore
	Scaling *node `json:"scaling,omitempty" value:"minmax, zscore or none"`
	// With id: file, how many rows to draw. Default: 0, all.
	// Example: 5000
	Rows *node `json:"rows,omitempty" value:"an integer from 0"`
}

// OwnProgram is what a method with id exec has: a program of your own, which speaks the protocol of
// package external. It is started only with --allow-exec. Its params are free: each name with its
// value, as it is handed over.
type OwnProgram struct {
	// With id: exec, the program and its arguments, started without a shell. Arguments that are
	// files in the spec's folder count as files. It runs in a folder of its own, deleted at its end.
	// Example: [python3, mine.py]
	Command []string `json:"command,omitempty" jsonschema:"minItems=1,maxItems=100"`
	// With id: exec, the files that the program consists of, from the spec's folder: changing one
	// makes other cells.
	// Example: [uaibench_client.py]
	Files []string `json:"files,omitempty" jsonschema:"maxItems=100,uniqueItems=true" form:"one"`
	// With id: exec, its environment besides PATH, TMPDIR, UAIBENCH_FOLDER (the spec's folder) and
	// the number of threads: NAME=value, or NAME to pass the variable on.
	// Example: [HOME, "PYTHONHASHSEED=0"]
	Env []string `json:"env,omitempty" jsonschema:"maxItems=100,uniqueItems=true" form:"one"`
}
