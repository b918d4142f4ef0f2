"""The labels of an ECG as annotations of WFDB's standard profile: only types and strings that its own tables know.

WFDB has one running rhythm, noise by signal, and brackets round ventricular flutter and fibrillation. What it cannot say stands
in the JSON beside the file, and is named.
"""

from collections.abc import Callable, Iterable, Iterator

from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.atr import BEATS, RHYTHM, Mark
from graticule.formats.ecg.atr_marks import AUX, BRACKETS, TRACK, beat_mark, mark_of
from graticule.formats.ecg.atr_reader import WFDB_SCHEME
from graticule.formats.ecg.rhythm_strings import UNLABELLED, is_exact, slug_of, string_of
from graticule.formats.export.ecg_noise import noise_marks
from graticule.formats.export.ecg_statements import episodes_to_write

RHYTHMS, MOST_AUX = ("rhythm", "conduction", "pacing", "sinus_node"), 255
# When several tracks speak at once, the one rhythm of WFDB says first what no conduction string may hide …
_FIRST = ("(AFIB", "(AFL", "(SVTA", "(VT", "(VFL", "(VFIB", "(IVR", "(ASYS")
# … then by track; the underlying sinus or junctional rhythm last.
_TRACKS = ("conduction", "pacing", "sinus_node", "rhythm")
_VF = ("vfib", "vflutter")
_ST = {"st_elevation": ("s", "(ST", "+"), "st_depression": ("s", "(ST", "-"), "t_inversion": ("T", "(T", "-")}


def annotations_of(recording: Recording, labels: Labels) -> tuple[list[Mark], list[str]]:
    """(marks in order of time with `sample` in ticks, sentences on what they cannot say)"""
    channels = {lead.name: number for number, lead in enumerate(recording.leads)}
    episodes = [one for one in episodes_to_write(labels) if one.track != TRACK]
    kept = [mark for one in labels.of(Episode) if one.track == TRACK and (mark := mark_of(one)) is not None]
    running = [one for one in episodes if one.track in RHYTHMS and one.lead is None and _string(one)]
    marks = [*rhythm_changes(running, recording.ticks),
             *(beat_mark(beat, channels.get(beat.lead or "", 0)) for beat in labels.of(Beat)),
             *(mark for mark in kept if mark.symbol != "~"), *_brackets(running, kept), *_st(episodes, channels),
             *noise_marks(recording, labels, [mark for mark in kept if mark.symbol == "~"])]
    marks.sort(key=lambda mark: (mark.sample, mark.channel, mark.symbol != RHYTHM))
    return marks, _losses(recording, labels, episodes, running)


def rhythm_changes(episodes: list[Episode], ticks: int) -> list[Mark]:
    """At every start and end what holds from there on, unless it held before. An end without a successor is said too; what the
    labels' file said by brackets alone is not said again."""
    marks: list[Mark] = []
    for tick, holding in _holding(episodes, ticks):
        if holding and all(BRACKETS in one.extra for one in holding):
            continue
        text = _string(min(holding, key=_rank)) if holding else UNLABELLED
        if not marks or marks[-1].aux != text:
            marks.append(Mark(tick, RHYTHM, aux=text))
    return marks


def _holding(episodes: Iterable[Episode], ticks: int) -> Iterator[tuple[int, list[Episode]]]:
    """(tick, what holds from there on), rising; each change is looked at once."""
    starts: dict[int, list[Episode]] = {}
    ends: dict[int, list[str]] = {}
    for one in episodes:
        starts.setdefault(one.start, []).append(one)
        ends.setdefault(one.end, []).append(one.id)
    holding: dict[str, Episode] = {}
    for tick in sorted({*starts, *ends}):
        for name in ends.get(tick, ()):
            holding.pop(name, None)
        holding |= {one.id: one for one in starts.get(tick, ())}
        if tick < ticks:
            yield tick, list(holding.values())


def _rank(episode: Episode) -> tuple[int, int, int]:
    urgent = episode.track == "rhythm" and _string(episode) in _FIRST
    return (0 if urgent else 1, _TRACKS.index(episode.track), episode.start)


def _string(episode: Episode) -> str:
    """As the file it came from said it, while that still means the same; else as the standard tables do; "" for none."""
    if episode.code.scheme == WFDB_SCHEME:
        return episode.code.code
    aux = str(episode.extra.get(AUX, ""))
    return aux if aux and slug_of(aux) == episode.code.code else string_of(episode.code.code)


def _brackets(running: list[Episode], kept: list[Mark]) -> Iterator[Mark]:
    """Ventricular flutter and fibrillation, unless the file the labels came from has set brackets there itself."""
    there = [mark.sample for mark in kept if mark.symbol in ("[", "]")]
    for one in running:
        if one.code.code in _VF and not any(one.start <= sample < one.end for sample in there):
            yield Mark(one.start, "[")
            yield Mark(one.end - 1, "]")


def _st(episodes: list[Episode], channels: dict[str, int]) -> Iterator[Mark]:
    """As the European ST-T database writes them: "(ST1+" where it begins, "ST1+)" at its last sample."""
    for one in episodes:
        if one.code.code in _ST:
            symbol, text, sign = _ST[one.code.code]
            channel = channels.get(one.lead or "", 0)
            yield Mark(one.start, symbol, channel=channel, aux=f"{text}{channel}{sign}")
            yield Mark(one.end - 1, symbol, channel=channel, aux=f"{text[1:]}{channel}{sign})")


def _losses(recording: Recording, labels: Labels, episodes: list[Episode], running: list[Episode]) -> list[str]:
    says = []
    vague = _named(running, lambda one: one.code.scheme != WFDB_SCHEME and not is_exact(one.code.code) and AUX not in one.extra)
    if vague:
        says.append(f"The .atr has no string of its own for {vague}; the exact codes are in this file.")
    none = _named(episodes, lambda one: one.track in RHYTHMS and not _string(one) and one.code.code != "av_normal")
    if none:
        says.append(f"The standard tables of WFDB have no string for {none}: only in this file.")
    if any(a.start < b.end and b.start < a.end for a, b in _neighbours(running)):
        says.append("The .atr holds one rhythm at a time; episodes that overlap on several tracks are whole in this file.")
    if any(one.lead is not None and one.track in RHYTHMS for one in episodes) or any(
            one.track not in (*RHYTHMS, "quality", "st") for one in episodes):
        says.append("Episodes of single leads and of further tracks are only in this file.")
    if any(mark.aux == UNLABELLED for mark in rhythm_changes(running, recording.ticks)):
        says.append(f"Where no rhythm is labelled the .atr says “{UNLABELLED}”: WFDB has no string for that.")
    if any(chr(symbol) not in BEATS for symbol in {ord(beat.symbol) for beat in labels.of(Beat)}):
        says.append("Beats without a WFDB symbol are written as Q.")
    if any(lead.baseline != round(lead.baseline) for lead in recording.leads):
        says.append("The header holds whole baselines only; the exact ones are in this file.")
    return says


def _named(episodes: list[Episode], wanted: Callable[[Episode], bool]) -> str:
    return ", ".join(sorted({one.code.code for one in episodes if wanted(one)}))


def _neighbours(episodes: list[Episode]) -> Iterator[tuple[Episode, Episode]]:
    """Each with the one before it that reaches furthest."""
    furthest: Episode | None = None
    for one in sorted(episodes, key=lambda one: (one.start, one.end)):
        if furthest is not None:
            yield furthest, one
        furthest = one if furthest is None or one.end > furthest.end else furthest
