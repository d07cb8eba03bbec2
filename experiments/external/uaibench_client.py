"""Methods for uaibench in Python: the protocol of `id: exec`, using only the standard library.

    import uaibench_client

    def scores(job):                  # called each round; higher is more anomalous
        return [sum(row) for row in job.X]

    uaibench_client.run(scores, name="sums")

job.X        n rows of d floats: a NumPy array if NumPy is installed, else a sequence of rows
job.n, .d    its size
job.classes  the class observed with each row, or None
job.labels   {row: 0 or 1} for all rows audited so far, in audit order; 1 is an anomaly
job.new      the rows audited since the last call
job.seed, .threads, .params
job.state    a dictionary for the method's use; with saves=True it is restored after interruptions
job.counts   a dictionary of the work so far, integers, for the report
"""
import array
import json
import mmap
import pickle
import re
import sys

try:
    import numpy
except ImportError:
    numpy = None


class Rows:
    """A matrix in a memory-mapped file, as a sequence of rows."""

    def __init__(self, values, n, d):
        self.values, self.n, self.d = values, n, d

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        if not 0 <= i < self.n:
            raise IndexError(i)
        return self.values[i * self.d:(i + 1) * self.d]


def read(name):
    """Maps a little-endian .npy file; returns the values and the shape."""
    if numpy:
        values = numpy.load(name, mmap_mode="r")
        return values, values.shape
    with open(name, "rb") as f:
        data = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
    end = 10 + int.from_bytes(data[8:10], "little")
    header = data[10:end].decode("latin1")
    shape = tuple(int(s) for s in re.search(r"\(([\d, ]*)\)", header)[1].replace(",", " ").split())
    values = memoryview(data)[end:].cast({"<f4": "f", "<i4": "i"}[re.search(r"'(<..)'", header)[1]])
    return (Rows(values, *shape) if len(shape) == 2 else values), shape


def write(name, scores):
    """Writes float64 values as a .npy file."""
    values = array.array("d", scores)
    if sys.byteorder == "big":
        values.byteswap()
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % len(values)
    text = text.ljust(-(-(len(text) + 11) // 64) * 64 - 11) + "\n"
    with open(name, "wb") as f:
        f.write(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode())
        values.tofile(f)


class Job:
    def __init__(self, hello):
        self.X, (self.n, self.d) = read(hello["X"])
        self.classes = read(hello["class"])[0] if hello["class"] else None
        self.seed, self.threads, self.params = hello["seed"], hello["threads"], hello["params"]
        self.labels, self.new, self.state, self.counts = {}, [], {}, {}


def run(scores, name, version="1", active=True, deterministic=True, saves=False):
    """Answers uaibench's messages until its bye; scores(job) returns n numbers."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # stdout is the protocol's; a method's prints go to stderr
    job = None
    for line in sys.stdin:
        message = json.loads(line)
        if "uaibench" in message:
            job = Job(message)
            answer = {"ready": 1, "name": name, "version": version, "active": active,
                      "deterministic": deterministic, "saves": saves}
        elif "train" in message:
            job.new = [row for row, _ in message["train"]]
            job.labels.update(message["train"])
            write("scores.npy", scores(job))
            answer = {"scores": "scores.npy", "counts": job.counts}
        elif "save" in message:
            with open(message["save"], "wb") as f:
                pickle.dump((job.labels, job.state, job.counts), f)
            answer = {"saved": message["save"]}
        elif "load" in message:
            with open(message["load"], "rb") as f:
                job.labels, job.state, job.counts = pickle.load(f)
            answer = {"loaded": message["load"]}
        else:
            return
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
