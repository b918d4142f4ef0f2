"""ECGs as tables of numbers (CSV, TSV): a column for each lead. Rate and unit come from the file, from a small JSON beside it, or
from whoever imports it; they are never guessed."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Recording
from graticule.domain.unstated import NOT_STATED
from graticule.domain.volume import Doubt
from graticule.formats.ecg.channels import Channel, listed, millivolts, on_one_clock
from graticule.formats.ecg.leads import is_known
from graticule.formats.ecg.stated import Stated, stated
from graticule.formats.guard.limits import refuse_too_large

_HEAD = 4096
_SUFFIXES = (".csv", ".tsv", ".txt")
_UNIT = re.compile(r"^(?P<name>.*?)[\s_]*[(\[/]?\s*(?P<unit>mv|uv|µv|μv|nv|v|millivolts?|microvolts?)\s*[)\]]?$", re.IGNORECASE)
_TIME = re.compile(r"^(elapsed\s*)?(time|t|seconds?|sec|timestamp)\b", re.IGNORECASE)
_TIME_UNITS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "second": 1.0, "ms": 1e3, "milliseconds": 1e3, "us": 1e6, "µs": 1e6}
_SAYS = re.compile(r"^[#;%\s]*(?P<key>[A-Za-z][A-Za-z _-]*?)\s*[:=]\s*(?P<value>[^\s,;]+)\s*(?P<unit>[A-Za-zµμ]*)")
_RATE_KEYS = {"rate", "rate hz", "fs", "sampling rate", "sample rate", "sampling frequency", "samplerate", "samplingrate",
              "frequency", "sfreq"}
_UNIT_KEYS, _GAIN_KEYS = {"unit", "units"}, {"gain", "adc gain", "steps per unit"}
_NONE = int(np.iinfo(np.int32).min)
_MOST_DECIMALS = 9
_HINT = ("State both at import (--rate 500 --unit mV), in its first lines (“# rate: 500”, “# unit: mV”), "
         "or in a file of its name ending in .json ({\"rate\": 500, \"unit\": \"mV\"}).")


@dataclass(frozen=True, slots=True)
class Layout:
    """separator; lines before the numbers; the columns' names ("" where there are none) and units."""

    separator: str
    skipped: int
    names: tuple[str, ...]
    units: tuple[str, ...]
    says: Stated


def claims_table(path: Path, head: bytes) -> bool:
    """A text of numbers whose columns are called like leads, or that says nothing but numbers."""
    if path.suffix.lower() not in _SUFFIXES or b"\0" in head:
        return False
    try:
        layout = _layout(head.decode("utf-8-sig", errors="replace"), whole=len(head) < _HEAD)
    except GraticuleError:
        return False
    if layout is None:
        return False
    named = any(is_known(_split(name)[0]) for name in layout.names)
    return named or bool(layout.says) or (path.suffix.lower() != ".txt" and not any(layout.names) and len(layout.units) <= 16)


def sidecar_of(path: Path) -> Path | None:
    """The JSON that describes a table: NAME.json or NAME.csv.json; None when there is none that says a rate or a unit."""
    for found in (path.with_suffix(".json"), path.with_name(path.name + ".json")):
        if found.is_file() and found.stat().st_size < 1 << 16 and _described(found):
            return found
    return None


def _described(path: Path) -> Stated:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError):
        return Stated()
    if not isinstance(document, dict):
        return Stated()
    return _said((str(key), str(value)) for key, value in document.items() if isinstance(value, str | int | float))


