"""The minutes round the strip, one line each: where the reader is, and a place to tag what is longer than a strip."""

from dataclasses import dataclass

LINE_S = 60.0


@dataclass(frozen=True, slots=True)
class ContextLine:
    """One line: record seconds at its left and right edge. The last line of a record may reach beyond its end."""

    start_s: float
    end_s: float


def context_lines(duration_s: float, centre_s: float, count: int, line_s: float = LINE_S) -> list[ContextLine]:
    """At most `count` lines in record order, on whole multiples of `line_s`, with `centre_s` as near the middle as can be."""
    total = max(1, int(-(-duration_s // line_s)))
    count = min(count, total)
    first = max(0, min(int(centre_s // line_s) - count // 2, total - count))
    return [ContextLine(n * line_s, (n + 1) * line_s) for n in range(first, first + count)]
