"""A segment's figures in words: the rows of the panel, one line of text, and a row of a table."""

import csv
import io
from collections.abc import Iterable

from graticule.domain.elements import Region, Segment
from graticule.domain.labels import (
    AUTHOR_GROWN,
    AUTHOR_HAND,
    AUTHOR_INTERPOLATED,
    AUTHOR_MACHINE,
    AUTHOR_MACHINE_CORRECTED,
)
from graticule.editing.tools.length import PATIENT
from graticule.imaging.lengths import to_stored
from graticule.imaging.segment_numbers import SegmentNumbers
from graticule.imaging.shapes import BIDIRECTIONAL
from graticule.imaging.statistics import Statistics
from graticule.presenters.segment_amounts import millilitres
from graticule.presenters.segment_figures import Figures

COLUMNS = ("segment", "number", "group", "status", "voxels", "volume_ml", "surface_cm2", "long_axis_mm", "short_axis_mm", "slice",
           "longest_3d_mm", "parts", "mean", "sd", "min", "p5", "p50", "p95", "max", "unit", "by_hand_percent",
           "interpolated_percent", "grown_percent", "proposed_percent", "corrected_percent")
_SHARES = (AUTHOR_HAND, AUTHOR_INTERPOLATED, AUTHOR_GROWN, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED)
Rows = list[tuple[str, str]]


def figure_rows(figures: Figures, *, flat: bool, length: str) -> Rows:
    """(what, how much) in reading order. flat: a picture, whose lengths are in `length` ("mm" or "px")."""
    numbers = figures.numbers
    if numbers is None:
        return []
    rows: Rows = [("Long × short axis", axes_text(numbers, length))]
    if not flat:
        rows.insert(0, ("Surface", f"{numbers.surface_mm2 / 100:.1f} cm²"))
        rows.append(("Longest in 3D", f"{numbers.longest.mm:.1f} mm"))
    rows += value_rows(numbers.values, numbers.unit)
    rows.append(("Pixels" if flat else "Voxels", f"{numbers.voxels:,}"))
    for title, unit, found in figures.beside:
        rows += [(f"{title}: {what}", amount) for what, amount in value_rows(found, unit or None)[:2]]
    return rows


def value_rows(values: Statistics | None, unit: str | None) -> Rows:
    """Mean and spread, percentiles, ends; nothing while slices are still on their way."""
    if values is None:
        return []
    text, said = values.as_text(), f" {unit}" if unit else ""
    spread = f" ± {text['sd']}" if "sd" in text else ""
    what = "Mean ± SD" if unit else "Mean ± SD, arbitrary"
    return [(what, f"{text['mean']}{spread}{said}"), ("Range", f"{text['min']} … {text['max']}{said}"),
            ("5 · 50 · 95 %", f"{text['p5']} · {text['p50']} · {text['p95']}{said}")]


def axes_text(numbers: SegmentNumbers, length: str = "mm") -> str:
    """"28.4 × 17.2 mm"."""
    return f"{numbers.recist.long.mm:.1f} × {numbers.recist.short.mm:.1f} {length}"


def part_text(numbers: SegmentNumbers) -> str:
    """"3.41 mL, 21.0 × 14.2 mm": one of several parts."""
    return f"{millilitres(numbers.ml)}, {axes_text(numbers)}"


def text_of(segment: Segment, name: str, figures: Figures, *, flat: bool, length: str) -> str:
    """One line for a report."""
    numbers = figures.numbers
    if numbers is None:
        return f"{name}: nothing labelled"
    amount = [] if flat else [f"Volume {numbers.ml:.3f} mL"]
    rows = (f"{what} {much}" for what, much in figure_rows(figures, flat=flat, length=length))
    return f"{name}: " + "; ".join([*amount, *rows])


def csv_of(rows: Iterable[dict[str, str]]) -> str:
    """A table with its heads; columns as in COLUMNS."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def csv_row(segment: Segment, name: str, group: str, status: str, figures: Figures) -> dict[str, str]:
    """Plain decimals with a point, as other programs read them. slice: counted from 1."""
    row = {"segment": name, "number": str(segment.number), "group": group, "status": status, "voxels": "0", "volume_ml": "0"}
    numbers = figures.numbers
    if numbers is None:
        return row
    row |= {"voxels": str(numbers.voxels), "volume_ml": f"{numbers.ml:.4f}", "surface_cm2": f"{numbers.surface_mm2 / 100:.3f}",
            "long_axis_mm": f"{numbers.recist.long.mm:.2f}", "short_axis_mm": f"{numbers.recist.short.mm:.2f}",
            "slice": str(numbers.recist.slice + 1), "longest_3d_mm": f"{numbers.longest.mm:.2f}", "parts": str(figures.count),
            "unit": numbers.unit or ""}
    if numbers.values is not None:
        row |= {key: value for key, value in numbers.values.as_text().items() if key in COLUMNS}
    made = {share.author: share.percent for share in figures.authors}
    return row | {column: f"{made.get(author, 0.0):.1f}" for column, author in zip(COLUMNS[-5:], _SHARES, strict=True)}


def axes_mark(numbers: SegmentNumbers, name: str) -> Region:
    """The two diameters as they would be drawn by hand, on their slice."""
    points = [*numbers.recist.long.ends, *numbers.recist.short.ends]
    return Region(id="axes", shape=BIDIRECTIONAL, space=PATIENT, points=to_stored(points), unit="mm", name=name,
                  figures={"long": f"{numbers.recist.long.mm:.1f}", "short": f"{numbers.recist.short.mm:.1f}"})
