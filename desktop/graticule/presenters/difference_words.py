"""A comparison in words and colours: the table of its numbers, the key of its map, the list of its places."""

from graticule.presenters.differences import Compared
from graticule.presenters.segment_amounts import millilitres
from graticule.quality.masks import BOTH, ONLY_ONE, ONLY_TWO

# Blue and vermillion stay apart for every common kind of colour vision; what both hold recedes.
DIFFERENCE_COLOURS = {BOTH: (150, 158, 168), ONLY_ONE: (86, 180, 233), ONLY_TWO: (213, 94, 0)}
UNDEFINED = "–"


def agreement_rows(compared: Compared) -> list[tuple[str, str]]:
    """(what, how much) in reading order; – where a number is not defined because a mask is empty."""
    found = compared.agreement
    change = f"{found.difference_ml:+.2f} mL"
    if found.difference_percent is not None:
        change += f" ({found.difference_percent:+.1f} %)"
    return [("Dice", _share(found.dice)), ("Surface Dice", f"{_share(found.surface_dice)} at {found.tolerance_mm:g} mm"),
            ("HD95", _mm(found.hd95_mm)), ("Hausdorff, largest", _mm(found.hd_mm)), ("ASSD", _mm(found.assd_mm)),
            ("Volume A", millilitres(found.volume_ml[0])), ("Volume B", millilitres(found.volume_ml[1])),
            ("B less A", change)]


def worst_text(compared: Compared) -> str:
    """"Slice 38: 1.20 mL differ, Dice 0.71"; "" when nothing differs."""
    worst = compared.worst
    return "" if worst is None else f"Slice {worst.slice + 1}: {millilitres(worst.ml)} differ, Dice {_share(worst.dice)}"


def copied(compared: Compared, one: str, two: str) -> str:
    """Lines for the clipboard, A and B by name."""
    lines = [f"A\t{one}", f"B\t{two}", *(f"{what}\t{much}" for what, much in agreement_rows(compared))]
    return "\n".join([*lines, *([f"Worst\t{worst_text(compared)}"] if compared.worst else [])])


def _share(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.3f}"


def _mm(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.2f} mm"
