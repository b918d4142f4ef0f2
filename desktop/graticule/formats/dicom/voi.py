"""The windows and grey tables of a file: VOI LUT Sequence, VOI LUT Function, Presentation LUT (PS3.3 C.11.2, C.11.6)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.volume import LINEAR, LINEAR_EXACT, SIGMOID, GreyTable, Window
from graticule.formats.dicom.groups import Groups, several
from graticule.formats.dicom.lut import Table, table_of

_FUNCTIONS = (LINEAR, LINEAR_EXACT, SIGMOID)
# Explanations are typed by people; only these words are shown.
_WORDS = {
    "NORMAL": "Normal", "HARDER": "Harder", "SOFTER": "Softer", "HIGH": "High", "LOW": "Low", "BRAIN": "Brain", "BONE": "Bone",
    "LUNG": "Lung", "ABDOMEN": "Abdomen", "MEDIASTINUM": "Mediastinum", "LIVER": "Liver", "SOFT": "Soft", "TISSUE": "tissue",
    "WINDOW": "", "STANDARD": "Standard", "USER": "User", "CUSTOM": "Custom", "DEFAULT": "Default", "ALGO1": "1", "WINDOW1": "",
    "WINDOW2": "",
}
_STEPS = 4096


def windows_of(dataset: Any, frame: int = 0, factor: float = 1.0) -> tuple[Window, ...]:
    """The windows of one frame, tables first, then width and level pairs; empty when the file has none that makes sense.

    dataset: a pydicom Dataset, or keyword → value. factor: what the image's values are multiplied with after the file's own
    rescale (SUV). Never inverted: MONOCHROME1 is a property of the picture, not of its window.
    """
    groups = Groups(dataset, frame)
    windows = [*_tables(dataset, factor), *_lines(groups, factor)]
    shape = _presentation_table(dataset)
    return tuple(windows if shape is None else (_presented(window, shape) for window in windows))


def _tables(dataset: Any, factor: float) -> Iterator[Window]:
    for item in dataset.get("VOILUTSequence") or ():
        table = table_of(item, signed_input=may_be_negative(dataset))
        if table is not None:
            yield _table_window(table, factor)


def _table_window(table: Table, factor: float) -> Window:
    greys = GreyTable(table.first * factor, factor, table.shares)
    width = table.entries.size * factor
    return Window(width, table.first * factor + width / 2, safe_name(table.words), table=greys)


def _lines(groups: Groups, factor: float) -> Iterator[Window]:
    widths, levels, names = (several(groups.get("FrameVOILUTSequence", keyword))
                             for keyword in ("WindowWidth", "WindowCenter", "WindowCenterWidthExplanation"))
    function = str(groups.get("FrameVOILUTSequence", "VOILUTFunction") or LINEAR).strip().upper()
    function = function if function in _FUNCTIONS else LINEAR
    met = set()
    for number, (width, level) in enumerate(zip(_numbers(widths), _numbers(levels))):
        if not (0 < width < 1e12 and abs(level) < 1e12) or (width, level) in met:
            continue
        met.add((width, level))
        name = safe_name(str(names[number])) if number < len(names) else ""
        yield _scaled(Window(width, level, name, function=function), factor)


def _scaled(window: Window, factor: float) -> Window:
    """In values that were multiplied; LINEAR counts whole values, which these are no longer."""
    if factor == 1.0:
        return window
    (width, level), function = (window.straight, LINEAR_EXACT) if window.function == LINEAR else \
        ((window.width, window.level), window.function)
    return replace(window, width=width * factor, level=level * factor, function=function)


def _presentation_table(dataset: Any) -> Table | None:
    for item in (dataset.get("PresentationLUTSequence") or ())[:1]:
        return table_of(item, signed_input=False)
    return None


def _presented(window: Window, shape: Table) -> Window:
    """The window with the presentation table behind it, as one table."""
    if window.table is not None:
        greys = np.interp(window.table.greys, np.linspace(0, 1, shape.entries.size), shape.shares)
        return replace(window, table=GreyTable(window.table.first, window.table.step, np.asarray(greys)))
    sigmoid = window.function == SIGMOID
    width, level = (window.width, window.level) if sigmoid else window.straight
    reach = width * (2.5 if sigmoid else 0.5)
    values = np.linspace(level - reach, level + reach, _STEPS)
    share = 1 / (1 + np.exp(-4 * (values - level) / width)) if sigmoid else np.linspace(0, 1, _STEPS)
    greys = np.interp(share, np.linspace(0, 1, shape.entries.size), shape.shares)
    return replace(window, function=LINEAR, table=GreyTable(float(values[0]), float(values[1] - values[0]), np.asarray(greys)))


def may_be_negative(dataset: Any) -> bool:
    """Whether values after the modality transformation may be below 0."""
    if int(dataset.get("PixelRepresentation") or 0) == 1:
        return True
    return any(float(value) < 0 for value in _numbers([dataset.get("RescaleIntercept"), dataset.get("RescaleSlope")]))


def safe_name(words: str) -> str:
    """Those words of an explanation that are known ones, in their order; "" when none is."""
    parts = [_WORDS[word] for word in words.upper().replace("_", " ").replace("-", " ").split() if word in _WORDS]
    return " ".join(part for part in parts if part)


def _numbers(values: Iterable[Any]) -> list[float]:
    """Those that are numbers; one that is none is as if it were not there."""
    numbers = []
    for value in values:
        try:
            numbers.append(float(value))
        except (TypeError, ValueError):
            continue
    return [number for number in numbers if np.isfinite(number)]
