//go:build unix

package external

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// acting returns the settings of a program that behaves as in act.
func acting(t testing.TB, act string) Settings {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Settings{Command: []string{self}, Folder: t.TempDir(), Env: []string{actVariable + "=" + act},
		Temp: filepath.Join(t.TempDir(), "programs"), Name: "cell", Seed: 7, Params: bench.Params{"lr": 0.5}}
}

func begin(t testing.TB, s Settings, d bench.Data) bench.Learner {
	t.Helper()
	l, err := Program(s).(bench.Starter).Start(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// gone checks that no process and no file of a program is left.
func gone(t testing.TB, s Settings, l bench.Learner) {
	t.Helper()
	if l != nil {
		p := sessionOf(l).p
		if left := family(p.cmd.Process.Pid, p.token); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	if _, err := os.Stat(s.Temp); !errors.Is(err, os.ErrNotExist) {
		left, _ := filepath.Glob(filepath.Join(s.Temp, "*"))
		t.Errorf("files are left: %v", left)
	}
}

// TestMisbehaviour checks that a cell ends in time with the cause, whatever the program does wrong,
// and that no process and no file is left.
func TestMisbehaviour(t *testing.T) {
	for act, want := range map[string]string{
		"silent":       "the time limit",
		"nan":          "program act: its scores: s.npy scores row 2 NaN: score is not finite",
		"inf":          "scores row 0 -Inf: score is not finite",
		"short":        "its scores: s.npy has shape (39,), want (40,): a score for each row",
		"long":         "has shape (41,), want (40,)",
		"truncated":    "s.npy has 381 bytes, want 389",
		"square":       "has shape (20, 2), want (40,)",
		"integers":     "holds values of type i8, want f8 (float64)",
		"text":         "s.npy is not a NumPy array (.npy)",
		"nofile":       `its scores "nowhere.npy" cannot be read`,
		"escape":       `its scores "../outside.npy" cannot be read`,
		"link":         `its scores "link.npy" cannot be read`,
		"pipe":         `its scores "pipe.npy" cannot be read: not a regular file`,
		"crash":        "program act: it crashed: exit status 5 (standard error ends: the reason)\nfirst\nsecond\nthe reason",
		"crash-later":  "it crashed: exit status 5",
		"killed-later": "it crashed: signal: killed",
		"quits":        "it ended (status 0) instead of answering",
		"closes":       "it closed its standard input or output, but still runs",
		"chatter":      `it answered "epoch 1 of 10", which is not a JSON object: messages for people belong on standard error`,
		"list":         `it answered "[1]", which is not a JSON object`,
		"types":        `it answered "{\"scores\": 7}", in which "scores" is not the name of an .npy file`,
		"other":        `it answered "{\"saved\":\"x\"}", which has no "scores"`,
		"twice-later":  `it also answered "{\"scores\":\"s.npy\"}", which was not requested`,
		"endless":      "it answered a line of more than 1048576 bytes",
		"givesup":      "it reported an error: no anomaly in sight",
		"child":        "it left processes behind, which were killed: ",
		"daemon":       "it left processes behind, which were killed: ",
		"flood":        "it wrote more than 64 MiB to standard error (standard error: ",
		"stays":        "it did not end within 300ms of bye",
		"badend":       "it ended with exit status 7 after bye",
	} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			s := acting(t, act)
			s.End = time.Second
			if act == "stays" {
				s.End = 300 * time.Millisecond
			}
			d := checkData(40, 2)
			l := begin(t, s, d)
			ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Second, errors.New("the time limit"))
			if act == "silent" {
				ctx, cancel = context.WithTimeoutCause(t.Context(), 200*time.Millisecond, errors.New("the time limit"))
			}
			defer cancel()
			var err error
			for round := 0; round < 3 && err == nil; round++ {
				err = l.Train(ctx, d, bench.Labels{Index: checkLabels.Index[:round], Anomaly: checkLabels.Anomaly[:round]})
				if round == 1 && act == "twice-later" {
					time.Sleep(50 * time.Millisecond)
				}
			}
			if err == nil {
				err = sessionOf(l).Close()
			}
			l.(bench.Aborter).Abort()
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v\nwant %s", err, want)
			}
			if (act == "nan" || act == "inf") && !errors.Is(err, bench.ErrNotFinite) {
				t.Error("it is not ErrNotFinite")
			}
			os.Remove(filepath.Join(s.Temp, "outside.npy")) // written by escape and link
			os.Remove(s.Temp)
			gone(t, s, l)
		})
	}
}

