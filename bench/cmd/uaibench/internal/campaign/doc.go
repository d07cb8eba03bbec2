// Package campaign runs what package decide plans, look by look: it judges, takes the claims to
// their next look that most is decided by in an hour, and judges again, until nothing more is to be
// had.
//
// What a look is judged by is written to decide.lock before anything runs for it: its claims, their
// comparisons with the number of replicates, their seeds and the alpha that is spent, and the runs. A
// look counts once all of its cells are settled, and then whatever came of it: no look is left, or
// taken anew, because of what a part of it shows. Interrupted, a campaign goes on with the looks that
// are locked. Which look comes first follows from how long cells take, and from nothing else that
// differs between machines.
//
// The command lends what needs raw data, methods and a terminal (Host).
package campaign
