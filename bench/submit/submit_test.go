package submit

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

var regen = flag.Bool("regen", false, "rewrite the golden files")

func plain() Job {
	return Job{
		Name: "mnist0", Program: "/opt/uaibench/bin/uaibench", Specs: []Spec{{"/home/a/my.yaml", []byte("version: 1\n")}},
		Out: "/shared/runs/mnist0", Shards: 8, CPUs: 2, Dir: "/home/a", Log: "/shared/runs/mnist0.shard-%a.log",
		Image: "registry.example/uaibench:1", Claim: "runs", Mount: "/shared",
	}
}

// odd has text in every field that a shell, Slurm or Kubernetes could misread.
func odd() Job {
	j := plain()
	j.Name = "A b_c's.Experiment"
	j.Program = "/opt/my tools/uai'bench"
	j.Specs = []Spec{{"/home/a b/$(reboot).yaml", []byte("title: \"$(reboot) `x` <&>\"\n")}, {"mnist", []byte("version: 1\n")}}
	j.Flags = []string{"--set", "hidden=[64, 8]", "--profile", "smoke"}
	j.Out, j.Dir, j.Log = "/shared/50% \"of\" $HOME", "/home/a b", "/shared/50% \"of\" $HOME.shard-%a.log"
	j.Memory, j.Time, j.Partition, j.Parallelism = "4G", "1-12:00:00", "long", 3
	return j
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *regen {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestGolden(t *testing.T) {
	for name, j := range map[string]Job{"plain": plain(), "odd": odd()} {
		script, err := j.Slurm()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".slurm.sh", script)
		manifest, err := j.Kubernetes()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".k8s.json", manifest)
	}
}

// A shell that runs the script passes the program exactly the intended words.
func TestSlurmScriptInAShell(t *testing.T) {
	dir := t.TempDir()
	j := odd()
	j.Program = filepath.Join(dir, "a 'program' $x")
	j.Dir = filepath.Join(dir, "a b")
	if err := os.Mkdir(j.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(j.Program, []byte("#!/bin/sh\npwd\nprintf '%s\\n' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	script, err := j.Slurm()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-s")
	c.Stdin = strings.NewReader(string(script))
	c.Env = []string{"SLURM_ARRAY_TASK_ID=3", "PATH=/usr/bin:/bin"}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want := []string{j.Dir, "run", "/home/a b/$(reboot).yaml", "mnist", "--set", "hidden=[64, 8]", "--profile", "smoke", "--out", j.Out, "--jobs", "2", "--shard", "3/8"}
	if diff := cmp.Diff(want, strings.Split(strings.TrimSpace(string(out)), "\n")); diff != "" {
		t.Error(diff)
	}
}

// The manifest decodes strictly into Kubernetes' own types: it has no fields that they lack.
func TestManifestIsKubernetes(t *testing.T) {
	for _, j := range []Job{plain(), odd()} {
		manifest, err := j.Kubernetes()
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			APIVersion string            `json:"apiVersion"`
			Kind       string            `json:"kind"`
			Items      []json.RawMessage `json:"items"`
		}
		if err := yaml.UnmarshalStrict(manifest, &list); err != nil || len(list.Items) != 2 || list.Kind != "List" || list.APIVersion != "v1" {
			t.Fatalf("%+v %v", list, err)
		}
		var config corev1.ConfigMap
		var job batchv1.Job
		if err := yaml.UnmarshalStrict(list.Items[0], &config); err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(list.Items[1], &job); err != nil {
			t.Fatal(err)
		}
		if config.Data["1.yaml"] != string(j.Specs[0].Text) || len(config.Data) != len(j.Specs) {
			t.Errorf("%q", config.Data)
		}
		s := job.Spec
		if job.Kind != "Job" || job.APIVersion != "batch/v1" || *s.CompletionMode != batchv1.IndexedCompletion || *s.Completions != 8 || *s.BackoffLimitPerIndex != 6 {
			t.Errorf("%+v", s)
		}
		if want := int32(8); j.Parallelism == 0 && *s.Parallelism != want || j.Parallelism == 3 && *s.Parallelism != 3 {
			t.Errorf("parallelism %d", *s.Parallelism)
		}
		pod := s.Template.Spec
		if pod.RestartPolicy != corev1.RestartPolicyNever || pod.Volumes[0].PersistentVolumeClaim.ClaimName != "runs" || pod.Volumes[1].ConfigMap.Name != config.Name {
			t.Errorf("%+v", pod)
		}
		c := pod.Containers[0]
		if c.VolumeMounts[0].Name != pod.Volumes[0].Name || c.VolumeMounts[1].Name != pod.Volumes[1].Name || c.Name != *s.PodFailurePolicy.Rules[1].OnExitCodes.ContainerName {
			t.Errorf("%+v", c)
		}
		if got := c.Resources.Requests.Cpu().Value(); got != 2 {
			t.Errorf("%d processors", got)
		}
		if got := c.Resources.Limits.Memory().Value(); j.Memory != "" && got != 4<<30 {
			t.Errorf("memory %d", got)
		}
		if got := words(t, c.Command, j); got[len(got)-1] != "8/8" || got[1] != "/etc/uaibench/specs/1.yaml" || got[len(got)-5] != j.Out {
			t.Errorf("%q", got)
		}
	}
}

// words returns the arguments that the program gets in the pod of the last index: a real shell runs
// the command, after its references are unescaped as Kubernetes does.
func words(t *testing.T, command []string, j Job) []string {
	t.Helper()
	fake := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(fake, []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	var args []string
	for _, w := range command {
		if w = strings.ReplaceAll(w, "$$(", "$("); w == j.Program {
			w = fake
		}
		args = append(args, w)
	}
	c := exec.Command(args[0], args[1:]...)
	c.Env = []string{"JOB_COMPLETION_INDEX=7", "PATH=/usr/bin:/bin"}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestCheck(t *testing.T) {
	for want, change := range map[string]func(*Job){
		"there is no spec":            func(j *Job) { j.Specs = nil },
		"0 shards":                    func(j *Job) { j.Shards = 0 },
		"0 processors":                func(j *Job) { j.CPUs = 0 },
		`memory "4 GB"`:               func(j *Job) { j.Memory = "4 GB" },
		`time "soon"`:                 func(j *Job) { j.Time = "soon" },
		`partition "a b"`:             func(j *Job) { j.Partition = "a b" },
		`image "a b"`:                 func(j *Job) { j.Image = "a b" },
		`claim "A"`:                   func(j *Job) { j.Claim = "A" },
		"contains a line break":       func(j *Job) { j.Out = "/shared/a\n#SBATCH --uid=0" },
		"there is no image":           func(j *Job) { j.Image = "" },
		"there is no volume claim":    func(j *Job) { j.Claim = "" },
		"mounted at an absolute path": func(j *Job) { j.Mount = "/" },
		"must be on the volume":       func(j *Job) { j.Out = "/shared/../etc/x" },
		"a ConfigMap holds":           func(j *Job) { j.Specs[0].Text = make([]byte, 1<<20) },
		"-1 shards at a time":         func(j *Job) { j.Parallelism = -1 },
	} {
		j := plain()
		change(&j)
		if _, err := j.Kubernetes(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	j := plain()
	j.Log = "a\nb"
	if _, err := j.Slurm(); err == nil {
		t.Error("a line break in an #SBATCH line")
	}
}
