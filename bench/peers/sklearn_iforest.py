"""Isolation forest, ours against scikit-learn's, side by side: fit and score of 100 trees x 256 rows on
284,807 x 30 random numbers, one thread each, the best of several turns.

    /usr/bin/python3 bench/peers/sklearn_iforest.py [turns]

from anywhere in the repository; it needs Debian's python3-sklearn and Go. Ends with status 1 where the
ratio is below 12.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

ROWS, COLS, LEAST = 284807, 30, 12
root = pathlib.Path(__file__).resolve().parents[2]
turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3

x = np.random.default_rng(2019).normal(size=(ROWS, COLS)).astype(np.float32)


def theirs():
    start = time.perf_counter(), time.process_time()
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=0, n_jobs=1).fit(x)
    fitted = time.perf_counter()
    forest.score_samples(x)
    return time.perf_counter() - start[0], fitted - start[0], time.process_time() - start[1]


def ours(program, matrix):
    out = subprocess.run(
        [program, "-test.run", "^$", "-test.bench", "^BenchmarkIForest$", "-test.benchtime", "3x", "-test.cpu", "1"],
        env={**os.environ, "UAIBENCH_PEER_MATRIX": matrix}, capture_output=True, text=True, check=True,
    ).stdout
    return float(re.search(r"\s([\d.]+) ns/op", out).group(1)) / 1e9


with tempfile.TemporaryDirectory() as folder:
    program, matrix = os.path.join(folder, "ensemble.test"), os.path.join(folder, "matrix")
    subprocess.run(["go", "test", "-c", "-o", program, "./baselines/ensemble"], cwd=root, check=True)
    x.tofile(matrix)
    best = [float("inf")] * 2
    print(f"{ROWS} x {COLS}, 100 trees x 256, one thread; scikit-learn {sklearn.__version__}, numpy {np.__version__}")
    for turn in range(turns):
        wall, fit, cpu = theirs()
        mine = ours(program, matrix)
        print(f"turn {turn + 1}: scikit-learn {wall:.3f} s (fit {fit:.3f}, processor {cpu:.3f}), uaibench {mine:.3f} s")
        best = [min(best[0], wall), min(best[1], mine)]

ratio = best[0] / best[1]
print(f"best: scikit-learn {best[0]:.3f} s, uaibench {best[1]:.3f} s: {ratio:.1f} times faster")
sys.exit(ratio < LEAST)
