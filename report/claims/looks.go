package claims

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/report/claims/rule"
)

// KeepLooks adds the looks of this judgement's aggregates to those kept in the file at path, which
// need not exist yet.
func (j *Judgement) KeepLooks(path string) error {
	kept, err := rule.ReadLookedFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if kept == nil {
		kept = rule.Looked{}
	}
	for i := range j.Claims {
		kept.Keep(&j.Claims[i].Row)
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	// One line per claim, so that the file can be compared line by line.
	data = []byte(strings.ReplaceAll(string(data), `},"`, "},\n\"") + "\n")
	if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}
