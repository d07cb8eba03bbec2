package text

import (
	"os/exec"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0.0s", 340 * time.Millisecond: "0.3s", 12400 * time.Millisecond: "12s",
		187 * time.Second: "3m07s", 65 * time.Minute: "1h05m", 59*time.Minute + 59900*time.Millisecond: "1h00m",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v is shown as %s, want %s", d, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Comma(0): "0", Comma(999): "999", Comma(1000): "1,000", Comma(-1234567): "-1,234,567",
		Thousands(1234.5, 1): "1,234.5", Thousands(0.25, 2): "0.25",
		Plural(1, "cell"): "1 cell", Plural(0, "cell"): "0 cells", Plural(1500, "cell"): "1,500 cells",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestLines(t *testing.T) {
	for got, want := range map[string]string{
		FirstLine("a\nb"): "a", FirstLine("a"): "a", FirstLine(""): "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A shell reads every word back unchanged.
func TestShellWord(t *testing.T) {
	for _, s := range []string{"", "plain-1.5/x=y", "two words", "it's", "$(date) `date` \\ \"", "*", "ä\nö"} {
		out, err := exec.Command("sh", "-c", "printf %s "+ShellWord(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q: %q, %v", s, out, err)
		}
	}
	if s := ShellWord("plain-1.5/x=y"); s != "plain-1.5/x=y" {
		t.Error(s)
	}
}
