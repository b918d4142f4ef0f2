"""A DICOM data set and all its items, element by element. What neither the table nor we know is removed."""

from typing import Any

from pydicom.datadict import dictionary_has_tag, dictionary_keyword, dictionary_VR
from pydicom.sequence import Sequence

from graticule.formats.deidentify import rules
from graticule.formats.deidentify.ages import capped
from graticule.formats.deidentify.elements import (
    BYTES,
    IDENTIFIERS,
    NUMBERS,
    NUMBERS_AS_TEXT,
    REMOVED_WORD,
    TEXT,
    coded,
    dummy,
    each,
    holds_numbers,
    is_uid,
    kept_zone,
    mapped_uid,
    moved,
)
from graticule.formats.deidentify.findings import (
    CLEANED,
    DRAWINGS,
    IDENTITY,
    KEPT,
    PLACES,
    REMOVED,
    REPLACED,
    SHIFTED,
    TIMES,
    UIDS,
    Findings,
)
from graticule.formats.deidentify.findings import TEXT as TEXTS
from graticule.formats.deidentify.kept import kept
from graticule.formats.deidentify.key import Patient, ProjectKey
from graticule.formats.deidentify.private import clean_private
from graticule.formats.deidentify.profile import DATES, Profile
from graticule.formats.deidentify.words import known_only
from graticule.formats.dicom.damage import DICOM_DAMAGE

_TRACKING = "112039"  # DCM: Tracking Identifier, which tells findings apart
_LANDMARKS = {"SLIDE_CORNER", "CORNEAL_VERTEX_R", "CORNEAL_VERTEX_L", "ILIAC CREST", "ORBITAL MEATAL", "STERNAL NOTCH",
              "SYMPHYSIS PUBIS", "XIPHOID", "LOWER COSTAL MARGIN", "EXTERNAL AUDITORY MEATUS", "SN", "XY", "OM", "IC", "XP", "NA"}
_DATED = ("DA", "DT", "TM")
_PLACES = ("Institution", "Station", "Device", "Department", "Location", "Address", "Telecom", "Site")


