"""Agreement of two readers on answers: raw, chance-corrected (κ, weighted κ), and AC1, which a rare finding does not fool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from graticule.domain.geometry import Floats


@dataclass(frozen=True, slots=True)
class AnswerAgreement:
    """n: cases both answered; missing: cases only one answered. None where a figure is not defined.

    kappa: Cohen's; for ranked answers weighted by squared distance. ac1: Gwet's, unweighted.
    mean_difference, limits: of numbers, second minus first, with 95 % limits of agreement (Bland and Altman).
    """

    n: int
    missing: int
    agreement: float | None
    kappa: float | None = None
    weighted: bool = False
    ac1: float | None = None
    mean_difference: float | None = None
    limits: tuple[float, float] | None = None


def classes_agree(one: Mapping[str, str], two: Mapping[str, str], order: Sequence[str] = ()) -> AnswerAgreement:
    """one, two: case id → class. order: all classes by rank where they have one, otherwise κ is unweighted."""
    both = sorted(set(one) & set(two))
    missing = len(set(one) ^ set(two))
    if not both:
        return AnswerAgreement(0, missing, None)
    classes = list(order) or sorted({*one.values(), *two.values()})
    at = {name: place for place, name in enumerate(classes)}
    table = np.zeros((len(classes), len(classes)))
    for case in both:
        table[at[one[case]], at[two[case]]] += 1
    return AnswerAgreement(len(both), missing, float(np.trace(table) / len(both)), weighted_kappa(table, ranked=bool(order)),
                           bool(order), gwet_ac1(table))


def sets_agree(one: Mapping[str, frozenset[str]], two: Mapping[str, frozenset[str]], members: Sequence[str]) -> AnswerAgreement:
    """Several answers at once: every member of every case is a yes or no."""
    flat = [({f"{case}\n{name}": str(name in held) for case, held in side.items() for name in members}) for side in (one, two)]
    found = classes_agree(flat[0], flat[1])
    return AnswerAgreement(len(set(one) & set(two)), len(set(one) ^ set(two)), found.agreement, found.kappa, False, found.ac1)


def numbers_agree(one: Mapping[str, str], two: Mapping[str, str]) -> AnswerAgreement:
    """one, two: case id → fixed-precision string."""
    both = sorted(set(one) & set(two))
    missing = len(set(one) ^ set(two))
    if not both:
        return AnswerAgreement(0, missing, None)
    differences = np.array([float(Decimal(two[case]) - Decimal(one[case])) for case in both])
    mean = float(differences.mean())
    spread = 1.96 * float(differences.std(ddof=1)) if len(both) > 1 else None
    limits = (mean - spread, mean + spread) if spread is not None else None
    return AnswerAgreement(len(both), missing, float(np.mean(differences == 0)), mean_difference=mean, limits=limits)


def weighted_kappa(table: Floats, *, ranked: bool) -> float | None:
    """Cohen's κ of a square (n, n) table of counts, weighted by squared rank distance when `ranked`; None without spread."""
    n, total = table.shape[0], table.sum()
    rank = np.arange(n)
    distance = (rank[:, None] - rank[None, :]) ** 2 if ranked else (rank[:, None] != rank[None, :])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    chance = float((distance * expected).sum())
    return None if chance == 0 else 1.0 - float((distance * table).sum()) / chance


def gwet_ac1(table: Floats) -> float | None:
    """Gwet's AC1 (2008) of a square table of counts; None for a single class."""
    n, total = table.shape[0], table.sum()
    if n < 2:
        return None
    shares = (table.sum(axis=0) + table.sum(axis=1)) / (2 * total)
    chance = float((shares * (1 - shares)).sum() / (n - 1))
    return (float(np.trace(table) / total) - chance) / (1 - chance) if chance < 1 else None
