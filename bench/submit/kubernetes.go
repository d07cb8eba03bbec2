package submit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

// maxConfigMap is the size limit of a ConfigMap, in bytes.
const maxConfigMap = 1 << 20

// specMount is the folder of the specs in the pods.
const specMount = "/etc/uaibench/specs"

type object map[string]any

// Kubernetes returns a JSON manifest for kubectl apply: a List of a ConfigMap with the specs and an
// Indexed Job with a pod for each shard. A pod whose node was lost is started anew, and resumes its
// shard; one whose cells failed is not, since failed cells would not run again.
func (j Job) Kubernetes() ([]byte, error) {
	errs := []error{j.Check()}
	need := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New(what))
		}
	}
	need(j.Image != "", "there is no image to run: name one with --image")
	need(j.Claim != "", "there is no volume claim to write to, and a pod's own files are lost "+
		"with it: name one with --claim")
	need(path.IsAbs(j.Mount) && path.Clean(j.Mount) != "/",
		"the volume must be mounted at an absolute path below /")
	need(strings.HasPrefix(path.Clean(j.Out), path.Clean(j.Mount)+"/"),
		"the run directory must be on the volume, below "+j.Mount)
	size := 0
	files := map[string]string{}
	var paths []string
	for i, s := range j.Specs {
		name := fmt.Sprintf("%d.yaml", i+1)
		files[name] = string(s.Text)
		paths = append(paths, path.Join(specMount, name))
		size += len(s.Text)
	}
	need(size < maxConfigMap, fmt.Sprintf("the specs have %d bytes, but a ConfigMap holds %d", size,
		maxConfigMap))
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	name := "uaibench-" + safeName(j.Name)
	labels := object{"app.kubernetes.io/name": "uaibench", "app.kubernetes.io/instance": name}
	parallel := j.Parallelism
	if parallel == 0 {
		parallel = j.Shards
	}
	// Kubernetes numbers pods from 0 and cannot add, so a shell does. The words after the script
	// are its arguments, none of which is read as code.
	script := fmt.Sprintf(`exec "$@" --shard "$((JOB_COMPLETION_INDEX + 1))/%d"`, j.Shards)
	command := append([]string{"/bin/sh", "-c", script, "sh", j.Program, "run"}, paths...)
	command = append(command, j.Flags...)
	command = append(command, "--out", j.Out, "--jobs", fmt.Sprint(j.CPUs))
	list := object{"apiVersion": "v1", "kind": "List", "items": []object{
		{"apiVersion": "v1", "kind": "ConfigMap",
			"metadata": object{"name": name, "labels": labels}, "data": files},
		{"apiVersion": "batch/v1", "kind": "Job",
			"metadata": object{"name": name, "labels": labels}, "spec": object{
				"completionMode": "Indexed", "completions": j.Shards, "parallelism": parallel,
				"backoffLimitPerIndex": 6,
				"podFailurePolicy": object{"rules": []object{
					{"action": "Ignore", "onPodConditions": []object{{"type": "DisruptionTarget",
						"status": "True"}}},
					// Exit codes of uaibench: the spec is wrong, cells failed, nothing was
					// measured.
					{"action": "FailIndex", "onExitCodes": object{"containerName": "uaibench",
						"operator": "In", "values": []int{2, 3, 5}}},
				}},
				"template": object{"metadata": object{"labels": labels},
					"spec": j.pod(name, command)},
			}},
	}}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(list); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// pod returns the spec of a shard's pod, which runs command; the ConfigMap of the same name has the
// specs.
func (j Job) pod(name string, command []string) object {
	resources := object{"cpu": fmt.Sprint(j.CPUs)}
	limits := object{}
	if j.Memory != "" {
		// Slurm's G is 1024^3 too
		resources["memory"], limits["memory"] = j.Memory+"i", j.Memory+"i"
	}
	return object{
		"restartPolicy": "Never", // podFailurePolicy requires it
		"containers": []object{{
			"name": "uaibench", "image": j.Image, "command": escapeReferences(command),
			"resources": object{"requests": resources, "limits": limits},
			"volumeMounts": []object{
				{"name": "runs", "mountPath": j.Mount},
				{"name": "specs", "mountPath": specMount, "readOnly": true},
			},
		}},
		"volumes": []object{
			{"name": "runs", "persistentVolumeClaim": object{"claimName": j.Claim}},
			{"name": "specs", "configMap": object{"name": name}},
		},
		"terminationGracePeriodSeconds": 60,
	}
}

// escapeReferences keeps Kubernetes from expanding $(NAME) in a command: it reads $$( as $(.
func escapeReferences(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strings.ReplaceAll(w, "$(", "$$(")
	}
	return out
}
