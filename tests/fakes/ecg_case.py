"""An open ECG in memory: made-up records and the OpenCase round them."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind
from graticule.domain.elements import Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import STANDARD_LEADS, Lead, Recording
from graticule.ecg.synthetic import PATTERNS, make
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.jobs import InlineRunner
from graticule.presenters.open_case import OpenCase
from graticule.resources import load_ontology, read_json
from graticule.study.protocol import parse_protocol


def synthetic(name: str, seconds: int = 30) -> Recording:
    """The strip of a pattern ("2to1", "wenckebach", "mobitz2", "highgrade") that no heart made."""
    return make(next(pattern for pattern in PATTERNS if pattern.name == name), seconds).recording


def plain(names: tuple[str, ...] = ("II", "V1"), seconds: float = 60, rate: int = 250, gain: float = 200.0) -> Recording:
    """A ramp in every lead, so that a value tells its sample: sample n holds n modulo 1000."""
    ticks = round(seconds * rate)
    digital = (np.arange(ticks) % 1000).astype(np.int16)
    return Recording(tuple(Lead(name, digital.copy(), gain) for name in names), Fraction(rate), ticks)


def twelve_lead(seconds: float = 10) -> Recording:
    return plain(STANDARD_LEADS, seconds, rate=500)


def ecg_case(recording: Recording, view_state: Mapping[str, Any] | None = None, *, locked: bool = False) -> OpenCase:
    """The record on the desk with the demonstration protocol, an empty set of labels and jobs that run at once."""
    bus, ids = Bus(), count(1)
    workspace = Workspace("c1:test", Labels(), FakeJournal(), bus, locked=locked)
    return OpenCase(Case("c1:test", Kind.ECG, "ECG", "ECG", "wfdb", ()), recording, None, workspace, bus,
                    parse_protocol(read_json("protocols", "demo.json")),
                    load_ontology("rhythm", "ecg_tracks", "ecg_statements"), InlineRunner(),
                    lambda: f"e{next(ids)}", dict(view_state or {}))


def add(opened: OpenCase, slug: str, start: int, end: int, **more: Any) -> Episode:
    """Commit an episode of a code straight into the workspace."""
    concept = opened.ontology.slug(slug)
    episode = Episode(id=opened.new_id(), track=concept.track, start=start, end=end, code=concept.code, **more)
    opened.workspace.set("Tag", episode)
    return episode
