package f32

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestUse(t *testing.T) {
	before := Kernel()
	t.Cleanup(func() {
		if err := Use(before); err != nil {
			t.Fatal(err)
		}
	})
	names := Kernels()
	if names[len(names)-1] != "generic" {
		t.Errorf("Kernels() = %q, want generic last", names)
	}
	for _, name := range names {
		if err := Use(name); err != nil {
			t.Errorf("Use(%q): %v", name, err)
		}
		if Kernel() != name {
			t.Errorf("after Use(%q), Kernel() = %q", name, Kernel())
		}
	}
	own := automatic().name
	if err := Use(""); err != nil || Kernel() != own {
		t.Errorf("Use(\"\") = %v, Kernel() = %q, want %q", err, Kernel(), own)
	}
	if err := Use(own); err != nil || Kernel() != own {
		t.Errorf("Use(%q) = %v, Kernel() = %q", own, err, Kernel())
	}
	err := Use("abacus")
	if err == nil || !strings.Contains(err.Error(), "abacus") || !strings.Contains(err.Error(), strings.Join(names, ", ")) {
		t.Errorf("Use(\"abacus\") = %v, want an error that names it and what there is", err)
	}
	if Kernel() != own {
		t.Errorf("a failed Use changed the kernel to %q", Kernel())
	}
}

// TestEnvironment starts this test again with the environment variable set.
func TestEnvironment(t *testing.T) {
	if os.Getenv("F32_TEST_CHILD") != "" {
		err := "none"
		if e := EnvError(); e != nil {
			err = e.Error()
		}
		os.Stdout.WriteString("kernel=" + Kernel() + " error=" + err + "\n")
		return
	}
	child := func(value string) string {
		c := exec.Command(os.Args[0], "-test.run=^TestEnvironment$")
		if emulator := os.Getenv("F32_TEST_EMULATOR"); emulator != "" {
			c = exec.Command(emulator, c.Args...)
		}
		c.Env = append(slices.Clone(os.Environ()), "F32_TEST_CHILD=1", EnvKernel+"="+value)
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(out), "\n")
		return line
	}
	// The automatic choice depends on each process's measurement, which other work on the machine
	// may affect.
	unset := child("")
	if !slices.ContainsFunc(append(Kernels(), automatic().name, "avx512+avx2"), func(name string) bool {
		return unset == "kernel="+name+" error=none"
	}) {
		t.Errorf("unset: %s", unset)
	}
	for _, name := range Kernels() {
		if got, want := child(name), "kernel="+name+" error=none"; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := child("abacus"); !strings.Contains(got, EnvKernel) || !strings.Contains(got, `"abacus"`) {
		t.Errorf("abacus: %s, want an error that names the variable and the value", got)
	}
}
