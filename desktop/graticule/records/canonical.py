"""Canonical JSON (RFC 8785), the only form in which anything is hashed or signed.

No floats: a length is an integer in µm, an image coordinate in 1/1000 pixel, a time in ticks, anything else a
fixed-precision string. So two programs in two languages write the same bytes for the same label.
"""

import json
import operator
from typing import Any, NoReturn

import rfc8785

from graticule.domain.errors import GraticuleError

# What every JSON reader represents exactly (RFC 7493 §2.2); larger numbers are strings.
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64

_FOREIGN = "The record is damaged or was written by another program."


def canonical(value: Any) -> bytes:
    """UTF-8 bytes of objects, arrays (list or tuple), strings, integers, booleans and null.

    GraticuleError for a float anywhere, an integer beyond ±(2^53 − 1), a key that is not text, text that is not Unicode,
    nesting beyond 64, or any other type.
    """
    if _inspect(value, 0):
        return _sorted_by_utf16(value)
    # With keys inside the basic plane, code point order is the UTF-16 order of RFC 8785 §3.2.3, and the escapes are the same.
    text = json.dumps(value, ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":"),
                      default=operator.index)
    return text.encode()


def parse(data: bytes) -> Any:
    """The value of any JSON text that could have been made canonical; GraticuleError for everything else.

    Refused as well: a key given twice, floats, and what `canonical` refuses. The text itself need not be canonical.
    """
    try:
        value = json.loads(data.decode(), parse_float=_refuse_number, parse_constant=_refuse_number, object_pairs_hook=_object)
    except (ValueError, RecursionError) as fault:
        raise GraticuleError("A stored record cannot be read.", _FOREIGN) from fault
    _inspect(value, 0)
    return value


def is_canonical(data: bytes) -> bool:
    """Whether these are exactly the bytes `canonical` would write."""
    try:
        return canonical(parse(data)) == data
    except GraticuleError:
        return False


def _inspect(value: Any, depth: int) -> bool:
    """Refuse what has no canonical form. True when a key lies outside the basic plane, where sort orders differ."""
    if isinstance(value, str):
        _inspect_text(value)
        return False
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, (dict, list, tuple)):
        return _inspect_members(value, depth)
    _inspect_integer(value)
    return False


def _inspect_members(value: dict[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> bool:
    if depth >= DEEPEST:
        raise GraticuleError("A record is nested too deeply to be stored.", _FOREIGN)
    astral = False
    if not isinstance(value, dict):
        for part in value:
            astral |= _inspect(part, depth + 1)
        return astral
    for key, part in value.items():
        if not isinstance(key, str):
            raise GraticuleError("A record has a field whose name is not text.", _FOREIGN)
        _inspect_text(key)
        astral |= not key.isascii() and max(key) > "\uffff"
        astral |= _inspect(part, depth + 1)
    return astral


def _inspect_text(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise GraticuleError("A text holds characters that cannot be stored.", "Type it again.") from fault


def _inspect_integer(value: Any) -> None:
    if isinstance(value, float):
        raise GraticuleError("A number with a decimal point cannot be stored.", "Numbers are stored as integers or as text.")
    try:
        number = operator.index(value)
    except TypeError as fault:
        raise GraticuleError(f"A {type(value).__name__} cannot be stored.", _FOREIGN) from fault
    if abs(number) > LARGEST_INTEGER:
        raise GraticuleError("A number is too large to be stored.", "Numbers beyond 9007199254740991 are stored as text.")


def _sorted_by_utf16(value: Any) -> bytes:
    return rfc8785.dumps(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, (bool, str)) else operator.index(value)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError("a number with a fraction or exponent")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key given twice")
    return value
