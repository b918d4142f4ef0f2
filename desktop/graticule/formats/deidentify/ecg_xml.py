"""GE MUSE, HL7 aECG and Philips Sierra XML: what is not known to be harmless loses its words; samples keep every character.

resources/deidentify/ecg_xml.json says for each format which parts hold numbers, where dates, the patient's number and age stand.
"""

import io
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.ages import OLDEST
from graticule.formats.deidentify.dates import shifted_iso, shifted_moment, shifted_parts
from graticule.formats.deidentify.findings import IDENTITY, KEPT, REMOVED, REPLACED, SHIFTED, TEXT, TIMES
from graticule.formats.deidentify.key import Patient
from graticule.formats.deidentify.profile import DATES, PATIENT
from graticule.formats.deidentify.work import Copy, Work
from graticule.formats.guard.limits import refuse_too_large
from graticule.resources import read_json

_DAMAGED = ("The ECG file is damaged: it cannot be read to its end.", "Copy it again from its source.")
_NUMBERS = re.compile(r"[\s\d.,eE+\-]*")
_WHEN = re.compile(r"(19|20)\d{6}(\d{2,6}(\.\d+)?)?([+-]\d{4})?")
_SAMPLES = re.compile(r"[\sA-Za-z0-9+/=]*")
_PREFIXES = {"urn:hl7-org:v3/voc": "voc", "http://www.w3.org/2001/XMLSchema-instance": "xsi"}


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """By the name of the outermost element."""
    found: dict[str, dict[str, Any]] = read_json("deidentify", "ecg_xml.json")["formats"]
    return found


def claims_ecg_xml(head: bytes) -> bool:
    text = head.replace(b"\0", b"")
    return any(re.search(rb"<(?:[\w.-]+:)?" + name.encode() + rb"[\s>]", text) for name in layouts())


def clean_ecg_xml(path: Path, work: Work) -> list[Copy]:
    refuse_too_large(8 * path.stat().st_size)
    data = path.read_bytes()
    _refuse_entities(data)
    try:
        root = ET.fromstring(data)
    except (ET.ParseError, ValueError) as error:
        raise GraticuleError(*_DAMAGED) from error
    layout = layouts().get(_local(root.tag))
    if layout is None:
        raise GraticuleError("An XML file of a kind that cannot be de-identified; it was left out.")
    _Cleaner(layout, work, work.patient(_patient_number(root, layout), path)).element(root, (), False)
    for name, prefix in {**_PREFIXES, root.tag.rpartition("}")[0].lstrip("{"): ""}.items():
        if name:
            ET.register_namespace(prefix, name)
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return [work.put(path, "ecg-" + work.stem(path) + ".xml", out.getvalue())]


