"""Nothing counts as exported before a second library has found in it what was written; what differs never gets its name."""

import json
import os

import numpy as np
import pytest

from fakes import contrary_dcmqi
from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import filled, ids, only_case, scanned
from graticule.domain.codes import Ontology
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats import door
from graticule.formats.export import export, seg_checks
from graticule.formats.export.exported import NOT_HERE
from graticule.formats.export.other_readers import program_path
from graticule.formats.export.registry import Company
from graticule.formats.label_maps import Builder, Meaning
from graticule.imaging.soft import SurePossible
from graticule.render.surface_files import read_corners

SHAPE = (6, 11, 13)
WITH_VTK = Company(surfaces=read_corners)
FORMATS = ("dicom-seg", "dicom-labelmap", "dicom-fractional", "rtstruct", "dicom-sr", "nifti", "nrrd", "stl", "obj", "gltf",
           "coco", "csv", "json")


class Uneven(Series):
    def position(self, k):
        return self.origin + np.array([0, 0, 1]) * (0, 2.5, 5.6, 7.1, 12, 13)[k]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    found = {}
    for kind, series in {"oblique": Series(asymmetric(SHAPE), rotation((1, 2, 3), 40)), "uneven": Uneven(asymmetric(SHAPE)),
                         "tilted": Series(asymmetric(SHAPE), step=(0, 0.8, 2.4))}.items():
        folder = tmp_path_factory.mktemp(kind)
        series.write(folder)
        case = only_case(folder)
        found[kind] = case, filled(case)
    return found


def painted(content, soft=False):
    builder = Builder(content.grid.shape, ids())
    mask = np.zeros(SHAPE, bool)
    mask[1:4, 2:7, 3:9] = True
    mask[2, 4, 5] = False
    segment = builder.add_mask(Meaning("Tumour", colour="#d55e00"), mask)
    if soft:
        wide = mask.copy()
        wide[0:5, 1:9, 2:11] = True
        builder.add_possible(segment, wide)
    return builder.labels, mask


@pytest.mark.parametrize("format", FORMATS)
def test_a_second_library_proves_every_format(opened, tmp_path, format):
    case, content = opened["oblique"]
    labels, _ = painted(content)
    made = export(case, content, labels, Ontology([]), format, tmp_path, WITH_VTK)
    assert made and all(file.proven and file.path.parent == tmp_path for file in made)
    proof = json.loads(next(tmp_path.glob("*_proof.json")).read_text())
    assert [(row["file"], row["proven"]) for row in proof["files"]] == [(file.path.name, True) for file in made]
    assert not list(tmp_path.glob(".graticule*"))


@pytest.mark.parametrize("kind", ["tilted", "uneven"])
def test_stacks_that_itk_cannot_hold_are_proven_too(opened, tmp_path, kind):
    case, content = opened[kind]
    labels, _ = painted(content)
    for format in ("dicom-seg", "dicom-labelmap", "rtstruct", "dicom-sr", *(("nifti", "nrrd") if kind == "tilted" else ())):
        assert all(file.proven for file in export(case, content, labels, Ontology([]), format, tmp_path))


def test_without_a_second_reader_the_file_is_not_called_proven(opened, tmp_path):
    case, content = opened["oblique"]
    made, = export(case, content, painted(content)[0], Ontology([]), "stl", tmp_path)
    assert not made.proven and made.checks[-1].result == NOT_HERE


def test_dcmqi_that_finds_other_voxels_leaves_no_file(opened, tmp_path, monkeypatch):
    """Its columns in the other order: what the second program reads is not what the report would say."""
    case, content = opened["oblique"]
    real = program_path(contrary_dcmqi.PROGRAM)
    if real is None:
        pytest.skip("dcmqi is not here")
    programs = contrary_dcmqi.install(tmp_path / "programs", real)
    monkeypatch.setenv("PATH", os.pathsep.join([str(programs), os.environ["PATH"]]))
    place = tmp_path / "out"
    place.mkdir()
    with pytest.raises(GraticuleError, match="read back by dcmqi"):
        export(case, content, painted(content)[0], Ontology([]), "dicom-seg", place)
    assert list(place.iterdir()) == []


