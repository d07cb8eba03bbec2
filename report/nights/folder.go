package nights

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
)

// BaselineFile, in a folder of nights, names the baseline.
const BaselineFile = "baseline.json"

// Accepted is the night that was accepted as the baseline.
type Accepted struct {
	Night  string `json:"night"`
	Digest string `json:"digest"` // of its results
	Reason string `json:"reason,omitempty"`
}

// find returns the index of the accepted night among runs; 0 for a nil Accepted.
func (a *Accepted) find(runs []*runlog.Run) (int, error) {
	if a == nil {
		return 0, nil
	}
	i := slices.IndexFunc(runs, func(r *runlog.Run) bool { return Name(r) == a.Night })
	switch {
	case i < 0:
		return 0, fmt.Errorf("%s names the night %s, which does not exist: accept another one "+
			"with uaibench accept", BaselineFile, a.Night)
	case runs[i].Digest() != a.Digest:
		return 0, fmt.Errorf("%s: the results of %s are not those that were accepted: accept them "+
			"again with uaibench accept", BaselineFile, a.Night)
	}
	return i, nil
}

// Paths returns the runs and packs in a folder, in the order of their names, except hidden ones.
func Paths(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		_, err := os.Stat(filepath.Join(path, "plan.json"))
		isRun := err == nil || strings.HasSuffix(path, runlog.PackSuffix)
		if isRun && !strings.HasPrefix(e.Name(), ".") {
			out = append(out, path)
		}
	}
	return out, nil
}

// ReadAccepted reads the accepted night of a folder; nil if there is none.
func ReadAccepted(folder string) (*Accepted, error) {
	path := filepath.Join(folder, BaselineFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var a Accepted
	if err := json.Unmarshal(data, &a); err != nil || a.Night == "" {
		return nil, fmt.Errorf("%s does not name a night (%v): rewrite it with uaibench accept",
			path, err)
	}
	return &a, nil
}

// Accept makes a night of a folder its baseline. An empty name means the last night.
func Accept(folder, night, reason string) (*Accepted, error) {
	paths, err := Paths(folder)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: there is no run or pack to accept", folder)
	}
	path := paths[len(paths)-1]
	if night != "" {
		var names []string
		i := slices.IndexFunc(paths, func(p string) bool {
			names = append(names, nameOf(p))
			return nameOf(p) == nameOf(night)
		})
		if i < 0 {
			return nil, fmt.Errorf("%s: there is no night %s; there are %s", folder, night,
				strings.Join(names, ", "))
		}
		path = paths[i]
	}
	run, err := runlog.Read(path)
	if err != nil && night == "" && len(paths) > 1 {
		return nil, fmt.Errorf("the last night, %s, cannot be read: name the one to accept, such "+
			"as %s: %w", nameOf(path), nameOf(paths[len(paths)-2]), err)
	}
	if err != nil {
		return nil, err
	}
	a := &Accepted{Night: Name(run), Digest: run.Digest(), Reason: reason}
	data, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return nil, err
	}
	return a, atomicfile.Write(filepath.Join(folder, BaselineFile), append(data, '\n'))
}

// Read reads all nights of a folder, and the accepted one. Nights that cannot be read are listed in
// f.Unreadable and are no error.
func Read(folder string) (f *Folder, err error) {
	f = &Folder{}
	if f.Accepted, err = ReadAccepted(folder); err != nil {
		return nil, err
	}
	paths, err := Paths(folder)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		f.Add(path)
	}
	return f, nil
}

// Folder is the content of a folder of nights.
type Folder struct {
	Runs       []*runlog.Run // oldest first
	Unreadable []Unreadable
	Accepted   *Accepted // nil: none
}

// Unreadable is a night whose run or pack exists but cannot be read.
type Unreadable struct {
	Night string `json:"night"`
	Error string `json:"error"`
	// Last is whether no later night can be read.
	Last bool `json:"last"`

	before int // number of readable nights before it
	path   string
	err    error
}

// Add reads the run or pack at path as the last night, even if it is already in the folder.
func (f *Folder) Add(path string) {
	if i := slices.IndexFunc(f.Runs,
		func(r *runlog.Run) bool { return sameFile(r.Path, path) }); i >= 0 {
		f.Runs = slices.Delete(f.Runs, i, i+1)
		for j := range f.Unreadable {
			if f.Unreadable[j].before > i {
				f.Unreadable[j].before--
			}
		}
	}
	f.Unreadable = slices.DeleteFunc(f.Unreadable,
		func(u Unreadable) bool { return sameFile(u.path, path) })
	run, err := runlog.Read(path)
	if err != nil {
		f.Unreadable = append(f.Unreadable, Unreadable{Night: nameOf(path), Error: err.Error(),
			Last: true, before: len(f.Runs), path: path, err: err})
		return
	}
	f.Runs = append(f.Runs, run)
	for i := range f.Unreadable {
		f.Unreadable[i].Last = false
	}
}

func sameFile(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// Err returns an error with every unreadable night and its reason, or nil if there is none.
func (f *Folder) Err() error {
	var errs []error
	for _, u := range f.Unreadable {
		errs = append(errs, fmt.Errorf("the night %s cannot be read: %w", u.Night, u.err))
	}
	return errors.Join(errs...)
}

// Judge judges the readable nights, of which there must be at least one; see the function Judge.
// The story lists the others.
func (f *Folder) Judge(s compare.Settings) (*Story, error) {
	i := slices.IndexFunc(f.Unreadable,
		func(u Unreadable) bool { return f.Accepted != nil && u.Night == f.Accepted.Night })
	if i >= 0 {
		return nil, fmt.Errorf("the baseline %s cannot be read, so no night can be judged: "+
			"restore it, or accept another night with uaibench accept: %w", f.Accepted.Night,
			f.Unreadable[i].err)
	}
	story, err := Judge(f.Runs, f.Accepted, s)
	if err != nil {
		return nil, err
	}
	story.Unreadable = f.Unreadable
	return story, nil
}

// Folders returns the folders of nights: folder itself if it has runs or packs, else its subfolders
// that have.
func Folders(folder string) ([]string, error) {
	paths, err := Paths(folder)
	if err != nil {
		return nil, err
	}
	if len(paths) > 0 {
		return []string{folder}, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		dir := filepath.Join(folder, e.Name())
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		paths, err := Paths(dir)
		if err != nil {
			return nil, err
		}
		if len(paths) > 0 {
			out = append(out, dir)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no nights: neither runs or packs nor folders of them",
			folder)
	}
	return out, nil
}
