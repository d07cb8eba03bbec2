package external

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

const methodVersion = 1

// Catalog returns the catalogue entry of programs.
func Catalog() *bench.ProgramCatalog {
	return &bench.ProgramCatalog{
		Info: bench.MethodInfo{
			ID: bench.ProgramID, Version: methodVersion, Active: true,
			Doc:    "a program of your own, started only with --allow-exec",
			Source: "the user's own program",
			Supports: func(_ bench.Params, look string) error {
				if look == bench.ProbeTestSet {
					return errNoOtherRows
				}
				return bench.Supports(Program(Settings{}), look)
			},
		},
		Name: Name, Files: Files,
	}
}

// Memory returns a generous estimate, in bytes, of the memory of a program's cell besides the
// dataset: the matrix as the program maps it and a copy of it, scores on both sides, and an
// interpreter with its libraries.
func Memory(rows, features int) int64 {
	const interpreter = 128 << 20
	return int64(rows)*(2*4*int64(features)+96+2*8) + interpreter
}

// own are the parameters of a method that are not passed to its program; see Of.
var own = []string{"command", "files", "env"}

// Of returns the settings of a planned method. folder is the spec's.
func Of(ref bench.MethodRef, seed uint64, folder string) (Settings, error) {
	if ref.Version != methodVersion {
		return Settings{}, fmt.Errorf("the plan needs version %d of the program runner, this "+
			"program has version %d", ref.Version, methodVersion)
	}
	s := Settings{Folder: folder, Seed: seed, Params: maps.Clone(ref.Params)}
	for _, name := range own {
		if _, ok := s.Params[name]; !ok {
			return Settings{}, fmt.Errorf("the plan has a program without %s", name)
		}
		delete(s.Params, name)
	}
	s.Command, s.Files = ref.Params.Strs("command"), ref.Params.Strs("files")
	s.Env = ref.Params.Strs("env")
	if len(s.Command) == 0 {
		return s, errors.New("the plan has a program without a command")
	}
	return s, nil
}

// Name returns the default label of a command line: its second word, or the first if the second is
// an option or missing, without folder and extension.
func Name(command []string) string {
	name := bench.ProgramID
	for i, word := range command {
		if i < 2 && !strings.HasPrefix(word, "-") {
			name = filepath.Base(word)
		}
	}
	name = strings.TrimSuffix(name, filepath.Ext(name))
	return strings.ReplaceAll(name, ".", "_")
}

// Files returns the files that a program is made of, as NAME=SHA-256, sorted: those in named, and
// the words of the command line that are files in the folder.
func Files(folder string, command, named []string) (out []string, errs []error) {
	add := func(name string, must bool) {
		sum, err := sumOf(beside(folder, name))
		switch {
		case err == nil:
			out = append(out, filepath.ToSlash(name)+"="+sum)
		case must && errors.Is(err, fs.ErrNotExist):
			errs = append(errs, fmt.Errorf("%s: there is no such file in %s", name, shown(folder)))
		case must:
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
	}
	for _, word := range command {
		add(word, false)
	}
	for _, name := range named {
		add(name, true)
	}
	slices.Sort(out)
	if len(command) > 0 {
		if _, err := resolve(folder, command); err != nil {
			errs = append(errs, err)
		}
	}
	return slices.Compact(out), errs
}

func shown(folder string) string {
	if full, err := filepath.Abs(folder); err == nil {
		return full
	}
	return folder
}

func beside(folder, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(folder, filepath.FromSlash(name))
}

var errNoFile = errors.New("it is not a regular file")

func sumOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errNoFile
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unchanged returns an error for the first file whose SHA-256 is not that of the plan.
func unchanged(folder string, files []string) error {
	for _, f := range files {
		at := max(0, strings.LastIndexByte(f, '='))
		name, want := f[:at], strings.TrimPrefix(f[at:], "=")
		sum, err := sumOf(beside(folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is not in %s", name, folder)
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case sum != want:
			return fmt.Errorf("%s has changed since the plan was made: its SHA-256 is %s, was %s",
				name, sum, want)
		}
	}
	return nil
}

// resolve returns the command with full paths for the program and for the arguments that are files
// in the folder.
func resolve(folder string, command []string) ([]string, error) {
	full, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(command)
	for i, word := range command {
		if at := beside(full, word); word != "" && !filepath.IsAbs(word) {
			if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() {
				out[i] = at
			}
		}
	}
	if out[0], err = exec.LookPath(out[0]); err != nil {
		return nil, fmt.Errorf("the program %s cannot be run: it is neither an executable file "+
			"in %s nor on PATH", command[0], full)
	}
	return out, nil
}

// environment returns the environment of the program.
func (s *session) environment() []string {
	folder, _ := filepath.Abs(s.Folder)
	env := []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + s.dir, "UAIBENCH_FOLDER=" + folder,
		// No .pyc files beside the spec.
		"PYTHONDONTWRITEBYTECODE=1"}
	for _, name := range []string{"OMP", "OPENBLAS", "MKL"} {
		env = append(env, name+"_NUM_THREADS="+strconv.Itoa(s.Threads))
	}
	if runtime.GOOS == "windows" {
		env = append(env, "SYSTEMROOT="+os.Getenv("SYSTEMROOT"), "TEMP="+s.dir, "TMP="+s.dir)
	}
	for _, e := range s.Env {
		if strings.Contains(e, "=") {
			env = append(env, e)
		} else if v, ok := os.LookupEnv(e); ok {
			env = append(env, e+"="+v)
		}
	}
	return env
}