def read_table(path: Path, given: Stated) -> Recording:
    """GraticuleError when rate or unit are stated nowhere, or when it is no table of numbers."""
    refuse_too_large(6 * path.stat().st_size, "table")
    with path.open("rb") as file:
        layout = _layout(file.read(1 << 16).decode("utf-8-sig", errors="replace"), whole=path.stat().st_size <= 1 << 16)
    if layout is None:
        raise GraticuleError("The file is no table of numbers.")
    beside = sidecar_of(path)
    says = _first(layout.says, _described(beside) if beside else Stated(), given)
    table = _numbers(path, layout)
    names = [_split(name)[0] for name in layout.names]
    clock = next((n for n, name in enumerate(layout.names) if _TIME.match(name)), None)
    timed = _rate_of(table[:, clock], layout, clock) if clock is not None else None
    rate = timed or says.rate
    columns = [n for n in range(table.shape[1]) if n != clock and not _is_count(table[:, n], names[n])]
    units = [layout.units[n] or _split(layout.names[n])[1] or says.unit for n in columns]
    if rate is None or not all(units):
        raise GraticuleError(NOT_STATED, _HINT)
    doubts: list[Doubt] = []
    if any(millivolts(unit) is None for unit in units):
        raise GraticuleError(f"“{next(unit for unit in units if millivolts(unit) is None)}” is no voltage.", _HINT)
    channels = [_channel(names[n] or f"Column {n + 1}", table[:, n], rate, unit, says.gain, doubts)
                for n, unit in zip(columns, units, strict=True)]
    leads, ticks_a_second, ticks, about = on_one_clock(channels, says)
    return Recording(leads, ticks_a_second, ticks, "", False, (*doubts, *about), {"age": "", "sex": ""})


def _first(*said: Stated) -> Stated:
    """What the first that says it says."""
    return Stated(next((s.rate for s in said if s.rate is not None), None), next((s.unit for s in said if s.unit), ""),
                  next((s.gain for s in said if s.gain is not None), None))


def _layout(text: str, whole: bool) -> Layout | None:
    """How a table is written, out of its beginning; None when it does not begin like one."""
    lines = text.splitlines() if whole else text.splitlines()[:-1]
    comments = [line for line in lines[:200] if line.strip().startswith(("#", "%", ";")) or _is_statement(line)]
    said = _said((m["key"], m["value"]) for line in comments if (m := _SAYS.match(line)))
    first = next((n for n, line in enumerate(lines) if line.strip() and line not in comments), None)
    if first is None:
        return None
    separator = next((mark for mark in ("\t", ";", ",") if mark in lines[first]), " ")
    rows = _trimmed([_cells(line, separator) for line in lines[first: first + 64] if line.strip()])
    titles = next((n for n, row in enumerate(rows) if _is_numbers(row)), None)
    if titles is None or titles > 2 or len(rows) - titles < (1 if whole else 3) or len({*map(len, rows[titles:])}) > 1:
        return None
    if not all(_is_numbers(row) for row in rows[titles:]):
        return None
    count = len(rows[titles])
    names = tuple(rows[0]) if titles and len(rows[0]) == count else ("",) * count
    units = tuple(rows[1]) if titles == 2 and len(rows[1]) == count else ("",) * count
    return Layout(separator, first + titles, names, units, said)


def _said(pairs: Any) -> Stated:
    found = {"rate": "", "unit": "", "gain": ""}
    for key, value in pairs:
        word = _plain(key)
        for name, keys in (("rate", _RATE_KEYS), ("unit", _UNIT_KEYS), ("gain", _GAIN_KEYS)):
            found[name] = found[name] or (value if word in keys else "")
    return stated(**found)


