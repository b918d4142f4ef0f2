"""What an outside check does: series that no author of a reader made, through the headless twin, voxel by voxel."""

import zipfile

import nibabel
import numpy as np
import pydicom
import pytest
from pydicom.uid import generate_uid
from scipy.spatial import cKDTree

from fakes.door_ways import filled, ids, only_case
from fakes.unseen import AXIAL, CORONAL, ENHANCED_CT, ENHANCED_MR, MR, ROW_MM, SAGITTAL, Twin, Unseen, places, recoded, rewritten
from graticule.domain.errors import GraticuleError
from graticule.formats.export.registry import export
from graticule.formats.label_maps import Builder, Meaning
from graticule.resources import load_ontology

ORIGIN = (-20, -31, 40)
UP = np.array([0, 0, 2.0])


def cosines(degrees, about="row"):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (1, 0, 0, 0, c, s) if about == "row" else (c, 0, s, 0, 1, 0)


def tilted(degrees, about="row"):
    """Slices turned, the table moving straight on."""
    def write(folder):
        series = Unseen(folder)
        for k in range(5):
            series.image(ORIGIN + k * UP, cosines(degrees, about))
        return series
    return write


def stacked(heights, turn=AXIAL, origin=ORIGIN, **changes):
    def write(folder):
        series = Unseen(folder)
        series.stack(heights, turn, origin, **changes)
        return series
    return write


def repeated(*ways):
    """The same five places once for each of `ways`, slice by slice."""
    def write(folder):
        series = Unseen(folder, MR, "MR")
        for k in range(5):
            for way in ways:
                series.image(ORIGIN + k * UP, **way)
        return series
    return write


def several(*parts):
    """Stacks in one series: (heights, cosines, attributes)."""
    def write(folder):
        series = Unseen(folder)
        for heights, turn, changes in parts:
            series.stack(heights, turn, **changes)
        return series
    return write


def multi(sop_class, *frames):
    def write(folder):
        series = Unseen(folder, sop_class, "CT" if sop_class == ENHANCED_CT else "MR")
        series.enhanced(frames)
        return series
    return write


def at(k, turn=AXIAL, **more):
    return ORIGIN + k * UP, turn, more


def slopes(folder):
    series = Unseen(folder)
    for k in range(4):
        series.image(ORIGIN + k * UP, slope=1 + 0.25 * k, intercept=1000 * k)
    return series