class _Cleaner:
    def __init__(self, layout: dict[str, Any], work: Work, patient: Patient) -> None:
        self._work, self._patient = work, patient
        self._parts, self._dates, self._times = set(layout["numbers_in"]), layout["dates"], set(layout.get("times", ()))
        self._who, self._age, self._sex = set(layout["patient"]), set(layout["age"]), set(layout["sex"])
        self._samples, self._words = set(layout["samples"]), {word.lower() for word in layout["words"].split()}
        self._never, self._coded = set(layout.get("never", ())), layout.get("coded", {})

    def element(self, node: ET.Element, path: tuple[str, ...], inside: bool) -> None:
        name = _local(node.tag)
        inside = (inside or name in self._parts) and name not in self._never
        node.text = self._text(node.text, name, path, inside)
        node.tail = "\n" if node.tail and "\n" in node.tail else None
        for attribute, value in list(node.attrib.items()):
            kept = self._attribute(node, _local(attribute), value, name, path, inside)
            if kept is None:
                del node.attrib[attribute]
                self._work.findings.note(TEXT, "attributes", REMOVED)
            else:
                node.attrib[attribute] = kept
        for child in node:
            self.element(child, (*path, name), inside)

    def _text(self, text: str | None, name: str, path: tuple[str, ...], inside: bool) -> str | None:
        if text is None or not text.strip():
            return None if text is None else "\n" if "\n" in text else ""
        if name in self._samples and inside and _SAMPLES.fullmatch(text.replace("-", "").replace(".", "")):
            return text
        kept = self._value(text.strip(), name, path, inside)
        if kept is None:
            self._work.findings.note(IDENTITY if name in self._who else TEXT, name, REMOVED)
        return kept

    def _attribute(self, node: ET.Element, attribute: str, value: str, name: str, path: tuple[str, ...],
                   inside: bool) -> str | None:
        if attribute in ("type", "schemaLocation") and value.split(":")[-1].isalnum():
            return value if value in self._words or value.lower() in self._words else None
        if attribute in ("code", "codeSystem") and node.get("codeSystem") in self._coded:
            return value if re.fullmatch(r"[A-Za-z0-9_.\-%]{1,60}", value) else None
        return self._value(value, name if attribute in ("value", "code") else f"{name}@{attribute}", path, inside)

    def _value(self, text: str, name: str, path: tuple[str, ...], inside: bool) -> str | None:
        findings, profile = self._work.findings, self._work.profile
        if name in self._who or (path and f"{path[-1]}/{name}" in self._who):
            findings.note(IDENTITY, name, REPLACED)
            return self._patient.pseudonym
        if name in self._age or name in self._sex:
            return self._characteristic(text, name) if profile.keeps(PATIENT) else None
        if name in self._dates or (path and f"{path[-1]}/{name}" in self._dates):
            form = self._dates.get(name) or self._dates[f"{path[-1]}/{name}"]
            moved = _moved(text, form, self._patient.days)
            if moved is not None:  # else it is a number, as a range of amplitudes has bounds, too
                findings.note(TIMES, name, SHIFTED if profile.keeps(DATES) else REMOVED)
                return moved if profile.keeps(DATES) else None
        if name in self._times:
            return text if profile.keeps(DATES) and re.fullmatch(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?", text) else None
        if _WHEN.fullmatch(text) and (moved := shifted_moment(text, self._patient.days)):  # a date where none was expected
            findings.note(TIMES, name, SHIFTED if profile.keeps(DATES) else REMOVED)
            return moved if profile.keeps(DATES) else None
        if inside and _NUMBERS.fullmatch(text):
            return text
        return text if all(word in self._words for word in text.lower().split()) else None

    def _characteristic(self, text: str, name: str) -> str | None:
        self._work.findings.note(IDENTITY, name, KEPT)
        if name in self._sex:
            return text if text.lower() in ("m", "f", "male", "female", "unknown", "un") else None
        return str(min(int(text), OLDEST)) if text.isdigit() else text if text.upper() in ("YEARS", "MONTHS", "DAYS") else None


def _moved(text: str, form: str, days: int) -> str | None:
    if form == "iso":
        return shifted_iso(text, days)
    if form == "hl7":
        return shifted_moment(text, days)
    return shifted_parts(text, form[:3], form[3], days)


def _patient_number(root: ET.Element, layout: dict[str, Any]) -> str:
    for parent in root.iter():
        for node in parent:
            name = _local(node.tag)
            if name in layout["patient"] and node.text and node.text.strip():
                return node.text.strip()
            for attribute, value in node.attrib.items():
                if f"{_local(parent.tag)}/{name}@{_local(attribute)}" in layout["patient"]:
                    return value
    return ""


def _refuse_entities(data: bytes) -> None:
    """A file that defines entities of its own may unpack to anything."""
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise GraticuleError("The ECG file defines words of its own (entities); it was not read.",
                             "Ask the sender for a plain file.")

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise GraticuleError(*_DAMAGED) from error


def _local(name: str) -> str:
    return name.rpartition("}")[2]
