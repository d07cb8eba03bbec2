package bench

import "slices"

// MethodInfo is a method's entry in the catalogue.
type MethodInfo struct {
	ID      string
	Title   string // as the paper writes it
	Doc     string // one line
	Source  string // paper and section
	Version int    // raised whenever the method's bytes change
	Active  bool   // learns from audits
	Class   bool   // requires Data.Class
	// the method that ranks by the base score under this one's UAI layer; "": it has no UAI layer
	Over   string
	Flags  bool // has its own threshold (Flagger)
	Params []Param
	Counts []string // names of the work it counts (Counter)
	// Supports returns why the method, with these resolved parameters, does not support a probe
	// (Probe…), or nil if it does. If Supports is nil, the method supports the probes that all
	// methods do: ProbeRanking and ProbeTestSet.
	Supports func(p Params, look string) error `json:"-"`
}

// RawFile is a file from which a dataset is built, identified by its uncompressed content: Name,
// SHA256 and Bytes are of that.
type RawFile struct {
	Name   string
	SHA256 string // hex
	Bytes  int64
	// SHA-256 of the compressed file as published, for comparison by people; "" if unknown or not
	// compressed
	Packed string
}

// DatasetInfo is a dataset's entry in the catalogue, known without its data.
type DatasetInfo struct {
	ID       string
	Title    string // as the paper writes it
	Doc      string // one line
	Source   string // paper and section
	Version  int    // the builder's: raised whenever the built bytes change
	Features int    // with the default parameters
	Classes  int    // 0: no class labels
	// Approximate share of its numbers that are 0 with the default parameters: networks are faster
	// on sparse rows
	Zeros float64
	// Approximate share of its rows that equal no earlier one, the only ones that scorers score; 0:
	// all
	Distinct float64
	TestSet  bool // has a test set (Dataset.Test) if it is not split
	Raw      []RawFile
	Params   []Param
	// Rows is an upper bound for n, and n itself where exact is true, for resolved params and the
	// dataset's seed.
	Rows func(p Params, seed uint64) (n int, exact bool) `json:"-"`
	// Anomalies is the number of anomalies for resolved params and the dataset's seed, if known
	// without the data; nil: it never is.
	Anomalies func(p Params, seed uint64) (n int, known bool) `json:"-"`
	// Published are the paper's numbers (Tables 1, 2 and 4), for comparison only; 0 where it gives
	// none.
	Published struct{ Rows, Anomalies int }
	// Halves are the paper's values for the holdout split; 0 where it gives none.
	Halves struct {
		// Flagged share of a test half: that of anomalies, as Tables 1, 2 and 4 round it
		Ratio         float64
		Contamination float64 // Table 3's, between clean and dirty
	}

	// Fitted are the choices about the dataset that were made to reproduce a number in the paper:
	// claims about that number hold by construction.
	Fitted []Fit `json:",omitempty"`

	// For readers; nothing depends on them.
	AnomalyIs string   // what counts as an anomaly
	Differs   string   // how and why the data differs from the paper's; "" if it does not
	Licence   string   // of the raw files
	Citation  string   // whom to cite for the raw files
	URLs      []string // public pages or files where the raw files come from
}

// Fit is a choice that was fitted to a number in the paper.
type Fit struct {
	Param string // the parameter concerned; "": it applies with any parameters
	Value any    // the value of Param with which it applies; nil: any
	Split bool   // it matters only in the half-split protocol
	Is    string // the choice, as the subject of a sentence
	To    string // the printed number and its source
}

// FittedWith returns the fits that apply with these resolved parameters, for a dataset that is
// split or not.
func (d DatasetInfo) FittedWith(p Params, split bool) []Fit {
	var out []Fit
	all := Complete(d.Params, p)
	for _, f := range d.Fitted {
		if (split || !f.Split) &&
			(f.Param == "" || f.Value == nil || show(all[f.Param]) == show(f.Value)) {
			out = append(out, f)
		}
	}
	return out
}

// Catalog lists the datasets and methods that a spec may name.
type Catalog struct {
	Datasets []DatasetInfo
	Methods  []MethodInfo

	File    *FileCatalog    // nil: specs cannot name the user's own files
	Program *ProgramCatalog // nil: nor programs
}

// The ids of the user's own files and programs, which the catalogue does not list.
const (
	FileID    = "file" // of a dataset
	ProgramID = "exec" // of a method
)

// FileCatalog describes datasets that are the user's own files.
type FileCatalog struct {
	Info DatasetInfo // common to all files: parameters and version, but no rows
	// Read describes the file that a spec in folder calls path, read with the spec's parameters. at
	// is the file's location, for OwnThings. Every problem with the file is an error of its own.
	Read func(folder, path string, given map[string]any) (info DatasetInfo, at string, errs []error)
	// Of describes a file that Read has read, by its recipe.
	Of func(ref DatasetRef) (DatasetInfo, bool)
}

// ProgramCatalog describes methods that are the user's own programs.
type ProgramCatalog struct {
	Info MethodInfo // common to all programs
	// Name derives the name of a program without a label from its command line.
	Name func(command []string) string
	// Files identifies the files of a program in folder: those named, and the arguments of the
	// command line that are files. Each is NAME=SHA-256; they are sorted. Nothing is started.
	Files func(folder string, command, named []string) (files []string, errs []error)
}

// Dataset returns the entry of an id, which may be FileID.
func (c Catalog) Dataset(id string) (DatasetInfo, bool) {
	if id == FileID && c.File != nil {
		return c.File.Info, true
	}
	i := slices.IndexFunc(c.Datasets, func(d DatasetInfo) bool { return d.ID == id })
	if i < 0 {
		return DatasetInfo{}, false
	}
	return c.Datasets[i], true
}

// Of returns the description of a recipe's dataset: of a file, what was read, if known; else the
// entry of its id.
func (c Catalog) Of(ref DatasetRef) (DatasetInfo, bool) {
	if ref.ID == FileID && c.File != nil {
		if info, ok := c.File.Of(ref); ok {
			return info, true
		}
	}
	return c.Dataset(ref.ID)
}

// Method returns the entry of an id, which may be ProgramID.
func (c Catalog) Method(id string) (MethodInfo, bool) {
	if id == ProgramID && c.Program != nil {
		return c.Program.Info, true
	}
	i := slices.IndexFunc(c.Methods, func(m MethodInfo) bool { return m.ID == id })
	if i < 0 {
		return MethodInfo{}, false
	}
	return c.Methods[i], true
}
