"""The coded names of leads (DICOM CID 3001), from the same table that reads them."""

from functools import cache

from pydicom.sr.codedict import codes

from graticule.formats.ecg.leads import by_code
from graticule.formats.export.coded import PRIVATE_SCHEME

_LAST = 150


def lead_code(name: str, derived: bool) -> tuple[str, str, str]:
    """(value, scheme, meaning): of CID 3001, or a private one for a lead that it does not know."""
    value = _numbers().get((name.lower(), derived)) or _numbers().get((name.lower(), False))
    if value is None:
        return f"LEAD {name}"[:16], PRIVATE_SCHEME, name[:64]
    return value, "MDC", _meanings().get(value, name)


@cache
def _numbers() -> dict[tuple[str, bool], str]:
    found: dict[tuple[str, bool], str] = {}
    for number in range(1, _LAST):
        known = by_code("MDC", f"2:{number}")
        if known is not None:
            found.setdefault((known[0].lower(), known[1]), f"2:{number}")
    return found


@cache
def _meanings() -> dict[str, str]:
    table = codes.cid3001
    return {code.value: code.meaning for code in (getattr(table, name) for name in dir(table)) if hasattr(code, "meaning")}
