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

// What the user brings: tables (id: file) and programs (id: exec).

// check makes the keys of a file the dataset's parameters, label among them, and title its name.
func (s *Dataset) check(d *decoder, n *node) bool {
	if s.ID != bench.FileID {
		d.refuseOwn(n, reflect.TypeFor[OwnFile](), "of a table of your own (id: file)")
		return true
	}
	d.require(n, "path", "the table's file, from the spec's folder")
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

// check gives a program a name where it has no label: that of its script.
func (m *Method) check(d *decoder, n *node) bool {
	if m.ID != bench.ProgramID {
		d.refuseOwn(n, reflect.TypeFor[OwnProgram](), "of a program of your own (id: exec)")
		return true
	}
	d.require(n, "command", "the program and its arguments, such as [python3, mine.py]")
	if m.Label == "" && d.cat.Program != nil {
		m.Label = d.cat.Program.Name(m.Command)
	}
	if at := d.where[&m.Label]; at != nil && strings.Contains(m.Label, ".") {
		d.fail(at, "a program's label has no dots, as sweep and --set write %s.NAME",
			strings.ReplaceAll(tree.Brief(m.Label), ".", "_"))
	}
	d.programs = append(d.programs, m.Label)
	for name, v := range m.Params {
		if slices.Contains(ownOfPrograms, name) {
			d.fail(v, "a program's parameter cannot be called %s, which is a key beside params", name)
		}
	}
	return true
}

// ownOfPrograms are what a program's cells have beside its parameters.
var ownOfPrograms = names(reflect.TypeFor[OwnProgram]())

// refuseOwn tells which keys of a mapping are for what the user brings alone.
func (d *decoder) refuseOwn(n *node, of reflect.Type, whose string) {
	for _, name := range names(of) {
		hint := map[string]string{"title": ": here the name is label"}[name]
		if v, ok := n.Get(name); ok {
			d.fail(v, "this key is %s%s", whose, hint)
		}
	}
}

// handle is the name by which sweeps, params and --set know an entry.
func (e *entry) handle() string {
	if e.ID == bench.ProgramID {
		return e.name()
	}
	return e.ID
}

// who is how messages speak of an entry.
func (e *entry) who() string {
	if e.ID == bench.FileID {
		return e.name()
	}
	return e.handle()
}

// program makes an entry one of a program of the user's own, whose parameters are those it is
// given.
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

// content identifies a file by what it holds, and what cannot be read by its place; it is empty for
// what is not the user's own.
func (e *entry) content() string {
	switch {
	case e.ID == bench.FileID && e.data != nil && len(e.data.Raw) > 0:
		return e.data.Raw[0].SHA256
	case e.ID == bench.FileID && e.data != nil, e.ID == bench.ProgramID && e.fixed == nil:
		return e.at.Path()
	}
	return ""
}

// brought is what the plan keeps of what the user brings; nil where that is nothing.
func (r *resolver) brought() *bench.OwnThings {
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

// describe reads a file of the user's own with each of its entry's combinations, and tells what
// stands against using it.
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

// unclear tells whether how a file is to be read is not known, as a key of its entry is wrong.
func (r *resolver) unclear(e *entry) bool {
	for _, v := range e.Params {
		if r.wrong[v] {
			return true
		}
	}
	return slices.ContainsFunc(ownOfFiles,
		func(name string) bool { return r.meant[meant{e.at, name}] })
}

// fileKey identifies the parameters of a file that decide what its rows are.
func fileKey(p bench.Params) string {
	rows := bench.Params{}
	for name, v := range p {
		if name != "rows" && name != "scaling" {
			rows[name] = v
		}
	}
	return jsonText(rows)
}
