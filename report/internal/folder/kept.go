package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/atomicfile"
)

// listName is the file, beside the report, that lists the report's files. Other files in its
// folders are not the report's.
const listName = ".report.json"

// list is the content of listName.
type list struct {
	Of    string   `json:"of"`    // the report's subject; files of another are removed
	Files []string `json:"files"` // below the folder, with slashes
}

// Settle ends the writing of a report, whose subject of identifies. Files of an earlier report that
// this one did not write are removed: all if its subject was another one, else those in the formats
// requested now. Files that no report wrote are kept.
func (f *Folder) Settle(of string) error {
	now := list{Of: of}
	for _, made := range f.Paths {
		name, err := filepath.Rel(f.Dir, made)
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		now.Files = append(now.Files, filepath.ToSlash(name))
	}
	before := readList(f.Dir)
	for _, name := range before.Files {
		format := strings.TrimPrefix(filepath.Ext(name), ".")
		switch {
		case slices.Contains(now.Files, name):
		case before.Of == of && !f.Requested(format):
			now.Files = append(now.Files, name)
		default:
			if err := remove(f.Dir, name); err != nil {
				return err
			}
		}
	}
	slices.Sort(now.Files)
	data, err := json.MarshalIndent(now, "", "  ")
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(f.Dir, listName), append(data, '\n')); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Drop removes the report in a folder unless its subject is of.
func Drop(dir, of string) error {
	before := readList(dir)
	if len(before.Files) == 0 || before.Of == of {
		return nil
	}
	for _, name := range before.Files {
		if err := remove(dir, name); err != nil {
			return err
		}
	}
	return remove(dir, listName)
}

// readList reads the list in a folder; it is empty if missing or invalid.
func readList(dir string) (l list) {
	data, err := os.ReadFile(filepath.Join(dir, listName))
	if err != nil || json.Unmarshal(data, &l) != nil {
		return list{}
	}
	return l
}

// remove removes a file below a folder. The list may have been tampered with, so only files in the
// places of reports are removed.
func remove(dir, name string) error {
	name = path.Clean(name)
	folder, file := path.Split(name)
	report := folder == "plots/" || folder == "tables/" ||
		name == listName || name == "report.html" || name == "report.md"
	if !report || file == "" {
		return nil
	}
	err := os.Remove(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// writeFile creates the folder, and writes the file atomically.
func writeFile(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), atomicfile.DirMode); err != nil {
		return err
	}
	return atomicfile.Write(file, data)
}
