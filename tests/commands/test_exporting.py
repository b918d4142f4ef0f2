"""Exports of a store: noted with their proof, makers taken from versions and signatures, and the words of the command."""

import json
from pathlib import Path

import numpy as np
import pydicom
import pytest

from fakes.dicom_series import Series, asymmetric
from graticule.__main__ import main
from graticule.commands.exporting import parcel, send_out
from graticule.commands.import_command import bring_in
from graticule.commands.label_sources import READER, named_source
from graticule.commands.segment_makers import makers_of_case
from graticule.domain.acts import Act
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, ElementChange, apply, voxel_change
from graticule.domain.elements import MACHINE, Segment
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE
from graticule.domain.progress import Silent
from graticule.formats.export.makers import APPROVED, EDITED, MADE, Maker
from graticule.store.store import open_store
from graticule.store.verify import verify_store
from store.making import PASSWORD, new_store, save

SHAPE = (6, 12, 10)  # that of `store.making.save`


@pytest.fixture
def labelled(tmp_path: Path) -> tuple[Path, str]:
    """A store with a series on which a reader painted "own" and corrected a program's "proposed"; signed."""
    Series(asymmetric(SHAPE)).write(tmp_path / "ct")
    store = new_store(tmp_path / "store", password=PASSWORD)
    case = next(one.case for one in bring_in(store, [tmp_path / "ct"], Silent(), copy=False) if one.case)
    opened = store.labels.open(case.id, SHAPE)
    tissue = Code("SCT", "85756007", "")
    for value, name, provenance in ((1, "own", "hand"), (2, "proposed", MACHINE)):
        segment = Segment(id=f"s{value}", group="1", value=value, colour="#d55e00", category=tissue, type=tissue, name=name,
                          provenance=provenance, extra={"algorithm": {"name": "Net", "version": "2.1"}} if value == 2 else {})
        index = np.arange(60 * value, 60 * value + 24)
        made = voxel_change("1", opened.labels.group("1"), index, value, AUTHOR_MACHINE if value == 2 else AUTHOR_HAND)
        edit = Edit(f"Paint {name}", (ElementChange.make(segment), made))
        apply(opened.labels, edit)
        opened.journal.append(edit, Act.DO, 0)
    save(store, case.id)
    store.labels.sign([case.id], PASSWORD, "my read")
    store.close()
    return tmp_path / "store", case.id


def test_makers_come_from_authorship_versions_and_signatures(labelled, tmp_path):
    folder, case_id = labelled
    with open_store(folder) as store:
        case = store.cases.get(case_id)
        found = named_source(store, case_id, case, READER)
        reader = store.reader.name
        assert makers_of_case(store, case, found) == {"s1": (Maker(reader, MADE), Maker(reader, APPROVED)),
                                                      "s2": (Maker(reader, APPROVED),)}
        store.labels.correct(case_id, "too small")
        opened = store.labels.open(case_id, SHAPE)
        more = voxel_change("1", opened.labels.group("1"), np.arange(300, 306), 2, AUTHOR_HAND)
        apply(opened.labels, Edit("Paint", (more,)))
        opened.journal.append(Edit("Paint", (more,)), Act.DO, 0)
        found = named_source(store, case_id, case, READER)
        assert makers_of_case(store, case, found) == {"s1": (Maker(reader, MADE), Maker(reader, APPROVED)),
                                                      "s2": (Maker(reader, EDITED),)}
        _, report = send_out(store, parcel(case, found, ["dicom-sr"], Silent()), "dicom-sr", tmp_path / "out")
        text = str(pydicom.dcmread(report.path))
        assert report.proven and all(word in text for word in ("Performing", "Verifying", "Editing", "'Net'", "'2.1'",
                                                               "Voxels drawn by hand", "Voxels as a program proposed"))


def test_the_command_says_what_proves_a_file_and_the_store_keeps_it(labelled, tmp_path, capsys):
    folder, case_id = labelled
    out = ["--out", str(tmp_path / "out"), "--store", str(folder), "--json"]
    assert main(["export", case_id, "--format", "dicom-seg", *out]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["proven"] and row["format"] == "dicom-seg" and {"by", "result"} <= row["checks"][0].keys()
    with open_store(folder) as store:
        note, = store.exports.of(case_id)
        assert note.proven and note.revision and note.proof["files"][0]["file"] == Path(row["path"]).name
    assert list(verify_store(folder)) == []
    data = pydicom.dcmread(row["path"])
    first, second = data.SegmentSequence
    assert (first.SegmentAlgorithmType, second.SegmentAlgorithmType) == ("MANUAL", "AUTOMATIC")
    assert second.SegmentationAlgorithmIdentificationSequence[0].AlgorithmVersion == "2.1"