def _cells(line: str, separator: str) -> list[str]:
    row = next(csv.reader(io.StringIO(line.strip()), delimiter=separator, skipinitialspace=True), [])
    return [cell.strip().strip("'\"") for cell in row]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without a last column that is empty in every line: some programs end each line with the separator."""
    return [row[:-1] for row in rows] if all(row and not row[-1] for row in rows) else rows


def _is_statement(line: str) -> bool:
    """A line such as "fs=360"."""
    found = _SAYS.match(line)
    return found is not None and _plain(found["key"]) in _RATE_KEYS | _UNIT_KEYS | _GAIN_KEYS


def _plain(key: str) -> str:
    return re.sub(r"[\s_-]+", " ", key.strip().lower())


def _is_numbers(row: Sequence[str]) -> bool:
    try:
        numbers = [float(cell.replace(",", ".")) for cell in row if cell and cell.lower() not in ("nan", "-")]
    except ValueError:
        return False
    return bool(numbers)


def _split(name: str) -> tuple[str, str]:
    """("II", "mV") of "II (mV)"; ("V", "") of "V"."""
    found = _UNIT.match(name.strip())
    bare = found is not None and bool(found["name"].strip()) and (found["unit"].lower() != "v" or any(c in name for c in "([/"))
    return (found["name"].strip(" _([/"), found["unit"]) if found and bare else (name.strip(), "")


def _numbers(path: Path, layout: Layout) -> Floats:
    """(rows, columns) float64; NaN where a cell is empty."""
    # Loaded only for a table: it takes half a second.
    import pandas

    decimal = "," if layout.separator in (";", "\t") and _has_comma(path, layout) else "."
    try:
        between = r"\s+" if layout.separator == " " else layout.separator
        frame = pandas.read_csv(path, sep=between, header=None, skiprows=layout.skipped, decimal=decimal,
                                skipinitialspace=True, na_values=["-", ""], quotechar="'", encoding="utf-8-sig",
                                comment="#", dtype=np.float64)
    except (ValueError, pandas.errors.ParserError, OSError, OverflowError) as fault:
        raise GraticuleError("Somewhere in this table stands no number.", "Mend the file, or export it again.") from fault
    table: Floats = frame.to_numpy()[:, : len(layout.names)]
    if table.shape[0] < 2 or table.shape[1] < len(layout.names):
        raise GraticuleError("The table holds too few numbers to be an ECG.")
    return table


def _has_comma(path: Path, layout: Layout) -> bool:
    with path.open("rb") as file:
        lines = file.read(1 << 16).decode("utf-8-sig", errors="replace").splitlines()
    return any("," in line for line in lines[layout.skipped: layout.skipped + 16])


def _rate_of(times: Floats, layout: Layout, clock: int) -> Fraction | None:
    """Samples a second out of the column of times. None when their unit is not said.

    GraticuleError when the times are not even.
    """
    unit = (layout.units[clock] or _time_unit(layout.names[clock])).lower()
    if unit not in _TIME_UNITS:
        return None
    seconds = times / _TIME_UNITS[unit]
    span = float(seconds[-1] - seconds[0])
    if not np.isfinite(seconds).all() or span <= 0:
        raise GraticuleError("The times in this table do not run forward.", "Export it again.")
    rate = Fraction((times.size - 1) / span).limit_denominator(100 if times.size > 1000 else 1000)
    off = np.abs((seconds - seconds[0]) * float(rate) - np.arange(times.size))
    if rate <= 0 or off.max() > 0.51 + 0.001 * float(rate):
        raise GraticuleError("The times in this table are not even: samples are missing or irregular.",
                             "Export it with one line for every sample.")
    return rate


def _time_unit(name: str) -> str:
    found = re.search(r"[\s_(\[/](s|sec|seconds?|ms|milliseconds|us|µs)\b", name, re.IGNORECASE)
    return found[1] if found else "s" if name.strip().lower() in ("seconds", "sec") else ""


def _is_count(column: Floats, name: str) -> bool:
    """A column that only counts the lines."""
    counts = bool(np.array_equal(column, np.arange(column.size) + column[0]))
    return (counts and not is_known(name)) or name.lower() in ("index", "sample", "sample #", "#")


def _channel(name: str, values: Floats, rate: Fraction, unit: str, gain: Fraction | None, doubts: list[Doubt]) -> Channel:
    decimals, exact = _decimals(values)
    if not exact:
        doubts.append(Doubt("rounded", f"The values of {listed([name])} have more digits than are kept; they are rounded to "
                                       f"{decimals} places."))
    scaled = np.rint(values * 10.0 ** decimals)
    if np.nanmax(np.abs(scaled), initial=0) >= 2**31 - 1:
        raise GraticuleError(f"The values of {name} are too large to be an ECG.")
    digital: Array = np.where(np.isnan(scaled), _NONE, scaled).astype(np.int32)
    return Channel(name, digital, rate, float((gain or 1) * 10**decimals), unit=unit, invalid=_NONE)


def _decimals(values: Floats) -> tuple[int, bool]:
    """(digits after the point, whether they say every value exactly)"""
    largest = float(np.nanmax(np.abs(values), initial=0))
    most = next((n for n in range(_MOST_DECIMALS, -1, -1) if largest * 10**n < 2**31 - 2), 0)
    for n in range(most + 1):
        scaled = values * 10.0**n
        if np.nanmax(np.abs(scaled - np.rint(scaled)), initial=0) < 1e-6:
            return n, True
    return most, False
