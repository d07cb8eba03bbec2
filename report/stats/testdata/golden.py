"""Writes golden.json beside itself: what SciPy 1.10.1 (Debian's python3-scipy) makes of small samples.

    /usr/bin/python3 golden.py

The samples are drawn here with a fixed seed, and are written with the answers. Where SciPy has a statistic it is called;
intervals by inversion of a rank test, which it lacks, are found from its exact distributions by brute force, and a
permutation test is all splits of its statistic.
"""
import itertools
import json
import pathlib
import warnings

import numpy as np
import scipy
from scipy import stats

warnings.simplefilter("ignore")
rng = np.random.default_rng(20)


def samples():
    """Pairs of arms: continuous, tied, unequal sizes, one constant, one collapsing."""
    out = [([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4])]  # SciPy's own example
    for n, m in [(2, 2), (3, 5), (5, 5), (10, 10), (20, 20), (40, 40), (7, 19), (40, 10)]:
        out.append((rng.normal(0.5, 1, n), rng.normal(0, 2, m)))
        out.append((rng.integers(0, 6, n), rng.integers(1, 6, m)))
    out.append(([0.5] * 6, rng.normal(0.4, 0.3, 8)))
    out.append((np.where(rng.random(20) < 0.3, 0, 1) + 0.01 * rng.normal(size=20), 0.9 + 0.01 * rng.normal(size=20)))
    return [(list(map(float, a)), list(map(float, b))) for a, b in out]


def win(a, b):
    r = {k: stats.brunnermunzel(b, a, alternative=v) for k, v in [("both", "two-sided"), ("above", "greater"), ("below", "less")]}
    p = np.mean([(x > y) + (x == y) / 2 for x in a for y in b])
    if not np.isfinite(r["both"].pvalue):
        return None
    # SciPy's "greater" of (b, a) is that b is below a in its own statistic's sign: W > 0 where the second lies above.
    above, below = r["above"].pvalue, r["below"].pvalue
    if (above < below) != (r["both"].statistic > 0):
        above, below = below, above
    return dict(a=a, b=b, p=p, w=r["both"].statistic, above=above, below=below, both=r["both"].pvalue)


def statistic(a, b):
    w = stats.brunnermunzel(b, a, distribution="normal").statistic
    return 0.0 if np.isnan(w) else w


def permuted(a, b):
    pooled = np.array(a + b)
    seen = statistic(a, b)
    above = below = total = 0
    for pick in itertools.combinations(range(len(pooled)), len(a)):
        mask = np.zeros(len(pooled), bool)
        mask[list(pick)] = True
        w = statistic(pooled[mask], pooled[~mask])
        total += 1
        above += w >= seen - 1e-9
        below += w <= seen + 1e-9
    above, below = above / total, below / total
    return dict(a=a, b=b, above=above, below=below, both=min(1, 2 * min(above, below)))


def u_distribution(n, m):
    """Mann and Whitney's U without ties, from SciPy's exact p of two samples that have it."""
    from scipy.stats._mannwhitneyu import _mwu_state
    return [_mwu_state.cdf(k, n, m) for k in range(n * m + 1)]


def shift(a, b, level):
    d = sorted(x - y for x in a for y in b)
    k = sum(c <= (1 - level) / 2 for c in u_distribution(len(a), len(b)))
    return dict(a=a, b=b, level=level, estimate=np.median(d), lo=d[k - 1] if k else None, hi=d[-k] if k else None)


def signed(d, level):
    s = sorted(d)
    j = int((stats.binom.cdf(np.arange(len(d)), len(d), 0.5) <= (1 - level) / 2).sum())
    w = {k2: stats.wilcoxon(d, alternative=v, mode="exact").pvalue for k2, v in [("both", "two-sided"), ("above", "greater"), ("below", "less")]}
    up, n = sum(x > 0 for x in d), sum(x != 0 for x in d)
    sign = {k2: stats.binomtest(up, n, 0.5, alternative=v).pvalue for k2, v in [("both", "two-sided"), ("above", "greater"), ("below", "less")]}
    return dict(d=d, level=level, median=np.median(d), median_lo=s[j - 1] if j else None,
                median_hi=s[-j] if j else None, wilcoxon=w, sign=sign)


def binomial(k, n, level):
    ci = stats.binomtest(k, n).proportion_ci(level, method="exact")
    upper = stats.binomtest(k, n, alternative="less").proportion_ci(0.95, method="exact").high
    return dict(k=k, n=n, level=level, lo=ci.low, hi=ci.high, at_most=upper)


