#!/usr/bin/env python3
"""Three whole verdicts with SciPy 1.10: python3 verdicts.py > verdicts.json

The values are made up here; the rules are those of experiments/paper.yaml's second ledger.
"""
import itertools, json
import numpy as np
from scipy import stats

LOOKS = [(5, "gap", .002), (10, "permuted", .008), (20, "rank", .016), (40, "rank", .016)]
REAL = ["kddcup", "arrhythmia", "thyroid", "kddcup_rev", "yeast", "abalone", "ctg", "creditcard", "covtype", "mmg", "shuttle"]


def rnd(x):
    return np.round(np.asarray(x, float), 12)


def w_statistic(a, b):
    """Brunner and Munzel's, for rows of splits; ±inf where an arm lies above the other."""
    a, b = np.atleast_2d(a), np.atleast_2d(b)
    na, nb = a.shape[1], b.shape[1]
    pa = (a[:, :, None] > b[:, None, :]).sum(2) + (a[:, :, None] == b[:, None, :]).sum(2) / 2
    pb = (b[:, :, None] > a[:, None, :]).sum(2) + (b[:, :, None] == a[:, None, :]).sum(2) / 2
    num = pa.mean(1) / nb - .5
    den = np.sqrt(pa.var(1, ddof=1) / (nb * nb * na) + pb.var(1, ddof=1) / (na * na * nb))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(den > 1e-14, num / den, np.sign(num) * np.inf)


SPLITS = np.array([[i in s for i in range(20)] for s in map(set, itertools.combinations(range(20), 10))])


def tails(rule, a, b):
    if rule == "gap":
        wider = max(np.ptp(a), np.ptp(b))
        if min(a) > max(b) and min(a) - max(b) >= wider:
            return 0., 1., 0.
        if min(b) > max(a) and min(b) - max(a) >= wider:
            return 1., 0., 0.
        return 1., 1., 1.
    if rule == "permuted":
        pool = np.concatenate([a, b])
        seen = w_statistic(a, b)[0]
        above = below = 0
        for part in np.array_split(SPLITS, 50):
            rows = np.tile(pool, (len(part), 1))
            w = w_statistic(rows[part].reshape(-1, 10), rows[~part].reshape(-1, 10))
            above += (w >= seen - 1e-9).sum()
            below += (w <= seen + 1e-9).sum()
        above, below = above / len(SPLITS), below / len(SPLITS)
    else:
        if min(a) > max(b) or max(a) < min(b):
            p = 1 / stats.binom(len(a) + len(b), .5).pmf(len(a)) / 2 ** (len(a) + len(b))
            above, below = (p, 1.) if min(a) > max(b) else (1., p)
        else:
            above = stats.brunnermunzel(b, a, alternative="less").pvalue
            below = stats.brunnermunzel(b, a, alternative="greater").pvalue
            # SciPy's statistic is that of its second argument above its first.
            if (np.mean(a) > np.mean(b)) != (above < below):
                above, below = below, above
    return above, below, min(1, 2 * min(above, below))


def beats(a, b, delta):
    look, out, p = 0, "open", 1.
    for n, rule, alpha in LOOKS:
        if n > len(a):
            break
        x, y = np.array(a[:n]), np.array(b[:n])
        look = n
        up, down, both = tails(rule, x, y)
        if both <= alpha:
            out, p = ("holds", 1.) if up < down else ("fails", both)
        elif rule != "gap":
            loses = tails(rule, rnd(x - delta), rnd(y))[1]
            if loses <= alpha:
                out, p = "fails", loses
        if out != "open":
            break
    x, y = np.array(a[:look]), np.array(b[:look])
    d = x[:, None] - y[None, :]
    return dict(Outcome=out, Look=look, P=p, Effect=float(np.median(d)), Win=float((d > 0).mean() + (d == 0).mean() / 2))


def below(xs, bound):
    look, out, p = 0, "open", 1.
    for n, rule, alpha in LOOKS:
        if n > len(xs):
            break
        d = rnd(bound - np.array(xs[:n]))
        look = n
        if rule == "gap":
            both = 1.
            if min(d) > 0 and min(d) >= 1.5 * np.ptp(d) or max(d) < 0 and -max(d) >= 1.5 * np.ptp(d):
                both = 0.
        else:
            k, m = int((d > 0).sum()), int((d != 0).sum())
            both = min(1, 2 * min(stats.binom.cdf(k, m, .5), stats.binom.sf(k - 1, m, .5)))
        if both <= alpha:
            out = "holds" if np.median(d) > 0 else "fails"
            p = 1. if out == "holds" else both
            break
    d = rnd(bound - np.array(xs[:look]))
    return dict(Outcome=out, Look=look, P=p, Effect=float(np.median(xs[:look])), Win=float((d > 0).mean() + (d == 0).mean() / 2))


