//go:build !purego

package f32

//go:noescape
func reluAVX512(x []float32)

//go:noescape
func reluBackAVX512(dy, y []float32)

//go:noescape
func sigmoidAVX512(x []float32)

//go:noescape
func sigmoidBackAVX512(dy, y []float32)

//go:noescape
func tanhAVX512(x []float32)

//go:noescape
func tanhBackAVX512(dy, y []float32)

//go:noescape
func expAVX512(dst, x []float32)

//go:noescape
func logAVX512(dst, x []float32)

//go:noescape
func scaleAVX512(x []float32, a float32)

//go:noescape
func axpyAVX512(y, x []float32, a float32)

//go:noescape
func diffScaledAVX512(dst, a, b []float32, s float32)

//go:noescape
func flushAVX512(x []float32)

//go:noescape
func rmspropAVX512(w, ms, g []float32, lr, decay, eps float32)

//go:noescape
func addRowAVX512(x []float32, rows, cols int, bias []float32)

//go:noescape
func sumRowsAVX512(dst, x []float32, rows, cols int, add bool)

//go:noescape
func dotAVX512(a, b []float32) float32

//go:noescape
func sumAVX512(a []float32) float32

//go:noescape
func squaredDistancesAVX512(dst, a, b []float32, rows, cols int)