def printed(xs, mean, sd, n, delta, alpha):
    x = np.array(xs)
    s2 = sd if sd else x.std(ddof=1)
    if sd:
        t = lambda m, alt: stats.ttest_ind_from_stats(x.mean(), x.std(ddof=1), len(x), m, s2, n, equal_var=False, alternative=alt).pvalue
    else:  # ours stands in: one deviation, with our degrees of freedom
        se = x.std(ddof=1) * np.sqrt(1 / len(x) + 1 / n)
        t = lambda m, alt: getattr(stats.t, "sf" if alt == "greater" else "cdf")((x.mean() - m) / se, len(x) - 1)
    within = max(t(mean - delta, "greater"), t(mean + delta, "less"))
    beyond = min(t(mean + delta, "greater"), t(mean - delta, "less"))
    r = x.std(ddof=1) / s2
    f = stats.f(len(x) - 1, n - 1)
    return dict(x=xs, mean=mean, sd=sd, n=n, delta=delta, alpha=alpha, within=within, beyond=beyond, ratio=r,
                ratio_lo=r / np.sqrt(f.ppf(1 - alpha)), ratio_hi=r / np.sqrt(f.ppf(alpha)))


def correlation(x, y, level):
    p = stats.pearsonr(x, y)
    ci = p.confidence_interval(level)
    return dict(x=x, y=y, level=level, r=p.statistic, p=p.pvalue, lo=ci.low, hi=ci.high)


def friedman(scores):
    s = np.array(scores)
    n, k = s.shape
    chi = stats.friedmanchisquare(*s.T)
    ranks = stats.rankdata(-s, axis=1).mean(0)
    f = (n - 1) * chi.statistic / (n * (k - 1) - chi.statistic)
    se = np.sqrt(k * (k + 1) / (6 * n))
    q = stats.studentized_range
    return dict(scores=scores, ranks=list(ranks), chi=chi.statistic, p=chi.pvalue, f=f, pf=stats.f.sf(f, k - 1, (k - 1) * (n - 1)),
                cd=q.ppf(0.95, k, np.inf) / np.sqrt(2) * se)


def runs(n, m=None):
    return [round(float(v), 4) for v in rng.normal(0.1, 1, n)]


gold = dict(scipy=scipy.__version__, numpy=np.__version__)
gold["win"] = [w for w in (win(a, b) for a, b in samples()) if w]
gold["permuted"] = [permuted(a, b) for a, b in [
    (runs(4), runs(5)), (runs(5), runs(5)), (runs(3), runs(8)), ([1.0, 1, 2, 5], [2.0, 2, 3, 5, 6]),
    ([0.0, 0, 1, 1, 1], [1.0, 1, 1, 1, 1]), ([1.0, 2, 3, 4], [5.0, 6, 7, 8]), ([3.0, 3, 3], [3.0, 3, 3])]]
gold["shift"] = [shift(a, b, level) for a, b in samples() for level in (0.95, 0.968)]
gold["signed"] = [signed(runs(n), level) for n in (3, 5, 6, 10, 20, 40) for level in (0.95, 0.968)]
gold["binomial"] = [binomial(k, n, level) for k, n in [(0, 5), (0, 10), (1, 5), (3, 10), (10, 10), (7, 40), (39, 40)] for level in (0.95, 0.9)]
gold["printed"] = [printed(runs(n), 0.2, sd, 5, delta, 0.016) for n in (10, 20, 40) for sd in (0.3, 1.2, 0) for delta in (0.1, 1.5)]
gold["correlation"] = [correlation(runs(n), runs(n), 0.95) for n in (4, 8, 24)]
gold["correlation"].append(correlation([1.0, 1, 2, 3, 3, 5], [2.0, 1, 4, 4, 4, 9], 0.9))
gold["friedman"] = [friedman(rng.normal(size=(n, k)).tolist()) for n, k in [(5, 3), (11, 4), (43, 9)]]
gold["friedman"].append(friedman(rng.integers(0, 4, (12, 5)).astype(float).tolist()))
gold["range"] = [dict(k=k, q=q, cdf=float(stats.studentized_range.cdf(q, k, np.inf))) for k in (2, 3, 4, 9, 20) for q in (0.5, 1.96, 3.3, 5, 8)]
gold["trim"] = [dict(x=x, iqm=float(stats.trim_mean(x, 0.25))) for x in (runs(4), runs(7), runs(40))]
gold["ranks"] = [dict(x=x, ranks=list(stats.rankdata(x))) for x in ([2.0, 1, 2, 5, 5, 5], runs(6))]


def plain(v):
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    return v.item() if isinstance(v, np.generic) else v


text = json.dumps(plain(gold), indent=None)
pathlib.Path(__file__).with_name("golden.json").write_text(text.replace('}, {', '},\n{').replace('], "', '],\n"') + "\n")
