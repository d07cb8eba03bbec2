"""PyTorch's side of `make bench`: the same networks, batches and optimiser as baselines/deep.

It reads lines "MODEL WORK COUNT" (dae or class, step or score) from standard input, does COUNT
training steps, or scores COUNT blocks of 256 rows, and answers with the seconds that took, by the clock and of the process. The
first line it writes says what it is. Debian: python3-torch and libopenblas0-openmp.

    THREADS=1 /usr/bin/python3 bench/peers/pytorch.py
"""
import os
import sys
import time

import torch
from torch import nn

THREADS = int(os.environ.get("THREADS", "1"))
BATCH, FEATURES, CLASSES, ROWS = 256, 784, 9, 4096


def layers(widths):
    out = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        out.append(nn.Linear(a, b))
        if i < len(widths) - 2 and b != 8:  # the latent layer is linear
            out.append(nn.ReLU())
    return nn.Sequential(*out)


class DAE:
    def __init__(self, x, _):
        self.x = x
        self.net = layers([FEATURES, 256, 64, 8, 64, 256, FEATURES])

    def loss(self, rows):
        clean = self.x[rows]
        out = self.net(clean + 0.1 * torch.randn_like(clean))
        return ((out - clean) ** 2).sum(dim=1).mean()

    def score(self, rows):
        clean = self.x[rows]
        return ((self.net(clean) - clean) ** 2).sum(dim=1)


class Class:
    def __init__(self, x, y):
        self.x, self.y = x, y
        self.net = layers([FEATURES, 256, 64, 8, CLASSES])
        self.net.insert(5, nn.ReLU())  # here the latent layer is not

    def loss(self, rows):
        return nn.functional.cross_entropy(self.net(self.x[rows]), self.y[rows])

    def score(self, rows):
        return nn.functional.cross_entropy(self.net(self.x[rows]), self.y[rows], reduction="none")


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    x, y = torch.rand(ROWS, FEATURES), torch.randint(CLASSES, (ROWS,))
    models = {}
    for name, make in (("dae", DAE), ("class", Class)):
        m = make(x, y)
        # foreach: all parameters at once, PyTorch's fast way
        models[name] = m, torch.optim.RMSprop(m.net.parameters(), lr=0.01, alpha=0.9, eps=1e-10, foreach=True)
    print(f"PyTorch {torch.__version__}, threads={torch.get_num_threads()}", flush=True)
    for line in sys.stdin:
        name, work, count = line.split()
        m, optimiser = models[name]
        start, cpu = time.perf_counter(), time.process_time()
        if work == "step":
            for _ in range(int(count)):
                optimiser.zero_grad(set_to_none=True)
                m.loss(torch.randint(ROWS, (BATCH,))).backward()
                optimiser.step()
        else:
            with torch.inference_mode():
                for i in range(int(count)):
                    at = i % (ROWS // BATCH) * BATCH
                    m.score(torch.arange(at, at + BATCH))
        print(time.perf_counter() - start, time.process_time() - cpu, flush=True)


main()
