package runlog

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// someRun has two done cells, a failed one and a planned one, and one of an earlier plan.
func someRun(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "some")
	w := open(t, dir, testPlan(5))
	finish(t, w, testPlan(5).Cells[4])
	w.Close()
	plan := testPlan(4)
	w = open(t, dir, plan)
	finish(t, w, plan.Cells[0])
	fail(t, w, plan.Cells[1], Failed, "it broke")
	fail(t, w, plan.Cells[2], TimedOut, "too slow")
	finish(t, w, plan.Cells[2])
	w.Close()
	return dir
}

func packed(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x"+PackSuffix)
	if _, err := Pack(dir, file); err != nil {
		t.Fatal(err)
	}
	return file
}

func bytesOf(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPackIsTheRun(t *testing.T) {
	dir := someRun(t)
	want, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x"+PackSuffix)
	p, err := Pack(dir, file)
	if err != nil {
		t.Fatal(err)
	}
	if p.Planned != 4 || p.Packed != 3 || p.NotInPlan != 1 || p.Bytes != int64(len(bytesOf(t, file))) {
		t.Errorf("%+v", p)
	}
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Options{cmpopts.IgnoreFields(Run{}, "Path", "NotInPlan"), cmpopts.IgnoreUnexported(Run{})}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Error(diff)
	}
	if got.NotInPlan != 0 || got.Digest() != want.Digest() {
		t.Errorf("%d cells not in the plan, digest %s, want %s", got.NotInPlan, got.Digest(), want.Digest())
	}
	a, err1 := want.Cells[2].Audits(want)
	b, err2 := got.Cells[2].Audits(got)
	if diff := cmp.Diff(a, b); err1 != nil || err2 != nil || diff != "" {
		t.Error(err1, err2, diff)
	}
	if _, err := got.Cells[1].Audits(got); err == nil {
		t.Error("a failed cell has an audit log")
	}

	// The same run gives the same bytes: from another folder, at another time, from a pack.
	twin := filepath.Join(t.TempDir(), "twin")
	if err := os.CopyFS(twin, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{twin, file} {
		if !bytes.Equal(bytesOf(t, packed(t, root)), bytesOf(t, file)) {
			t.Errorf("%s packs to other bytes", root)
		}
	}
	// tar unpacks it to a run directory.
	out := filepath.Join(t.TempDir(), "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("tar", "xzf", file, "-C", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, msg)
	}
	w := open(t, out, testPlan(4))
	if len(w.Damaged) != 0 || w.Status(testPlan(4).Cells[2].ID).State != Done {
		t.Error("a run does not go on from what tar made of a pack")
	}
}

func TestPackRefusesDamage(t *testing.T) {
	dir := someRun(t)
	if err := edit(cellDir(dir, testPlan(4).Cells[0].ID), ResultName, `"audited": 3`, `"audited": 4`); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x"+PackSuffix)
	if _, err := Pack(dir, file); err == nil || !strings.Contains(err.Error(), "result.json has changed") {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a pack was written")
	}
}

func TestPackPath(t *testing.T) {
	for root, want := range map[string]string{"runs/a": "runs/a.tar.gz", "runs/a/": "runs/a.tar.gz", "a.tar.gz": "a.tar.gz"} {
		if got := PackPath(root); got != want {
			t.Errorf("%s: %s, want %s", root, got, want)
		}
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("here", os.DirFS(someRun(t))); err != nil {
		t.Fatal(err)
	}
	if _, err := Pack("here", "here.tar.gz"); err != nil { // a name without a folder
		t.Error(err)
	}
}

type entry struct {
	tar.Header
	data string
}

func file(name, data string) entry {
	return entry{tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(data))}, data}
}

