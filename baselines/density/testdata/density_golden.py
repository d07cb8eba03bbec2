"""Makes density_golden.json: what scikit-learn's KernelDensity and GaussianMixture give on data that the test makes by the
same formula. Run with Debian's python3-sklearn:

    /usr/bin/python3 density_golden.py > density_golden.json
"""
import json
import os
import sys

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KernelDensity

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../internal/peer"))
from peer import Uniform, bell  # noqa: E402


def rows(seed, n, d):
    """n x d: three stretched clusters of bells."""
    u, x = Uniform(seed), []
    for i in range(n):
        b = [bell(u) for _ in range(d)]
        x.append([2.0 * (i % 3) * (1 if j % 2 else -1) + b[j] * (0.3 + 0.2 * (i % 3)) + 0.4 * b[0] for j in range(d)])
    return np.array(x, dtype=np.float32).astype(np.float64)


x, test = rows(1, 180, 2), rows(2, 50, 2)
variance = x.var(axis=0).mean()
scott = np.sqrt(variance) * len(x) ** (-1 / (x.shape[1] + 4))
widths = [scott * 2.0 ** ((4 - i) / 2) for i in range(21)]
loo = [cross_val_score(KernelDensity(bandwidth=h), x, cv=LeaveOneOut()).sum() for h in widths]
kde = KernelDensity(bandwidth=0.25, rtol=0, atol=0).fit(x)

mixtures = []
for seed, n, d, k in [(3, 300, 2, 3), (4, 240, 4, 2), (5, 200, 3, 1)]:
    y = rows(seed, n, d)
    start = y[:k]
    # tol=0 runs so many iterations exactly.
    import warnings
    warnings.simplefilter("ignore")
    scores = []
    for iterations in (1, 30):
        g = GaussianMixture(k, covariance_type="full", tol=0, reg_covar=1e-6, max_iter=iterations, means_init=start,
                            weights_init=np.full(k, 1 / k), precisions_init=np.array([np.eye(d)] * k), random_state=0).fit(y)
        scores.append([float(v) for v in -g.score_samples(rows(seed + 50, 40, d))])
    mixtures.append({"seed": seed, "rows": n, "columns": d, "components": k, "after1": scores[0], "after30": scores[1],
                     "weights": sorted(float(w) for w in g.weights_), "likelihood": float(g.score(y))})

print(json.dumps({
    "sklearn": sklearn.__version__, "kde": [float(v) for v in -kde.score_samples(test)],
    "width": float(widths[int(np.argmax(loo))]), "mixtures": mixtures,
}, indent=None).replace('{"seed"', '\n{"seed"'))
