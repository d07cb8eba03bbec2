package synth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
	"github.com/uaibench/uaibench/synth/table"
)

// Files returns the catalogue of the user's own files, which find locates. A file is read once per
// set of parameters. Tables of ADBench are known without being present.
func Files(ctx context.Context, find *source.Finder) *bench.FileCatalog {
	c := &described{ctx: ctx, find: find, known: map[string]description{},
		byRef: map[string]bench.DatasetInfo{}}
	return &bench.FileCatalog{
		Info: bench.DatasetInfo{ID: FileID, Doc: "a table of your own: uaibench init writes the entry",
			Source: ownFile, Version: fileVersion, Params: FileParams, Licence: ownFile,
			Citation: ownFile},
		Read: c.read, Of: c.of,
	}
}

// described are the files described so far.
type described struct {
	ctx   context.Context
	find  *source.Finder
	mu    sync.Mutex
	known map[string]description
	byRef map[string]bench.DatasetInfo // by contentKey
}

type description struct {
	info bench.DatasetInfo
	at   string
	errs []error
}

func (c *described) read(folder, path string, given map[string]any) (bench.DatasetInfo, string,
	[]error) {
	text, err := json.Marshal([]any{folder, path, given})
	if err != nil {
		panic("synth: " + err.Error())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	d, ok := c.known[string(text)]
	if !ok {
		d = c.describe(folder, path, given)
		c.known[string(text)] = d
		if d.errs == nil {
			c.byRef[contentKey(d.info.Raw[0].SHA256, given)] = d.info
		}
	}
	return d.info, d.at, d.errs
}

func (c *described) of(ref bench.DatasetRef) (bench.DatasetInfo, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(ref.Raw) != 1 {
		return bench.DatasetInfo{}, false
	}
	info, ok := c.byRef[contentKey(ref.Raw[0], ref.Params)]
	return info, ok
}

// contentKey identifies a file's content and parameters.
func contentKey(sha256 string, params map[string]any) string {
	text, err := json.Marshal(params)
	if err != nil {
		panic("synth: " + err.Error())
	}
	return sha256 + " " + string(text)
}

func (c *described) describe(folder, path string, given map[string]any) description {
	full, err := c.find.Resolve(folder, path)
	if err != nil {
		if info, ok := adbench(path, given); ok {
			return description{info: info, at: path}
		}
		return description{errs: []error{err}}
	}
	info, errs := File(c.ctx, c.find, full, given)
	for i, err := range errs {
		var unfit *table.Error
		if errors.As(err, &unfit) {
			return description{errs: problems(path, unfit)}
		}
		errs[i] = errors.New(strings.ReplaceAll(err.Error(), full, path))
	}
	if errs != nil {
		return description{errs: errs}
	}
	// A path beside the spec becomes absolute; one in the data folder is valid on any machine.
	at := path
	if beside := filepath.Join(folder, filepath.FromSlash(path)); beside == filepath.Clean(full) ||
		filepath.IsAbs(path) {
		if at, err = filepath.Abs(full); err != nil {
			return description{errs: []error{err}}
		}
	}
	return description{info: info, at: at}
}

// problems returns one error per problem of a file.
func problems(path string, e *table.Error) (errs []error) {
	for _, p := range e.List {
		errs = append(errs, fmt.Errorf("%s: %s", path, p))
	}
	if e.More > 0 {
		errs = append(errs, fmt.Errorf("%s: … and %s more", path, table.Group(int64(e.More))))
	}
	return errs
}

// adbench describes a table of ADBench that is not present, unless given has parameters that would
// change its columns or rows.
func adbench(file string, given map[string]any) (bench.DatasetInfo, bool) {
	if path.Dir(path.Clean(file)) != source.ADBench.ID {
		return bench.DatasetInfo{}, false
	}
	for _, p := range FileParams {
		v, set := given[p.Name]
		if set && p.Name != "scaling" && p.Name != "rows" && !reflect.DeepEqual(v, p.Default) {
			return bench.DatasetInfo{}, false
		}
	}
	i := slices.IndexFunc(source.ADBenchTables,
		func(t source.ADBenchTable) bool { return t.File.Name == path.Base(file) })
	if i < 0 {
		return bench.DatasetInfo{}, false
	}
	t := source.ADBenchTables[i]
	return ownInfo(t.File, t.Features, 0, 0, t.Rows, t.Anomalies, "y"), true
}
