"""One-class SVM, ours against scikit-learn's, side by side: training on 20,000 x 30 normal numbers, nu 0.1, gamma 1/30,
tolerance 1e-3, 200 MB of kernel cache, one thread each, the best of several turns by processor time, and scoring the
same rows.

    /usr/bin/python3 bench/peers/sklearn_ocsvm.py [turns]

from anywhere in the repository; it needs Debian's python3-sklearn and Go. Ends with status 1 where ours takes longer,
or where the dual objectives differ by more than 1e-3.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import sklearn
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import OneClassSVM

ROWS, COLS = 20000, 30
root = pathlib.Path(__file__).resolve().parents[2]
turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3

x = np.random.default_rng(2019).normal(size=(ROWS, COLS)).astype(np.float32)


def theirs():
    m = OneClassSVM(nu=0.1, gamma=1 / COLS, tol=1e-3, cache_size=200)
    start = time.process_time()
    m.fit(x)
    fitted = time.process_time()
    m.decision_function(x)
    a = m.dual_coef_[0]
    return fitted - start, time.process_time() - fitted, len(a), a @ rbf_kernel(m.support_vectors_, gamma=1 / COLS) @ a / 2


def ours(program, matrix, name):
    """One go of a benchmark: its processor time, less what the program takes for nothing, and what it reports."""
    def go(bench):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(
            [program, "-test.run", "^$", "-test.bench", f"^{bench}$", "-test.benchtime", "1x", "-test.cpu", "1"],
            env={**os.environ, "UAIBENCH_PEER_MATRIX": matrix}, capture_output=True, text=True, check=True,
        ).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out
    idle, _ = go("None")
    used, out = go(name)
    return used - idle, {unit: float(v) for v, unit in re.findall(r"([\d.]+) (objective|vectors)", out)}


with tempfile.TemporaryDirectory() as folder:
    program, matrix = os.path.join(folder, "ocsvm.test"), os.path.join(folder, "matrix")
    subprocess.run(["go", "test", "-c", "-o", program, "./baselines/ocsvm"], cwd=root, check=True)
    x.tofile(matrix)
    best = [float("inf")] * 4
    print(f"{ROWS} x {COLS}, nu 0.1, one thread; scikit-learn {sklearn.__version__}, numpy {np.__version__}")
    for turn in range(turns):
        fit, score, vectors, objective = theirs()
        mine, what = ours(program, matrix, "BenchmarkFit")
        both, _ = ours(program, matrix, "BenchmarkScores")  # trains, then scores
        print(f"turn {turn + 1}: scikit-learn fits in {fit:.2f} s and scores in {score:.2f} s, uaibench in {mine:.2f} s and {both - mine:.2f} s of processor time")
        best = [min(a, b) for a, b in zip(best, (fit, score, mine, both - mine))]

print(f"dual objective: scikit-learn {objective:.6f} ({vectors} support vectors), uaibench {what['objective']:.6f} ({what['vectors']:.0f})")
print(f"best: fit {best[0]:.2f} s and {best[2]:.2f} s: {best[0] / best[2]:.1f} times faster; score {best[1]:.2f} s and {best[3]:.2f} s: {best[1] / best[3]:.1f} times")
sys.exit(int(best[0] < best[2] or abs(objective - what["objective"]) > 1e-3))
