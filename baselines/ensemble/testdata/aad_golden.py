"""Makes aad_golden.json: what the AAD authors' own code finds with Tree-AAD and LODA-AAD, as its script of
2018 sets them, over seeds, on two small data sets that the test makes by the same formulas. The loop of
audits is the paper's (the top k at a time, then new weights); the ensembles, the features and the learning
of weights are theirs.

Their code is shubhomoydas/ad_examples on GitHub at 4f20369; beside Debian's python3-sklearn it wants
python3-pandas, python3-statsmodels and python3-matplotlib. Its import of the package "ranking", of which
nothing here uses anything, is answered by an empty module.

    /usr/bin/python3 aad_golden.py FOLDER-OF-AD_EXAMPLES > aad_golden.json
"""
import contextlib
import json
import random
import sys
import types

import numpy as np

from golden_data import Uniform, bell, decoys, moments, wide

sys.path.insert(0, sys.argv[1])
sys.modules["ranking"] = types.SimpleNamespace(Ranking=None)

from ad_examples.aad.aad_globals import AadOpts, get_aad_command_args  # noqa: E402
from ad_examples.aad.aad_support import get_aad_model  # noqa: E402
from ad_examples.aad.loda_aad import AadLoda  # noqa: E402

SEEDS = 20
K = 5
BUDGETS = {"wide": 40, "decoys": 80}
ALL = """--startcol=2 --labelindex=1 --header --filedir=. --datafile=x.csv --resultsdir=. --dataset=x
    --randseed=42 --querytype=1 --constrainttype=4 --sigma2=0.5 --runtype=simple --reps=1 --reruns=1
    --maxbudget=10000 --topK=0 --init=1 --tau=0.03 --tau_score_type=1 --Cn=1 --withprior --unifprior
    --forest_n_trees=100 --forest_n_samples=256 --forest_score_type=4 --forest_add_leaf_nodes_only
    --forest_max_depth=100 --mink=300 --maxk=500 --log_file= --budget=1"""
METHODS = {
    "tree_aad": """--detector_type=7 --Ca=1 --Cx=1 --norm_unit --prior_influence=1
        --max_anomalies_in_constraint_set=1000 --max_nominals_in_constraint_set=1000""",
    "loda_aad": """--detector_type=13 --Ca=100 --Cx=0.001 --prior_influence=0
        --max_anomalies_in_constraint_set=100 --max_nominals_in_constraint_set=100""",
}


def options(settings):
    opts = AadOpts(get_aad_command_args(debug=True, debug_args=(ALL + " " + settings).split()))
    opts.fid = 1
    opts.set_multi_run_options(1, 1)
    return opts


def audit(x, y, settings, budget, seed):
    """Returns how many anomalies are found after each round of K audits."""
    np.random.seed(seed)
    random.seed(seed)
    opts = options(settings)
    model = get_aad_model(x, opts, np.random.RandomState(seed))
    model.fit(x)
    z = model.transform_to_ensemble_features(x, dense=False, norm_unit=opts.norm_unit)
    model.init_weights(init_type=opts.init, samples=None)
    audited, anomalies, nominals, found = set(), [], [], []
    while len(audited) < budget:
        order, _ = model.order_by_score(z, model.w)
        for i in [int(i) for i in order if i not in audited][:K]:
            audited.add(i)
            (anomalies if y[i] else nominals).append(i)
        found.append(len(anomalies))
        model.update_weights(z, y, ha=anomalies, hn=nominals, opts=opts)
    return found


def members():
    """240 rows of 12 members' features, all positive: a member in three tells the anomalies, another one
    the nominal rows that stand out as far."""
    u, z, y = Uniform(5), [], []
    for i in range(240):
        row = [2 + bell(u) + (1.5 * u() if i % 12 == j % 3 else 0) for j in range(12)]
        z.append(row)
        y.append(i % 12 == 1)
    return z, y


def rounds(method, count, nothing_found):
    """Returns the rows audited in so many rounds, and the weights after each, of given features: they are
    negative and scaled to unit length, with a prior, for Tree-AAD, as its own are; LODA-AAD's are neither.
    With nothing_found every row is nominal."""
    z, y = members()
    z, y = np.asarray(z), np.asarray(y, dtype=int)
    if nothing_found:
        y[:] = 0
    opts = options(METHODS[method])
    model = AadLoda()
    model.m = z.shape[1]
    model.w = model.get_uniform_weights()
    if method == "tree_aad":
        z = z - 6
        z = z / np.sqrt((z**2).sum(axis=1, keepdims=True))
        model.w_unif_prior = model.get_uniform_weights()
    audited, weights = [], []
    for _ in range(count):
        order, _ = model.order_by_score(z, model.w)
        audited += [int(i) for i in order if i not in audited][:K]
        model.update_weights(z, y, ha=[i for i in audited if y[i]], hn=[i for i in audited if not y[i]], opts=opts)
        weights.append(np.round(model.w, 12).tolist())
    return {"audited": audited, "weights": weights}


out = {"ad_examples": "4f20369", "seeds": SEEDS, "k": K, "rounds": {}, "data": {}}
for method in METHODS:
    with contextlib.redirect_stdout(sys.stderr):
        out["rounds"][method] = [rounds(method, 12, nothing_found) for nothing_found in (False, True)]
for make in (wide, decoys):
    x, y = make()
    x, y = np.asarray(x, dtype=np.float32).astype(float), np.asarray(y, dtype=int)
    out["data"][make.__name__] = {}
    for method, settings in METHODS.items():
        with contextlib.redirect_stdout(sys.stderr):
            found = np.asarray([audit(x, y, settings, BUDGETS[make.__name__], seed) for seed in range(SEEDS)])
        out["data"][make.__name__][method] = moments(found, 6)
        print(make.__name__, method, out["data"][make.__name__][method], file=sys.stderr)
print(json.dumps(out, indent=1))
