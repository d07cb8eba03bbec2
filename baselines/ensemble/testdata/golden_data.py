"""The data sets of the goldens here, which golden_test.go makes by the same formulas."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../internal/peer"))
from peer import Uniform, bell  # noqa: E402


def blob():
    """1,000 x 4: one cluster, and one row in twenty uniform in a box around it."""
    u, x, y = Uniform(1), [], []
    for i in range(1000):
        out = i % 20 == 0
        x.append([4 * u() - 2 if out else 0.5 * bell(u) for _ in range(4)])
        y.append(out)
    return x, y


def levels():
    """700 x 5: small integers (many equal rows), one constant column; anomalies have rare levels."""
    u, x, y = Uniform(2), [], []
    for i in range(700):
        out = i % 35 == 3
        row = [float(int(4 * u() * u())) for _ in range(4)] + [7.0]
        if out:
            row[i % 4] = 5.0
        x.append(row)
        y.append(out)
    return x, y


def wide():
    """200 x 20, fewer rows than the subsample: heavy tails; anomalies are shifted in two columns."""
    u, x, y = Uniform(3), [], []
    for i in range(200):
        out = i % 10 == 1
        row = []
        for _ in range(20):
            b = bell(u)
            row.append(b * b * b)
        if out:
            row[3] += 2.5
            row[11] -= 2.5
        x.append(row)
        y.append(out)
    return x, y


def decoys():
    """1,200 x 5: one cluster; of the rest half are uniform in a wide box, and nominal, and half, the
    anomalies, are shifted in two columns by less than most of those: only audits tell them apart."""
    u, x, y = Uniform(4), [], []
    for i in range(1200):
        kind = i % 25
        row = [6 * u() - 3 if kind == 7 else 0.5 * bell(u) for _ in range(5)]
        if kind == 12:
            row[1] += 1.25
            row[4] -= 1.25
        x.append(row)
        y.append(kind == 12)
    return x, y


def moments(values, decimals=9):
    """The means and standard deviations of columns."""
    values = np.asarray(values)
    return {
        "mean": np.round(values.mean(axis=0), decimals).tolist(),
        "sd": np.round(values.std(axis=0, ddof=1), decimals).tolist(),
    }
