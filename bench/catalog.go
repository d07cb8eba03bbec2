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
	Class   bool   // needs Data.Class
	// the method that ranks by the base below this one's UAI layer; "": there is no such layer
	Over   string
	Flags  bool // has a threshold of its own (Flagger)
	Params []Param
	Counts []string // names of the work that it counts (Counter)
	// Shows says why the method, with these resolved parameters, cannot be looked at in some way
	// (Look…); nil: it can. A method without it can be looked at as any can: LookTail and LookTest.
	Supports func(p Params, look string) error `json:"-"`
}

// RawFile is a file that a dataset is built from. Name, SHA-256 and size are those of its
// uncompressed content, which is what identifies it.
type RawFile struct {
	Name   string
	SHA256 string // hex
	Bytes  int64
	// SHA-256 of the compressed file as its publisher hands it out, for comparison by people; "" if
	// unknown or not compressed
	Packed string
}

// DatasetInfo is a dataset's entry in the catalogue. It is known without any data.
type DatasetInfo struct {
	ID       string
	Title    string // as the paper writes it
	Doc      string // one line
	Source   string // paper and section
	Version  int    // of the builder: raised whenever the built bytes change
	Features int    // with the default parameters
	Classes  int    // 0: there are no class labels
	// Share of its numbers that are 0 with the default parameters, about: networks that see few
	// others are faster
	Zeros float64
	// Share of its rows that equal no earlier one, about; 0: all. A scorer looks at those alone
	Distinct float64
	TestSet  bool // comes with a test set (Dataset.Test) where it is not split
	Raw      []RawFile
	Params   []Param
	// Rows is an upper bound for n, and n itself where exact is true, for resolved params and the
	// dataset's seed.
	Rows func(p Params, seed uint64) (n int, exact bool) `json:"-"`
	// Anomalies is the number of anomalies for resolved params and the dataset's seed, where it is
	// known without the data; nil: it never is.
	Anomalies func(p Params, seed uint64) (n int, known bool) `json:"-"`
	// Published are the paper's numbers (Tables 1, 2 and 4), for comparison only; 0 where it gives
	// none.
	Published struct{ Rows, Anomalies int }
	// Halves are what the holdout split takes from the paper; 0 where it gives nothing.
	Halves struct {
		// Share of a test half that is flagged: that of anomalies, as Tables 1, 2 and 4 round it
		Ratio         float64
		Contamination float64 // Table 3's, between clean and dirty
	}

	// Fitted says what of the dataset was chosen so that a number comes out that the paper prints:
	// what is claimed of that number holds by construction.
	Fitted []Fit `json:",omitempty"`

	// For people; nothing depends on them.
	AnomalyIs string   // what counts as an anomaly
	Differs   string   // where the data is not as the paper prints it, and why; "" if it is
	Licence   string   // of the raw files
	Citation  string   // whom to cite for the raw files
	URLs      []string // public pages or files where the raw files come from
}

// Fit is something that was fitted to a number that the paper prints.
type Fit struct {
	Param string // the parameter that it belongs to; "": it holds with any parameters
	Value any    // of Param, with which it holds; nil: with any
	Split bool   // it matters in the half-split protocol alone
	Is    string // what was fitted, for a sentence that begins with it
	To    string // the printed number, and where it stands
}

// FittedWith are the fits that hold with these resolved parameters, of a dataset that is split or
// not.
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

// Catalog is what a spec may name.
type Catalog struct {
	Datasets []DatasetInfo
	Methods  []MethodInfo

	File    *FileCatalog    // nil: a spec may name no file of the user's own
	Program *ProgramCatalog // nil: nor a program
}

// The ids of what the user brings. The catalogue does not list them: what there is to say of them
// depends on the file and on the program.
const (
	FileID    = "file" // of a dataset
	ProgramID = "exec" // of a method
)

// FileCatalog knows datasets that are files of the user's own.
type FileCatalog struct {
	Info DatasetInfo // what holds of all of them: parameters and version, but no rows
	// Read describes the file that a spec in a folder means by a path, read with the parameters
	// that the spec gives. at is where the file lies, for OwnThings. All that stands against using
	// it comes as one error each.
	Read func(folder, path string, given map[string]any) (info DatasetInfo, at string, errs []error)
	// Of describes what Read has read, by its recipe.
	Of func(ref DatasetRef) (DatasetInfo, bool)
}

// ProgramCatalog knows methods that are programs of the user's own.
type ProgramCatalog struct {
	Info MethodInfo // what holds of all of them
	// Name is what a program is called by its command line, where nobody gives it a label.
	Name func(command []string) string
	// Files identifies the files that a program in a folder is made of: those that are named, and
	// the arguments of its command line that are files. Each is NAME=SHA-256, and they are sorted.
	// Nothing is started.
	Files func(folder string, command, named []string) (files []string, errs []error)
}

// Dataset returns the entry of an id.
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

// Of returns what is known of a recipe's dataset: the entry of its id or, of a file that a spec
// named, what was read.
func (c Catalog) Of(ref DatasetRef) (DatasetInfo, bool) {
	if ref.ID == FileID && c.File != nil {
		if info, ok := c.File.Of(ref); ok {
			return info, true
		}
	}
	return c.Dataset(ref.ID)
}

// Method returns the entry of an id.
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
