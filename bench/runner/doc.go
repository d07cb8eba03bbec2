// Package runner runs a plan's cells in parallel and writes them to a run directory. It gets
// datasets and learners as functions, so it knows no method and no data.
//
// A cell's result depends on the cell alone: not on the number of workers, the order of work, or
// whether it was interrupted and run again. What fails (an error, a panic, the time limit) fails
// its one cell, with its message in the cell's status.json, and the rest go on.
package runner
