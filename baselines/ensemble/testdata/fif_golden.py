"""Makes fif_golden.json: what the authors' own code of FIF finds, one audit at a time, over forests, on three
small data sets that the test makes by the same formulas: the linear loss, online, a weight below zero being
kept and used as zero.

Their code is siddiqmd/FeedbackIsolationForest on GitHub; `make` builds iforest.exe (without -Werror, where
the compiler is newer than theirs).

    /usr/bin/python3 fif_golden.py FOLDER/iforest.exe > fif_golden.json
"""
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

from golden_data import decoys, levels, moments, wide

FORESTS = 20
BUDGETS = {"levels": 40, "wide": 40, "decoys": 80}

out = {"forests": FORESTS, "data": {}}
for make in (levels, wide, decoys):
    x, y = make()
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "t.csv")
        with open(table, "w") as f:
            f.write(",".join(["label"] + [f"x{j}" for j in range(len(x[0]))]) + "\n")
            for row, anomaly in zip(np.asarray(x, dtype=np.float32), y):
                f.write(",".join(["anomaly" if anomaly else "nominal"] + [f"{v:.9g}" for v in row]) + "\n")
        flags = "-m 1 -t 100 -s 256 -d 0 -w 2 -l 0 -u 0 -g 1 -a 1 -p 0 -z 1".split()
        budget = BUDGETS[make.__name__]
        subprocess.run(
            [sys.argv[1], "-i", table, "-o", os.path.join(folder, "o"), "-x", str(FORESTS), "-f", str(budget)] + flags,
            check=True,
            stdout=sys.stderr,
        )
        (found,) = glob.glob(os.path.join(folder, f"o_summary_feed_{budget}_*"))
        with open(found) as f:
            curves = [[float(v) for v in line[1:]] for line in list(csv.reader(f))[1:]]
    out["data"][make.__name__] = moments([curve[9::10] for curve in curves], 6)
print(json.dumps(out, indent=1))