OTHER = generate_uid()
EVEN = (0, 2, 4, 6, 8)
# How it is written, slices of each case, what `show` says of each.
SERIES = {
    "gantry forwards": (tilted(12), [5], {"tilt_deg": 12, "tilt_x_deg": 12, "tilt_y_deg": 0}),
    "gantry backwards": (tilted(-12), [5], {"tilt_deg": 12, "tilt_x_deg": -12, "tilt_y_deg": 0}),
    "gantry sideways": (tilted(9, "column"), [5], {"tilt_deg": 9, "tilt_x_deg": 0, "tilt_y_deg": 9}),
    "one missing": (stacked((0, 2, 4, 8, 10, 12)), [6], {"missing": 1, "tilt_deg": 0}),
    "two missing together": (stacked((0, 2, 4, 10, 12, 14, 16)), [7], {"missing": 2}),
    "two missing apart": (stacked((0, 2, 6, 8, 10, 14, 16)), [7], {"missing": 2}),
    "the second missing": (stacked((0, 4, 6, 8, 10)), [5], {"missing": 1}),
    "one missing, oblique": (stacked((0, 2, 4, 8, 10, 12), cosines(11)), [6], {"missing": 1, "tilt_deg": 0}),
    "uneven": (stacked((0, 2, 4, 7, 9.5)), [5], {"even": False, "missing": 0, "spacing_error_mm": 0.75}),
    "wider and wider": (stacked((0, 1, 2.2, 3.6, 5.2, 7, 9)), [7], {"even": False, "missing": 0}),
    "half coarse": (stacked((0, 2, 4, 6, 9, 12, 15, 18)), [8], {"even": False, "missing": 0}),
    "jitter": (stacked(np.arange(6) * 2 + np.array([0, 0.05, -0.05, 0.03, -0.02, 0])), [6], {"missing": 0, "even": True}),
    "backwards": (stacked((8, 6, 4, 2, 0)), [5], {}),
    "rows mirrored": (stacked(EVEN, (-1, 0, 0, 0, 1, 0)), [5], {}),
    "columns mirrored": (stacked(EVEN, (1, 0, 0, 0, -1, 0)), [5], {}),
    "feet first": (stacked(EVEN, (-1, 0, 0, 0, 1, 0), PatientPosition="FFS"), [5], {}),
    "on the side": (stacked(EVEN, (0, -1, 0, 1, 0, 0), PatientPosition="HFDL"), [5], {}),
    "sagittal": (stacked(EVEN, SAGITTAL), [5], {}),
    "coronal": (stacked(EVEN, CORONAL), [5], {}),
    "one slice": (stacked((0,)), [1], {}),
    "a slope for each slice": (slopes, [4], {"unit": "HU"}),
    "a localizer among them": (several(((60,), SAGITTAL, {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}), (EVEN, AXIAL, {})),
                               [1, 5], {}),
    "three orientations": (several((EVEN, AXIAL, {}), (EVEN, SAGITTAL, {}), ((0, 2, 4), CORONAL, {})), [3, 5, 5], {}),
    "two far stacks": (several((EVEN, AXIAL, {}), ((80, 82, 84, 86), AXIAL, {})), [4, 5], {"missing": 0}),
    "two frames of reference": (several((EVEN, AXIAL, {}), ((10, 12, 14), AXIAL, {"FrameOfReferenceUID": OTHER})), [3, 5], {}),
    "two acquisitions": (several((EVEN, AXIAL, {"AcquisitionNumber": 1}),
                                 ((0.7, 2.7, 4.7, 6.7), AXIAL, {"AcquisitionNumber": 2})), [4, 5], {"even": True}),
    "echoes by time": (repeated({"EchoTime": 20}, {"EchoTime": 80}), [5, 5], {}),
    "echoes by number": (repeated({"EchoNumbers": 1}, {"EchoNumbers": 2}), [5, 5], {}),
    "b-values": (repeated(*({"DiffusionBValue": float(b)} for b in (0, 500, 1000))), [5, 5, 5], {}),
    "four times": (repeated(*({"TemporalPositionIdentifier": t} for t in (1, 2, 3, 4))), [5] * 4, {}),
    "fat and water": (repeated(*({"ImageType": ["ORIGINAL", "PRIMARY", "DIXON", w]} for w in "WF")), [5, 5], {}),
    "enhanced, frames shuffled": (multi(ENHANCED_CT, *(at(k) for k in (3, 0, 2, 4, 1))), [5], {}),
    "enhanced, two stacks": (multi(ENHANCED_CT, *(at(k, stack=1) for k in range(4)), *(at(k + 40, stack=2) for k in range(3))),
                             [3, 4], {}),
    "enhanced, two times": (multi(ENHANCED_MR, *(at(k, time=t) for t in (1, 2) for k in range(4))), [4, 4], {}),
    "enhanced, two echoes": (multi(ENHANCED_MR, *(at(k, echo=t) for k in range(4) for t in (20, 80))), [4, 4], {}),
    "enhanced, b-values": (multi(ENHANCED_MR, *(at(k, b=b) for k in range(4) for b in (0, 1000))), [4, 4], {}),
    "enhanced, orientations": (multi(ENHANCED_MR, at(0), at(9, SAGITTAL), at(9, CORONAL)), [1, 1, 1], {}),
    "enhanced, one missing": (multi(ENHANCED_CT, *(at(k) for k in (0, 1, 2, 4, 5))), [5], {"missing": 1}),
    "enhanced, tilted": (multi(ENHANCED_CT, *(at(k, cosines(12)) for k in range(4))), [4], {"tilt_deg": 12}),
}


def lies_true(twin, truth):
    """Every voxel of every case where the file has it, each voxel once; the slices of each case."""
    seen, sizes = 0, []
    for case in twin.cases():
        shown, values = twin.shown(case), twin.values(case)
        assert list(values.shape) == shown["shape"] and shown["range"] == [values.min(), values.max()]
        wanted = np.array([truth[round(float(value), 3)] for value in values.flat]).reshape(*values.shape, 3)
        assert np.abs(places(shown) - wanted).max() < 1e-3
        seen += values.size
        sizes.append(values.shape[0])
    assert seen == len(truth)
    return sorted(sizes)


@pytest.mark.parametrize("name", SERIES)
def test_every_voxel_has_its_value_and_its_place(tmp_path, name):
    write, sizes, said = SERIES[name]
    series, twin = write(tmp_path / "in"), Twin(tmp_path)
    rows = twin.brought(tmp_path / "in")
    assert {row["outcome"] for row in rows} == {"case"}
    assert {row["path"] for row in rows} == {str(path) for path in (tmp_path / "in").iterdir()}
    assert lies_true(twin, series.truth) == sizes
    for case in twin.cases():
        shown = twin.shown(case)
        assert {field: shown[field] for field in said} == pytest.approx(said, abs=1e-2)
        assert ("uneven" in " ".join(shown["warnings"])) == (not shown["even"] and not shown["missing"])


EXPORTED = ["gantry forwards", "gantry sideways", "one missing", "uneven", "one missing, oblique", "backwards", "rows mirrored",
            "columns mirrored", "feet first", "on the side", "sagittal", "enhanced, frames shuffled", "enhanced, tilted"]


def painted(shape):
    """Alike in no two directions; the last slice stays empty, so that a shift by one shows."""
    k, j, i = np.indices(shape)
    return (((i < 4) & (j < 2 + k % 3)) | ((i == 6) & (j == 5))) & (k < shape[0] - 1)


