// Command uaibench checks the claims of "UaiNets: From Unsupervised to Active Deep Anomaly
// Detection": it runs experiment specs, keeps what it measured in run directories, and renders
// plots, tables and a report.
//
//	uaibench run demo                 the main job, on real MNIST
//	uaibench run my.yaml -j 8         a spec of your own, on eight cores
//	uaibench plan my.yaml             what that would run, and how long it would take
//	uaibench report runs/my           plots, tables and report.html once more
//	uaibench claims runs/my           what the paper says beside it, with verdicts
//	uaibench verify runs/my           what its files can prove
//
// Exit status: 0 all well; 1 the harness failed; 2 the spec or the arguments are wrong; 3 some
// cells failed; 4 a gate was crossed (a verification that found something, a regression, a
// contradicted claim); 5 nothing was measured; 130 interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/uaibench/uaibench/bench/text"
)

// Exit statuses, as in the package's comment.
const (
	statusOK          = 0
	statusHarness     = 1
	statusUsage       = 2
	statusCells       = 3
	statusGate        = 4
	statusNothing     = 5
	statusInterrupted = 130
)

// Set by -ldflags.
var (
	version = "development"
	commit  = ""
	dirty   = ""
)

func main() {
	// A reader that goes away (`| head`) must not kill a run: see output.
	signal.Ignore(syscall.SIGPIPE)
	leave = os.Exit
	os.Exit(run(untilTold(context.Background()), os.Args[1:], os.Stdout, os.Stderr))
}

// leave ends the process; tests have none that ends theirs.
var leave = func(status int) {}

// patience is how long a command may go on once it was told to stop, unless it cleans up behind
// itself (app.cleans). What is cut off then is a computation, or a wait for a pipe: files are
// written whole or not at all.
const patience = 2 * time.Second

// untilTold gives a context that ends when the process is told to stop: by Ctrl-C, by SIGTERM, or
// by what closed terminals and batch systems send (politeSignals). A second Ctrl-C or SIGTERM kills
// at once; of the others more are to be expected, and do nothing.
//
// A signal of politeSignals that was ignored when the process began, as SIGHUP is under nohup, stays
// so.
func untilTold(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	for _, s := range politeSignals {
		if !signal.Ignored(s) {
			signal.Notify(told, s)
		}
	}
	go func() {
		<-told
		cancel()
		signal.Reset(os.Interrupt, syscall.SIGTERM)
	}()
	return ctx
}

// statusError carries an exit status; a nil err has been told already.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

func usage(err error) error { return &statusError{statusUsage, err} }

// run is the whole program.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &output{w: stdout}
	stdout = out
	a := &app{stdout: stdout, stderr: stderr, args: args, told: map[string]bool{}}
	cmd := a.command()
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	ended := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		select {
		case <-ended:
		case <-time.After(patience):
			if !a.cleans.Load() {
				fmt.Fprintln(stderr, "interrupted")
				leave(statusInterrupted)
			}
		}
	})()
	err := cmd.ExecuteContext(ctx)
	close(ended)
	if err == nil {
		err = out.err
	}
	if err == nil {
		return statusOK
	}
	status := statusHarness
	var s *statusError
	if errors.As(err, &s) {
		status = s.status
		if err == error(s) {
			err = s.err // else it stands among others
		}
	} else if ctx.Err() != nil {
		status = statusInterrupted
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted")
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, text.Plain(err))
	}
	return status
}

// output remembers the first error of standard output: a full disk must not pass for success. A
// reader that goes away has read what it wanted, and what is written after that is lost without an
// error, whichever command writes it.
type output struct {
	w    io.Writer
	err  error
	gone bool // the reader
}

func (o *output) Write(p []byte) (int, error) {
	if o.gone {
		return len(p), nil
	}
	n, err := o.w.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		o.gone = true
		return len(p), nil
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("standard output: %w", p.Err)
	}
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}
