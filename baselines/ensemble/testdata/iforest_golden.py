"""Makes iforest_golden.json: what scikit-learn's IsolationForest scores, over seeds, on three small
data sets that the test makes by the same formulas. Run with Debian's python3-sklearn:

    /usr/bin/python3 iforest_golden.py > iforest_golden.json
"""
import json

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

from golden_data import blob, levels, moments, wide

SEEDS = 40
ROWS = 60  # rows whose own scores are kept

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
