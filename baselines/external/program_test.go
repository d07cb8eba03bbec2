//go:build unix

package external

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// actVariable makes the test binary act as the program that its value names.
const actVariable = "UAIBENCH_TEST_ACT"

func TestMain(m *testing.M) {
	if act := os.Getenv(actVariable); act != "" {
		program(act)
	}
	os.Exit(m.Run())
}

// scoresFile writes float64 values as a NumPy file, with the given header (empty: the right one).
func scoresFile(name, header string, values []float64) string {
	if header == "" {
		header = fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }\n", len(values))
	}
	b := append([]byte("\x93NUMPY\x01\x00"), 0, 0)
	binary.LittleEndian.PutUint16(b[8:], uint16(len(header)))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	if err := os.WriteFile(name, b, 0o666); err != nil {
		panic(err)
	}
	return name
}

// program follows the protocol and scores row i with i, or i - 1000 if it is labelled normal. act
// is the name of a deviation from that, which begins at the first train; with "-later" at the
// second, with "-start" before ready.
func program(act string) {
	act, more, _ := strings.Cut(act, "-")
	in := bufio.NewScanner(os.Stdin)
	write := func(v any) {
		text, _ := json.Marshal(v)
		fmt.Println(string(text))
	}
	if act == "holds" {
		held := touched(100)
		fmt.Println("held")
		in.Scan() // until its parent ends
		os.Exit(int(held[0]) - 1)
	}
	if act == "silent" && more == "start" {
		time.Sleep(time.Hour)
	}
	n, trained := 0, 0
	labels := map[int]int{}
	for in.Scan() {
		var m struct {
			Uaibench int
			X        string
			Train    *[][2]int
			Save     string
			Load     string
			Bye      int
		}
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			fmt.Fprintln(os.Stderr, "a line that is no JSON")
			os.Exit(9)
		}
		switch {
		case m.Uaibench > 0:
			n = rowsOf(m.X)
			if act == "old" {
				write(map[string]any{"ready": 2})
				continue
			}
			if act == "envs" {
				os.WriteFile("../envs", []byte(strings.Join(os.Environ(), "\n")), 0o666)
			}
			write(map[string]any{"ready": 1, "name": "act", "version": "3", "active": act != "static", "deterministic": act != "varies", "saves": act == "saves" || act == "unsaved"})
		case m.Train != nil:
			trained++
			for _, l := range *m.Train {
				labels[l[0]] = l[1]
			}
			if trained < 2 && more == "later" {
				write(map[string]any{"scores": scoresFile("s.npy", "", scoresOf(n, labels))})
				continue
			}
			if misbehave(act, n, write) {
				continue
			}
			write(map[string]any{"scores": scoresFile("s.npy", "", scoresOf(n, labels)), "counts": map[string]int{"labels": len(labels)}})
		case m.Save != "":
			if act == "saves" {
				text, _ := json.Marshal(labels)
				os.WriteFile(m.Save, text, 0o666)
			}
			write(map[string]any{"saved": m.Save})
		case m.Load != "":
			text, _ := os.ReadFile(m.Load)
			json.Unmarshal(text, &labels)
			write(map[string]any{"loaded": m.Load})
		case m.Bye > 0:
			switch act {
			case "stays":
				time.Sleep(time.Hour)
			case "badend":
				os.Exit(7)
			}
			os.Exit(0)
		}
	}
	os.Exit(0)
}

var heavy []byte

// touched returns mib MiB of memory with every page in use.
func touched(mib int) []byte {
	b := make([]byte, mib<<20)
	for i := 0; i < len(b); i += 1 << 10 {
		b[i] = 1
	}
	return b
}

func scoresOf(n int, labels map[int]int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i)
		if y, ok := labels[i]; ok && y == 0 {
			out[i] -= 1000
		}
	}
	return out
}

// misbehave acts before the answer to train, or in its place; answered reports the latter.
func misbehave(act string, n int, write func(any)) (answered bool) {
	good := scoresOf(n, nil)
	answer := func(header string, values []float64) {
		write(map[string]any{"scores": scoresFile("s.npy", header, values)})
	}
	child := func(alone bool) {
		c := exec.Command("sleep", "600")
		if alone {
			c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		}
		if err := c.Start(); err != nil {
			panic(err)
		}
	}
	switch act {
	case "fixed": // the scores exist already, so a round costs only the protocol
		if _, err := os.Stat("s.npy"); err != nil {
			return false
		}
		write(map[string]any{"scores": "s.npy"})
		return true
	case "silent":
		time.Sleep(time.Hour)
	case "nan":
		good[2] = math.NaN()
		answer("", good)
		return true
	case "inf":
		good[0] = math.Inf(-1)
		answer("", good)
		return true
	case "short":
		answer("", good[1:])
		return true
	case "long":
		answer("", append(good, 1))
		return true
	case "truncated":
		answer(fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }\n", n), good[1:])
		return true
	case "square":
		answer(fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 2), }\n", n/2), good)
		return true
	case "integers":
		answer(fmt.Sprintf("{'descr': '<i8', 'fortran_order': False, 'shape': (%d,), }\n", n), good)
		return true
	case "text":
		os.WriteFile("s.npy", []byte("1\n2\n"), 0o666)
		write(map[string]any{"scores": "s.npy"})
		return true
	case "nofile":
		write(map[string]any{"scores": "nowhere.npy"})
		return true
	case "escape":
		scoresFile("../outside.npy", "", good)
		write(map[string]any{"scores": "../outside.npy"})
		return true
	case "link":
		scoresFile("../outside.npy", "", good)
		os.Symlink("../outside.npy", "link.npy")
		write(map[string]any{"scores": "link.npy"})
		return true
	case "pipe":
		syscall.Mkfifo("pipe.npy", 0o666)
		write(map[string]any{"scores": "pipe.npy"})
		return true
	case "crash":
		fmt.Fprintln(os.Stderr, "first\nsecond\nthe reason")
		os.Exit(5)
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "quits":
		os.Exit(0)
	case "closes":
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "chatter":
		fmt.Println("epoch 1 of 10")
	case "list":
		fmt.Println("[1]")
		return true
	case "types":
		fmt.Println(`{"scores": 7}`)
		return true
	case "other":
		write(map[string]any{"saved": "x"})
		return true
	case "twice":
		answer("", good)
		write(map[string]any{"scores": "s.npy"})
		time.Sleep(time.Hour)
	case "endless":
		fmt.Print(strings.Repeat("x", 3<<20))
	case "givesup":
		write(map[string]any{"error": "no anomaly in sight"})
		return true
	case "heavy":
		if heavy == nil {
			heavy = touched(150)
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), actVariable+"=holds")
			c.StdinPipe()
			out, err := c.StdoutPipe()
			if err = errors.Join(err, c.Start()); err != nil {
				panic(err)
			}
			bufio.NewReader(out).ReadString('\n')
		}
	case "child":
		child(false)
	case "daemon":
		child(true)
	case "flood":
		block := []byte(strings.Repeat("all is well ", 1<<12))
		for range 1 << 30 / len(block) {
			os.Stderr.Write(block)
		}
	}
	return false
}

// rowsOf returns the number of rows of a matrix file.
func rowsOf(name string) int {
	text, err := os.ReadFile(name)
	if err != nil {
		panic(err)
	}
	at := strings.Index(string(text[:128]), "'shape': (")
	n := 0
	fmt.Sscanf(string(text[at+len("'shape': ("):128]), "%d", &n)
	return n
}
