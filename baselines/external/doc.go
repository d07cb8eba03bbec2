// Package external runs methods that are programs of the user's own, in any language. A spec names
// such a method with id exec.
//
// # Protocol
//
// One process serves one cell. It reads JSON, one object a line, on its standard input and answers
// each line with one on its standard output. Arrays are .npy files in its working folder, which no
// other process uses and which is removed afterwards. > marks the lines that the program reads:
//
//	> {"uaibench":1,"X":"x.npy","class":null,"seed":7,"threads":1,"params":{"lr":0.001}}
//	< {"ready":1,"name":"mine","version":"1","active":true,"deterministic":true,"saves":false}
//	> {"train":[]}                     the first time; then the labels since the last time:
//	> {"train":[[12,1],[907,0]]}       row 12 is an anomaly, row 907 is normal
//	< {"scores":"s.npy"}               of all n rows; optional: "counts":{"steps":100}
//	> {"save":"snap"}                  to a program with "saves":true: write a file
//	< {"saved":"snap"}
//	> {"load":"snap"}                  before the first train of a resumed cell
//	< {"loaded":"snap"}
//	> {"bye":1}                        and it exits, with status 0
//
// x.npy is n x d float32, row-major; class is the name of an array of n int32, the class observed
// with each row, or null. Scores are n float64 or float32, all finite; higher is more anomalous.
// Rows are numbered from 0. A program with "active":false is asked once and never gets a label. To
// give up, a program answers {"error":"why"}. An answer may omit keys that have a default: version
// "", active true, deterministic false, saves false.
//
// The program gets a label only after the loop of package bench has had it audited: selection,
// oracle and audit log stay in this process.
//
// # Processes
//
// A program is started without a shell, in a process group of its own. Arguments that name files
// beside the spec are passed as full paths. Its environment is PATH, TMPDIR (its folder),
// UAIBENCH_FOLDER (the spec's folder), UAIBENCH_EXEC (a mark of its processes), the number of
// threads in the variables of numerical libraries, PYTHONDONTWRITEBYTECODE=1, and the variables in
// the spec. The end of its standard error is kept for the error message of a failed cell.
//
// Any error fails only its own cell: no ready in time, an answer of another kind, a line that is
// not JSON, a NaN, a wrong length, a crash, too much on standard error, no exit after bye, a
// process left behind. No process and no file is left then.
package external
