package runlog

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"

	"github.com/uaibench/uaibench/bench"
)

// local.json holds the paths of the user's own files on this machine. The plan beside it has only
// their names (bench.OwnThings.Portable), so two machines make the same plan. Packs leave
// local.json out, so that they do not reveal the folders of whoever made them. Without it, or if it
// cannot be decoded, files are looked up by their names.

// writeLocal writes own to local.json; nil removes the file.
func writeLocal(dir string, own *bench.OwnThings) error {
	file := filepath.Join(dir, LocalName)
	if own == nil {
		if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := Encode(own)
	if err != nil {
		return err
	}
	return replaceFile(file, data)
}

// located returns own with the paths that this machine's local.json has.
func located(from store, own *bench.OwnThings) *bench.OwnThings {
	var local bench.OwnThings
	if own == nil || decodeFile(from, LocalName, &local) != nil {
		return own
	}
	out := &bench.OwnThings{Files: maps.Clone(own.Files), Folder: own.Folder, Names: own.Files}
	if local.Folder != "" {
		out.Folder = local.Folder
	}
	for sum := range out.Files {
		if path, ok := local.Files[sum]; ok {
			out.Files[sum] = path
		}
	}
	return out
}

// Located returns a plan's own things with their paths on this machine where these are known.
func (f *Files) Located(own *bench.OwnThings) *bench.OwnThings { return located(f.from, own) }

// portablePlan returns a plan file without this machine's folders, which older versions kept in it;
// name is the file's name in errors.
func portablePlan(name string, data []byte) ([]byte, error) {
	var plan PlanFile
	if err := decode(name, data, &plan); err != nil {
		return nil, err
	}
	own := plan.Plan.Own.Portable()
	if reflect.DeepEqual(own, plan.Plan.Own) {
		return data, nil
	}
	plan.Plan.Own = own
	if plan.Seal != "" {
		var err error
		if plan.Seal, err = plan.ComputeSeal(); err != nil {
			return nil, err
		}
	}
	return Encode(plan)
}
