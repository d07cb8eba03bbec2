// Package table reads the user's own tables: rows of numbers with a label that marks the anomalies,
// from CSV and TSV text (plain or gzip), NumPy's .npz, MATLAB's .mat and Parquet.
//
//	t, err := table.Read(ctx, "fraud.csv", table.Options{Label: "is_fraud", Drop: []string{"id"}})
//
// returns the matrix as in the file, row-major and not scaled, and which rows are anomalies. One
// error reports all problems with the file, each with its line, column number and column name. The
// form is detected from the first bytes (Sniff), not from the name: the error for a zip archive, a
// web page or a Git LFS pointer called fraud.csv names what it is.
//
// Describe reads any of these files without knowing the label, and Entry writes the part of a spec
// that uses the file.
//
// # Requirements of each form
//
//	text      commas, semicolons or tabs; quotes as in RFC 4180; LF or CRLF; with a header or
//	          without (columns are then x1, x2, …); a byte order mark is skipped
//	.npz      X (n x d) and y (n values) as ADBench publishes them; any real dtype, C or Fortran
//	          order. X's columns are x1 to xd; other arrays of n values are columns by their names
//	.mat      the same, level 5, any real or logical class
//	Parquet   flat columns of numbers, booleans or text
//
// Reading is deterministic. The matrix is in memory once; besides it there are at most the file's
// compressed bytes and one .mat matrix as stored. One-hot columns are the exception: if
// Options.Categorical names any, a second, wider matrix is allocated.
package table
