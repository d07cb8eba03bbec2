package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/stats"
)

// LockName is the name of the file in a campaign's folder that holds its looks.
const LockName = "decide.lock"

const lockFormat = 1

// Lock is the content of decide.lock. It has no times and only paths below its folder: the same
// looks give the same bytes.
type Lock struct {
	Format int          `json:"format"`
	About  string       `json:"about"`
	Arms   string       `json:"arms"`   // why arms have equal numbers of replicates
	Ledger []stats.Look `json:"ledger"` // numbers of replicates and their alphas
	Looks  []Look       `json:"looks"`
}

// Look is a step of the plan that was locked before it ran.
type Look struct {
	Number   int       `json:"number"` // from 1
	Claims   []Claim   `json:"claims"`
	Commands []Command `json:"commands"`
}

// Claim is a claim of a look.
type Claim struct {
	ID string `json:"claim"`
	// Beside is set if the look is not for the claim, but takes some of its comparisons to a look.
	Beside bool   `json:"beside,omitempty"`
	Rule   string `json:"rule"` // RuleDigest
	// Spent is the alpha of the claim's earlier looks; each comparison has that of this look.
	Spent       float64       `json:"spent"`
	Comparisons []decide.Look `json:"comparisons,omitempty"`
}

// Command is a run in a folder of its own, or, without a spec, another command of the program.
type Command struct {
	Folder  string   `json:"folder,omitempty"` // of a run, below the campaign's
	Spec    string   `json:"spec,omitempty"`
	Profile string   `json:"profile,omitempty"`
	Set     []string `json:"set,omitempty"`
	Plan    string   `json:"plan,omitempty"`  // digest of its plan
	Cells   int      `json:"cells,omitempty"` // number of cells still to run
	Args    []string `json:"args,omitempty"`  // of another command, without --out
}

const about = "Written by `uaibench decide` before it ran anything for the look. A look is judged " +
	"by these replicates (seed of the data:seeds of the training) once all of its cells are " +
	"settled. Do not edit."

// readLock reads a folder's lock, or returns an empty one if there is none.
func readLock(dir string, l *ledger.Ledger) (*Lock, error) {
	path := filepath.Join(dir, LockName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Lock{Format: lockFormat, About: about, Arms: decide.Equal, Ledger: l.Second.Looks}, nil
	}
	if err != nil {
		return nil, err
	}
	var k Lock
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s was edited or is damaged (%w): start again with another --out "+
			"and name %s among the sets, whose done cells are used again", path, err, dir)
	}
	if k.Format != lockFormat {
		return nil, fmt.Errorf("%s has format %d; this program reads format %d", path, k.Format,
			lockFormat)
	}
	return &k, nil
}

// flat matches objects and lists without nested ones, which the file has on one line each.
var flat = regexp.MustCompile(`[\[{]\n[^\[\]{}]*[\]}]`)

// write writes the lock atomically.
func (k *Lock) write(dir string) error {
	data, err := json.MarshalIndent(k, "", " ")
	if err != nil {
		return err
	}
	data = flat.ReplaceAllFunc(data, func(b []byte) []byte {
		lines := strings.Split(string(b), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		inside := strings.Join(lines[1:len(lines)-1], " ")
		return []byte(lines[0] + inside + lines[len(lines)-1])
	})
	if err := atomicfile.Write(filepath.Join(dir, LockName), append(data, '\n')); err != nil {
		return fmt.Errorf("nothing was run for the next look, because it could not be locked: %w", err)
	}
	return nil
}

// fits compares the lock with the ledger and the experiments of this program. The error lists all
// differences, and what to do.
func (k *Lock) fits(dir string, l *ledger.Ledger, plan func(Command) (*bench.Plan, error)) error {
	var errs []error
	no := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", filepath.Join(dir, LockName),
			fmt.Sprintf(format, args...)))
	}
	if !slices.Equal(k.Ledger, l.Second.Looks) {
		no("its looks and alphas are %v, the ledger's are %v", k.Ledger, l.Second.Looks)
	}
	for i, look := range k.Looks {
		if look.Number != i+1 {
			no("look %d is in the place of look %d", look.Number, i+1)
		}
		for _, c := range look.Claims {
			switch known := l.Second.Claim(c.ID); {
			case known == nil:
				no("look %d is for %s, which is not in the ledger", look.Number, c.ID)
			case RuleDigest(l, known) != c.Rule:
				no("look %d is for %s, whose checks in the ledger have changed since", look.Number, c.ID)
			}
		}
		for _, c := range look.Commands {
			if c.Spec == "" {
				if !c.known() {
					no("look %d: decide does not call uaibench %s", look.Number, strings.Join(c.Args, " "))
				}
				continue
			}
			if !filepath.IsLocal(c.Folder) {
				no("look %d: folder %q is not below this one", look.Number, c.Folder)
			}
			switch p, err := plan(c); {
			case err != nil:
				no("look %d: %v", look.Number, err)
			case p.Digest() != c.Plan:
				no("look %d: experiment %s plans other cells than when the look was locked", look.Number,
					c.Spec)
			}
		}
	}
	if errs != nil {
		errs = append(errs, fmt.Errorf("a look is judged as it was locked, or not at all: continue with "+
			"the program that locked it, or start again with another --out and name %s among the "+
			"sets, whose done cells are used again", dir))
	}
	return errors.Join(errs...)
}

