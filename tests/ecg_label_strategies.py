"""ECGs and their labels as hypothesis makes them: several rates, gaps, leads of unlike rates, beats in tables, episodes on all
tracks. Nothing is symmetric, so a position that is off by one, or by half a sample, cannot hide."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from graticule.domain.beats import BeatTable
from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.atr import BEATS
from graticule.resources import load_ontology

ONTOLOGY = load_ontology()
RATES = [Fraction(250), Fraction(360), Fraction(500), Fraction(1000), Fraction(515, 2)]
SLUGS = ("sinus", "afib", "vt", "vfib", "avb2_mobitz1", "avb2_2to1", "avb3", "paced", "sa_block", "lbbb", "q_severe",
         "st_depression", "pause", "free_event", "mark_blocked_p")


def lead(name: str, samples: int, seed: int, *, step: int = 1, gap: bool = False) -> Lead:
    values = np.random.default_rng(seed).integers(-2000, 2000, samples).astype(np.int16)
    if gap:
        values[samples // 3: samples // 3 + 7] = -32768
    return Lead(name, values, 204.8 if seed % 2 else 200.0, float(seed % 5 * 11), step, -32768 if gap else None)


@st.composite
def recordings(draw: st.DrawFn, unlike: bool = False) -> Recording:
    """unlike: with a lead of half the rate, which DICOM allows from 400 a second on."""
    rate = draw(st.sampled_from([rate for rate in RATES if rate > 400 or not unlike]))
    ticks = draw(st.integers(60, 900)) * 2
    leads = [lead("II", ticks, 1), lead("V1", ticks, 4, gap=draw(st.booleans()))]
    if unlike:
        leads.append(lead("MLII", ticks // 2, 7, step=2))
    return Recording(tuple(leads), rate, ticks)


@st.composite
def labels_on(draw: st.DrawFn, recording: Recording, single_leads: bool = True) -> Labels:
    labels = Labels()
    ticks = recording.ticks
    places = st.lists(st.integers(0, ticks - 1), unique=True, max_size=12)
    names = [None, *(one.name for one in recording.leads)] if single_leads else [None]
    for number, tick in enumerate(sorted(draw(places))):
        beat = Beat(id=f"b{number}", tick=tick, symbol=draw(st.sampled_from(sorted(BEATS))), lead=draw(st.sampled_from(names)))
        labels.put(Beat.KIND, beat.id, beat)
    rows = np.array(sorted({*draw(places)} - {beat.tick for beat in labels.of(Beat)}), np.int64)
    if rows.size:
        table: BeatTable = labels.beat_table("")
        symbols = np.array([ord(draw(st.sampled_from("NVA-"))) for _ in rows], np.uint8)
        table.fill(rows, symbols, np.array([1 + n % 5 for n in range(rows.size)], np.uint8))
    for number, slug in enumerate(draw(st.lists(st.sampled_from(SLUGS), max_size=6, unique=True))):
        start = draw(st.integers(0, ticks - 1))
        end = start + 1 if slug.startswith("mark") else draw(st.integers(start + 1, ticks))
        concept = ONTOLOGY.slug(slug)
        episode = Episode(id=f"e{number}", track=concept.track, start=start, end=end, code=concept.code,
                          lead=draw(st.sampled_from(names)))
        labels.put(Episode.KIND, episode.id, episode)
    return labels


def said(labels: Labels) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """(beats, episodes) as plain rows."""
    beats = sorted((beat.tick, beat.symbol, beat.lead or "") for beat in labels.of(Beat))
    episodes = sorted((e.track, e.code.scheme, e.code.code, e.start, e.end, e.lead or "") for e in labels.of(Episode))
    return beats, episodes
