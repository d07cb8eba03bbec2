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

// Where on this machine lies what the user brings is in local.json, beside the plan, which has but
// names for it (bench.OwnThings.Portable). No pack has it: a pack tells nobody the folders of who
// made it, and two machines make the same plan. Without it, or where it is wrong, files are looked
// for by their names.

// writeLocal keeps where own things lie; nil: there are none.
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

// located is what a plan has of own things, with the paths that this machine's local.json gives.
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

// Located is what the run's plan has of own things, with paths on this machine where they are known.
func (f *Files) Located(own *bench.OwnThings) *bench.OwnThings { return located(f.from, own) }

// portablePlan is a plan file without the folders of this machine, which older versions kept in it.
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
