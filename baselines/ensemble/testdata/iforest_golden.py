"""Makes iforest_golden.json: what scikit-learn's IsolationForest scores, over seeds, on three small
data sets that the test makes by the same formulas. Run with Debian's python3-sklearn:

    /usr/bin/python3 iforest_golden.py > iforest_golden.json
"""
import json

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

SEEDS = 40
ROWS = 60  # rows whose own scores are kept


class Uniform:
    """A linear congruential generator: the same numbers in any language."""

    def __init__(self, seed):
        self.x = seed

    def __call__(self):
        self.x = (1103515245 * self.x + 12345) % 2**31
        return self.x / 2**31


def bell(u):
    return u() + u() + u() + u() - 2


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


def moments(values):
    values = np.asarray(values)
    return {"mean": np.round(values.mean(axis=0), 9).tolist(), "sd": np.round(values.std(axis=0, ddof=1), 9).tolist()}


out = {"sklearn": sklearn.__version__, "seeds": SEEDS, "data": {}}
for make in (blob, levels, wide):
    x, y = make()
    x, y = np.asarray(x, dtype=np.float32), np.asarray(y)
    auc, spread, rows = [], [], []
    for seed in range(SEEDS):
        forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(x)
        s = -forest.score_samples(x)
        auc.append([roc_auc_score(y, s)])
        spread.append(np.concatenate([[s.mean()], np.quantile(s, np.arange(0, 1.01, 0.1))]))
        rows.append(s[:ROWS])
    out["data"][make.__name__] = {
        "rows": len(x),
        "sum": float(np.sum(x, dtype=np.float64)),
        "auc": moments(auc),
        "spread": moments(spread),
        "scores": moments(rows),
    }
print(json.dumps(out, indent=1))
