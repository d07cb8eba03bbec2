package progress

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pseudoterminal opens a new one: master reads what is written to terminal.
func pseudoterminal(t *testing.T) (master, terminal *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudoterminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 120}); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudoterminals here: %v", err)
	}
	t.Cleanup(func() { terminal.Close() })
	return master, terminal
}

// A terminal that cannot move its cursor gets plain lines.
func TestTerminalByItsTERM(t *testing.T) {
	for name, bars := range map[string]bool{"xterm-256color": true, "dumb": false, "": false} {
		t.Run("TERM="+name, func(t *testing.T) {
			t.Setenv("TERM", name)
			master, terminal := pseudoterminal(t)
			shown := make(chan string)
			go func() {
				var all []byte
				for buf := make([]byte, 4096); ; {
					n, err := master.Read(buf)
					all = append(all, buf[:n]...)
					if err != nil { // EIO, once the terminal is closed
						shown <- string(all)
						return
					}
				}
			}()
			d := New(terminal, Options{})
			for _, e := range script()[:7] {
				d.Event(e)
			}
			time.Sleep(500 * time.Millisecond) // more than two renderings
			d.Close()
			terminal.Close()
			got := <-shown
			if strings.Contains(got, "\x1b") != bars {
				t.Errorf("escapes are wanted: %v; the terminal got %q", bars, got)
			}
			if !strings.Contains(got, "building dataset mnist0\r\n") {
				t.Errorf("the terminal got %q", got)
			}
		})
	}
}
