"""ECG files in XML as trees of elements, whatever their encoding says; nothing outside the file is ever looked at."""

import re
import xml.etree.ElementTree as ET
from codecs import lookup
from collections.abc import Iterator
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.guard.limits import refuse_too_large

_DECLARED = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What GB 2312 and its like are called in files that in truth hold a later, larger set.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "cp1252", "iso8859-1": "cp1252"}


def read_tree(path: Path) -> ET.Element:
    """The outermost element; GraticuleError when the file is no XML that can be read."""
    refuse_too_large(8 * path.stat().st_size, "ECG file")
    try:
        text = text_of(path.read_bytes())
        if "<!ENTITY" in text:
            raise GraticuleError("The ECG file defines words of its own (entities); it was not read.",
                                 "Ask the sender for a plain file.")
        return ET.fromstring(_DECLARATION.sub("", text, count=1))
    except (ET.ParseError, ValueError, OSError) as fault:
        raise GraticuleError("The ECG file is damaged: it cannot be read to its end.", "Copy it again.") from fault


def text_of(data: bytes) -> str:
    """The text of an XML file: by its byte order mark, by its zero bytes, then by the encoding that it declares."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark):].decode(encoding, errors="replace")
    if b"\0" in data[:4]:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", errors="replace")
    declared = _DECLARED.match(data[:400].decode("latin-1"))
    name = declared[1] if declared else "utf-8"
    if name.lower().startswith(("utf-16", "utf16", "ucs")):
        name = "utf-8"  # a writer that declares what it does not write
    try:
        known = lookup(name).name
    except LookupError:
        known = "utf-8"
    try:
        return data.decode(known)
    except UnicodeDecodeError:
        return data.decode(_LARGER.get(known, known), errors="replace")


def local(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: ET.Element | None, name: str) -> Iterator[ET.Element]:
    """Direct children of a name, in any namespace."""
    return (child for child in (element if element is not None else ()) if local(child) == name)


def child(element: ET.Element | None, *names: str) -> ET.Element | None:
    """The first element down a path of names; None when a step is missing."""
    for name in names:
        element = next(children(element, name), None)
    return element


def anywhere(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """Every element of a name below, in the order of the file."""
    return (found for found in element.iter() if local(found) == name)


def words(element: ET.Element | None, *names: str) -> str:
    """The text at the end of a path, without blanks around it; "" when it is missing."""
    found = child(element, *names) if names else element
    return (found.text or "").strip() if found is not None else ""
