"""What was looked at, as a blob beside the revision: canonical JSON {v, looks: […]}."""

from collections.abc import Iterable

from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Look
from graticule.records.canonical import canonical, parse


def encode_looks(looks: Iterable[Look]) -> bytes:
    """The blob's canonical bytes, in the order of looking; `blob_id` of them goes into the header's effort."""
    return canonical({"v": 1, "looks": [look.as_json() for look in looks]})


def decode_looks(data: bytes) -> tuple[Look, ...]:
    document = parse(data)
    try:
        looks = tuple(Look.from_json(item) for item in document["looks"])
    except (KeyError, TypeError, AttributeError) as fault:
        raise GraticuleError("A viewing record cannot be read.", "It was damaged, or written by a newer Graticule.") from fault
    if document.get("v") != 1 or encode_looks(looks) != canonical(document):
        raise GraticuleError("A viewing record cannot be read.", "It was damaged, or written by a newer Graticule.")
    return looks
