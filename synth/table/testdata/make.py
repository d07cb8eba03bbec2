#!/usr/bin/python3
"""Makes the .npz and .mat files of this folder with NumPy 1.24 and SciPy 1.10 (Debian's python3-scipy).

All of them hold the table of fixture in fixtures_test.go: five rows of three small whole numbers, which every
type holds exactly, and y = 0 1 0 0 1.
"""
import os

import numpy as np
import scipy.io
import scipy.sparse

os.chdir(os.path.dirname(os.path.abspath(__file__)))
X = np.array([[1, 0, 7], [2, 1, 7], [3, 0, 9], [100, 1, 7], [5, 0, 8]])
y = np.array([0, 1, 0, 0, 1])

for dtype in ["u1", "i1", "<i2", ">u2", "<i4", ">i8", "<u8", "<f2", ">f4", "<f8"]:
    for order in "CF":
        name = "%s_%s.npz" % (dtype.replace("<", "le_").replace(">", "be_"), order)
        np.savez_compressed(name, X=np.array(X, dtype=dtype, order=order), y=y.astype(dtype))
np.savez("stored.npz", X=X.astype("f8"), y=y.astype(bool), kind=np.array([[2], [1], [2], [1], [2]], dtype="i2"),
         names=np.array(["a", "b", "c", "d", "e"]), other=np.arange(3))
np.savez("noX.npz", data=X, y=y)
np.savez("complex.npz", X=X.astype("c16"), y=y)
np.savez("objects.npz", X=X.astype(object), y=y)
np.savez("three.npz", X=np.zeros((5, 2, 2)), y=y)
np.savez("positional.npz", X, y)
bad = X.astype("f8")
bad[1, 2] = np.nan
bad[3, 0] = -np.inf
np.savez("nan.npz", X=bad, y=np.array([0, 1, 0, 2, 1]))
np.save("X.npy", X)

for dtype in ["f8", "f4", "u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8"]:
    for packed in [False, True]:
        scipy.io.savemat("%s_%s.mat" % (dtype, "z" if packed else "plain"),
                         {"X": X.astype(dtype), "y": y.astype(dtype).reshape(-1, 1)}, do_compression=packed)
scipy.io.savemat("logical.mat", {"X": (X > 5), "y": y.astype(bool).reshape(1, -1), "kind": np.array([[2, 1, 2, 1, 2]]), "note": "text"})
cell = np.empty((1, 1), dtype=object)
cell[0, 0] = X
scipy.io.savemat("cell.mat", {"X": cell, "y": y})
scipy.io.savemat("sparse.mat", {"X": scipy.sparse.csc_matrix(X.astype("f8")), "y": y})
scipy.io.savemat("level4.mat", {"X": X, "y": y}, format="4")
