//go:build !purego

package f32

//go:noescape
func reluNEON(x []float32)

//go:noescape
func reluBackNEON(dy, y []float32)

//go:noescape
func sigmoidNEON(x []float32)

//go:noescape
func sigmoidBackNEON(dy, y []float32)

//go:noescape
func tanhNEON(x []float32)

//go:noescape
func tanhBackNEON(dy, y []float32)

//go:noescape
func expNEON(dst, x []float32)

//go:noescape
func logNEON(dst, x []float32)

//go:noescape
func scaleNEON(x []float32, a float32)

//go:noescape
func axpyNEON(y, x []float32, a float32)

//go:noescape
func diffScaledNEON(dst, a, b []float32, s float32)

//go:noescape
func flushNEON(x []float32)

//go:noescape
func rmspropNEON(w, ms, g []float32, lr, decay, eps float32)

//go:noescape
func addRowNEON(x []float32, rows, cols int, bias []float32)

//go:noescape
func sumRowsNEON(dst, x []float32, rows, cols int, add bool)

//go:noescape
func dotNEON(a, b []float32) float32

//go:noescape
func sumNEON(a []float32) float32

//go:noescape
func squaredDistancesNEON(dst, a, b []float32, rows, cols int)

//go:noescape
func softmaxRowNEON(p, z []float32) (m, s float32)
