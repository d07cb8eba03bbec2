"""Makes ocsvm_golden.json: what scikit-learn's OneClassSVM learns on small data sets that the test makes by the same
formulas. Run with Debian's python3-sklearn:

    /usr/bin/python3 ocsvm_golden.py > ocsvm_golden.json
"""
import json
import os
import sys

import numpy as np
import sklearn
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.svm import OneClassSVM

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../internal/peer"))
from peer import Uniform, bell  # noqa: E402


def rows(seed, n, d, spread):
    """n x d: three clusters of bells, one row in ten uniform around them."""
    u, x = Uniform(seed), []
    for i in range(n):
        if i % 10 == 3:
            x.append([u() * 2 - 0.5 for _ in range(d)])
        else:
            x.append([0.3 * (i % 3) + spread * bell(u) for _ in range(d)])
    return np.array(x, dtype=np.float32)


cases = []
for seed, n, d, nu, gamma, tol in [
    (1, 500, 2, 0.1, 0.5, 1e-3),
    (2, 600, 6, 0.02, 1 / 6, 1e-3),
    (3, 400, 20, 0.3, 0.05, 1e-3),
    (4, 300, 3, 0.5, 10.0, 1e-3),
    (5, 300, 3, 0.1, 2.0, 1e-6),
]:
    x, test = rows(seed, n, d, 0.1), rows(seed + 100, 2000, d, 0.1)
    m = OneClassSVM(nu=nu, gamma=gamma, tol=tol).fit(x)
    a = m.dual_coef_[0]
    f = m.decision_function(test)
    cases.append({
        "seed": seed, "rows": n, "columns": d, "nu": nu, "gamma": gamma, "tolerance": tol,
        "objective": float(a @ rbf_kernel(m.support_vectors_, gamma=gamma) @ a / 2),
        "rho": float(-m.intercept_[0]),
        "support": m.support_.tolist(),
        "alpha": [round(float(v), 7) for v in a],
        "decision": [round(float(v), 7) for v in f[:100]],
        "flags": "".join("1" if v < 0 else "0" for v in m.predict(test)),
    })

print(json.dumps({"sklearn": sklearn.__version__, "cases": cases}, indent=None).replace('{"seed"', '\n{"seed"'))
