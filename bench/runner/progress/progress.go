// Package progress shows a run's events to whoever waits for it: on a terminal one bar for the
// whole and one line for each running cell, elsewhere (a file, a pipe, a nightly job's log) a
// plain line now and then.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runner"
)

// Options of a Display.
type Options struct {
	Every time.Duration // between plain lines about running cells; 0: 10 s
}

// Display shows events on a writer, usually standard error. Its methods may be called from several
// goroutines.
type Display struct {
	mu       sync.Mutex
	w        io.Writer
	bars     *bars // nil: plain lines
	every    time.Duration
	estimate runner.Estimator
	total    tally
	running  []*line   // in the order of their start
	now      time.Time // of the last event
	spoke    time.Time // when the last plain line was printed, by the events' time

	stop    chan struct{} // ends the ticker that keeps the bars' times going
	stopped sync.WaitGroup
}

// tally counts the cells of the run.
type tally struct{ planned, done, failed int }

// line is a running cell.
type line struct {
	cell  *bench.PlannedCell
	seen  runner.Progress
	start time.Time
	bar   *bar // nil without a terminal
}

// New returns a display on w, which is a terminal or not. Close must be called at the end.
func New(w io.Writer, o Options) *Display {
	d := &Display{w: w, every: o.Every}
	if d.every <= 0 {
		d.every = 10 * time.Second
	}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && movesCursor(os.Getenv("TERM")) {
		d.draw(newBars(f, false))
	}
	return d
}

// movesCursor says that a terminal, by its TERM, heeds the escapes that bars are redrawn with. Without a TERM
// nobody vouches for it (an editor's shell, a serial line).
func movesCursor(terminal string) bool { return terminal != "" && terminal != "dumb" }

// draw shows bars, whose times go on when nothing happens.
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
		l.bar.set(d.text(l, now))
	}
}

// Event shows an event; it is a runner.Config's Events.
func (d *Display) Event(e runner.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.estimate.Observe(e)
	d.now = e.At
	switch e.Kind {
	case runner.PlanReady:
		d.planReady(e)
	case runner.DatasetBuilding:
		d.print("building dataset %s", e.Dataset.ID)
	case runner.DatasetFailed:
		d.print("%s", e.Error)
	case runner.CellStarted:
		l := &line{cell: e.Cell, start: e.At}
		d.running = append(d.running, l)
		if d.bars != nil {
			l.bar = d.bars.add()
		} else {
			d.print("start %s", name(e.Cell))
		}
	case runner.CellResumed:
		if l := d.line(e.Cell); l != nil {
			l.start, l.seen = e.At.Add(-e.Elapsed), e.Progress
		}
		where := fmt.Sprintf("at %d of %d audits", e.Progress.Audits, e.Progress.Budget)
		if e.Progress.Audits == 0 {
			where = "within the pre-training"
		}
		d.print("go on %s: %s, where it was after %s", name(e.Cell), where, short(e.Elapsed))
	case runner.SnapshotIgnored:
		d.print("%s starts afresh; its snapshot is not used: %s", name(e.Cell), firstLine(e.Error))
	case runner.SnapshotFailed:
		d.print("no snapshot of %s could be written; it would go on from the last one: %s", name(e.Cell), firstLine(e.Error))
	case runner.Stopping:
		d.print("stopping: cells are written down first, at the end of their rounds; Ctrl-C again stops at once")
	case runner.CellProgress:
		if l := d.line(e.Cell); l != nil {
			l.seen = e.Progress
			if d.bars != nil {
				l.bar.set(d.text(l, e.At))
			}
		}
		if d.bars == nil && e.At.Sub(d.spoke) >= d.every {
			d.sayRunning(e.At)
		}
	case runner.CellDone:
		d.total.done++
		did := fmt.Sprintf("%d anomalies in %d audits", e.Progress.Found, e.Progress.Audits)
		if e.Cell.Cell.Halved() {
			did = "trained on one half, ranked the other"
		}
		d.end(e, fmt.Sprintf("done  %s: %s, %s", name(e.Cell), did, short(e.Elapsed)))
	case runner.CellFailed, runner.CellTimedOut:
		d.total.failed++
		d.end(e, fmt.Sprintf("%s %s: %s", strings.ToUpper(string(e.Kind)), name(e.Cell), firstLine(e.Error)))
	case runner.Interrupted:
		d.end(e, "")
	}
	if d.bars != nil && e.Kind != runner.CellProgress {
		d.refresh(e.At)
	}
}

