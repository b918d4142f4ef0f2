"""When to try again: full jitter, so that a hospital's workstations do not return all at once after an outage."""

import random

FIRST_S = 1.0
LONGEST_S = 300.0
REGULAR_S = 60.0


def delay_s(failures: int, chance: float | None = None) -> float:
    """Seconds until the next conversation, after so many failures in a row (0: all is well).

    chance: in [0, 1), drawn at random when None. Exponential from 1 s to 5 min, anything below with equal likelihood.
    """
    if failures <= 0:
        return REGULAR_S
    drawn = random.random() if chance is None else chance
    return drawn * min(LONGEST_S, FIRST_S * 2.0 ** min(failures, 20))