def in_segmentation(path):
    """LPS mm of every voxel of a DICOM segmentation, from each frame's own plane (PS3.3 C.7.6.2.1.1)."""
    data = pydicom.dcmread(path)
    shared, found = data.SharedFunctionalGroupsSequence[0], []
    for pixels, frame in zip(data.pixel_array.reshape(-1, data.Rows, data.Columns), data.PerFrameFunctionalGroupsSequence):
        turn = (frame if "PlaneOrientationSequence" in frame else shared).PlaneOrientationSequence[0].ImageOrientationPatient
        size = (frame if "PixelMeasuresSequence" in frame else shared).PixelMeasuresSequence[0].PixelSpacing
        x, y = np.array(turn[:3], float) * size[1], np.array(turn[3:], float) * size[0]
        start = np.array(frame.PlanePositionSequence[0].ImagePositionPatient, float)
        found += [start + column * x + row * y for row, column in np.argwhere(pixels)]
    return np.array(found)


def in_nifti(path):
    image = nibabel.load(path)
    return nibabel.affines.apply_affine(image.affine, np.argwhere(np.asanyarray(image.dataobj))) * (-1, -1, 1)


@pytest.mark.parametrize("name", EXPORTED)
def test_a_painted_mask_leaves_for_the_same_side_of_the_patient(tmp_path, name):
    series = SERIES[name][0](tmp_path / "in")
    case = only_case(tmp_path / "in")
    volume = filled(case)
    mask = painted(volume.grid.shape)
    wanted = np.array([series.truth[float(value)] for value in volume.voxels[mask]])
    builder = Builder(volume.grid.shape, ids())
    builder.add_mask(Meaning("Lesion"), mask)
    for format, read in (("dicom-seg", in_segmentation), ("nifti", in_nifti)):
        if format == "nifti" and volume.grid.levels is not None:
            with pytest.raises(GraticuleError, match="unevenly spaced"):
                export(case, volume, builder.labels, load_ontology(), format, tmp_path / "out")
            continue
        written = export(case, volume, builder.labels, load_ontology(), format, tmp_path / "out")
        found = read(written[0].path)
        away, whose = cKDTree(wanted).query(found)
        assert len(found) == len(wanted) == len(set(whose)) and away.max() < 0.01


def test_echoes_of_another_number_are_called_echoes(tmp_path):
    repeated({"EchoNumbers": 1}, {"EchoNumbers": 2})(tmp_path / "in")
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    assert {twin.shown(case)["interpretation"] for case in twin.cases()} == {"echo 1 of 2", "echo 2 of 2"}


def zipped(folder):
    paths = sorted(folder.iterdir())
    with zipfile.ZipFile(folder / "片.zip", "w") as archive:
        for number, path in enumerate(paths):
            archive.write(path, f"患者/{number}.dcm")
    for path in paths:
        path.unlink()


CODED = {
    "implicit": lambda folder: recoded(folder, "1.2.840.10008.1.2"),
    "deflated": lambda folder: recoded(folder, "1.2.840.10008.1.2.1.99"),
    "big endian": lambda folder: recoded(folder, "1.2.840.10008.1.2.2", big=True),
    "no preamble": lambda folder: rewritten(folder, lambda data: data[132:]),
    "no meta": lambda folder: rewritten(folder, lambda data: data[144 + int.from_bytes(data[140:144], "little"):]),
    "names without an ending": lambda folder: [path.rename(path.with_suffix("")) for path in list(folder.iterdir())],
    "a zip with Chinese names": zipped,
}


@pytest.mark.parametrize("how", CODED)
def test_another_coding_changes_nothing(tmp_path, how):
    series, twin = tilted(12)(tmp_path / "in"), Twin(tmp_path)
    CODED[how](tmp_path / "in")
    twin.brought(tmp_path / "in")
    assert lies_true(twin, series.truth) == [5]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_slice_is_refused_and_missed(tmp_path, share):
    stacked((0, 2, 4, 6, 8, 10))(tmp_path / "in")
    path = sorted((tmp_path / "in").iterdir(), key=lambda path: int(path.stem.split("_")[1]))[2]
    path.write_bytes(path.read_bytes()[:int(path.stat().st_size * share)])
    twin = Twin(tmp_path)
    rows = {row["path"]: row for row in twin.brought(tmp_path / "in")}
    assert rows[str(path)]["outcome"] == "refused" and rows[str(path)]["reason"]
    case, = twin.cases()
    assert twin.shown(case)["missing"] == 1 and twin.values(case).shape[0] == 5


def test_mistakes_are_a_sentence_and_exit_code_two(tmp_path):
    twin = Twin(tmp_path)
    for words in (["show", "c1:00"], ["pixels", "c1:00", "--out", tmp_path / "x.npy"], ["export", "c1:00", "--format", "nifti",
                                                                                        "--out", tmp_path]):
        code, rows, err = twin.say(*words, "--store", twin.store)
        assert code == 2 and not rows and err.strip() and "Traceback" not in err


def test_rows_lie_where_pixel_spacing_says(tmp_path):
    """The spacing of rows comes first (PS3.3 10.7.1.3)."""
    stacked(EVEN)(tmp_path / "in")
    twin = Twin(tmp_path)
    twin.brought(tmp_path / "in")
    assert twin.shown(twin.cases()[0])["spacing_mm"][1] == ROW_MM