func tarball(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		if err := w.WriteHeader(&e.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An invalid or hostile file is refused with the reason, and nothing of it is written to disk.
func TestHostilePacks(t *testing.T) {
	id := testPlan(1).Cells[0].ID
	whole := bytesOf(t, packed(t, someRun(t)))
	link := func(kind byte) entry {
		return entry{tar.Header{Name: "plan.json", Typeflag: kind, Linkname: "/etc/passwd"}, ""}
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":               {nil, "neither a run directory nor a pack"},
		"text":                {[]byte("version: 1\n"), "neither a run directory nor a pack"},
		"not a tar":           {gzipped(t, strings.Repeat("x", 2000)), "damaged"},
		"no plan":             {tarball(t, file("env.json", "[]")), "has no plan.json"},
		"no file":             {tarball(t), "has no plan.json"},
		"parent":              {tarball(t, file("../plan.json", "{}")), `"../plan.json", which is not a file of a run`},
		"parent within":       {tarball(t, file("cells/../plan.json", "{}")), "which is not a file of a run"},
		"absolute":            {tarball(t, file("/plan.json", "{}")), "which is not a file of a run"},
		"other file":          {tarball(t, file("cells/"+id+"/.bashrc", "")), "which is not a file of a run"},
		"other cell":          {tarball(t, file("cells/x/status.json", "")), "which is not a file of a run"},
		"line break":          {tarball(t, file("plan.json\n", "{}")), "which is not a file of a run"},
		"link":                {tarball(t, link(tar.TypeSymlink)), "not a plain file"},
		"hard link":           {tarball(t, link(tar.TypeLink)), "not a plain file"},
		"device":              {tarball(t, link(tar.TypeChar)), "not a plain file"},
		"folder":              {tarball(t, entry{tar.Header{Name: "elsewhere/", Typeflag: tar.TypeDir}, ""}), "not a folder of a run"},
		"a folder alone":      {tarball(t, entry{tar.Header{Name: "cells/", Typeflag: tar.TypeDir}, ""}), "has no plan.json"},
		"parent of a folder":  {tarball(t, entry{tar.Header{Name: "./../", Typeflag: tar.TypeDir}, ""}), "not a folder of a run"},
		"by hand, with more":  {tarball(t, file("./report.html", "")), `"./report.html", which is not a file of a run`},
		"by hand, twice":      {tarball(t, file("./plan.json", ""), file("plan.json", "{}")), "plan.json twice"},
		"twice":               {tarball(t, file("plan.json", ""), file("plan.json", "{}")), "plan.json twice"},
		"truncated":           {whole[:len(whole)/2], "cut off"},
		"truncated at end":    {whole[:len(whole)-4], "cut off"},
		"flipped":             {flipped, "damaged"},
		"goes on":             {append(bytes.Clone(whole), whole...), "data after the pack's end"},
		"tar goes on":         {gzipped(t, gunzipped(t, whole)+"more"), "data after its end"},
		"another format":      {tarball(t, file("plan.json", `{"format": 99}`)), "format 99"},
		"nested far too deep": {tarball(t, file("plan.json", strings.Repeat("[", 1<<20))), "plan.json"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x"+PackSuffix)
			if err := os.WriteFile(file, c.data, 0o644); err != nil {
				t.Fatal(err)
			}
			run, err := Read(file)
			if run != nil || err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%v, want %q and the file's name", err, c.want)
			}
		})
	}
}

// Decompression stops at the limit, wherever in the file the bytes are.
func TestPackBombs(t *testing.T) {
	big := strings.Repeat("\x00", 3<<20)
	for name, data := range map[string][]byte{
		"a large file":   tarball(t, file("plan.json", big)),
		"after its end":  gzipped(t, gunzipped(t, tarball(t, file("plan.json", "{}")))+big),
		"a false header": gzipped(t, header(t, "plan.json", 1<<32)+big),
	} {
		if _, err := readPack(bytes.NewReader(data), 1<<20); err == nil || !strings.Contains(err.Error(), "too large") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A header with a larger size than the data takes no memory for it.
	promise := gzipped(t, header(t, "plan.json", maxFile))
	if n := testing.AllocsPerRun(1, func() {
		if _, err := readPack(bytes.NewReader(promise), maxPack); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Error(err)
		}
	}); n > 1000 {
		t.Errorf("%v allocations", n)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := mkfifo(pipe); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(pipe); err == nil || !strings.Contains(err.Error(), "a named pipe") {
		t.Error(err)
	}
	if _, err := (&limitedWriter{w: io.Discard, left: 1}).Write([]byte("xy")); err == nil {
		t.Error("a pack over the limit was written")
	}
}

func header(t *testing.T, name string, size int64) string {
	var b bytes.Buffer
	if err := tar.NewWriter(&b).WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Size: size, Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gunzipped(t *testing.T, data []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// FuzzPack: no input makes the reader panic, or gets a name accepted that is not a run's. The
// fuzzer mutates the tar inside, since no mutation survives gzip's checksum.
func FuzzPack(f *testing.F) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "plan.json", Typeflag: tar.TypeReg, Size: 2, Mode: 0o644}); err != nil {
		f.Fatal(err)
	}
	if _, err := io.WriteString(w, "{}"); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := readPack(bytes.NewReader(gzipped(t, string(data))), 1<<20)
		if err != nil {
			return
		}
		for name := range files {
			if !fs.ValidPath(name) || strings.Contains(name, "..") {
				t.Errorf("took %q", name)
			}
		}
	})
}

// A tar of a run made by hand, in any of tar's formats, reads like the run.
func TestTarMadeByHand(t *testing.T) {
	dir := someRun(t)
	want, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"gnu", "pax", "ustar"} {
		file := filepath.Join(t.TempDir(), "by hand"+PackSuffix)
		tar := exec.Command("tar", "czf", file, "--format="+format, "-C", dir, "--exclude=.locks", "--exclude=.*damaged*", ".")
		if msg, err := tar.CombinedOutput(); err != nil {
			t.Skipf("no GNU tar: %v: %s", err, msg)
		}
		run, err := Read(file)
		if err != nil || run.Digest() != want.Digest() || len(run.Cells) != len(want.Cells) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestPackPathOfWorkingDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for root, want := range map[string]string{
		"run": "run.tar.gz", "run/": "run.tar.gz", "a/../run": "run.tar.gz", "run.tar.gz": "run.tar.gz",
		".": here + ".tar.gz", "./": here + ".tar.gz", "..": filepath.Dir(here) + ".tar.gz", "run/.": "run.tar.gz",
	} {
		if got := PackPath(root); got != want {
			t.Errorf("%s: %s, want %s", root, got, want)
		}
	}
}
