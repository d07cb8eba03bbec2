// Package submit writes the files with which a cluster's scheduler runs a spec in shards: an array
// script for Slurm, an Indexed Job for Kubernetes. Cells are independent and addressed by their
// content, and shards write disjoint cells of one run directory, so there is nothing to merge, and
// a killed task only needs to be started again.
package submit

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Job is a run in shards. The fields under Slurm and Kubernetes are used only for that scheduler.
type Job struct {
	Name    string   // of the experiment
	Program string   // path or name of uaibench
	Specs   []Spec   // at least one
	Flags   []string // further flags of uaibench run: --set, --profile, --data …
	// Run directory that all shards share; may be empty with Slurm: runs/NAME for each spec
	Out    string
	Shards int
	CPUs   int    // per shard; also the number of cells at a time
	Memory string // per shard: a number and K, M, G or T; empty: the cluster's default

	// Slurm
	Dir       string // working directory
	Log       string // file of a shard's output; %a becomes the shard's number
	Time      string // time limit of a shard, in Slurm's form; empty: the partition's
	Partition string // empty: the default
	Throttle  int    // shards at a time; 0: as many as the scheduler starts
	Options   []Option

	// Kubernetes
	Image       string
	Parallelism int    // shards at a time; 0: all
	Claim       string // PersistentVolumeClaim that all shards can write to …
	Mount       string // … and its mount point; Out is below it
}

// Option is an #SBATCH line of the user's own, which overrides those that this package writes.
type Option struct{ Key, Value string }

// ParseOption parses KEY=VALUE, or KEY for an option without a value, with or without leading
// dashes. It refuses the options on which resuming depends.
func ParseOption(s string) (Option, error) {
	key, value, _ := strings.Cut(s, "=")
	key = strings.TrimLeft(key, "-")
	switch {
	case !optionKey.MatchString(key):
		return Option{}, fmt.Errorf("%q: write KEY=VALUE with a long option of sbatch, such as "+
			"account=lab", s)
	case slices.Contains([]string{"array", "output", "open-mode", "signal", "requeue"}, key):
		return Option{}, fmt.Errorf("%q: resuming depends on %s, so it cannot be changed", s, key)
	}
	return Option{key, value}, nil
}

// Spec is a spec's file: its path, and its text for use where the path does not exist.
type Spec struct {
	Path string
	Text []byte
}

var (
	memory    = regexp.MustCompile(`^[1-9][0-9]*[KMGT]$`)
	timeLimit = regexp.MustCompile(`^[0-9]+([:-][0-9]+)*$`)
	optionKey = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	word      = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.,-]*$`)
	image     = regexp.MustCompile(`^[a-z0-9][A-Za-z0-9._/:@-]*$`)
	dnsName   = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`)
)

// Check returns an error that lists all values with which no cluster could run the job.
func (j Job) Check() error {
	var errs []error
	need := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	need(len(j.Specs) > 0, "there is no spec")
	need(j.Shards >= 1 && j.Shards <= 10000, "%d shards: write 1 to 10000", j.Shards)
	need(j.CPUs >= 1, "%d processors a shard: write 1 or more", j.CPUs)
	need(j.Memory == "" || memory.MatchString(j.Memory),
		"memory %q: write a number and K, M, G or T, such as 4G", j.Memory)
	need(j.Time == "" || timeLimit.MatchString(j.Time), "time %q: write minutes, H:M:S or D-H:M:S",
		j.Time)
	need(j.Partition == "" || word.MatchString(j.Partition), "partition %q is not a name",
		j.Partition)
	need(j.Image == "" || image.MatchString(j.Image), "image %q is not an image name", j.Image)
	need(j.Claim == "" || dnsName.MatchString(j.Claim),
		"claim %q is not the name of a PersistentVolumeClaim", j.Claim)
	need(j.Parallelism >= 0, "%d shards at a time: write 1 or more", j.Parallelism)
	need(j.Throttle >= 0, "%d shards at a time: write 1 or more", j.Throttle)
	for _, o := range j.Options {
		need(!strings.ContainsAny(o.Value, "\n\r\x00\"\\"),
			"%s=%q cannot be written in an #SBATCH line", o.Key, o.Value)
	}
	for _, s := range append([]string{j.Name, j.Program, j.Out, j.Dir, j.Log, j.Mount},
		j.Flags...) {
		need(!strings.ContainsAny(s, "\n\r\x00"), "%q contains a line break", s)
	}
	return errors.Join(errs...)
}
