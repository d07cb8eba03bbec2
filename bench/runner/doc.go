// Package runner runs a plan's cells in parallel and writes them to a run directory. It gets
// datasets and learners from functions, so it depends on no method and no data.
//
// A cell's result depends only on the cell: not on the number of workers, the order of work, or
// whether it was interrupted and run again. A failure (an error, a panic, the time limit) affects
// only its cell, whose status.json has the message; the other cells continue.
package runner