// TestUnready covers programs that cannot be started, are not ready in time, or have another
// version.
func TestUnready(t *testing.T) {
	d := checkData(10, 2)
	for act, want := range map[string]string{
		"silent-start": "it was not ready within 300ms",
		"old":          "it uses version 2 of the protocol, this program has version 1",
	} {
		s := acting(t, act)
		if act == "silent-start" {
			s.Start = 300 * time.Millisecond
		}
		_, err := Program(s).(bench.Starter).Start(t.Context(), d)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", act, err)
		}
		gone(t, s, nil)
	}
	s := acting(t, "good")
	s.Command = []string{"no-such-program", "x"}
	if _, err := Program(s).(bench.Starter).Start(t.Context(), d); err == nil || !strings.Contains(err.Error(), "the program no-such-program cannot be run") {
		t.Error(err)
	}
	s = acting(t, "good")
	if err := os.WriteFile(filepath.Join(s.Folder, "a=b.py"), []byte("1"), 0o666); err != nil {
		t.Fatal(err)
	}
	files, errs := Files(s.Folder, s.Command, []string{"a=b.py"})
	if errs != nil {
		t.Fatal(errs)
	}
	s.Files = files
	begin(t, s, d).(bench.Aborter).Abort()
	if err := os.WriteFile(filepath.Join(s.Folder, "a=b.py"), []byte("2"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Program(s).(bench.Starter).Start(t.Context(), d); err == nil || !strings.Contains(err.Error(), "a=b.py has changed since the plan was made") {
		t.Error(err)
	}
	gone(t, s, nil)
}

// TestStopped checks that the end of a cell does not wait for a program that does not read its
// input.
func TestStopped(t *testing.T) {
	s := acting(t, "silent")
	d := checkData(10, 2)
	l := begin(t, s, d)
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	time.AfterFunc(100*time.Millisecond, func() { cancel(stopped) })
	begun := time.Now()
	if err := l.Train(ctx, d, bench.Labels{}); !errors.Is(err, stopped) || time.Since(begun) > 5*time.Second {
		t.Error(err, time.Since(begun))
	}
	// More than a pipe holds, to a program that does not read.
	many := bench.Labels{Index: make([]int, 50000), Anomaly: make([]bool, 50000)}
	if err := l.Train(ctx, d, many); !errors.Is(err, stopped) {
		t.Error(err)
	}
	l.(bench.Aborter).Abort()
	gone(t, s, l)
}

type record struct{ rounds [][]int }

func (r *record) Record(round bench.Round) error {
	r.rounds = append(r.rounds, slices.Clone(round.Rows))
	return nil
}

// TestNoLabelCrossesUnaudited checks that only audited labels are sent, once each, with the
// oracle's answer: of all lines to the program only train has labels, and they are those of the
// audits since the last line.
func TestNoLabelCrossesUnaudited(t *testing.T) {
	var trace bytes.Buffer
	s := acting(t, "good")
	s.Trace = &trace
	d := checkData(60, 3)
	truth := make([]bool, 60)
	for i := range truth {
		truth[i] = i%7 == 3
	}
	l := begin(t, s, d)
	var r record
	if _, err := bench.Run(t.Context(), d, l, bench.Truth(truth), bench.Settings{Budget: 25, K: 4}, &r); err != nil {
		t.Fatal(err)
	}
	if err := sessionOf(l).Close(); err != nil {
		t.Fatal(err)
	}
	gone(t, s, l)
	var sent []string
	for line := range strings.Lines(trace.String()) {
		if text, ok := strings.CutPrefix(line, "> "); ok {
			sent = append(sent, strings.TrimSpace(text))
		}
	}
	if want := `{"uaibench":1,"X":"x.npy","class":null,"seed":7,"threads":1,"params":{"lr":0.5}}`; sent[0] != want {
		t.Errorf("%s\nwant %s", sent[0], want)
	}
	if sent[len(sent)-1] != `{"bye":1}` || len(sent) != 2+len(r.rounds) {
		t.Errorf("%d lines for %d rounds: %q", len(sent), len(r.rounds), sent)
	}
	for i, line := range sent[1 : len(sent)-1] {
		var m map[string][][2]int
		if err := json.Unmarshal([]byte(line), &m); err != nil || len(m) != 1 {
			t.Fatalf("%s: %v", line, err)
		}
		want := [][2]int{}
		if i > 0 {
			for _, row := range r.rounds[i-1] {
				y := 0
				if truth[row] {
					y = 1
				}
				want = append(want, [2]int{row, y})
			}
		}
		if fmt.Sprint(m["train"]) != fmt.Sprint(want) {
			t.Errorf("round %d: %s, want %v", i+1, line, want)
		}
	}
	// The first message has no labels.
	if strings.Contains(sent[0], "true") {
		t.Errorf("%s", sent[0])
	}
}

// TestStatic checks that a static program is asked once and gets no label.
func TestStatic(t *testing.T) {
	var trace bytes.Buffer
	s := acting(t, "static")
	s.Trace = &trace
	d := checkData(30, 2)
	l := begin(t, s, d)
	if st, ok := l.(bench.Static); !ok || !st.Static() {
		t.Error("it is not static")
	}
	var r record
	if _, err := bench.Run(t.Context(), d, l, bench.Truth(make([]bool, 30)), bench.Settings{Budget: 9, K: 2, Checkpoints: []int{0, 5},
		Checkpoint: func(int, bench.Labels, bench.Learner) error { return nil }}, &r); err != nil {
		t.Fatal(err)
	}
	if err := sessionOf(l).Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(trace.String(), "[[") || r.rounds[0][0] != 29 {
		t.Errorf("%s, %v", trace.String(), r.rounds)
	}
	if says := sessionOf(l).Describe(); says != (bench.ProgramInfo{Name: "act", Version: "3", Deterministic: true}) {
		t.Errorf("%+v", says)
	}
	if _, err := l.Scores(t.Context(), make([]float64, 3), checkData(3, 2), nil, bench.HeadBase); !errors.Is(err, errNoOtherRows) {
		t.Error(err)
	}
}

// TestSaves checks that a snapshot, restored in another process, leads to the same audits, and that
// a program that does not save itself is not Resumable.
func TestSaves(t *testing.T) {
	d := checkData(50, 2)
	truth := make([]bool, 50)
	truth[31] = true
	run := func(l bench.Learner, settings bench.Settings) [][]int {
		settings.Budget, settings.K = 30, 5
		var r record
		if _, err := bench.Run(t.Context(), d, l, bench.Truth(truth), settings, &r); err != nil && settings.Between == nil {
			t.Fatal(err)
		}
		return r.rounds
	}
	whole := begin(t, acting(t, "saves"), d)
	want := run(whole, bench.Settings{})
	sessionOf(whole).Close()
	first := begin(t, acting(t, "saves"), d)
	var kept bytes.Buffer
	var at bench.Position
	stop := errors.New("stop")
	run(first, bench.Settings{Between: func(p bench.Position) error {
		if p.Labels.Len() < 15 {
			return nil
		}
		at = bench.Position{Labels: bench.Labels{Index: slices.Clone(p.Labels.Index), Anomaly: slices.Clone(p.Labels.Anomaly)}}
		return errors.Join(first.(bench.Resumable).Snapshot(&kept), stop)
	}})
	first.(bench.Aborter).Abort()
	var trace bytes.Buffer
	going := acting(t, "saves")
	going.Trace = &trace
	second := begin(t, going, d)
	if err := second.(bench.Resumable).Restore(t.Context(), d, at.Labels, bytes.NewReader(kept.Bytes())); err != nil {
		t.Fatal(err)
	}
	got := run(second, bench.Settings{From: &at})
	if fmt.Sprint(got) != fmt.Sprint(want[3:]) {
		t.Errorf("%v, want %v", got, want[3:])
	}
	last := fmt.Sprint(want[2])
	next := strings.Split(trace.String(), "\n")[4] // after hello, ready, load, loaded
	var m map[string][][2]int
	if err := json.Unmarshal([]byte(strings.TrimPrefix(next, "> ")), &m); err != nil || len(m["train"]) != 5 || !strings.HasPrefix(last, fmt.Sprintf("[%d ", m["train"][0][0])) {
		t.Errorf("the first labels after load are %s, want those of %s", next, last)
	}
	if counts := sessionOf(second).Counts(); counts["labels"] != 25 {
		t.Errorf("%v", counts)
	}
	sessionOf(second).Close()
	for n := range kept.Len() {
		third := keeping{&session{Settings: acting(t, "saves")}}
		if n < 20 {
			if err := third.Restore(t.Context(), d, at.Labels, bytes.NewReader(kept.Bytes()[:n])); err == nil {
				t.Errorf("%d bytes of a snapshot are enough", n)
			}
		}
	}
	l := begin(t, acting(t, "good"), d)
	if _, ok := l.(bench.Resumable); ok {
		t.Error("a program that does not save itself is resumable")
	}
	l.(bench.Aborter).Abort()
	l = begin(t, acting(t, "unsaved"), d)
	if err := l.(bench.Resumable).Snapshot(&kept); err == nil || !strings.Contains(err.Error(), "it reported itself saved, but") {
		t.Error(err)
	}
	l.(bench.Aborter).Abort()
}

// TestEnvironment checks that a program's environment has only the documented variables and those
// of the spec.
func TestEnvironment(t *testing.T) {
	t.Setenv("SECRET", "hidden")
	t.Setenv("WANTED", "this")
	s := acting(t, "envs")
	s.Env = append(s.Env, "WANTED", "SET=a=b", "ABSENT")
	s.Threads = 3
	l := begin(t, s, checkData(5, 1))
	l.(bench.Aborter).Abort()
	text, err := os.ReadFile(filepath.Join(s.Temp, "envs"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		names = append(names, name)
		if want, held := map[string]string{"WANTED": "this", "SET": "a=b", "OMP_NUM_THREADS": "3", "UAIBENCH_FOLDER": s.Folder}[name]; held && value != want {
			t.Errorf("%s is %s, want %s", name, value, want)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "MKL_NUM_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS PATH PYTHONDONTWRITEBYTECODE SET TMPDIR UAIBENCH_EXEC UAIBENCH_FOLDER "+actVariable+" WANTED" {
		t.Error(got)
	}
}

// TestCheck checks that Check passes good programs and names the errors of others.
func TestCheck(t *testing.T) {
	for act, want := range map[string]string{
		"good": "", "saves": "", "static": "", "varies": "",
		"nan":     "score is not finite",
		"unsaved": "it reported itself saved, but",
		"child":   "it left processes behind",
		"chatter": "not a JSON object",
	} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			var checked strings.Builder
			s := acting(t, act)
			right := Check(t.Context(), s, func(c Checked) { fmt.Fprintf(&checked, "%s: %v\n", c.What, c.Err) })
			if right != (want == "") || !strings.Contains(checked.String(), want) {
				t.Errorf("%v:\n%s", right, checked.String())
			}
			gone(t, s, nil)
		})
	}
}

// BenchmarkRound measures the cost of a round besides the program's own work, on as many rows as
// the paper's largest dataset. The scores are read in every round; the matrix is written only once,
// before the first.
func BenchmarkRound(b *testing.B) {
	d := checkData(286048, 54)
	s := acting(b, "fixed")
	begun := time.Now()
	l := begin(b, s, d)
	started := time.Since(begun)
	scores := make([]float64, d.Rows())
	least := time.Hour // other work on the machine only adds time
	for b.Loop() {
		round := time.Now()
		if err := l.Train(b.Context(), d, bench.Labels{}); err != nil {
			b.Fatal(err)
		}
		if _, err := l.Scores(b.Context(), scores, d, nil, bench.HeadTrained); err != nil {
			b.Fatal(err)
		}
		least = min(least, time.Since(round))
	}
	b.ReportMetric(least.Seconds()*1000, "ms/least-round")
	size, _ := filepath.Glob(filepath.Join(s.Temp, "*", "*"))
	b.ReportMetric(float64(len(size)), "files")
	b.ReportMetric(started.Seconds()*1000, "ms/start")
	sessionOf(l).Close()
}

// TestMistypedAnswers checks that a value of the wrong type is reported in the terms of the
// protocol.
func TestMistypedAnswers(t *testing.T) {
	for line, want := range map[string]string{
		`{"scores":[1,2]}`:                      `"scores" is not the name of an .npy file`,
		`{"scores":"s","counts":5}`:             `"counts" is not an object of whole numbers`,
		`{"scores":"s","counts":{"steps":.5}}`:  "is not a JSON object",
		`{"scores":"s","counts":{"steps":1.5}}`: `is not a whole number`,
		`{"scores":"s","active":"yes"}`:         `"active" is not true or false`,
		`{"scores":"s","name":7}`:               `"name" is not a string`,
	} {
		_, err := parse([]byte(line), "scores")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
