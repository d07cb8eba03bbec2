//go:build !purego

package f32

func init() {
	peaks["avx2"] = func() float64 { peakFMAAVX2(1000); return 2 * 96 * 1000 }
}
