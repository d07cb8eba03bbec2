package bench

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// LoopVersion is raised whenever Algorithm 1 or the metrics of a cell change their bytes.
const LoopVersion = 1

// Budget is a number of audits, or a rule that gives one when the dataset is built.
type Budget struct {
	Audits int    // 0: see Rule
	Rule   string // "", "anomalies" (N) or "all" (n)
}

// Resolve returns the number of audits for a pool of n rows with the given number of anomalies; it
// is an error if that is not in [1, n].
func (b Budget) Resolve(n, anomalies int) (int, error) {
	v := b.Audits
	switch b.Rule {
	case "":
	case "anomalies":
		v = anomalies
	case "all":
		v = n
	default:
		return 0, fmt.Errorf("budget %q is neither a number nor anomalies nor all", b.Rule)
	}
	if v < 1 || v > n {
		return 0, fmt.Errorf("budget is %d: it must be between 1 and the dataset's %d rows", v, n)
	}
	return v, nil
}

func (b Budget) String() string {
	if b.Rule != "" {
		return b.Rule
	}
	return fmt.Sprint(b.Audits)
}

// MarshalJSON encodes a number or the rule's name.
func (b Budget) MarshalJSON() ([]byte, error) {
	if b.Rule != "" {
		return json.Marshal(b.Rule)
	}
	return json.Marshal(b.Audits)
}

// UnmarshalJSON decodes the output of MarshalJSON.
func (b *Budget) UnmarshalJSON(data []byte) error {
	*b = Budget{}
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &b.Rule)
	}
	return json.Unmarshal(data, &b.Audits)
}

// K is the number of audits a round: a number, or the paper's rule (Sec. 4.2: 10, but 3 for
// datasets with fewer than 100 anomalies). Zero is DefaultK.
type K struct {
	Audits int // 0: by the rule
	Below  int // if the dataset has fewer anomalies than this …
	Then   int // … this number a round …
	Else   int // … else this one
}

// Resolve returns the number of audits a round for a dataset.
func (k K) Resolve(anomalies int) int {
	switch {
	case k == K{}:
		return DefaultK
	case k.Audits > 0:
		return k.Audits
	case anomalies < k.Below:
		return k.Then
	}
	return k.Else
}

func (k K) String() string {
	if k == (K{}) {
		return fmt.Sprint(DefaultK)
	}
	if k.Audits > 0 {
		return fmt.Sprint(k.Audits)
	}
	return fmt.Sprintf("%d below %d anomalies, else %d", k.Then, k.Below, k.Else)
}

type kRule struct {
	Below int `json:"if_anomalies_below"`
	Then  int `json:"then"`
	Else  int `json:"else"`
}

// MarshalJSON encodes a number, or the rule as an object.
func (k K) MarshalJSON() ([]byte, error) {
	if k.Audits > 0 {
		return json.Marshal(k.Audits)
	}
	return json.Marshal(kRule{k.Below, k.Then, k.Else})
}

// UnmarshalJSON decodes the output of MarshalJSON.
func (k *K) UnmarshalJSON(data []byte) error {
	*k = K{}
	if !bytes.HasPrefix(data, []byte("{")) {
		return json.Unmarshal(data, &k.Audits)
	}
	var r kRule
	err := json.Unmarshal(data, &r)
	k.Below, k.Then, k.Else = r.Below, r.Then, r.Else
	return err
}

// MethodRef is a method with all its parameters.
type MethodRef struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Params  Params `json:"params"`
}

// DatasetRef is a dataset's recipe: equal refs build equal bytes.
type DatasetRef struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Params  Params `json:"params"`
	// of the dataset's own draws; shared by all runs
	Seed uint64   `json:"seed"`
	Raw  []string `json:"raw"` // SHA-256 of each raw file
	// if not zero, Dataset is the training half and its Test the other one
	Split Split `json:"split,omitzero"`
}

// Source identifies the recipe's source: an id of the catalogue, or a user's file by its content.
func (r DatasetRef) Source() string {
	if r.ID == FileID {
		return r.ID + " " + strings.Join(r.Raw, " ")
	}
	return r.ID
}

// Key identifies the recipe.
func (r DatasetRef) Key() string { return digest(r) }

