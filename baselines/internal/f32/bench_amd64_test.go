//go:build !purego

package f32

func init() {
	peaks["avx512"] = func() float64 { peakFMAAVX512(1000); return 2 * 192 * 1000 }
	peaks["avx2"] = func() float64 { peakFMAAVX2(1000); return 2 * 96 * 1000 }
}
