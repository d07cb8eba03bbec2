package spec

import (
	"cmp"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// The user's own datasets and methods: tables (id: file) and programs (id: exec).

// check moves a file's keys, label among them, to the dataset's parameters, and title to the label.
func (s *Dataset) check(d *decoder, n *node) bool {
	if s.ID != bench.FileID {
		d.refuseOwn(n, reflect.TypeFor[OwnFile](), "for a table of your own (id: file)")
		return true
	}
	d.require(n, "path", "the table's file, relative to the spec's folder")
	params := Params{}
	for _, name := range ownOfFiles {
		if v, ok := n.Get(name); ok {
			params[name] = v
			if _, both := s.Params[name]; both {
				d.fail(v, "it is under params too: leave one out")
			}
		}
	}
	maps.Copy(params, s.Params)
	s.Params, s.Label = params, s.Title
	return true
}

// ownOfFiles are the keys of a file that are its parameters.
var ownOfFiles = slices.DeleteFunc(append(names(reflect.TypeFor[OwnFile]()), "label"),
	func(name string) bool { return name == "path" || name == "title" })

// check gives a program without a label the name of its script.
func (m *Method) check(d *decoder, n *node) bool {
	if m.ID != bench.ProgramID {
		d.refuseOwn(n, reflect.TypeFor[OwnProgram](), "for a program of your own (id: exec)")
		return true
	}
	d.require(n, "command", "the program and its arguments, such as [python3, mine.py]")
	if m.Label == "" && d.cat.Program != nil {
		m.Label = d.cat.Program.Name(m.Command)
	}
	if at := d.where[&m.Label]; at != nil && strings.Contains(m.Label, ".") {
		d.fail(at, "a program's label cannot have dots: sweep and --set write %s.NAME",
			strings.ReplaceAll(tree.Brief(m.Label), ".", "_"))
	}
	d.programs = append(d.programs, m.Label)
	for name, v := range m.Params {
		if slices.Contains(ownOfPrograms, name) {
			d.fail(v, "a program's parameter cannot be called %s, which is a key of its entry", name)
		}
	}
	return true
}

// ownOfPrograms are the keys that a program's cells have in addition to its parameters.
var ownOfPrograms = names(reflect.TypeFor[OwnProgram]())

// refuseOwn reports keys that only the user's own files or programs may have.
func (d *decoder) refuseOwn(n *node, of reflect.Type, whose string) {
	for _, name := range names(of) {
		hint := map[string]string{"title": ": here the name is label"}[name]
		if v, ok := n.Get(name); ok {
			d.fail(v, "this key is only %s%s", whose, hint)
		}
	}
}

// handle returns the name of an entry in sweeps, params and --set.
func (e *entry) handle() string {
	if e.ID == bench.ProgramID {
		return e.name()
	}
	return e.ID
}

// who returns the name of an entry in messages.
func (e *entry) who() string {
	if e.ID == bench.FileID {
		return e.name()
	}
	return e.handle()
}

// program fills in the entry of a user's program; its parameters are those that the spec gives.
func (r *resolver) program(e *entry) {
	if _, taken := r.cat.Method(e.name()); taken {
		r.fail(e.at, "a program cannot be called %s, which is a method's id: give it a label",
			e.name())
	}
	for name, v := range e.Params {
		p := bench.Param{Name: name, Kind: bench.Any}
		if value, ok := r.param(v, p); ok {
			p.Default = value
		}
		e.known = append(e.known, p)
	}
	slices.SortFunc(e.known, func(a, b bench.Param) int { return strings.Compare(a.Name, b.Name) })
	if len(e.method.Command) == 0 {
		return
	}
	files, errs := r.cat.Program.Files(r.folder, e.method.Command, e.method.Files)
	at := cmp.Or(r.where[&e.method.Files], r.where[&e.method.Command])
	for _, err := range errs {
		r.fail(at, "%v", err)
	}
	e.fixed = bench.Params{"command": e.method.Command, "files": append([]string{}, files...),
		"env": append([]string{}, slices.Sorted(slices.Values(e.method.Env))...)}
}

// content identifies a file by its SHA-256, and a file or program that cannot be read by its path
// in the spec; it is "" for entries that are not the user's own.
func (e *entry) content() string {
	switch {
	case e.ID == bench.FileID && e.data != nil && len(e.data.Raw) > 0:
		return e.data.Raw[0].SHA256
	case e.ID == bench.FileID && e.data != nil, e.ID == bench.ProgramID && e.fixed == nil:
		return e.at.Path()
	}
	return ""
}

// ownThings returns the user's own files and programs for the plan; nil if there are none.
func (r *resolver) ownThings() *bench.OwnThings {
	out := &bench.OwnThings{Files: map[string]string{}, Names: r.own.Names}
	for _, p := range r.pools {
		if p.ID == bench.FileID {
			out.Files[p.content()] = r.own.Files[p.content()]
		}
	}
	if slices.ContainsFunc(r.methods, func(e *entry) bool { return e.ID == bench.ProgramID }) {
		out.Folder, _ = filepath.Abs(r.folder)
	}
	if len(out.Files) == 0 && out.Folder == "" {
		return nil
	}
	return out
}

// describe reads a user's file with each of its entry's combinations, and reports its errors.
func (r *resolver) describe(e *entry, combinations []combination) {
	path := e.dataset.Path
	e.unread = path == "" || r.unclear(e)
	if e.unread {
		return
	}
	for _, c := range combinations {
		key := fileKey(c.params)
		if _, ok := e.found[key]; ok {
			continue
		}
		info, at, errs := r.cat.File.Read(r.folder, path, c.params)
		for _, err := range errs {
			r.fail(r.where[&e.dataset.Path], "%v", err)
		}
		if e.unread = len(errs) > 0; e.unread {
			return
		}
		if len(e.found) == 0 {
			*e.data = info
			e.data.Rows = func(p bench.Params, seed uint64) (int, bool) {
				return e.found[fileKey(p)].Rows(p, seed)
			}
			e.data.Anomalies = func(p bench.Params, seed uint64) (int, bool) {
				return e.found[fileKey(p)].Anomalies(p, seed)
			}
		}
		e.found[key] = info
		r.own.Files[info.Raw[0].SHA256], r.own.Names[info.Raw[0].SHA256] = at, path
	}
}

// unclear reports whether a key for reading a file is wrong, so that it cannot be read.
func (r *resolver) unclear(e *entry) bool {
	for _, v := range e.Params {
		if r.wrong[v] {
			return true
		}
	}
	return slices.ContainsFunc(ownOfFiles,
		func(name string) bool { return r.meant[meant{e.at, name}] })
}

// fileKey identifies the table that a file is read as: its parameters other than rows and scaling.
func fileKey(p bench.Params) string {
	rows := bench.Params{}
	for name, v := range p {
		if name != "rows" && name != "scaling" {
			rows[name] = v
		}
	}
	return jsonText(rows)
}
