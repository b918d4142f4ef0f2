"""In which order slices arrive."""


def outwards(count: int, first: int | None = None) -> list[int]:
    """0 … count − 1, nearest to `first` (or the middle) first."""
    start = count // 2 if first is None else min(max(first, 0), count - 1)
    return sorted(range(count), key=lambda k: (abs(k - start), -k))
