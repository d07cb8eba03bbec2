"""Makes mixture.json: soft memberships' mixture and its energies, by numpy and scipy.

Rows and memberships are written down as float32 holds them; phi, mean and covariance are computed from
their definition in float64, and the energy -ln(sum_k phi_k N(z; mean_k, cov_k)) by scipy's
multivariate_normal. Debian: python3-scipy.

    python3 mixture.py > mixture.json
"""
import json

import numpy as np
import scipy
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

ROWS, K, D, DIAGONAL = 40, 3, 4, 1e-6
rng = np.random.default_rng(5)
centre = rng.normal(size=(K, D)) * 2
kind = rng.integers(K, size=ROWS)
z = (centre[kind] + rng.normal(size=(ROWS, D)) * np.array([1, 0.3, 0.05, 2])).astype(np.float32)
a = rng.normal(size=(ROWS, K))
g = (np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)).astype(np.float32)

zz, gg = z.astype(np.float64), g.astype(np.float64)
mass = gg.sum(axis=0)
phi, mean = mass / ROWS, gg.T @ zz / mass[:, None]
cov = [(gg[:, k] * (zz - mean[k]).T) @ (zz - mean[k]) / mass[k] + DIAGONAL * np.eye(D) for k in range(K)]
parts = np.stack([np.log(phi[k]) + multivariate_normal(mean[k], cov[k]).logpdf(zz) for k in range(K)], axis=1)
print(json.dumps({
    "scipy": scipy.__version__, "diagonal": DIAGONAL, "k": K, "d": D,
    "z": z.ravel().tolist(), "g": g.ravel().tolist(),
    "phi": phi.tolist(), "mean": mean.ravel().tolist(), "cov": np.ravel(cov).tolist(),
    "energy": (-logsumexp(parts, axis=1)).tolist(), "posterior": np.exp(parts - logsumexp(parts, axis=1)[:, None]).ravel().tolist(),
}))
