// Package external runs methods that are programs of the user's own, in any language: a spec names
// them with id exec.
//
// # Protocol
//
// One process works for one cell. It reads JSON, an object a line, on its standard input, and
// answers each line with one on its standard output. Arrays are .npy files in its working folder,
// which it has to itself and which is removed afterwards. > is what the program reads:
//
//	> {"uaibench":1,"X":"x.npy","class":null,"seed":7,"threads":1,"params":{"lr":0.001}}
//	< {"ready":1,"name":"mine","version":"1","active":true,"deterministic":true,"saves":false}
//	> {"train":[]}                     the first time; then the labels since the last time:
//	> {"train":[[12,1],[907,0]]}       row 12 is an anomaly, row 907 is none
//	< {"scores":"s.npy"}               of all n rows; with "counts":{"steps":100} if it likes
//	> {"save":"snap"}                  to a program that said "saves":true: write a file
//	< {"saved":"snap"}
//	> {"load":"snap"}                  in the place of the first train, to one that goes on
//	< {"loaded":"snap"}
//	> {"bye":1}                        and it ends, with status 0
//
// x.npy is n x d float32, row-major; class is the name of an array of n int32, the class observed
// with each row, or null. Scores are n float64 or float32, all finite; higher is more anomalous.
// Rows are counted from 0. A program that says "active":false is asked once, and never sees a
// label. To give up, a program answers {"error":"why"}. Every answer may leave out what has a
// default: version "", active true, deterministic false, saves false.
//
// Labels cross only after the loop of package bench has had them audited: selection, oracle and
// audit log stay on this side.
//
// # Manners
//
// A program is started without a shell, in a process group of its own. Its arguments that are files
// beside the spec are handed over by their full path. Its environment is PATH, TMPDIR (its folder),
// UAIBENCH_FOLDER (the spec's folder), the number of threads by the names that numerical libraries
// know, and what the spec says. Its standard error is kept: the tail stands in the message of a
// cell that fails.
//
// Whatever goes wrong fails its cell alone: no ready in time, another answer than was asked for, a
// line that is no JSON, a NaN, a wrong length, a crash, too much on standard error, no end after
// bye, a process that stays. No process and no file is left then.
package external