def near(xs, mean, sd, delta):
    look, out, p = 0, "open", 1.
    for n, rule, alpha in LOOKS:
        if n < 10 or n > len(xs):
            continue
        x = np.array(xs[:n])
        look = n
        v = x.var(ddof=1) / n
        t, df = v + x.var(ddof=1) / 5, n - 1
        if sd is not None:
            u = sd * sd / 5
            t = v + u
            df = (v + u) ** 2 / (v * v / (n - 1) + u * u / 4)
        se, d = np.sqrt(t), x.mean() - mean
        within = max(stats.t.sf((d + delta) / se, df), stats.t.sf((delta - d) / se, df))
        beyond = min(stats.t.sf((d - delta) / se, df), stats.t.sf((-delta - d) / se, df))
        if within <= alpha:
            out = "holds"
        elif beyond <= alpha:
            out, p = "fails", beyond
        if out != "open":
            break
    return dict(Outcome=out, Look=look, P=p, Effect=float(np.mean(xs[:look]) - mean), Win=-1.)


def holm(ps):
    order, out, most = np.argsort(ps, kind="stable"), [0.] * len(ps), 0.
    for i, k in enumerate(order):
        most = max(most, min(1, ps[k] * (len(ps) - i)))
        out[k] = most
    return out


ALPHA = {n: a for n, _, a in LOOKS}


def verdict(comps):
    for c, h in zip(comps, holm([c["P"] for c in comps])):
        c["Holm"] = h
    holds = sum(c["Outcome"] == "holds" for c in comps)
    certain = sum(c["Outcome"] == "fails" and c["Holm"] <= ALPHA[c["Look"]] for c in comps)
    word = "open"
    if certain:
        word = "partly" if holds else "contradicted"
    elif holds == len(comps):
        word = "reproduced"
    return dict(verdict=word, comparisons=comps)


# Table 1's F1, with Table 3's deviations, as experiments/paper.yaml has them.
import re
text = open("../../../experiments/paper.yaml").read()
PRINTED, SD = {}, {}
for arm, row in re.findall(r"- \{arm: (\w+), values: \{(.*?)\}\}", text):
    PRINTED[arm] = {k: float(v) for k, v in (p.split(": ") for p in row.split(", "))}
for d, arm, rest in re.findall(r"- \{dataset: (\w+), arm: (\w+),(.*?)src: run\}", text):
    SD[arm, d] = float(re.search(r"f1_sd: ([\d.]+)", rest).group(1))

rng = np.random.default_rng(20)
values, claims = {}, {}


def draw(claim, arm, dataset, n, mean, sd):
    xs = np.round(rng.normal(mean, sd, n), 4).tolist()
    values[f"{claim}|{arm}|{dataset}"] = xs
    return xs


comps = []
for i, d in enumerate(REAL):
    n = [7, 12, 20, 40][i % 4]
    shift = [.1, .02, 0, .3, -.05, .05, .15, .0, .08, .25, .004][i]
    a = draw("t1-dae-uai-vs-dae", "dae_uai", d, n, .5 + shift, .05)
    b = draw("t1-dae-uai-vs-dae", "dae", d, n, .5, .02 + .01 * (i % 5))
    comps.append(dict(Left="dae_uai", Right="dae", Dataset=d, **beats(a, b, .02)))
claims["t1-dae-uai-vs-dae"] = verdict(comps)

comps = []
for i, d in enumerate(REAL):
    xs = draw("t1-dae-bad", "dae", d, [6, 10, 25, 40][i % 4], [.2, .5, .55, .45, .7, .3, .52, .1, .6, .4, .53][i], .06)
    comps.append(dict(Left="dae", Right="", Dataset=d, **below(xs, .55)))
claims["t1-dae-bad"] = verdict(comps)

comps = []
for i, d in enumerate(REAL):
    for k, arm in enumerate(["dae_uai", "dae", "loda_aad", "tree_aad", "dagmm_clean", "dagmm_dirty"]):
        off = [0, .05, .12, .3, -.02, .09][(i + k) % 6]
        xs = draw("t1-values", arm, d, [10, 20, 40][(i + k) % 3], PRINTED[arm][d] + off, .04)
        comps.append(dict(Left=arm, Right="", Dataset=d, **near(xs, PRINTED[arm][d], SD.get((arm, d)), .1)))
claims["t1-values"] = verdict(comps)
print(json.dumps(dict(values=values, claims=claims), indent=0))
