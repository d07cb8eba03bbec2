package external

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	maxLine   = 1 << 20  // of an answer, in bytes
	maxStderr = 64 << 20 // most standard error of a program
	maxTail   = 4 << 10  // kept end of standard error
)

// process is a running program. Its methods are not safe for concurrent use.
type process struct {
	cmd   *exec.Cmd
	token string // marks the environments of the program and its children
	trace io.Writer

	stdin  *os.File
	lines  chan line
	exited chan struct{} // closed when the program has ended
	status error         // exit status, once exited is closed

	pipes  []*os.File // this process's ends
	mu     sync.Mutex
	tail   []byte // end of standard error
	stderr int64  // bytes of standard error
	flood  chan struct{}

	peak    int64     // in bytes; see weigh
	weighed time.Time // time of the last weigh
}

type line struct {
	text []byte
	err  error
}

// start starts a program in its working folder.
func start(command, env []string, folder string, trace io.Writer) (*process, error) {
	p := &process{token: "UAIBENCH_EXEC=" + rand.Text(), trace: trace,
		lines: make(chan line, 16), exited: make(chan struct{}), flood: make(chan struct{})}
	var theirs []*os.File
	pipe := func() (r, w *os.File, err error) {
		if r, w, err = os.Pipe(); err != nil {
			return nil, nil, err
		}
		return r, w, nil
	}
	p.cmd = &exec.Cmd{Path: command[0], Args: command, Env: append(env, p.token), Dir: folder}
	fail := func(err error) (*process, error) {
		for _, f := range append(theirs, p.pipes...) {
			f.Close()
		}
		return nil, err
	}
	in, stdin, err := pipe()
	if err != nil {
		return nil, err
	}
	theirs, p.pipes = append(theirs, in), append(p.pipes, stdin)
	stdout, out, err := pipe()
	if err != nil {
		return fail(err)
	}
	theirs, p.pipes = append(theirs, out), append(p.pipes, stdout)
	stderr, errs, err := pipe()
	if err != nil {
		return fail(err)
	}
	theirs, p.pipes = append(theirs, errs), append(p.pipes, stderr)
	p.stdin, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = stdin, in, out, errs
	isolate(p.cmd)
	if err := p.cmd.Start(); err != nil {
		return fail(fmt.Errorf("it cannot be started: %w", err))
	}
	for _, f := range theirs {
		f.Close()
	}
	go p.listen(stdout)
	go p.drain(stderr)
	go func() {
		p.status = p.cmd.Wait()
		close(p.exited)
	}()
	return p, nil
}

// listen passes the program's lines to p.lines.
func (p *process) listen(stdout io.Reader) {
	defer close(p.lines)
	in := bufio.NewReaderSize(stdout, 1<<12)
	var text []byte
	for {
		part, err := in.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > maxLine:
			p.answer(line{err: fmt.Errorf("it answered a line of more than %d bytes, "+
				"which begins %s", maxLine, quote(text))})
			return
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(text) == 0:
			return
		}
		if p.trace != nil {
			fmt.Fprintf(p.trace, "< %s\n", bytes.TrimRight(text, "\r\n"))
		}
		if !p.answer(line{text: text}) || err != nil {
			return
		}
		text = nil
	}
}

// answer reports whether there was room for a line: no program is asked for so many answers that
// none is left.
func (p *process) answer(l line) bool {
	select {
	case p.lines <- l:
		return true
	default:
		return false
	}
}

