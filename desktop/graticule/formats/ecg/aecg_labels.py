"""The annotations of an HL7 aECG as labels: beats and rhythms; measured intervals and single waves go into the note."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from graticule.domain.elements import Element
from graticule.domain.recording import Recording
from graticule.formats.ecg.aecg import code_of, lead_name, moment, rhythm_series, seconds_of
from graticule.formats.ecg.events import Event, elements_of
from graticule.formats.ecg.xml_tree import anywhere, child, children, read_tree

_SOURCE = "Imported from the annotations of an HL7 aECG."
_BEAT = "MDC_ECG_BEAT"
# Words of ISO/IEEE 11073-10101 for beats and rhythms that stand in aECG files, as WFDB symbols and strings.
_BEATS = {"NORMAL": "N", "ABNORMAL": "Q", "DOMINANT": "N", "LBBB": "L", "LBBB_COMP": "L", "RBBB": "R", "RBBB_COMP": "R",
          "BBB": "B",
          "ATR_P_C": "A", "ATR_PREMATURE": "A", "SV_P_C": "S", "JUNC_P_C": "J", "ABERR": "a", "ATR_P_C_ABERR": "a", "V_P_C": "V",
          "V_P_C_FUSION": "F", "V_ESC": "E", "ATR_ESC": "e", "JUNC_ESC": "j", "SV_ESC": "n", "V_P_C_RonT": "r", "PACED": "/",
          "PACED_FUS": "f", "UNKNOWN": "Q"}
_RHYTHMS = {"SINUS_RHY": "sinus", "SINUS_NORMAL_RHY": "sinus", "SINUS_BRADY": "sinus_brady", "SINUS_TACHY": "sinus_tachy",
            "SINUS_ARRHY": "sinus_arrhythmia", "ATR_FIB": "afib", "ATR_FLUT": "aflutter", "ATR_TACHY": "atrial_tachy",
            "V_TACHY": "vt",
            "V_FIB": "vfib", "V_FLUT": "vflutter", "SV_TACHY": "svt", "JUNC": "junctional", "V_BIGEM": "v_bigeminy",
            "V_TRIGEM": "v_trigeminy", "PACED": "paced", "V_IDIO": "ivr", "ASYSTOLE": "asystole"}


def aecg_elements(path: Path, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    root = read_tree(path)
    begin = rhythm_series(root)[0].begin
    events: list[Event] = []
    lines: list[str] = []
    for series in (one.element for one in rhythm_series(root)):
        for subject in children(series, "subjectOf"):
            for group in children(subject, "annotationSet"):
                for part in children(group, "component"):
                    for annotation in children(part, "annotation"):
                        _read(annotation, recording, begin, events, lines)
    return elements_of(events, recording, new_id, _SOURCE, lines)


def _read(annotation: ET.Element, recording: Recording, begin: Fraction | None, events: list[Event], lines: list[str]) -> None:
    """A beat may hold the waves it is made of; its place is that of its QRS complex when it has none of its own."""
    code, value = code_of(annotation), child(annotation, "value")
    word = (value.get("code", "") if value is not None else "").strip()
    span = _span(annotation, recording, begin)
    if code == _BEAT:
        span = span or next((found for wave in anywhere(annotation, "annotation") if "QRS" in _word(wave)
                             if (found := _span(wave, recording, begin)) is not None), None)
        name = word.removeprefix(f"{_BEAT}_")
        if span is not None:
            events.append(Event(span[0], None, _BEATS.get(name, word), _lead(annotation)))
    elif word.startswith("MDC_ECG_RHY_") and span is not None:
        events.append(Event(span[0], span[1], _RHYTHMS.get(word.removeprefix("MDC_ECG_RHY_"), word), _lead(annotation)))
    elif value is not None and value.get("value"):
        lines.append(f"{_plain(code)}: {value.get('value')} {value.get('unit', '')}".strip())
    elif span is not None:
        events.append(Event(span[0], span[1], _plain(word or code), _lead(annotation)))
    elif value is not None and (value.text or "").strip():
        lines.append(f"{_plain(code)}: {(value.text or '').strip()}")
    for inner in _inner(annotation):
        _read(inner, recording, begin, events, lines)


def _inner(annotation: ET.Element) -> Iterator[ET.Element]:
    for part in children(annotation, "component"):
        yield from children(part, "annotation")


def _word(annotation: ET.Element) -> str:
    value = child(annotation, "value")
    return value.get("code", "") if value is not None else ""


def _boundaries(annotation: ET.Element) -> Iterator[ET.Element]:
    for support in children(annotation, "support"):
        for region in children(support, "supportingROI"):
            for part in children(region, "component"):
                yield from children(part, "boundary")


def _span(annotation: ET.Element, recording: Recording, begin: Fraction | None) -> tuple[int, int | None] | None:
    """[start, end) in ticks of the supporting region of interest; end None for a point in time."""
    for boundary in _boundaries(annotation):
        kind, value = code_of(boundary), child(boundary, "value")
        if kind == "TIME_ABSOLUTE" and begin is not None:
            low, high = (_since(child(value, name), begin) for name in ("low", "high"))
        elif kind == "TIME_RELATIVE":
            low, high = (seconds_of(child(value, name)) for name in ("low", "high"))
        else:
            continue
        if low is None and high is None and value is not None:
            low = moment(value.get("value", "")) if kind == "TIME_ABSOLUTE" else seconds_of(value)
            low = low - begin if low is not None and kind == "TIME_ABSOLUTE" and begin is not None else low
        if low is not None:
            return round(low * recording.rate), round(high * recording.rate) if high is not None else None
    return None


def _since(element: ET.Element | None, begin: Fraction) -> Fraction | None:
    when = moment(element.get("value", "")) if element is not None else None
    return when - begin if when is not None else None


def _lead(annotation: ET.Element) -> str | None:
    codes = [code_of(boundary) for boundary in _boundaries(annotation)]
    names = [lead_name(code) for code in codes if code.startswith("MDC_ECG_LEAD_")]
    return names[0] if len(names) == 1 else None


def _plain(code: str) -> str:
    return code.removeprefix("MDC_ECG_").replace("_", " ").lower()