def test_a_file_of_the_case_itself_is_never_replaced(opened, tmp_path):
    case, content = opened["oblique"]
    made, = export(case, content, painted(content)[0], Ontology([]), "nrrd", tmp_path)
    own = type(case)(**{name: getattr(case, name) for name in case.__dataclass_fields__} | {
        "sources": (type(case.sources[0])(str(made.path), "sha256:0"), *case.sources[1:])})
    before = made.path.read_bytes()
    with pytest.raises(GraticuleError, match="overwrite"):
        export(own, content, painted(content)[0], Ontology([]), "nrrd", tmp_path)
    assert made.path.read_bytes() == before


@pytest.mark.parametrize("kind", ["oblique", "uneven"])
def test_sure_and_possible_travel_as_occupancy_and_come_back(opened, tmp_path, kind):
    case, content = opened[kind]
    labels, mask = painted(content, soft=True)
    made, = export(case, content, labels, Ontology([]), "dicom-fractional", tmp_path)
    assert made.proven and "sure" in made.checks[-1].result
    outcome, = scanned(made.path, known=[case])
    back = door.read_labels(outcome, case, content, ids())
    sure = next(segment for segment in back.of(Segment) if not segment.possible_of)
    outer = back.possible_of(sure)
    want = next(segment for segment in labels.of(Segment) if segment.possible_of)
    assert np.array_equal(back.groups[sure.group].values == sure.value, mask)
    assert np.array_equal(back.groups[outer.group].values == outer.value, labels.groups[want.group].values == want.value)
    assert "filled in part" in sure.extra["notice"] and outer.group != sure.group


def test_other_formats_hold_what_is_sure_and_say_so(opened, tmp_path):
    case, content = opened["oblique"]
    labels, mask = painted(content, soft=True)
    for format in ("dicom-seg", "dicom-labelmap", "rtstruct", "nrrd", "nifti", "coco"):
        made = export(case, content, labels, Ontology([]), format, tmp_path)
        said = [check.result for file in made for check in file.checks if check.by == "Graticule"]
        assert any("only what is sure" in one for one in said), format
        assert any(f"{np.count_nonzero(mask)} " in check.result for file in made for check in file.checks), format


def test_the_fraction_falls_from_the_sure_to_the_possible_boundary(opened, tmp_path):
    import highdicom

    case, content = opened["oblique"]
    labels, mask = painted(content, soft=True)
    made, = export(case, content, labels, Ontology([]), "dicom-fractional", tmp_path)
    file = highdicom.seg.segread(made.path)
    names = [case.sources[row[0]].object_id for row in case.facts["slices"]]
    values = file.get_pixels_by_source_instance(names, ignore_spatial_locations=True, rescale_fractional=False,
                                                assert_missing_frames_are_empty=True)[..., 0]
    assert file.segmentation_fractional_type.value == "OCCUPANCY"
    assert (values[mask] == 255).all() and values[~mask].max() < 255 and 0 < values[0, 1, 2] < 255
    patch = SurePossible.from_fraction(_whole(values), values)
    assert patch.sure.voxels == np.count_nonzero(mask)


def _whole(values):
    from graticule.imaging.patch import Patch, whole

    return Patch(whole(values.shape), np.ones(values.shape, bool))


def test_contours_are_read_back_by_gdcm_and_the_loss_is_in_millimetres(opened, tmp_path):
    case, content = opened["oblique"]
    made, = export(case, content, painted(content)[0], Ontology([]), "rtstruct", tmp_path)
    said = {check.by: check.result for check in made.checks}
    assert said["GDCM"].startswith("equal") and "surface 0.00 mm off at most, 0.00 mm on average" in said["pydicom"]
    assert seg_checks.FULL == 255