// known reports whether decide ever issues a command that is no run.
func (k Command) known() bool {
	return slices.Equal(k.Args, []string{theory}) ||
		len(k.Args) > 2 && k.Args[0] == "data" && k.Args[1] == "draws" &&
			!slices.ContainsFunc(k.Args, func(a string) bool { return strings.HasPrefix(a, "-") })
}

// plan parses a command's experiment.
func plan(cat bench.Catalog, specs map[string][]byte, c Command) (*bench.Plan, error) {
	text, ok := specs[c.Spec]
	if !ok {
		return nil, fmt.Errorf("there is no experiment %s", c.Spec)
	}
	return spec.Parse("experiments/"+c.Spec+".yaml", text, cat,
		spec.Options{Profile: c.Profile, Set: c.Set})
}

// RuleDigest returns a digest of everything in the ledger that a claim is judged by: its checks,
// the arms and deltas that they name, the datasets of groups, and the looks.
func RuleDigest(l *ledger.Ledger, c *ledger.Claim) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	put := func(v any) {
		if err := e.Encode(v); err != nil {
			panic("campaign: a ledger was read, and cannot be written: " + err.Error())
		}
	}
	put([]any{c.Rule, c.Need, c.Checks, l.Second.Looks, l.K, l.Approximate, l.Low})
	for _, k := range c.Checks {
		put([]any{l.Second.Delta(k.Delta), l.Second.Datasets(k.Datasets), l.Second.Datasets(k.Like),
			l.Second.Datasets(k.Fitted)})
		for _, o := range []*ledger.Operand{k.Left, k.Right} {
			if o == nil {
				continue
			}
			put(l.Second.Datasets(o.WorstOf))
			for _, arm := range slices.Concat(o.Arms, []string{o.Against}) {
				put(l.Arm(arm))
			}
		}
		for _, arm := range slices.Concat(k.Pairs...) {
			put(l.Arm(arm))
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// busyName is the file that the campaign's process locks with flock. It is never removed.
const busyName = ".decide.busy"

// occupy creates the folder and makes this process the only one to decide in it, until release is
// called or the process ends.
func occupy(dir string) (release func(), err error) {
	switch info, err := os.Stat(dir); {
	case err == nil && !info.IsDir():
		return nil, Usage(fmt.Errorf("--out %s: it is a file; name a folder", dir))
	case err == nil:
		if _, err := os.Stat(filepath.Join(dir, "plan.json")); err == nil {
			return nil, Usage(fmt.Errorf("--out %s: it is a run directory; name another folder", dir))
		}
	}
	if err := os.MkdirAll(dir, atomicfile.DirMode); err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	f := flock.New(filepath.Join(dir, busyName), flock.SetFlag(os.O_RDWR|os.O_CREATE),
		flock.SetPermissions(atomicfile.FileMode))
	got, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w (is it writable, and does its file system have locks?)",
			dir, err)
	}
	if !got {
		return nil, fmt.Errorf("another uaibench decide is running in %s: wait until it ends, or name "+
			"another --out", dir)
	}
	return func() { _ = f.Close() }, nil // the process's end releases the lock too
}
