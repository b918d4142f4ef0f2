"""Annotations spoiled in ways that can be made again anywhere: what the reference programs were given for the stored figures.

Only `random()` of a seeded generator is used, whose sequence Python promises not to change.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

from graticule.formats.ecg.atr import BEATS, Mark

T = TypeVar("T")
STEPS = ((0.0, 0.0, 0.0, 0.0), (0.01, 0.02, 0.01, 0.01), (0.1, 0.3, 0.2, 0.1), (0.3, 0.6, 0.5, 0.4))


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def hits(self, share: float) -> bool:
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """low ≤ result ≤ high."""
        return low + int(self._random.random() * (high - low + 1))

    def of(self, things: Sequence[T]) -> T:
        return things[self.between(0, len(things) - 1)]


def made(ticks: int, rate: int, dice: Dice) -> list[Mark]:
    """A made-up reference: beats about every 0.8 s of many classes."""
    out, at = [], rate // 2
    while at < ticks:
        out.append(Mark(at, dice.of("NNNNNNNNNNNNLRVVVAaJSFEejnQ/fr")))
        at += dice.between(rate // 2, rate)
    return out


def altered(marks: Sequence[Mark], ticks: int, rate: int, dice: Dice) -> list[Mark]:
    """Beats lost, moved, renamed and added; runs; fibrillation, noise, rhythm changes and ST episodes laid over them."""
    lost, moved, renamed, added = dice.of(STEPS)
    out: list[Mark] = []
    for mark in marks:
        if mark.symbol not in BEATS:
            if mark.symbol != "+" or dice.hits(0.5):
                out.append(mark)
            continue
        if dice.hits(lost):
            continue
        at = min(ticks - 1, max(0, mark.sample + dice.between(-70, 70))) if dice.hits(moved) else mark.sample
        out.append(Mark(at, dice.of(sorted(BEATS)) if dice.hits(renamed) else mark.symbol))
        if dice.hits(added):
            out.append(Mark(min(ticks - 1, max(0, mark.sample + dice.between(-150, 150))), dice.of("NVAFQ!")))
    _runs(out, dice)
    laid = [*_fibrillation(ticks, rate, dice), *_noise(ticks, rate, dice), *_rhythms(ticks, rate, dice), *_st(ticks, rate, dice)]
    return sorted([*out, *laid], key=lambda mark: mark.sample)


def _runs(marks: list[Mark], dice: Dice) -> None:
    for _ in range(dice.of((0, 5, 40))):
        first, symbol = dice.between(0, len(marks) - 1), dice.of("VVSAF")
        for n in range(first, min(len(marks), first + dice.between(1, 9))):
            if marks[n].symbol in BEATS:
                marks[n] = Mark(marks[n].sample, symbol)


def _spans(ticks: int, longest: int, counts: Sequence[int], dice: Dice) -> list[tuple[int, int]]:
    starts = [dice.between(0, ticks - 1) for _ in range(dice.of(counts))]
    return [(start, min(ticks - 1, start + dice.between(2, longest))) for start in starts]


def _fibrillation(ticks: int, rate: int, dice: Dice) -> list[Mark]:
    out = []
    for start, end in _spans(ticks, 40 * rate, (0, 0, 1, 3, 8), dice):
        out += [Mark(start, "["), *([Mark(end, "]")] if dice.hits(0.93) else [])]
        out += [Mark(dice.between(start, end), "!") for _ in range(dice.of((0, 0, 5)))]
    return out


def _noise(ticks: int, rate: int, dice: Dice) -> list[Mark]:
    out = []
    for start, end in _spans(ticks, 40 * rate, (0, 0, 1, 3, 8), dice):
        out.append(Mark(start, "~", subtype=dice.of((0x30, 0x30, 0x33, -1, 0x31))))
        if dice.hits(0.7):
            out.append(Mark(end, "~", subtype=dice.of((0, 1, 0x10, 0x20, 0x2F))))
    return out


def _rhythms(ticks: int, rate: int, dice: Dice) -> list[Mark]:
    out = []
    for start, end in _spans(ticks, 200 * rate, (0, 0, 2, 10), dice):
        out.append(Mark(start, "+", aux=dice.of(("(AFIB", "(AFIB", "(AFIB", "(AFL", "(VFL", "(VFIB", "(VT", "(N"))))
        if dice.hits(0.8):
            out.append(Mark(end, "+", aux=dice.of(("(N", "(N", "(AFL", "(B", "(AFIB"))))
    return out


def _st(ticks: int, rate: int, dice: Dice) -> list[Mark]:
    out = []
    for start, end in _spans(ticks, 100 * rate, (0, 0, 2, 8), dice):
        signal = f"{dice.of('01')}{dice.of('+-')}"
        out.append(Mark(start, "s", aux=f"(ST{signal}"))
        if dice.hits(0.7):
            out.append(Mark(dice.between(start, end), "s", aux=f"AST{signal}{dice.between(100, 400)}"))
        if dice.hits(0.93):
            out.append(Mark(end, "s", aux=f"ST{signal})"))
    return out
