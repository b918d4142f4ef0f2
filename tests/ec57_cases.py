"""The two annotation files of a stored case, made again."""

from dataclasses import dataclass
from typing import Any

from ec57_alterations import Dice, altered, made
from graticule.formats.ecg.atr import Annotations, Mark, decode, encode
from real_data import DATA


@dataclass(frozen=True)
class Files:
    reference: bytes
    test: bytes


def files_of(case: dict[str, Any]) -> Files:
    """case: record ("" for a made-up one), seed, rate, ticks, spoiled (whether the reference is altered, too)."""
    dice = Dice(case["seed"])
    ticks, rate = case["ticks"], case["rate"]
    base = _base(case["record"]) if case["record"] else made(ticks, rate, dice)
    reference = altered(base, ticks, rate, dice) if case["spoiled"] else base
    return Files(_bytes(reference), _bytes(altered(base, ticks, rate, dice)))


def _base(record: str) -> list[Mark]:
    return list(decode((DATA / "ecg" / "mitdb" / f"{record}.atr").read_bytes()).marks)


def _bytes(marks: list[Mark]) -> bytes:
    return encode(Annotations(tuple(marks)))
