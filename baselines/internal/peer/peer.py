"""What scripts of goldens share; the Go package beside it makes the same numbers."""


class Uniform:
    """A linear congruential generator: the same numbers in any language."""

    def __init__(self, seed):
        self.x = seed

    def __call__(self):
        self.x = (1103515245 * self.x + 12345) % 2**31
        return self.x / 2**31


def bell(u):
    return u() + u() + u() + u() - 2
