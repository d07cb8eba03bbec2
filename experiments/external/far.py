"""Static: a row's distance from the column means, in standard deviations. Uses no labels."""
import uaibench_client


def scores(job):
    mean, square = [0.0] * job.d, [0.0] * job.d
    for row in job.X:
        for j, v in enumerate(row):
            v = float(v)
            mean[j] += v / job.n
            square[j] += v * v / job.n
    scale = [1 / max(s - m * m, 1e-12) for m, s in zip(mean, square)]
    return [sum(w * (float(v) - m) ** 2 for v, m, w in zip(row, mean, scale)) for row in job.X]


uaibench_client.run(scores, name="far", active=False)
