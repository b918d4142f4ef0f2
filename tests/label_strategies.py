"""Hypothesis strategies for elements, label maps and edits, shared by tests of the domain and of the records."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from graticule.domain.beats import BeatChange, beat_change
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, ElementChange, VoxelChange, apply, voxel_change
from graticule.domain.elements import Answer, Beat, Element, Episode, Group, Note, Point, Region, Segment, Unknown, kind_of
from graticule.domain.labels import Labels

SHAPE = (3, 4, 5)
VOXELS = 60

texts = st.text(st.characters(codec="utf-8"), max_size=8)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
ids = st.uuids().map(str)
codes = st.builds(Code, texts, texts, texts)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
# Names that no field has today and none will be given: what a newer version might have written.
extras = st.dictionaries(texts.map(lambda text: "x-" + text), json_values, max_size=2)
maybe_code = st.none() | codes
_shared = {"id": ids, "provenance": st.sampled_from(["hand", "interpolated", "machine"]), "extra": extras}
positions = st.lists(integers, min_size=2, max_size=3).map(tuple)

segments = st.builds(
    Segment,
    group=texts,
    value=st.integers(1, 255),
    colour=texts,
    category=codes,
    type=codes,
    modifier=maybe_code,
    region=maybe_code,
    laterality=maybe_code,
    number=st.integers(1, 9),
    name=texts,
    status=texts,
    locked=st.booleans(),
    **_shared,
)
groups = st.builds(Group, name=texts, **_shared)
regions = st.builds(
    Region,
    shape=texts,
    space=st.sampled_from(["patient", "image"]),
    code=maybe_code,
    value=texts,
    unit=texts,
    points=st.lists(positions, max_size=4).map(tuple),
    number=st.integers(1, 9),
    **_shared,
)
points = st.builds(Point, code=codes, space=texts, position=positions, radius=st.none() | integers, **_shared)
beats = st.builds(Beat, tick=integers, symbol=texts, lead=st.none() | texts, code=maybe_code, **_shared)
episodes = st.builds(
    Episode,
    track=texts,
    start=integers,
    end=integers,
    code=codes,
    lead=st.none() | texts,
    criteria=st.dictionaries(texts, json_values, max_size=2),
    **_shared,
)
answers = st.builds(
    Answer,
    value=json_values,
    not_assessable=st.none() | texts,
    confidence=st.none() | st.integers(0, 100),
    evidence=st.lists(texts, max_size=3).map(tuple),
    **_shared,
)
notes = st.builds(Note, text=texts, **_shared)


@st.composite
def unknowns(draw: st.DrawFn) -> Unknown:
    """An element of a kind from the future, as decoding one gives it."""
    data = {**draw(st.dictionaries(texts, json_values, max_size=3)), "id": draw(ids)}
    return Unknown(id=data["id"], kind="x-" + draw(texts), data=data)


elements: st.SearchStrategy[Element] = st.one_of(segments, groups, regions, points, beats, episodes, answers, notes, unknowns())


@st.composite
def labels(draw: st.DrawFn, edits: int = 4) -> Labels:
    """Labels as a reader makes them: by edits, one after another."""
    made = Labels(SHAPE)
    made.extra = draw(extras)
    for _ in range(draw(st.integers(0, edits))):
        apply(made, draw(edits_for(made)))
    return made


@st.composite
def edits_for(draw: st.DrawFn, labels: Labels) -> Edit:
    """An edit that fits the labels: elements made, replaced and removed, and a stroke."""
    changes: list[ElementChange | VoxelChange | BeatChange] = [
        ElementChange.make(element)
        for element in draw(st.lists(elements, max_size=2))
        if labels.element(kind_of(element), element.id) is None
    ]
    present = [element for element in labels.all() if not isinstance(element, Unknown)]
    if present and draw(st.booleans()):
        old = draw(st.sampled_from(present))
        changes.append(draw(st.sampled_from([ElementChange.remove(old), ElementChange.replace(old, _moved(old))])))
    stroke = draw(strokes(labels))
    rows = draw(beat_changes(labels))
    return Edit(draw(texts), tuple(changes) + ((stroke,) if stroke else ()) + ((rows,) if rows else ()))


@st.composite
def beat_changes(draw: st.DrawFn, labels: Labels) -> BeatChange | None:
    """Rows of a table added, replaced, struck out and taken away; some far apart, so that they lie in several chunks."""
    lead = draw(st.sampled_from(["", "II"]))
    near, far = st.integers(0, 30), st.integers(0, 30).map(lambda n: n << 19)
    ticks = np.array(sorted(draw(st.sets(near | far, max_size=12))), dtype=np.int64)
    letters = st.sampled_from([0, *map(ord, "NVSA/-")])
    symbols = np.array(draw(st.lists(letters, min_size=ticks.size, max_size=ticks.size)), dtype=np.uint8)
    return beat_change(lead, labels.beat_table(lead), ticks, symbols, draw(st.integers(1, 5)))


@st.composite
def strokes(draw: st.DrawFn, labels: Labels) -> VoxelChange | None:
    name = draw(st.sampled_from(["main", "other"]))
    index = np.array(sorted(draw(st.sets(st.integers(0, VOXELS - 1), max_size=20))), dtype=np.int64)
    value = np.array(draw(st.lists(st.integers(0, 255), min_size=index.size, max_size=index.size)), dtype=np.uint8)
    return voxel_change(name, labels.group(name), index, value, draw(st.integers(0, 5)))


def _moved(element: Element) -> Element:
    return replace(element, provenance="machine-corrected")
