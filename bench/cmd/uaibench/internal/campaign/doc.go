// Package campaign carries out the plans of package decide, look by look: it judges the claims,
// runs the look that is expected to decide most per hour, and judges again, until no run takes a
// claim further.
//
// The basis of a look is written to decide.lock before anything runs for it: its claims, their
// comparisons with the number of replicates, their seeds and the alpha that is spent, and the runs.
// A look counts only once all of its cells are settled, and then whatever its result: no look is
// dropped or repeated because of partial results. An interrupted campaign resumes with its locked
// looks. The order of looks depends on the time that cells take, and on nothing else that differs
// between machines.
//
// The command provides everything that needs raw data, methods or a terminal (Host).
package campaign
