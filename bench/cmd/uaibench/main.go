// Command uaibench checks the claims of "UaiNets: From Unsupervised to Active Deep Anomaly
// Detection": it runs experiment specs, stores the measurements in run directories, and renders
// plots, tables and a report.
//
//	uaibench run demo                 the main job, on real MNIST
//	uaibench run my.yaml -j 8         a spec of your own, on eight cores
//	uaibench plan my.yaml             the cells of that run, and how long they would take
//	uaibench report runs/my           plots, tables and report.html once more
//	uaibench claims runs/my           the paper's claims on that run, with verdicts
//	uaibench verify runs/my           checks of its files against its audit logs
//
// Exit status: 0 success; 1 the harness failed; 2 the spec or the arguments are wrong; 3 some cells
// failed; 4 a gate was crossed (such as a verification that found something, a regression, a
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

// Exit statuses, as in the package comment.
const (
	statusOK          = 0
	statusHarness     = 1
	statusUsage       = 2
	statusCells       = 3
	statusGate        = 4
	statusNothing     = 5
	statusInterrupted = 130
)

// Set by -ldflags at build time.
var (
	version = "development"
	commit  = ""
	dirty   = ""
)

func main() {
	// A closed pipe (`| head`) must not kill a run: see output.
	signal.Ignore(syscall.SIGPIPE)
	exit = os.Exit
	os.Exit(run(untilStopped(context.Background()), os.Args[1:], os.Stdout, os.Stderr))
}

// exit ends the process: os.Exit, but a no-op in tests that call run.
var exit = func(status int) {}

// gracePeriod is how long a command may continue after it was asked to stop, unless it cleans up
// after itself (app.cleans). Only a computation or a wait for a pipe is cut off then: files are
// written completely or not at all.
const gracePeriod = 2 * time.Second

// untilStopped returns a context that is cancelled when the process is asked to stop: by Ctrl-C, by
// SIGTERM, or by the signals of closed terminals and batch systems (politeSignals). A second Ctrl-C
// or SIGTERM kills the process at once; further politeSignals, which are likely, have no effect.
//
// A signal of politeSignals that was ignored when the process started, as SIGHUP is under nohup,
// stays ignored.
func untilStopped(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	for _, s := range politeSignals {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	go func() {
		<-signals
		cancel()
		signal.Reset(os.Interrupt, syscall.SIGTERM)
	}()
	return ctx
}

// statusError is an error with an exit status; with a nil err nothing more is printed.
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

// run executes the command in args and returns the program's exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &output{w: stdout}
	stdout = out
	a := &app{stdout: stdout, stderr: stderr, args: args, missing: map[string]bool{}}
	cmd := a.command()
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	ended := make(chan struct{})
	defer context.AfterFunc(ctx, func() {
		select {
		case <-ended:
		case <-time.After(gracePeriod):
			if !a.cleans.Load() {
				fmt.Fprintln(stderr, "interrupted")
				exit(statusInterrupted)
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
			err = s.err // otherwise s is joined with other errors
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

// output is a writer that keeps the first error of standard output, since a full disk must not pass
// for success. Writes to a closed pipe succeed and are discarded, in every command.
type output struct {
	w    io.Writer
	err  error
	gone bool // the pipe is closed
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