// Cell is one run of one method on one dataset with one seed: the unit of work, of resuming and of
// failing. It holds everything that determines its result, and nothing else.
type Cell struct {
	Dataset     DatasetRef `json:"dataset"`
	Method      MethodRef  `json:"method"`
	Seed        uint64     `json:"seed"`
	Budget      Budget     `json:"budget"`
	K           K          `json:"k"`
	Checkpoints []int      `json:"checkpoints,omitempty"`
	// probes at each checkpoint, in the order ProbeRanking, ProbeTestSet, ProbeProjection,
	// ProbeExplanations
	Probes []string `json:"look,omitempty"`
	Noise  Noise    `json:"oracle_noise,omitzero"`
	// for split datasets, where Budget, K and the other settings of audits are zero
	Threshold Threshold `json:"threshold,omitzero"`
	Loop      int       `json:"loop"` // LoopVersion
}

// HasHoldout reports whether the cell has a holdout split: it trains on one half of its dataset and
// is measured on the other, and nothing is audited.
func (c Cell) HasHoldout() bool { return c.Dataset.Split != (Split{}) }

// ID returns the hash of what determines the cell's result: 20 hexadecimal digits.
func (c Cell) ID() string { return digest(c)[:20] }

func digest(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("bench: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// PlannedCell is a cell with its labels.
type PlannedCell struct {
	ID   string `json:"id"`
	Cell Cell   `json:"cell"`
	// the curve's: the method's title or the spec's label
	Label   string    `json:"label"`
	Variant []Setting `json:"variant,omitempty"` // the swept values, in the sweep's order

	DatasetLabel string `json:"dataset_label,omitempty"` // the dataset's title or the spec's label
}

// Setting is one swept value: "k" = "3".
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SettingsText formats settings for readers: "k=3 hidden=[64,8]"; "" for none.
func SettingsText(list []Setting) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Name+"="+s.Value)
	}
	return strings.Join(out, " ")
}

// Plot is a plot that the spec asks for.
type Plot struct {
	Kind string `json:"kind"`            // "recall_curve"
	XMax int    `json:"x_max,omitempty"` // 0: the complete range
}

// Plan is a resolved spec: what to run and what to show.
type Plan struct {
	Name    string        `json:"name"`
	Title   string        `json:"title,omitempty"`
	Profile string        `json:"profile,omitempty"`
	Cells   []PlannedCell `json:"cells"`
	Plots   []Plot        `json:"plots,omitempty"`
	Tables  []string      `json:"tables,omitempty"`
	// label or id of the method with which the others are compared; "": all pairs
	Baseline string        `json:"baseline,omitempty"`
	Timeout  time.Duration `json:"timeout,omitempty"` // of a cell, in ns; 0: none

	// for a gate: the allowed drops of the means of found (as a share of N), f1, area or split_f1
	MaxDrop map[string]float64 `json:"max_drop,omitempty"`

	Own *OwnThings `json:"own,omitempty"` // nil: the plan has none
}

// OwnThings locates the user's own files and programs. No cell's id depends on it: files are
// identified by their content.
type OwnThings struct {
	// Files are the paths of the user's files, by the SHA-256 of their content (gzip undone): full
	// paths, or such as the data folder resolves.
	Files  map[string]string `json:"files,omitempty"`
	Folder string            `json:"folder,omitempty"` // in which the user's programs work

	// Names are the spec's paths of the files, by the same SHA-256. They are not saved: see
	// Portable.
	Names map[string]string `json:"-"`
}

// fullPath matches a full path of any system, not only of this one.
var fullPath = regexp.MustCompile(`^([/\\]|[A-Za-z]:[/\\])`)

// Portable returns o for files read on other machines; nil for nil. It has each file's path from
// the spec's folder, or the last element if the spec has a full path, and no folder. So it
// discloses none of this machine's folders, and is the same on every machine.
func (o *OwnThings) Portable() *OwnThings {
	if o == nil {
		return nil
	}
	out := &OwnThings{Files: map[string]string{}}
	for sum, name := range o.Files {
		if named, ok := o.Names[sum]; ok {
			name = named
		}
		if fullPath.MatchString(name) {
			name = name[strings.LastIndexAny(name, `/\`)+1:]
		}
		out.Files[sum] = path.Clean(filepath.ToSlash(name))
	}
	return out
}

// Digest returns the hash of the cells' ids, in their order.
func (p Plan) Digest() string {
	ids := make([]string, len(p.Cells))
	for i, c := range p.Cells {
		ids[i] = c.ID
	}
	return digest(ids)
}