// Write prints whole lines of something else, such as a log, so that they do not cut through the bars.
func (d *Display) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bars != nil {
		return d.bars.Write(p)
	}
	return d.w.Write(p)
}

// Close takes the bars away and leaves the printed lines. Whatever is shown later is plain.
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
	d.total = tally{planned: o.Planned, done: o.Done}
	left := o.Planned - o.Done - len(o.ToRun) // failed before, and not to be tried again
	d.total.failed = left
	text := fmt.Sprintf("%s: %d done, %d to run, %d at a time", cells(o.Planned), o.Done, len(o.ToRun), min(o.Jobs, max(len(o.ToRun), 1)))
	if left > 0 {
		text += fmt.Sprintf("; %d failed before and are left alone", left)
	}
	d.print("%s", text)
	if o.Taken > 0 {
		d.print("%s of those done taken over from other runs", cells(o.Taken))
	}
	if o.Replaced && o.NotInPlan > 0 {
		d.print("the plan has changed: %d cells of earlier plans are kept, and not in this one", o.NotInPlan)
	}
	for _, damage := range o.Damaged {
		d.print("%v; it is kept as %s and runs again", damage, damage.Kept)
	}
}

// end removes a cell's line, and says how it ended.
func (d *Display) end(e runner.Event, text string) {
	for i, l := range d.running {
		if l.cell.ID == e.Cell.ID {
			l.bar.remove()
			d.running = append(d.running[:i:i], d.running[i+1:]...)
			break
		}
	}
	if text == "" {
		return
	}
	if d.bars == nil {
		text += fmt.Sprintf(" [%s]", d.whole(e.At))
	}
	d.print("%s", text)
}

func (d *Display) line(c *bench.PlannedCell) *line {
	for _, l := range d.running {
		if l.cell.ID == c.ID {
			return l
		}
	}
	return nil
}

// sayRunning prints a plain line about each running cell.
func (d *Display) sayRunning(now time.Time) {
	for _, l := range d.running {
		d.print("      %s", d.text(l, now))
	}
	d.print("      %s", d.whole(now))
}

// print prints a line. What cannot be shown is not worth failing a run for.
func (d *Display) print(format string, args ...any) {
	text := fmt.Sprintf(format, args...) + "\n"
	if d.bars != nil {
		d.bars.Write([]byte(text))
		return
	}
	io.WriteString(d.w, text)
	d.spoke = d.now
}

// whole says where the run is.
func (d *Display) whole(now time.Time) string {
	s := fmt.Sprintf("%d/%d cells", d.total.done+d.total.failed, d.total.planned)
	if d.total.failed > 0 {
		s += fmt.Sprintf(", %d failed", d.total.failed)
	}
	if left, ok := d.estimate.Left(now); ok && left >= time.Second {
		s += ", about " + short(left) + " left"
	}
	return s
}

// text says where a cell is.
func (d *Display) text(l *line, now time.Time) string {
	s := name(l.cell) + ": "
	if l.seen.Budget == 0 {
		return s + fmt.Sprintf("before the first audit, %s", short(now.Sub(l.start)))
	}
	s += fmt.Sprintf("%d/%d audits, %d found", l.seen.Audits, l.seen.Budget, l.seen.Found)
	if left, ok := d.estimate.CellLeft(l.cell.ID, now); ok && left >= time.Second {
		s += ", about " + short(left) + " left"
	}
	return s
}

// name is how one speaks of a cell.
func name(c *bench.PlannedCell) string {
	s := fmt.Sprintf("%s on %s", c.Label, c.Cell.Dataset.ID)
	for _, v := range c.Variant {
		s += fmt.Sprintf(", %s = %s", v.Name, v.Value)
	}
	return s + fmt.Sprintf(", seed %d", c.Cell.Seed)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// short prints a duration as one reads it: 1h05m, 3m07s, 12s, 0.4s.
func short(d time.Duration) string {
	switch d = max(d, 0); {
	case d.Round(time.Second) >= time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	case d.Round(time.Second) >= time.Minute:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d.Round(time.Second) >= 10*time.Second:
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
	return fmt.Sprintf("%.1fs", d.Seconds())
}

// cells counts cells in words.
func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}
