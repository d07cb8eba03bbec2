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

// KeepLooks writes what the aggregates looked at into a file, beside what was kept there before.
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
	// A line a claim: it is compared by line.
	data = []byte(strings.ReplaceAll(string(data), `},"`, "},\n\"") + "\n")
	if err := os.MkdirAll(filepath.Dir(path), atomicfile.DirMode); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}
