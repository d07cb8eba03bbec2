"""Makes adam.json: what torch.optim.Adam does with five parameters in 60 steps, in float64.

The gradients are made here too, from a recurrence that any language repeats exactly, and written
down, so that the test needs nothing but the file. Debian: python3-torch (1.13).

    python3 adam.py > adam.json
"""
import json

import torch

RATE, BETAS, EPSILON, STEPS = 0.01, (0.9, 0.999), 1e-8, 60


def gradients():
    state = 12345
    for step in range(STEPS):
        row = []
        for scale in (1.0, 0.001, 30.0, 1e-7, 1.0):
            state = (state * 1103515245 + 12345) % 2**31
            row.append(scale * (state / 2**30 - 1))
        if step % 3:
            row[4] = 0.0  # a gradient that comes now and then
        yield torch.tensor(row).float().double().tolist()  # as float32 holds them


w = torch.tensor([0.5, -0.25, 1.0, 0.0, -2.0], dtype=torch.float64, requires_grad=True)
optimiser = torch.optim.Adam([w], lr=RATE, betas=BETAS, eps=EPSILON)
out = {"torch": torch.__version__, "rate": RATE, "start": w.tolist(), "gradients": [], "weights": []}
for g in gradients():
    w.grad = torch.tensor(g, dtype=torch.float64)
    optimiser.step()
    out["gradients"].append(g)
    out["weights"].append(w.tolist())
print(json.dumps(out))
