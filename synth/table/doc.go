// Package table reads the user's own tables: rows of numbers with a label that says which are
// anomalies, from CSV and TSV text (plain or gzip), NumPy's .npz, MATLAB's .mat and Parquet.
//
//	t, err := table.Read(ctx, "fraud.csv", table.Options{Label: "is_fraud", Drop: []string{"id"}})
//
// gives the matrix as the file has it, row-major and not scaled, and which rows are anomalies. All
// that stands against using the file comes in one error, each problem with its line, the number of
// its column and the column's name. What a file is, is told from its first bytes (Sniff), never from
// its name: a zip archive, a web page or a Git LFS pointer called fraud.csv is called what it is.
//
// Describe reads any of these files without knowing its label, and Entry writes the part of a spec
// that uses it.
//
// # What each form must hold
//
//	text      commas, semicolons or tabs; quotes as in RFC 4180; LF or CRLF; with a header or without
//	          (columns are then x1, x2, …); a byte order mark is taken off
//	.npz      X (n x d) and y (n values) as ADBench publishes them; any real dtype, C or Fortran order.
//	          X's columns are x1 to xd; other arrays of n values are columns by their own names
//	.mat      the same, of level 5, of any real or logical class
//	Parquet   flat columns of numbers, booleans or text
//
// Reading is deterministic. The matrix is in memory once; beside it are at most the file's compressed
// bytes and one matrix of a .mat file as it is stored there. One-hot columns are the exception: where
// Options.Categorical names any, the matrix is made anew, wider.
package table
