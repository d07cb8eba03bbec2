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
	"os"
	"os/signal"
	"syscall"
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
	// A reader that goes away (`| head`) must not kill a run: what it does not read is lost,
	// nothing else.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second Ctrl-C kills at once
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
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
	a := &app{stdout: stdout, stderr: stderr, args: args}
	cmd := a.command()
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil && out.err != nil && !errors.Is(out.err, syscall.EPIPE) {
		err = fmt.Errorf("standard output: %w", out.err)
	}
	if err == nil {
		return statusOK
	}
	status := statusHarness
	var s *statusError
	if errors.As(err, &s) {
		status = s.status
		err = s.err
	} else if ctx.Err() != nil {
		status = statusInterrupted
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	return status
}

// output remembers the first error of standard output: a full disk must not pass for success.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}
