// Package progress shows a run's events: on a terminal one bar for the run and one line for each
// running cell, elsewhere (a file, a pipe, a nightly job's log) an occasional plain line.
package progress

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/bench/text"
)

// Options configure a Display.
type Options struct {
	Every time.Duration // between plain lines about running cells; 0: 10 s
	// Dataset names a cell's dataset; nil: by its id.
	Dataset func(bench.PlannedCell) string
}

// Display shows events on a writer, usually standard error. Its methods may be called concurrently.
type Display struct {
	mu       sync.Mutex
	w        io.Writer
	bars     *bars // nil: plain lines
	every    time.Duration
	dataset  func(bench.PlannedCell) string
	estimate runner.Estimator
	total    tally
	running  []*line           // in the order of their start
	datasets map[string]string // names, by bench.DatasetRef.Key
	now      time.Time         // of the last event
	printed  time.Time         // when the last plain line was printed, by the events' time

	stop    chan struct{} // ends the ticker that updates the bars' times
	stopped sync.WaitGroup
}

// tally counts the cells of the run.
type tally struct{ planned, done, failed int }

// line is the state of a running cell.
type line struct {
	cell  *bench.PlannedCell
	seen  runner.Progress
	start time.Time
	bar   *bar // nil without a terminal
}

// New returns a display on w, with bars if w is a terminal that can show them. Close must be called
// at the end.
func New(w io.Writer, o Options) *Display {
	d := &Display{w: w, every: o.Every, dataset: o.Dataset}
	if d.dataset == nil {
		d.dataset = func(c bench.PlannedCell) string { return c.Cell.Dataset.ID }
	}
	if d.every <= 0 {
		d.every = 10 * time.Second
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && movesCursor(os.Getenv("TERM")) {
		d.draw(newBars(f, false))
	}
	return d
}

// movesCursor reports whether a terminal, by its TERM, is known to support the escapes that redraw
// bars. Without a TERM (an editor's shell, a serial line) it is not.
func movesCursor(terminal string) bool { return terminal != "" && terminal != "dumb" }

// draw shows bars, and keeps updating their times between events.
func (d *Display) draw(b *bars) {
	d.bars = b
	d.stop = make(chan struct{})
	d.stopped.Go(func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case now := <-tick.C:
				d.mu.Lock()
				if d.bars != nil {
					d.refresh(now)
				}
				d.mu.Unlock()
			case <-d.stop:
				return
			}
		}
	})
}

// refresh sets the bars' texts.
func (d *Display) refresh(now time.Time) {
	d.bars.set(d.total.done+d.total.failed, d.total.planned)
	d.bars.setText(d.whole(now))
	for _, l := range d.running {
		l.bar.set(d.where(l, now))
	}
}

// Event shows an event; use it as Events of runner.Config.
func (d *Display) Event(e runner.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.estimate.Observe(e)
	d.now = e.At
	switch e.Kind {
	case runner.PlanReady:
		d.planReady(e)
	case runner.DatasetBuilding:
		d.print("building dataset %s", cmp.Or(d.datasets[e.Dataset.Key()], e.Dataset.ID))
	case runner.DatasetFailed:
		d.print("%s\nwaiting for it: %s", e.Error, text.Plural(e.Cells, "cell"))
	case runner.CellStarted:
		l := &line{cell: e.Cell, start: e.At}
		d.running = append(d.running, l)
		if d.bars != nil {
			l.bar = d.bars.add()
		} else {
			d.print("start %s", d.name(e.Cell))
		}
	case runner.CellResumed:
		if l := d.line(e.Cell); l != nil {
			l.start, l.seen = e.At.Add(-e.Elapsed), e.Progress
		}
		where := fmt.Sprintf("at %d of %d audits", e.Progress.Audits, e.Progress.Budget)
		if e.Progress.Audits == 0 {
			where = "in the pre-training"
		}
		d.print("resume %s: %s, after %s", d.name(e.Cell), where,
			text.Duration(e.Elapsed))
	case runner.SnapshotIgnored:
		d.print("%s starts afresh; its snapshot is not used: %s", d.name(e.Cell),
			text.FirstLine(e.Error))
	case runner.SnapshotFailed:
		d.print("no snapshot of %s could be written; it would resume from the last one: %s",
			d.name(e.Cell), text.FirstLine(e.Error))
	case runner.Stopping:
		d.print("stopping: cells are saved first, at the end of their rounds; Ctrl-C again " +
			"stops at once")
	case runner.CellProgress:
		if l := d.line(e.Cell); l != nil {
			l.seen = e.Progress
			if d.bars != nil {
				l.bar.set(d.where(l, e.At))
			}
		}
		if d.bars == nil && e.At.Sub(d.printed) >= d.every {
			d.printRunning(e.At)
		}
	case runner.CellDone:
		d.total.done++
		did := fmt.Sprintf("%d anomalies in %d audits", e.Progress.Found, e.Progress.Audits)
		if e.Cell.Cell.HasHoldout() {
			did = "trained on one half, ranked the other"
		}
		d.end(e, fmt.Sprintf("done  %s: %s, %s", d.name(e.Cell), did, text.Duration(e.Elapsed)))
	case runner.CellFailed, runner.CellTimedOut:
		d.total.failed++
		if e.NoData { // reported once, for all cells that wait
			d.end(e, "")
			break
		}
		d.end(e, fmt.Sprintf("%s %s: %s", strings.ToUpper(string(e.Kind)), d.name(e.Cell),
			text.FirstLine(e.Error)))
	case runner.Interrupted:
		d.end(e, "")
	}
	if d.bars != nil && e.Kind != runner.CellProgress {
		d.refresh(e.At)
	}
}

