package submit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/text"
)

// Slurm returns a script for sbatch: an array with a task for each shard. A task whose node was
// lost, or that was preempted or requeued, resumes its shard; a minute before its time limit it
// gets SIGTERM, and keeps what is done.
func (j Job) Slurm() ([]byte, error) {
	if err := j.Check(); err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Made by uaibench submit slurm. Submitted again, it runs the " +
		"missing cells.\n")
	option := func(name, value string) { fmt.Fprintf(&b, "#SBATCH --%s=%s\n", name, value) }
	option("job-name", "uaibench-"+safeName(j.Name))
	array := fmt.Sprintf("1-%d", j.Shards)
	if j.Throttle > 0 {
		array += fmt.Sprintf("%%%d", j.Throttle)
	}
	option("array", array)
	option("ntasks", "1")
	option("cpus-per-task", fmt.Sprint(j.CPUs))
	if j.Memory != "" {
		option("mem", j.Memory)
	}
	if j.Time != "" {
		option("time", j.Time)
	}
	if j.Partition != "" {
		option("partition", j.Partition)
	}
	b.WriteString("#SBATCH --requeue\n")
	option("open-mode", "append")
	option("signal", "B:TERM@60")
	option("output", optionPath(j.Log))
	j.options(&b)
	if j.Dir != "" {
		fmt.Fprintf(&b, "cd %s || exit 1\n", text.ShellWord(j.Dir))
	}
	// exec, so that Slurm's signals reach the program.
	words := []string{"exec", text.ShellWord(j.Program), "run"}
	for _, s := range j.Specs {
		words = append(words, text.ShellWord(s.Path))
	}
	for _, f := range j.Flags {
		words = append(words, text.ShellWord(f))
	}
	if j.Out != "" {
		words = append(words, "--out", text.ShellWord(j.Out))
	}
	words = append(words, "--jobs", fmt.Sprint(j.CPUs), "--shard",
		fmt.Sprintf(`"$SLURM_ARRAY_TASK_ID/%d"`, j.Shards))
	b.WriteString(strings.Join(words, " ") + "\n")
	return []byte(b.String()), nil
}

// options writes the user's own options.
func (j Job) options(b *strings.Builder) {
	for _, o := range j.Options {
		switch {
		case o.Value == "":
			fmt.Fprintf(b, "#SBATCH --%s\n", o.Key)
		case strings.ContainsAny(o.Value, " \t#"):
			fmt.Fprintf(b, "#SBATCH --%s=\"%s\"\n", o.Key, o.Value)
		default:
			fmt.Fprintf(b, "#SBATCH --%s=%s\n", o.Key, o.Value)
		}
	}
}

// SlurmReport returns a script for sbatch that renders the runs once the array has ended,
// successfully or not: sbatch --dependency=afterany:ID.
func (j Job) SlurmReport(runs []string) ([]byte, error) {
	if err := j.Check(); err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Made by uaibench submit slurm: the report, when all shards have " +
		"ended.\n")
	fmt.Fprintf(&b, "#SBATCH --job-name=uaibench-report-%s\n#SBATCH --ntasks=1\n", safeName(j.Name))
	if j.Partition != "" {
		fmt.Fprintf(&b, "#SBATCH --partition=%s\n", j.Partition)
	}
	fmt.Fprintf(&b, "#SBATCH --output=%s\n", optionPath(strings.ReplaceAll(j.Log, "%a", "report")))
	for _, o := range j.Options { // options of a queue, not of a shard
		if slices.Contains([]string{"account", "qos", "partition", "cluster", "clusters"}, o.Key) {
			Job{Options: []Option{o}}.options(&b)
		}
	}
	if j.Dir != "" {
		fmt.Fprintf(&b, "cd %s || exit 1\n", text.ShellWord(j.Dir))
	}
	for _, run := range runs {
		fmt.Fprintf(&b, "%s report %s\n", text.ShellWord(j.Program), text.ShellWord(run))
	}
	return []byte(b.String()), nil
}

// optionPath quotes a path for an #SBATCH line, where double quotes group words and a backslash
// escapes the next character. %a is kept, and every other % is escaped.
func optionPath(path string) string {
	path = strings.ReplaceAll(strings.ReplaceAll(path, "%", "%%"), "%%a", "%a")
	if word.MatchString(strings.NewReplacer("/", "a", "%", "a").Replace(path)) {
		return path
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) + `"`
}

// safeName turns a name into one of at most 40 characters that any scheduler accepts; "run" if
// nothing is left.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, s)
	s = strings.Trim(s[:min(len(s), 40)], "-")
	if s == "" {
		return "run"
	}
	return s
}
