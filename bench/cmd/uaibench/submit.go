package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/submit"
	"github.com/uaibench/uaibench/bench/text"
)

type submitFlags struct {
	specFlags
	job     submit.Job
	out     string
	program string
	sbatch  []string
	dryRun  bool
}

func (a *app) submitCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "submit slurm|k8s SPEC…",
		Short: "Run a spec's cells in shards: as a Slurm array, or a Kubernetes Indexed Job",
		Long: `The cells are dealt to shards of about equal work, those that share a pre-training to the same
shard. All shards write to one run directory on a shared file system that has locks. There is
nothing to merge: when they are done, uaibench report renders it. The cluster restarts a shard that
was killed, which then resumes its work.`,
		Args: func(c *cobra.Command, args []string) error {
			return usage(errors.New("uaibench submit: write slurm or k8s\n" +
				"see: uaibench submit --help"))
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	c.AddCommand(a.slurmCommand(), a.kubernetesCommand())
	return c
}

func (f *submitFlags) addTo(c *cobra.Command) {
	f.specFlags.add(c)
	c.Flags().IntVar(&f.job.Shards, "shards", 0,
		"number of shards (default: 8, or the number of cells if that is less)")
	c.Flags().IntVar(&f.job.CPUs, "cpus", 1,
		"processors of a shard, which runs as many cells at a time")
	c.Flags().StringVar(&f.job.Memory, "memory", "",
		"memory of a shard, such as 4G (default: the cluster's)")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "print it only")
}

func (a *app) slurmCommand() *cobra.Command {
	var f submitFlags
	c := &cobra.Command{
		Use:   "slurm SPEC…",
		Short: "Write an array script beside the run directory and submit it with sbatch",
		Args:  atLeastOne("spec"),
		RunE: func(c *cobra.Command, args []string) error {
			script, report, file, err := a.slurm(args, f)
			if err != nil || f.dryRun {
				fmt.Fprintf(a.stdout, "%s", script)
				return err
			}
			return a.sbatch(c.Context(), file, script, report)
		},
	}
	f.addTo(c)
	c.Flags().StringVarP(&f.out, "out", "o", "",
		"run directory that all nodes share (default: runs/NAME here); with one spec only")
	c.Flags().StringVar(&f.program, "program", "",
		"uaibench on the nodes (default: this program's path)")
	c.Flags().StringVar(&f.job.Time, "time", "", "time limit of a shard, as sbatch takes it")
	c.Flags().StringVar(&f.job.Partition, "partition", "", "partition to run in")
	c.Flags().IntVar(&f.job.Throttle, "throttle", 0, "shards at a time (default: all)")
	c.Flags().StringArrayVar(&f.sbatch, "sbatch", nil,
		"KEY=VALUE: a further option of sbatch, such as account=lab; may be repeated")
	return c
}

func (a *app) kubernetesCommand() *cobra.Command {
	var f submitFlags
	c := &cobra.Command{
		Use:   "k8s SPEC…",
		Short: "Write the manifest of an Indexed Job, for kubectl apply",
		Long: `Writes a manifest: a ConfigMap with the specs, and an Indexed Job with a pod for
each shard. All pods must be able to write to the volume, which must have locks; the image must
have uaibench and a shell. A pod that is lost with its node is restarted.`,
		Args: atLeastOne("spec"),
		RunE: func(_ *cobra.Command, args []string) error {
			plans, err := a.plans(args, f.specFlags)
			if err != nil {
				return err
			}
			if len(plans) > 1 {
				return usage(errors.New("uaibench submit k8s: name one spec"))
			}
			if err := a.fill(&f, args, plans, false); err != nil {
				return err
			}
			f.job.Out = f.job.Mount + "/" + filepath.Base(runDir(plans[0], ""))
			manifest, err := f.job.Kubernetes()
			if err != nil {
				return usage(err)
			}
			if f.dryRun {
				_, err := a.stdout.Write(manifest)
				return err
			}
			if err := os.MkdirAll(filepath.Dir(runDir(plans[0], "")),
				atomicfile.DirMode); err != nil {
				return err
			}
			file := runDir(plans[0], "") + ".k8s.json"
			if err := os.WriteFile(file, manifest, atomicfile.FileMode); err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "manifest: %s\nto submit it: kubectl apply -f %s\n", file,
				text.ShellWord(file))
			return nil
		},
	}
	f.addTo(c)
	c.Flags().StringVar(&f.program, "program", "uaibench", "uaibench in the image")
	c.Flags().StringVar(&f.job.Image, "image", "", "image that has uaibench (required)")
	c.Flags().StringVar(&f.job.Claim, "claim", "",
		"PersistentVolumeClaim for the run directory (required)")
	c.Flags().StringVar(&f.job.Mount, "mount", "/runs", "where the volume is mounted")
	c.Flags().IntVar(&f.job.Parallelism, "parallelism", 0, "shards at a time (default: all)")
	return c
}

