"""Where time marks stand on a strip: round steps that leave room for their words."""

import math
from dataclasses import dataclass

DAY_S = 86_400
STEPS_S = (0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200,
           DAY_S, 2 * DAY_S, 7 * DAY_S)


@dataclass(frozen=True, slots=True)
class TimeMark:
    seconds: float
    text: str


def time_marks(start_s: float, end_s: float, px_per_s: float, least_px: float = 64.0) -> list[TimeMark]:
    """Marks at multiples of the smallest round step whose words do not touch."""
    step = next((s for s in STEPS_S if s * px_per_s >= least_px), STEPS_S[-1])
    first = math.ceil(start_s / step - 1e-9)
    return [TimeMark(n * step, mark_text(n * step, step)) for n in range(first, math.floor(end_s / step + 1e-9) + 1)]


def mark_text(seconds: float, step: float = 1.0) -> str:
    """ "1:37", "2:05:13"; tenths where the step is finer than a second."""
    whole = int(seconds + 1e-9)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if step < 1:
        return f"{hours * 60 + minutes}:{seconds - whole // 60 * 60:04.1f}"
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
