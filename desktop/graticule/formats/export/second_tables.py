"""Tables and JSON read back by pandas, whose parsers share no code with Python's own, which wrote the files."""

from pathlib import Path
from typing import Any

from graticule.formats.export.exported import NOT_HERE, Check, differs

BY = "pandas"


def csv_by_pandas(path: Path, rows: list[list[str]]) -> Check:
    """Every cell as text, the heads of the columns included. rows: what was written."""
    try:
        import pandas
    except ImportError:
        return Check(BY, NOT_HERE)
    table = pandas.read_csv(path, header=None, dtype=str, keep_default_na=False, na_filter=False, skip_blank_lines=False)
    if table.to_numpy().tolist() != rows:
        raise differs(path, BY, "has other cells")
    return Check(BY, f"equal: {len(rows) - 1} rows, {len(rows[0])} columns", proves=True)


def json_by_pandas(path: Path, document: dict[str, Any]) -> Check:
    """The whole document, value by value."""
    try:
        import pandas
    except ImportError:
        return Check(BY, NOT_HERE)
    found = pandas.read_json(path, typ="series", dtype=False, convert_axes=False, precise_float=True)
    if found.to_dict() != document:
        raise differs(path, BY, "has other values")
    return Check(BY, "equal: every value", proves=True)
