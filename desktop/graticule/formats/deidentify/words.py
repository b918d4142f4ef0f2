"""Free text reduced to words of a closed list: a name cannot be recognised, a known word can."""

import re
from functools import cache

from graticule.formats.titles import title_words
from graticule.resources import read_json

_TOKEN = re.compile(r"[^\W_]+(?:[+*/.-][^\W_]+)*[+*]?")
# "5mm", "2.5", "3D", "b50f", "120kV", but no number of three digits without a unit: it may be a room or a record's.
_NUMBER = re.compile(r"\d{1,2}(\.\d{1,2})?|\d{1,4}(\.\d{1,2})?(mm|cm|s|sec|ms|kv|kvp|mas|ml|hu|deg|min|%)"
                     r"|[1-4]d|b\d{1,4}|[bhiju]\d{2}[fs]?")


@cache
def known_words() -> frozenset[str]:
    return title_words() | frozenset(read_json("deidentify", "words.json")["words"].split())


def known_only(text: str) -> str:
    """The known words of a text in their order, "" when there is none. ASCII or Latin letters, as the list has them.

    >>> known_only("Abdomen portal venous 5mm, Dr. Meyer")
    'Abdomen portal venous 5mm'
    """
    return " ".join(token for word in _TOKEN.findall(text) for token in _parts(word))


def _parts(word: str) -> list[str]:
    if _known(word):
        return [word]
    return [part for part in re.split(r"[+*/.-]", word) if part and _known(part)]


def _known(token: str) -> bool:
    return token.lower() in known_words() or _NUMBER.fullmatch(token.lower()) is not None