// sbatch submits the array job, and a job that renders the report after the array has ended.
func (a *app) sbatch(ctx context.Context, file string, script, report []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), atomicfile.DirMode); err != nil {
		return err
	}
	submit := func(file string, script []byte, options ...string) (id string, err error) {
		if err := os.WriteFile(file, script, atomicfile.DirMode); err != nil {
			return "", err
		}
		c := exec.CommandContext(ctx, "sbatch", append(options, "--parsable", file)...)
		c.Stderr = a.stderr
		out, err := c.Output()
		if err != nil {
			return "", fmt.Errorf("sbatch %s: %w", file, err)
		}
		id, _, _ = strings.Cut(strings.TrimSpace(string(out)), ";") // ID;CLUSTER
		fmt.Fprintf(a.stdout, "submitted as job %s: %s\n", id, file)
		return id, nil
	}
	id, err := submit(file, script)
	if err != nil {
		return err
	}
	_, err = submit(strings.TrimSuffix(file, ".slurm.sh")+".report.slurm.sh", report,
		"--dependency=afterany:"+id)
	return err
}

// slurm returns the scripts of the array and of the report, and the path of the former.
func (a *app) slurm(args []string, f submitFlags) (script, report []byte, file string,
	err error) {
	for _, s := range f.sbatch {
		o, err := submit.ParseOption(s)
		if err != nil {
			return nil, nil, "", usage(fmt.Errorf("--sbatch %w", err))
		}
		f.job.Options = append(f.job.Options, o)
	}
	if f.out != "" && len(args) > 1 {
		return nil, nil, "", usage(fmt.Errorf("--out names one run directory, but there are %d specs",
			len(args)))
	}
	plans, err := a.plans(args, f.specFlags)
	if err != nil {
		return nil, nil, "", err
	}
	if err := apart(args, plans, f.out); err != nil {
		return nil, nil, "", usage(err)
	}
	if f.program == "" {
		if f.program, err = os.Executable(); err != nil {
			return nil, nil, "", fmt.Errorf("the path of this program is unknown: %w; name it with --program", err)
		}
	}
	if err := a.fill(&f, args, plans, true); err != nil {
		return nil, nil, "", err
	}
	if f.job.Dir, err = os.Getwd(); err != nil {
		return nil, nil, "", err
	}
	out, err := filepath.Abs(runDir(plans[0], f.out))
	if err != nil {
		return nil, nil, "", err
	}
	if len(plans) == 1 {
		f.job.Out = out
	}
	f.job.Log = out + ".shard-%a.log"
	var runs []string
	for _, p := range plans {
		run, err := filepath.Abs(runDir(p, f.out))
		if err != nil {
			return nil, nil, "", err
		}
		runs = append(runs, run)
	}
	if script, err = f.job.Slurm(); err != nil {
		return nil, nil, "", usage(err)
	}
	report, err = f.job.SlurmReport(runs)
	return script, report, out + ".slurm.sh", err
}

// fill sets the fields of f.job that both kinds of cluster need. With absolute, paths are made
// absolute, for nodes that share this machine's file system.
func (a *app) fill(f *submitFlags, args []string, plans []*bench.Plan, absolute bool) error {
	cells := 0
	for _, p := range plans {
		cells = max(cells, len(p.Cells))
	}
	if f.job.Shards == 0 {
		f.job.Shards = max(1, min(8, cells))
	}
	f.job.Name, f.job.Program = plans[0].Name, f.program
	for _, arg := range args {
		if arg == fromInput {
			return usage(errors.New("a shard cannot read standard input: name the spec's file"))
		}
		_, text, err := readSpec(arg)
		if err != nil {
			return usage(err)
		}
		// A committed experiment keeps its name unless a file of that name exists.
		if _, err := os.Stat(arg); absolute && !errors.Is(err, fs.ErrNotExist) {
			if arg, err = filepath.Abs(arg); err != nil {
				return err
			}
		}
		f.job.Specs = append(f.job.Specs, submit.Spec{Path: arg, Text: text})
	}
	if f.profile != "" {
		f.job.Flags = append(f.job.Flags, "--profile", f.profile)
	}
	for _, s := range f.set {
		f.job.Flags = append(f.job.Flags, "--set", s)
	}
	for _, p := range plans {
		a.reportMissing(a.stderr, p, map[string]bool{})
	}
	data := a.data
	if data == "" && absolute {
		data = os.Getenv("UAIBENCH_DATA") // explicit: a cluster may not pass the environment on
	}
	if data != "" {
		if absolute {
			var err error
			if data, err = filepath.Abs(data); err != nil {
				return err
			}
		}
		f.job.Flags = append(f.job.Flags, "--data", data)
		fmt.Fprintf(a.stderr, "each shard looks for raw data in %s, which must exist where it runs\n",
			data)
	}
	return nil
}
