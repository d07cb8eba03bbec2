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
)

// BaselineFile lies in a folder of nights and says which one is the baseline.
const BaselineFile = "baseline.json"

// Accepted is the night that somebody made the baseline.
type Accepted struct {
	Night  string `json:"night"`
	Digest string `json:"digest"` // of its results
	Reason string `json:"reason,omitempty"`
}

// find gives the place of the accepted night among runs; of nothing, the first one's.
func (a *Accepted) find(runs []*runlog.Run) (int, error) {
	if a == nil {
		return 0, nil
	}
	i := slices.IndexFunc(runs, func(r *runlog.Run) bool { return Name(r) == a.Night })
	switch {
	case i < 0:
		return 0, fmt.Errorf("%s names the night %s, which is not there: accept another one with "+
			"uaibench accept", BaselineFile, a.Night)
	case runs[i].Digest() != a.Digest:
		return 0, fmt.Errorf("%s: the results of %s are not those that were accepted: accept them "+
			"again with uaibench accept", BaselineFile, a.Night)
	}
	return i, nil
}

// Paths of the runs and packs in a folder, in the order of their names. Hidden ones do not count.
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

// ReadAccepted reads what was accepted in a folder; nil if nothing was.
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
		return nil, fmt.Errorf("%s does not name a night (%v): write it anew with uaibench accept",
			path, err)
	}
	return &a, nil
}

// Accept makes a night of a folder its baseline. An empty name is the last one's.
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
			name := strings.TrimSuffix(filepath.Base(p), runlog.PackSuffix)
			names = append(names, name)
			return name == strings.TrimSuffix(filepath.Base(night), runlog.PackSuffix)
		})
		if i < 0 {
			return nil, fmt.Errorf("%s: there is no night %s; there are %s", folder, night,
				strings.Join(names, ", "))
		}
		path = paths[i]
	}
	run, err := runlog.Read(path)
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

// Read reads all nights of a folder, oldest first, and what was accepted.
func Read(folder string) ([]*runlog.Run, *Accepted, error) {
	accepted, err := ReadAccepted(folder)
	if err != nil {
		return nil, nil, err
	}
	paths, err := Paths(folder)
	if err != nil {
		return nil, nil, err
	}
	var runs []*runlog.Run
	for _, path := range paths {
		run, err := runlog.Read(path)
		if err != nil {
			return nil, nil, err
		}
		runs = append(runs, run)
	}
	return runs, accepted, nil
}

// Folders of nights: a folder itself, if it has runs or packs, and else those in it that have.
func Folders(folder string) ([]string, error) {
	paths, err := Paths(folder)
	if err != nil || len(paths) > 0 {
		return []string{folder}, err
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
		return nil, fmt.Errorf("%s: there are no nights: neither runs and packs nor folders of them",
			folder)
	}
	return out, nil
}
