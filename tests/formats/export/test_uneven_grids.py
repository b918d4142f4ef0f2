"""Labels on unevenly spaced slices: amounts slice by slice, places kept by what can keep them, refused by what cannot."""

import json

import highdicom
import nibabel
import numpy as np
import pydicom
import pytest

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import filled, ids, labels_beside, only_case
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats.export import dicom_seg, nifti, readable
from graticule.formats.label_maps import Builder, Meaning
from graticule.formats.masks import masks_in, on_grid
from graticule.formats.placing import place, turned
from graticule.quality.masks import volume_ml
from graticule.records.payload import encode_labels, payload_grid
from graticule.resources import load_ontology

HEIGHTS = (0, 2.5, 5.6, 7.1, 12, 14.5, 17)
MASK = np.zeros((7, 16, 12), bool)
MASK[1:4, 3:7, 2:9] = MASK[5, 0, 0] = True


class Uneven(Series):
    heights = HEIGHTS

    def position(self, k):
        return self.origin + np.array([0, 0.3, 1]) * self.heights[k]


@pytest.fixture
def case(tmp_path):
    Uneven(asymmetric((7, 16, 12))).write(tmp_path / "in")
    return only_case(tmp_path / "in")


def painted(volume, mask=MASK):
    builder = Builder(volume.grid.shape, ids())
    builder.add_mask(Meaning("Lesion"), mask)
    return builder.labels


def by_hand():
    """Millilitres: each slice's cell reaches half-way to its neighbours."""
    gaps = np.diff(HEIGHTS)
    cells = [gaps[0], *((gaps[:-1] + gaps[1:]) / 2), gaps[-1]]
    return sum(float(MASK[k].sum()) * cells[k] * 0.8 * 0.6 / 1000 for k in range(7))


def test_amounts_count_each_slice_with_its_own_thickness(case):
    volume = filled(case)
    labels = painted(volume)
    segment, = labels.of(Segment)
    assert labels.ml_of(segment, volume.grid) == pytest.approx(by_hand())
    assert volume_ml(MASK, volume.grid) == pytest.approx(by_hand())


def test_a_segmentation_keeps_the_place_of_every_slice(case, tmp_path):
    volume = filled(case)
    file, = dicom_seg.EXPORTER.export(case, volume, painted(volume), load_ontology(), tmp_path)
    positions = {tuple(float(v) for v in group.PlanePositionSequence[0].ImagePositionPatient)
                 for group in pydicom.dcmread(file.path).PerFrameFunctionalGroupsSequence}
    series = Uneven(MASK)
    assert positions == {tuple(round(float(v), 6) for v in series.position(k)) for k in (1, 2, 3, 5)}
    theirs = highdicom.seg.segread(file.path).get_pixels_by_source_instance([source.object_id for source in case.sources],
                                                                           combine_segments=True)
    assert np.array_equal(theirs > 0, MASK)
    assert np.array_equal(on_grid(masks_in(file.path)[0], volume.grid), MASK)


def test_a_segmentation_beside_its_uneven_series_comes_back(case, tmp_path):
    volume = filled(case)
    dicom_seg.EXPORTER.export(case, volume, painted(volume), load_ontology(), tmp_path / "in")
    _, _, labels = labels_beside(tmp_path / "in")
    assert np.array_equal(labels.groups["1"].values > 0, MASK)


def test_a_readable_file_says_where_the_slices_lie(case, tmp_path):
    volume = filled(case)
    file, = readable.EXPORTER.export(case, volume, painted(volume), load_ontology(), tmp_path)
    document = json.loads(file.path.read_text())
    assert [float(level) for level in document["grid"]["levels"]] == pytest.approx(volume.grid.levels.tolist(), abs=1e-6)
    assert float(next(iter(document["volumes_ml"].values()))) == pytest.approx(by_hand(), abs=1e-3)


def test_nifti_refuses_what_it_cannot_say(case, tmp_path):
    with pytest.raises(GraticuleError, match="unevenly spaced, which NIfTI cannot say"):
        nifti.EXPORTER.export(case, filled(case), painted(filled(case)), load_ontology(), tmp_path)


def test_nifti_takes_what_is_even_but_for_rounding(tmp_path):
    class Nearly(Uneven):
        heights = (0, 2.5, 5.05, 7.5, 10, 12.5, 15)

    Nearly(asymmetric((7, 16, 12))).write(tmp_path / "in")
    case = only_case(tmp_path / "in")
    volume = filled(case)
    assert volume.grid.levels is not None
    files = nifti.EXPORTER.export(case, volume, painted(volume), load_ontology(), tmp_path)
    affine = nibabel.load(files[0].path).affine
    assert np.allclose(affine[:3, 2], (0, -0.75, 2.5), atol=1e-5)


def test_a_tilted_grid_is_sheared_in_the_sform_and_has_no_qform(tmp_path):
    tilted = Series(asymmetric((7, 16, 12)), step=(0, 0.8, 2.4))
    tilted.write(tmp_path / "in")
    case = only_case(tmp_path / "in")
    volume = filled(case)
    files = nifti.EXPORTER.export(case, volume, painted(volume), load_ontology(), tmp_path)
    header = nibabel.load(files[0].path)
    ras = header.affine @ (4, 3, 2, 1)
    assert np.allclose(ras[:3] * (-1, -1, 1), tilted.lps(4, 3, 2), atol=1e-4)
    assert int(header.header["qform_code"]) == 0 and int(header.header["sform_code"]) == 1


def test_a_payload_names_the_places_of_uneven_slices_and_nothing_for_even_ones(case):
    volume = filled(case)
    packed = encode_labels(painted(volume), volume.grid)
    grid = payload_grid(packed.payload)
    assert grid.same_as(volume.grid, 1e-6)
    assert encode_labels(painted(volume), grid).id == packed.id
    even = type(volume.grid)(volume.grid.shape, volume.grid.affine)
    assert b"levels" in packed.payload and b"levels" not in encode_labels(painted(volume), even).payload


@pytest.mark.parametrize("levels", [[], ["0.000000000"] * 7, ["0"] * 7, "x", [f"{7 - k}.000000000" for k in range(7)]])
def test_places_that_do_not_rise_are_damage(case, levels):
    volume = filled(case)
    document = json.loads(encode_labels(painted(volume), volume.grid).payload)
    document["groups"]["1"]["levels"] = levels
    with pytest.raises(GraticuleError, match="damaged"):
        payload_grid(json.dumps(document, separators=(",", ":"), sort_keys=True).encode())


def test_turned_round_uneven_stacks_keep_their_places(case):
    grid = filled(case).grid
    flipped = np.diag([1.0, 1, -1, 1])
    flipped[2, 3] = grid.levels[-1]
    round_about = type(grid)(grid.shape, grid.affine @ flipped, True, grid.levels[-1] - grid.levels[::-1])
    placing = place(round_about, grid)
    assert placing is not None and placing.flips == (True, False, False)
    assert turned(round_about, placing).same_as(grid)
