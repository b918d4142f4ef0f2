"""The bytes of an EDF+ file: header, blocks of samples, and the annotation lists in the block in which they begin."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.formats.export.edf_samples import EdfShape, block_of, block_seconds
from graticule.formats.export.edf_tal import Note, seconds, tal

# Nobody is named, and no day: EDF+ writes X for what is unknown, and asks for a date all the same.
_PATIENT, _RECORDING = "X {sex} X X", "Startdate X X X X"
_DATE, _TIME = "01.01.85", "00.00.00"
_ANNOTATIONS = "EDF Annotations"
_MOST_BLOCKS = 99_999_999
_NOTES_EACH = 30_000


def write_edf(path: Path, recording: Recording, shape: EdfShape | None, notes: Sequence[Note]) -> None:
    """notes: rising. shape: None for a file of annotations alone.

    GraticuleError when the file would have more blocks than its header can say.
    """
    lists = [(note.start, tal(note, recording.rate)) for note in notes]
    blocks = _piled(lists) if shape is None else _by_block(lists, shape)
    if len(blocks) > _MOST_BLOCKS:
        raise GraticuleError("The record is too long for EDF.", "Export it as WFDB.")
    starts = _starts(recording, shape, len(blocks))
    texts = [start + notes for start, notes in zip(starts, blocks, strict=True)]
    width = max(map(len, texts)) + 1
    width += width % 2
    with path.open("wb") as out:
        out.write(_header(recording, shape, len(blocks), width // 2))
        for number, text in enumerate(texts):
            if shape is not None:
                out.writelines(block_of(lead, shape, number).tobytes() for lead in recording.leads)
            out.write(text.ljust(width, b"\0"))


def _by_block(lists: Iterable[tuple[int, bytes]], shape: EdfShape) -> list[bytes]:
    out: list[list[bytes]] = [[] for _ in range(shape.blocks)]
    for tick, text in lists:
        out[min(tick // shape.ticks_each, shape.blocks - 1)].append(text)
    return [b"".join(parts) for parts in out]


def _piled(lists: Iterable[tuple[int, bytes]]) -> list[bytes]:
    out = [b""]
    for _, text in lists:
        if len(out[-1]) + len(text) > _NOTES_EACH:
            out.append(b"")
        out[-1] += text
    return out


def _starts(recording: Recording, shape: EdfShape | None, count: int) -> list[bytes]:
    """The list that says when each block begins; blocks of annotations alone take no time."""
    each = shape.ticks_each if shape is not None else 0
    return [f"+{seconds(number * each, recording.rate)}\x14\x14\0".encode() for number in range(count)]


def _header(recording: Recording, shape: EdfShape | None, blocks: int, note_samples: int) -> bytes:
    leads = list(zip(recording.leads, shape.limits, strict=True)) if shape is not None else []
    sex = recording.facts.get("sex", "")
    fixed = [("0", 8), (_PATIENT.format(sex=sex if sex in ("M", "F") else "X"), 80), (_RECORDING, 80), (_DATE, 8), (_TIME, 8),
             (str(256 * (len(leads) + 2)), 8), ("EDF+C", 44), (str(blocks), 8),
             ((block_seconds(recording, shape.ticks_each) or "") if shape is not None else "0", 8), (str(len(leads) + 1), 4)]
    rows = [(f"ECG {lead.name}", "", limits.unit, *limits.physical, *map(str, limits.digital), _filters(recording.filters),
             str(shape.ticks_each // lead.step if shape is not None else 0), "") for lead, limits in leads]
    rows.append((_ANNOTATIONS, "", "", "-1", "1", "-32768", "32767", "", str(note_samples), ""))
    widths = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
    table = [(row[column], width) for column, width in enumerate(widths) for row in rows]
    return b"".join(_field(text, width) for text, width in [*fixed, *table])


def _filters(text: str) -> str:
    """"0.05–150 Hz, notch 50 Hz" as EDF+ writes it: "HP:0.05Hz LP:150Hz N:50Hz"."""
    band, _, notch = text.partition("notch")
    low, dash, high = band.partition(" Hz")[0].partition("–")
    parts = [("HP", low if dash else ""), ("LP", high if dash else ""), ("N", notch.partition("Hz")[0])]
    return " ".join(f"{name}:{value.strip()}Hz" for name, value in parts if value.strip().replace(".", "", 1).isdigit())


def _field(text: str, width: int) -> bytes:
    return text.encode("ascii", errors="replace")[:width].ljust(width)
