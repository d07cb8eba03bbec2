package f32

// AddRow adds the row bias (len cols) to every row of x (rows x cols).
func AddRow(x []float32, rows, cols int, bias []float32) {
	checkShape("AddRow", rows, cols)
	checkLen("AddRow", "x", len(x), rows*cols)
	checkLen("AddRow", "bias", len(bias), cols)
	active.addRow(x, rows, cols, bias)
}

func addRowGeneric(x []float32, rows, cols int, bias []float32) {
	for i := range rows {
		row := x[i*cols:][:cols]
		for j, b := range bias {
			row[j] += b
		}
	}
}

// SumRows sums the rows of x (rows x cols) into dst (len cols): dst[j] is 0, or its old value
// if add is true, plus x[0,j], plus x[1,j], and so on, each addition rounded.
func SumRows(dst, x []float32, rows, cols int, add bool) {
	checkShape("SumRows", rows, cols)
	checkLen("SumRows", "x", len(x), rows*cols)
	checkLen("SumRows", "dst", len(dst), cols)
	active.sumRows(dst, x, rows, cols, add)
}

func sumRowsGeneric(dst, x []float32, rows, cols int, add bool) {
	if !add {
		clear(dst)
	}
	for i := range rows {
		for j, v := range x[i*cols:][:cols] {
			dst[j] += v
		}
	}
}

// Scale multiplies every element of x by a.
func Scale(x []float32, a float32) { active.scale(x, a) }

func scaleGeneric(x []float32, a float32) {
	for i := range x {
		x[i] *= a
	}
}

// Axpy sets y[i] = fma(a, x[i], y[i]).
func Axpy(y []float32, a float32, x []float32) {
	checkLen("Axpy", "x", len(x), len(y))
	active.axpy(y, a, x)
}

func axpyGeneric(y []float32, a float32, x []float32) {
	for i, v := range x {
		y[i] = fma32(a, v, y[i])
	}
}

// DiffScaled sets dst[i] = (a[i] - b[i]) * s, two roundings. It is the gradient of a squared
// error.
func DiffScaled(dst, a, b []float32, s float32) {
	checkLen("DiffScaled", "a", len(a), len(dst))
	checkLen("DiffScaled", "b", len(b), len(dst))
	active.diffScaled(dst, a, b, s)
}

func diffScaledGeneric(dst, a, b []float32, s float32) {
	for i := range dst {
		dst[i] = float32(a[i]-b[i]) * s
	}
}

// Flush sets every element of magnitude below 2^-63 to +0; -0 becomes +0, NaN stays.
func Flush(x []float32) { active.flush(x) }

func flushGeneric(x []float32) {
	for i, v := range x {
		x[i] = factor1(v)
	}
}
