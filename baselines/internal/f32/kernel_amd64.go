package f32

func machineKernels() []*kernel { return nil }
