//go:build !purego

package f32

//go:noescape
func reluAVX2(x []float32)

//go:noescape
func reluBackAVX2(dy, y []float32)

//go:noescape
func sigmoidAVX2(x []float32)

//go:noescape
func sigmoidBackAVX2(dy, y []float32)

//go:noescape
func tanhAVX2(x []float32)

//go:noescape
func tanhBackAVX2(dy, y []float32)

//go:noescape
func expAVX2(dst, x []float32)

//go:noescape
func logAVX2(dst, x []float32)

//go:noescape
func scaleAVX2(x []float32, a float32)

//go:noescape
func axpyAVX2(y, x []float32, a float32)

//go:noescape
func diffScaledAVX2(dst, a, b []float32, s float32)

//go:noescape
func flushAVX2(x []float32)

//go:noescape
func rmspropAVX2(w, ms, g []float32, lr, decay, eps float32)

//go:noescape
func addRowAVX2(x []float32, rows, cols int, bias []float32)

//go:noescape
func sumRowsAVX2(dst, x []float32, rows, cols int, add bool)

//go:noescape
func dotAVX2(a, b []float32) float32

//go:noescape
func sumAVX2(a []float32) float32

//go:noescape
func squaredDistancesAVX2(dst, a, b []float32, rows, cols int)

//go:noescape
func softmaxRowAVX2(p, z []float32) (m, s float32)
