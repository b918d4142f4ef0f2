"""WFDB annotations as labels: beats, and rhythm changes as episodes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Beat, Element, Episode, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.atr import BEATS, RHYTHM, Annotations, Mark, counts, decode
from graticule.formats.ecg.atr_marks import AUX, BRACKETS, fields_of, is_mark, other_marks
from graticule.formats.ecg.rhythm_strings import UNLABELLED, slug_of, string_of
from graticule.formats.ecg.sidecar import exact_labels
from graticule.formats.family import Content
from graticule.resources import load_ontology

WFDB_SCHEME = "WFDB"

@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    track: str
    code: Code
    aux: str = ""
    brackets: bool = False


class AtrReader:
    """Reads .atr on a recording's clock. Episodes last until the next rhythm change or the end of the record."""

    reading = "atr"

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """Beats and episodes, with a note on what an .atr cannot say or what was left out. A matching sidecar is preferred.

        GraticuleError when the file is damaged or marks lie outside the record.
        """
        if not isinstance(content, Recording):
            raise GraticuleError("An annotation file belongs to an ECG, not to this case.")
        exact = exact_labels(path, content)
        return exact if exact is not None else _labels(_elements(path, case, content, new_id))


READER = AtrReader()


def _labels(elements: Iterable[Element]) -> Labels:
    labels = Labels()
    for element in elements:
        labels.put(element.KIND, element.id, element)
    return labels


def _elements(path: Path, case: Case, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    annotations = decode(path.read_bytes())
    marks = _on_clock(annotations, recording, int(case.facts.get("ticks_per_frame", 1)))
    spans = episodes_of(marks, recording.ticks, load_ontology("rhythm"))
    beats = _beats(marks, recording, new_id)
    episodes = [Episode(id=new_id(), track=s.track, start=s.start, end=s.end, code=s.code, extra=_as_written(s)) for s in spans]
    text = _said(marks, spans)
    return [*beats, *episodes, *other_marks(marks, recording, new_id), *([Note(id=new_id(), text=text)] if text else [])]


def _on_clock(annotations: Annotations, recording: Recording, ticks_per_frame: int) -> list[Mark]:
    """Marks with `sample` in ticks of the record, those outside it refused."""
    per_sample = Fraction(ticks_per_frame)
    if annotations.resolution is not None:
        per_sample = recording.rate / annotations.resolution
    marks = [mark if per_sample == 1 else replace(mark, sample=round(mark.sample * per_sample)) for mark in annotations.marks]
    outside = sum(not 0 <= mark.sample < recording.ticks for mark in marks)
    if outside:
        raise GraticuleError(f"{outside} of {len(marks)} annotations lie outside the record: they belong to another recording.")
    return marks


def _beats(marks: list[Mark], recording: Recording, new_id: Callable[[], str]) -> list[Beat]:
    """Beats are global unless the file marks several channels."""
    beats = [mark for mark in marks if mark.symbol in BEATS]
    per_lead = any(mark.channel for mark in beats)
    names = [lead.name for lead in recording.leads]
    return [Beat(id=new_id(), tick=mark.sample, symbol=mark.symbol,
                 lead=names[mark.channel] if per_lead and mark.channel < len(names) else None,
                 extra=fields_of(mark if mark.channel >= len(names) else replace(mark, channel=0))) for mark in beats]


def episodes_of(marks: Iterable[Mark], ticks: int, ontology: Ontology) -> list[_Span]:
    """Rhythm changes and the brackets of ventricular fibrillation as spans, in order of time."""
    marks = list(marks)
    changes = [(mark.sample, mark.aux) for mark in marks if mark.symbol == RHYTHM and mark.aux.startswith("(")]
    ends = [*(start for start, _ in changes[1:]), ticks][: len(changes)]
    spans = [_Span(start, end, *_coded(aux, ontology), aux)
             for (start, aux), end in zip(changes, ends, strict=True) if end > start and aux != UNLABELLED]
    for start, end in _brackets(marks, ticks):
        if not any(s.code.code in ("vfib", "vflutter") and s.start < end and start < s.end for s in spans):
            spans = _laid(spans, _Span(start, end, *_coded("(VFIB", ontology), brackets=True))
    return spans


def _as_written(span: _Span) -> dict[str, str]:
    """How the file said it, where our code would be said otherwise."""
    if span.brackets:
        return {BRACKETS: "1"}
    exact = span.code.scheme == WFDB_SCHEME or string_of(span.code.code) == span.aux
    return {} if exact or not span.aux else {AUX: span.aux}


def _coded(aux: str, ontology: Ontology) -> tuple[str, Code]:
    """(track, code): ours when the string is known, else the string itself under the scheme WFDB."""
    slug = slug_of(aux)
    known = {concept.code.code: concept for concept in ontology}
    if slug in known:
        return known[slug].track, known[slug].code
    return "rhythm", Code(WFDB_SCHEME, aux, "")


def _brackets(marks: list[Mark], ticks: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    start: int | None = None
    for mark in marks:
        if mark.symbol == "[":
            start = mark.sample if start is None else start
        elif mark.symbol == "]" and start is not None:
            out.append((start, mark.sample + 1))
            start = None
    return out if start is None else [*out, (start, ticks)]


def _laid(spans: list[_Span], new: _Span) -> list[_Span]:
    """`new` put over older spans of its track, which are trimmed or split."""
    out = [new]
    for old in spans:
        if old.track != new.track or old.end <= new.start or old.start >= new.end:
            out.append(old)
            continue
        out += [replace(old, end=new.start)] if old.start < new.start else []
        out += [replace(old, start=new.end)] if old.end > new.end else []
    return sorted(out, key=lambda span: span.start)


def _said(marks: list[Mark], spans: list[_Span]) -> str:
    """What a reader of the imported labels must know about them; "" when nothing was lost."""
    says = []
    if any(span.code.code == "avb2" for span in spans):
        says.append("The file marks second-degree AV block with one string for all its types, so the type is not stated.")
    left = {symbol: n for symbol, n in counts(marks).items() if symbol not in BEATS and symbol != RHYTHM and not is_mark(symbol)}
    if left:
        listed = ", ".join(f"{n} marks “{symbol}”" for symbol, n in sorted(left.items()))
        says.append(f"Not taken over: {listed}.")
    return " ".join(["Imported from a WFDB annotation file.", *says]) if says else ""
