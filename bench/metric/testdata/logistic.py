# Makes logistic.json: 60 rows of two columns, and what scikit-learn makes of them. Run with scikit-learn 1.2.
import json, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

out = {}
for name, gap, scale in (("overlapping", 1.0, 1.0), ("separable", 9.0, 1e4)):
    rng = np.random.default_rng(3)
    y = np.arange(60) % 5 == 0
    x = np.round(rng.normal(size=(60, 2)) + gap * y[:, None] * [1, -0.5], 3) * [1, scale] + [0, 7]
    z = StandardScaler().fit_transform(x)
    m = LogisticRegression(solver="newton-cholesky", tol=1e-11, max_iter=1000).fit(z, y)
    f = m.decision_function(z)
    best = max([0.5] + [balanced_accuracy_score(y, f >= t) for t in f])
    out[name] = dict(x=x.ravel().tolist(), y=y.tolist(), w=m.coef_[0].tolist(), b=m.intercept_[0],
                     auc=roc_auc_score(y, f), balanced=best)
json.dump(out, sys.stdout)
print()
