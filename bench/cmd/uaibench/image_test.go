package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestImage runs the steps of experiments/cluster/Dockerfile, except for its base images, and
// checks that the result runs a spec on MNIST without any other files.
func TestImage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program again")
	}
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	dockerfile, err := os.ReadFile(filepath.Join(root, "experiments", "cluster", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	image, ran, data := t.TempDir(), 0, ""
	for line := range strings.Lines(string(dockerfile)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "RUN":
			c := exec.Command("sh", "-eu", "-c", strings.ReplaceAll(rest, " /image", " "+image))
			c.Dir = root
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", rest, err, out)
			}
			ran++
		case "ENV":
			data, _ = strings.CutPrefix(rest, "UAIBENCH_DATA=")
		case "", "#", "FROM", "WORKDIR", "COPY", "CMD":
		default:
			if !strings.HasPrefix(word, "#") {
				t.Errorf("nobody tries %q", line)
			}
		}
	}
	if ran != 1 || data == "" {
		t.Fatalf("%d steps, data in %q", ran, data)
	}
	work := t.TempDir()
	c := exec.Command(filepath.Join(image, "usr", "local", "bin", "uaibench"), "run", "demo", "--set",
		"methods=random", "--set", "seeds.count=1", "--set", "budget=20", "--out", "out")
	c.Dir = work
	c.Env = []string{"UAIBENCH_DATA=" + filepath.Join(image, data), "HOME=" + work,
		"GOMODCACHE=" + filepath.Join(work, "none"), "PATH=" + os.Getenv("PATH")}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