// drain reads standard error, keeps its end, and closes p.flood after more than maxStderr bytes.
func (p *process) drain(stderr io.Reader) {
	buf := make([]byte, 1<<15)
	for {
		n, err := stderr.Read(buf)
		p.mu.Lock()
		before := p.stderr
		p.stderr += int64(n)
		p.tail = append(p.tail, buf[:n]...)
		p.tail = append([]byte(nil), p.tail[max(0, len(p.tail)-maxTail):]...)
		if before <= maxStderr && p.stderr > maxStderr {
			close(p.flood)
		}
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// ask sends a message and waits for the answer, which must have the key want.
func (p *process) ask(ctx context.Context, message any, want string) (answer, error) {
	if err := p.unasked(); err != nil {
		return answer{}, p.wrong(err)
	}
	if err := p.send(ctx, message); err != nil {
		return answer{}, err
	}
	var got line
	var there bool
	select {
	case got, there = <-p.lines:
	case <-ctx.Done():
		return answer{}, context.Cause(ctx)
	case <-p.flood:
		return answer{}, p.wrong(fmt.Errorf("it wrote more than %d MiB to standard error",
			maxStderr>>20))
	case <-p.exited:
		// An answer written before the exit counts.
		select {
		case got, there = <-p.lines:
		case <-time.After(time.Second):
		}
	}
	switch {
	case !there:
		return answer{}, p.wrong(p.gone())
	case got.err != nil:
		return answer{}, p.wrong(got.err)
	}
	p.weigh(time.Second)
	a, err := parse(got.text, want)
	if err != nil {
		return a, p.wrong(err)
	}
	return a, nil
}

// unasked returns an error if the program has sent an unsolicited line.
func (p *process) unasked() error {
	select {
	case extra, more := <-p.lines:
		if more {
			return fmt.Errorf("it also answered %s, which was not requested", quote(extra.text))
		}
	default:
	}
	return nil
}

// send writes a line. It does not wait longer than ctx for a program that does not read.
func (p *process) send(ctx context.Context, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if p.trace != nil {
		fmt.Fprintf(p.trace, "> %s\n", text)
	}
	stop := context.AfterFunc(ctx, func() { p.stdin.SetWriteDeadline(time.Now()) })
	defer stop()
	if _, err := p.stdin.Write(append(text, '\n')); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return p.wrong(p.gone())
	}
	return nil
}

// gone returns the error of a program that ended, or closed a stream, instead of answering.
func (p *process) gone() error {
	select {
	case <-p.exited:
		if p.status == nil {
			return errors.New("it ended (status 0) instead of answering")
		}
		return fmt.Errorf("it crashed: %v", p.status)
	case <-time.After(time.Second):
		return errors.New("it closed its standard input or output, but still runs")
	}
}

// wrong adds the end of standard error to an error: the last line beside it, and all lines below if
// there are more.
func (p *process) wrong(err error) error {
	time.Sleep(10 * time.Millisecond) // for what is still in the pipe
	p.mu.Lock()
	tail := strings.TrimSpace(strings.ToValidUTF8(string(p.tail), "?"))
	p.mu.Unlock()
	if tail == "" {
		return err
	}
	last := tail[strings.LastIndexByte(tail, '\n')+1:]
	if last == tail {
		return fmt.Errorf("%w (standard error: %s)", err, last)
	}
	return fmt.Errorf("%w (standard error ends: %s)\n%s", err, last, tail)
}

// end asks the program to exit and waits for at most limit. It returns an error if the program
// does not exit with status 0 or leaves processes behind.
func (p *process) end(limit time.Duration) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	defer p.kill()
	p.weigh(0)
	if err := p.unasked(); err != nil {
		return p.wrong(err)
	}
	if err := p.send(ctx, bye{1}); err != nil && ctx.Err() == nil {
		return err
	}
	p.stdin.Close()
	select {
	case <-p.exited:
	case <-p.flood:
		return fmt.Errorf("it wrote more than %d MiB to standard error", maxStderr>>20)
	case <-ctx.Done():
		return p.wrong(fmt.Errorf("it did not end within %v of bye", limit))
	}
	if p.status != nil {
		return p.wrong(fmt.Errorf("it ended with %v after bye", p.status))
	}
	if left := p.strays(time.Second); len(left) > 0 {
		return fmt.Errorf("it left processes behind, which were killed: %s",
			strings.Join(left, ", "))
	}
	return nil
}

// strays lists the program's processes that still run after limit.
func (p *process) strays(limit time.Duration) (left []string) {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		left = left[:0]
		for _, q := range family(p.cmd.Process.Pid, p.token) {
			left = append(left, fmt.Sprintf("%d %s", q.pid, q.name))
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
	}
}

// kill kills the program and all processes that it started, and waits for its end. It may be called
// repeatedly.
func (p *process) kill() {
	select {
	case <-p.exited: // its pid may be reused by now
	default:
		p.weigh(0)
		killGroup(p.cmd.Process)
	}
	for range 20 { // processes may start others meanwhile
		left := family(p.cmd.Process.Pid, p.token)
		if len(left) == 0 {
			break
		}
		for _, q := range left {
			if other, err := os.FindProcess(q.pid); err == nil {
				other.Kill()
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	<-p.exited
	for _, f := range p.pipes {
		f.Close()
	}
}

// weigh updates the peak memory in bytes of the program and its children: the sum of the peaks of
// the processes that live now. It does nothing within while of the last call. Callers call it while
// the program works and before it ends, so that only children that live shorter than while are
// missed.
//
// The rusage of an ended process would be no better: on Linux it begins with the memory of the
// process that started it.
func (p *process) weigh(while time.Duration) {
	if now := time.Now(); now.Sub(p.weighed) >= while {
		sum := int64(0)
		for _, q := range family(p.cmd.Process.Pid, p.token) {
			sum += peakOf(q.pid)
		}
		p.peak, p.weighed = max(p.peak, sum), now
	}
}

// relative is the program's process or one that it started.
type relative struct {
	pid  int
	name string
}
