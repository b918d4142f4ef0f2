"""What two legs say: interval, rate, and where the next ones fall. Seconds in, seconds and whole milliseconds out."""

from fractions import Fraction

MOST_MARKS = 2000


def interval_ms(first_s: float, second_s: float) -> int:
    """The distance of two legs in whole milliseconds, whatever their order."""
    return round(abs(second_s - first_s) * 1000)


def rate_per_min(milliseconds: float) -> int | None:
    """Beats a minute at an interval; None for no interval at all."""
    return round(60_000 / milliseconds) if milliseconds > 0 else None


def march(first_s: float, second_s: float, from_s: float, to_s: float) -> list[float]:
    """Every position inside [from_s, to_s] that continues the two legs at their own distance, the legs included.

    Multiples are taken from the first leg, so that rounding does not pile up. Empty when the legs stand on one another or
    the marks would be too many to tell apart.
    """
    step = abs(Fraction(second_s) - Fraction(first_s))
    if step == 0 or (to_s - from_s) / step > MOST_MARKS:
        return []
    origin = Fraction(min(first_s, second_s))
    lowest = -((origin - Fraction(from_s)) // step)
    highest = (Fraction(to_s) - origin) // step
    return [float(origin + n * step) for n in range(int(lowest), int(highest) + 1)]