class Cleaner:
    """One file at a time. patient: whose dates move, and what stands for the name."""

    def __init__(self, key: ProjectKey, profile: Profile, patient: Patient, findings: Findings) -> None:
        self._key, self._profile, self._patient, self._findings = key, profile, patient, findings

    def clean(self, data: Any) -> None:
        """Change the data set in place, its items first."""
        clean_private(data, self._profile, self._findings)
        tracking = _concept(data) == _TRACKING
        for tag in list(data.keys()):
            if tag.is_private:
                continue
            if tag.element == 0:
                del data[tag]
            elif rules.is_drawing(tag):
                self._remove(data, tag, "", DRAWINGS)
            elif not dictionary_has_tag(tag):
                self._remove(data, tag, "an unknown attribute", TEXTS)
            else:
                self._element(data, tag, tracking)

    def _element(self, data: Any, tag: Any, tracking: bool) -> None:
        keyword, vr = dictionary_keyword(tag), _vr(data, tag)
        act = rules.action(int(tag), self._profile)
        special = _SPECIAL.get(keyword)
        try:
            if special is not None:
                special(self, data, tag, act, tracking)
            elif act == rules.REMOVE:
                self._remove(data, tag, keyword)
            elif vr == "SQ":
                self._sequence(data, tag, act, keyword)
            elif act == rules.KEEP:
                self._keep(data, tag, vr, keyword)
            elif act == rules.EMPTY:
                self._put(data, tag, "" if vr not in BYTES | {"UN"} else None, keyword, REMOVED)
            elif act == rules.UID or vr == "UI":
                self._uid(data, tag, act, keyword)
            elif act == rules.DUMMY:
                self._dummy(data, tag, vr, keyword)
            else:
                self._open(data, tag, vr, keyword, act)
        except DICOM_DAMAGE:  # a value that its own VR does not allow
            self._remove(data, tag, keyword)

    def _keep(self, data: Any, tag: Any, vr: str, keyword: str) -> None:
        """An option keeps it, if it is what its VR says: no name where a weight should be."""
        if vr == "AS":
            self._put(data, tag, each(data[tag].value, capped), keyword, KEPT)
        elif vr == "CS":
            self._text(data, tag, keyword, coded)
        elif vr in NUMBERS_AS_TEXT and not _in_numbers(data, tag):
            self._remove(data, tag, keyword)
            return
        self._findings.note(_group(keyword, vr), keyword, KEPT)

    def _sequence(self, data: Any, tag: Any, act: str, keyword: str) -> None:
        if act == rules.EMPTY:
            self._put(data, tag, Sequence(), keyword, REMOVED)
            return
        if not isinstance(data[tag].value, Sequence):
            raise ValueError("no sequence")
        for item in data[tag].value:
            self.clean(item)

    def _uid(self, data: Any, tag: Any, act: str, keyword: str) -> None:
        value = data[tag].value
        if act == rules.OPEN and keyword in kept("uids") and all(map(is_uid, [value] if isinstance(value, str) else value)):
            return
        new = each(value, lambda text: mapped_uid(text, self._key))
        if new != value:
            self._put(data, tag, new, keyword, REPLACED, UIDS)

    def _dummy(self, data: Any, tag: Any, vr: str, keyword: str) -> None:
        """A time that says nothing would be taken for one, so it goes where it may."""
        if vr in _DATED and keyword.startswith(("Acquisition", "Series", "Content", "Study")) and vr == "DT":
            self._remove(data, tag, keyword)
            return
        self._put(data, tag, dummy(vr, keyword, data[tag].value, self._key), keyword, REPLACED)

    def _open(self, data: Any, tag: Any, vr: str, keyword: str, act: str) -> None:
        """CLEAN, or what the table does not name."""
        if vr in NUMBERS:
            return
        if vr in NUMBERS_AS_TEXT:
            if not _in_numbers(data, tag):
                self._remove(data, tag, keyword)
        elif vr in _DATED:
            self._date(data, tag, vr, keyword)
        elif vr in BYTES:
            if keyword not in kept("bytes"):
                self._remove(data, tag, keyword)
        elif keyword == "TimezoneOffsetFromUTC":
            self._put(data, tag, each(data[tag].value, kept_zone), keyword, KEPT, TIMES)
        elif vr == "CS":
            self._text(data, tag, keyword, coded)
        elif vr in TEXT:
            if keyword in kept("text") and act == rules.OPEN:
                self._findings.note(TEXTS, keyword, KEPT)
            else:
                self._text(data, tag, keyword, lambda text: known_only(text) or self._instead(int(tag), keyword, text))
        else:
            self._remove(data, tag, keyword)

    def _instead(self, tag: int, keyword: str, text: str) -> str:
        """Where nothing may stay: an identifier unlike all others, a word that says nothing where one is needed, or ""."""
        text = text.strip(" \0")
        if not text:
            return ""
        if is_uid(text) and "." in text:
            return str(self._key.uid(text))
        needed = keyword.endswith(IDENTIFIERS) or rules.table().get(tag) == rules.DUMMY
        return str(dummy("LO", keyword, text, self._key)) if needed else ""

    def _date(self, data: Any, tag: Any, vr: str, keyword: str) -> None:
        value = data[tag].value
        if not self._profile.keeps(DATES):
            self._put(data, tag, "", keyword, REMOVED, TIMES)
            return
        new = each(value, lambda text: moved(vr, text, self._patient))
        if new != (value or ""):
            self._put(data, tag, new, keyword, SHIFTED, TIMES)
        elif value:
            self._findings.note(TIMES, keyword, KEPT)

    def _text(self, data: Any, tag: Any, keyword: str, change: Any) -> None:
        value = data[tag].value
        new = each(value, change)
        if new != (value or "") and not (hasattr(value, "__iter__") and list(value) == new):
            self._put(data, tag, new, keyword, CLEANED)

    def _remove(self, data: Any, tag: Any, what: str, group: str = "") -> None:
        self._findings.note(group or _group(what, ""), what or "curves and overlays", REMOVED)
        del data[tag]

    def _put(self, data: Any, tag: Any, value: Any, what: str, action: str, group: str = "") -> None:
        element = data[tag]
        if element.is_empty and not value:
            return
        element.value = value
        self._findings.note(group or _group(what, element.VR), what, action)

    # Attributes whose meaning decides

    def pseudonym(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        self._put(data, tag, self._patient.pseudonym, dictionary_keyword(tag), REPLACED, IDENTITY)

    def age(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        if act == rules.KEEP:
            self._put(data, tag, each(data[tag].value, capped), "PatientAge", KEPT, IDENTITY)
        else:
            self._remove(data, tag, "PatientAge", IDENTITY)

    def said(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        """Text of a report or a drawing, which must not be empty; a tracking identifier stays unlike all others."""
        def change(text: str) -> str:
            return "T-" + self._key.word("tracking", text) if tracking else known_only(text) or REMOVED_WORD

        self._text(data, tag, dictionary_keyword(tag), change)

    def meaning(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        """The meaning of a code is kept when the code is of a published scheme."""
        if str(data.get("CodingSchemeDesignator") or "").strip() not in kept("schemes"):
            self._text(data, tag, "CodeMeaning", lambda text: known_only(text) or "Code")

    def segment(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        number = data.get("SegmentNumber")
        self._text(data, tag, "SegmentLabel", lambda text: known_only(text) or f"Segment {number or 0}")

    def landmark(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        """From where positions are counted (PS3.3 C.7.4.1.1.2): a word of a short list."""
        self._text(data, tag, dictionary_keyword(tag), lambda text: text if text.strip().upper() in _LANDMARKS else "")

    def tracking_id(self, data: Any, tag: Any, act: str, tracking: bool) -> None:
        self.said(data, tag, act, True)


_SPECIAL: dict[str, Any] = {
    "PatientName": Cleaner.pseudonym, "PatientID": Cleaner.pseudonym, "PatientAge": Cleaner.age, "TextValue": Cleaner.said,
    "UnformattedTextValue": Cleaner.said, "CodeMeaning": Cleaner.meaning, "SegmentLabel": Cleaner.segment,
    "TrackingID": Cleaner.tracking_id, "PositionReferenceIndicator": Cleaner.landmark,
}


def _vr(data: Any, tag: Any) -> str:
    """What the file says, or the dictionary where the file says nothing."""
    stated = data.get_item(tag).VR
    return str(stated) if stated not in (None, "UN") else str(dictionary_VR(tag))


def _in_numbers(data: Any, tag: Any) -> bool:
    raw = data.get_item(tag).value
    return not isinstance(raw, bytes) or holds_numbers(raw)


def _concept(data: Any) -> str:
    """The code of a content item's name."""
    names = data.get("ConceptNameCodeSequence")
    return str(names[0].get("CodeValue") or "") if names else ""


def _group(keyword: str, vr: str) -> str:
    if vr in _DATED or keyword.endswith(("Date", "Time", "DateTime")):
        return TIMES
    if vr == "UI" or keyword.endswith("UID"):
        return UIDS
    if any(word in keyword for word in _PLACES):
        return PLACES
    named = ("Patient", "Name", "ID", "Number", "Physician", "Identification", "Operator", "Observer", "Person", "Sex")
    return IDENTITY if any(word in keyword for word in named) else TEXTS
