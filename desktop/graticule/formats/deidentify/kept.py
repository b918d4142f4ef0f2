"""What is kept although the table does not name it (resources/deidentify/kept.json), and what makes a code known."""

from functools import cache

from graticule.resources import read_json


@cache
def kept(kind: str) -> frozenset[str]:
    """Keywords of "text", "bytes" or "uids"; "schemes": coding schemes whose meanings are printed in books."""
    return frozenset(read_json("deidentify", "kept.json")[kind])