// Write prints complete lines from another source, such as a log, without breaking the bars.
func (d *Display) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bars != nil {
		return d.bars.Write(p)
	}
	return d.w.Write(p)
}

// Close removes the bars and leaves the printed lines. Later output is plain.
func (d *Display) Close() {
	d.mu.Lock()
	bars := d.bars
	d.bars = nil
	for _, l := range d.running {
		l.bar.remove()
		l.bar = nil
	}
	d.mu.Unlock()
	if bars == nil {
		return
	}
	close(d.stop)
	d.stopped.Wait()
	bars.close()
}

func (d *Display) planReady(e runner.Event) {
	o := e.Plan
	d.datasets = map[string]string{}
	for _, c := range o.ToRun {
		d.datasets[c.Cell.Dataset.Key()] = d.dataset(*c)
	}
	d.total = tally{planned: o.Planned, done: o.Done}
	left := o.Planned - o.Done - len(o.ToRun) // failed before, and not to be tried again
	d.total.failed = left
	plan := fmt.Sprintf("%s: %d done, %d to run, %d at a time", text.Plural(o.Planned, "cell"),
		o.Done, len(o.ToRun), min(o.Jobs, max(len(o.ToRun), 1)))
	if left > 0 {
		plan += fmt.Sprintf("; %d failed before and are not retried", left)
	}
	d.print("%s", plan)
	if o.Reused > 0 {
		d.print("%s imported from other runs", text.Plural(o.Reused, "done cell"))
	}
	if o.Replaced && o.NotInPlan > 0 {
		d.print("the plan has changed: %d cells of earlier plans are kept, but not part of it",
			o.NotInPlan)
	}
	for _, damage := range o.Damaged {
		d.print("%v; it is kept as %s and runs again", damage, damage.Kept)
	}
}

// end removes a cell's line, and prints how the cell ended unless how is empty.
func (d *Display) end(e runner.Event, how string) {
	for i, l := range d.running {
		if l.cell.ID == e.Cell.ID {
			l.bar.remove()
			d.running = append(d.running[:i:i], d.running[i+1:]...)
			break
		}
	}
	if how == "" {
		return
	}
	if d.bars == nil {
		how += fmt.Sprintf(" [%s]", d.whole(e.At))
	}
	d.print("%s", how)
}

func (d *Display) line(c *bench.PlannedCell) *line {
	for _, l := range d.running {
		if l.cell.ID == c.ID {
			return l
		}
	}
	return nil
}

// printRunning prints a plain line about each running cell, and one about the run.
func (d *Display) printRunning(now time.Time) {
	for _, l := range d.running {
		d.print("      %s", d.where(l, now))
	}
	d.print("      %s", d.whole(now))
}

// print prints a line. Errors are ignored: failing to show something must not fail a run.
func (d *Display) print(format string, args ...any) {
	line := fmt.Sprintf(format, args...) + "\n"
	if d.bars != nil {
		d.bars.Write([]byte(line))
		return
	}
	io.WriteString(d.w, line)
	d.printed = d.now
}

// whole describes the progress of the run.
func (d *Display) whole(now time.Time) string {
	s := fmt.Sprintf("%d/%d cells", d.total.done+d.total.failed, d.total.planned)
	if d.total.failed > 0 {
		s += fmt.Sprintf(", %d failed", d.total.failed)
	}
	if left, ok := d.estimate.Left(now); ok && left >= time.Second {
		s += ", about " + text.Duration(left) + " left"
	}
	return s
}

// where describes the progress of a cell.
func (d *Display) where(l *line, now time.Time) string {
	s := d.name(l.cell) + ": "
	if l.seen.Budget == 0 {
		return s + fmt.Sprintf("before the first audit, %s", text.Duration(now.Sub(l.start)))
	}
	s += fmt.Sprintf("%d/%d audits, %d found", l.seen.Audits, l.seen.Budget, l.seen.Found)
	if left, ok := d.estimate.CellLeft(l.cell.ID, now); ok && left >= time.Second {
		s += ", about " + text.Duration(left) + " left"
	}
	return s
}

// name names a cell.
func (d *Display) name(c *bench.PlannedCell) string {
	s := fmt.Sprintf("%s on %s", c.Label, d.dataset(*c))
	for _, v := range c.Variant {
		s += fmt.Sprintf(", %s = %s", v.Name, v.Value)
	}
	return s + fmt.Sprintf(", seed %d", c.Cell.Seed)
}
