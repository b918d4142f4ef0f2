"""NRRD against pynrrd and SimpleITK: encodings, detached headers, axes that are not of space, Slicer's segmentations."""

import bz2
import gzip

import nrrd
import numpy as np
import pytest
import SimpleITK

from fakes.dicom_series import asymmetric, rotation
from fakes.door_ways import cases_of, filled, labels_beside, opened, same_place, scanned
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats.volumes.nrrd import read_nrrd

SHAPE = (4, 5, 6)
LPS = {"space": "left-posterior-superior", "space directions": np.diag([0.6, 0.8, 2.5]), "space origin": np.array([1.0, -2, 3])}
HEADER = "NRRD0004\ntype: {type}\ndimension: 3\nsizes: 6 5 4\nspacings: 1 2 3\nencoding: {encoding}\nendian: {endian}\n{more}\n"


def written(path, data, **fields):
    said = {"type": "short", "encoding": "raw", "endian": "little", "more": ""} | fields
    path.write_bytes(HEADER.format(**said).encode() + data)
    return path


@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2", "ascii", "hex"])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32",
                                   "float64"])
def test_every_encoding_and_type_is_read_as_by_pynrrd(tmp_path, encoding, dtype):
    voxels = (asymmetric(SHAPE) % 120).astype(dtype)
    pack = {"raw": lambda data: data, "gzip": gzip.compress, "bzip2": bz2.compress, "hex": lambda data: data.hex().encode(),
            "ascii": lambda data: " ".join(str(value) for value in voxels.reshape(-1)).encode()}[encoding]
    stated = {"float32": "float", "float64": "double"}.get(dtype, dtype)
    path = written(tmp_path / "v.nrrd", pack(voxels.tobytes()), type=stated, encoding=encoding)
    assert np.array_equal(read_nrrd(path).read(), voxels)
    assert np.array_equal(opened(path).voxels, voxels)
    if encoding != "hex":
        assert np.array_equal(nrrd.read(str(path))[0].transpose(2, 1, 0), voxels)


@pytest.mark.parametrize("suffix,encoding", [("raw", "raw"), ("raw.gz", "gzip")])
def test_a_detached_header_finds_its_voxels_beside_it(tmp_path, suffix, encoding):
    nrrd.write(str(tmp_path / "v.nhdr"), asymmetric(SHAPE).transpose(2, 1, 0), LPS | {"encoding": encoding}, detached_header=True)
    theirs = SimpleITK.ReadImage(str(tmp_path / "v.nhdr"))
    outcomes = {outcome.path.name: outcome for outcome in scanned(tmp_path)}
    assert (outcomes["v.nhdr"].outcome, outcomes[f"v.{suffix}"].outcome) == ("case", "skipped")
    volume = filled(outcomes["v.nhdr"].case)
    assert np.array_equal(volume.voxels, SimpleITK.GetArrayViewFromImage(theirs))
    assert same_place(volume.grid, (5, 4, 3), theirs.TransformIndexToPhysicalPoint((5, 4, 3)))


@pytest.mark.parametrize("name", ["../../secret.raw", "/etc/passwd", "C:\\secret.raw", "sub/../../secret.raw", "missing.raw",
                                  "LIST", "a%03d.raw 1 4 1"])
def test_a_detached_header_points_nowhere_else(tmp_path, name):
    (tmp_path / "secret.raw").write_bytes(bytes(1000))
    (tmp_path / "in").mkdir()
    written(tmp_path / "in" / "v.nhdr", b"", more=f"data file: {name}\n")
    outcome, = scanned(tmp_path / "in")
    assert outcome.outcome == "refused" and len(outcome.reason) > 20


def test_a_link_beside_a_header_does_not_lead_out(tmp_path):
    (tmp_path / "secret.raw").write_bytes(asymmetric(SHAPE).tobytes())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "v.raw").symlink_to(tmp_path / "secret.raw")
    with pytest.raises(GraticuleError, match="not beside it"):
        read_nrrd(written(tmp_path / "in" / "v.nhdr", b"", more="data file: v.raw\n"))


def test_skipped_lines_and_bytes(tmp_path):
    raw = asymmetric(SHAPE).tobytes()
    written(tmp_path / "a.nrrd", b"one\ntwo\n" + raw, more="line skip: 2\n")
    written(tmp_path / "b.nrrd", b"12345" + raw, more="byte skip: -1\n")
    written(tmp_path / "c.nrrd", gzip.compress(b"123" + raw), encoding="gzip", more="byte skip: 3\n")
    for name in ("a", "b", "c"):
        assert np.array_equal(read_nrrd(tmp_path / f"{name}.nrrd").read(), asymmetric(SHAPE)), name


@pytest.mark.parametrize("space", ["scanner-xyz", "3D-right-handed", ""])
def test_spaces_that_are_not_the_patient_leave_directions_unknown(tmp_path, space):
    header = LPS | {"space": space} if space else {"space directions": LPS["space directions"], "space dimension": 3}
    nrrd.write(str(tmp_path / "v.nrrd"), asymmetric(SHAPE).transpose(2, 1, 0), header)
    volume = opened(tmp_path / "v.nrrd")
    assert not volume.grid.oriented and volume.grid.spacing_mm == pytest.approx((2.5, 0.8, 0.6))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kind,word", [("list", "volume"), ("time", "time"), ("vector", "component")])
def test_a_fourth_axis_becomes_cases_of_their_own(tmp_path, first, kind, word):
    volumes = np.stack([asymmetric(SHAPE) + n for n in range(3)])
    data = np.moveaxis(volumes.transpose(0, 3, 2, 1), 0, 0 if first else -1)
    none = [np.full(3, np.nan)]
    directions = [*np.diag([0.6, 0.8, 2.5])]
    header = {"space": "left-posterior-superior", "space origin": np.zeros(3),
              "kinds": [kind, *["domain"] * 3] if first else [*["domain"] * 3, kind],
              "space directions": np.array(none + directions if first else directions + none)}
    nrrd.write(str(tmp_path / "v.nrrd"), data, header)
    cases = cases_of(tmp_path / "v.nrrd")
    assert [case.facts["interpretation"] for case in cases] == [f"{word} {n} of 3" for n in (1, 2, 3)]
    for number, case in enumerate(cases):
        assert np.array_equal(filled(case).voxels, volumes[number])


@pytest.mark.parametrize("more", ["kinds: 3D-symmetric-matrix domain domain domain\n", "kinds: domain list domain domain\n"])
def test_tensors_and_odd_orders_of_axes_are_refused_by_name(tmp_path, more):
    start = "NRRD0004\ntype: uchar\ndimension: 4\nsizes: 6 3 4 5\nencoding: raw\n"
    (tmp_path / "v.nrrd").write_bytes((start + more + "\n").encode() + bytes(360))
    outcome, = scanned(tmp_path)
    assert outcome.outcome == "refused" and "NRRD" in outcome.reason


def slicer(path, layers, directions, origin, segments):
    header = {"space": "left-posterior-superior", "kinds": ["list", *["domain"] * 3], "space origin": origin,
              "space directions": np.array([np.full(3, np.nan), *directions])}
    for number, (layer, value, name, code) in enumerate(segments):
        tags = f"TerminologyEntry:Cat~SCT^123037004^Anatomical Structure~SCT^{code}^{name}~^^~|"
        words = {"ID": f"Segment_{number}", "Name": name, "LabelValue": str(value), "Layer": str(layer), "Color": "0 1 0",
                 "Extent": "0 5 0 4 0 3", "Tags": tags}
        header |= {f"Segment{number}_{key}": text for key, text in words.items()}
    nrrd.write(str(path), layers, header)


def test_a_segmentation_cut_to_what_is_painted_comes_back_to_its_place(tmp_path):
    """3D Slicer writes the smallest box; overlapping segments share no layer."""
    axes = rotation((1, 2, 3), 20)
    directions = (axes * [0.6, 0.8, 2.5]).T
    image = asymmetric((6, 9, 10))
    nrrd.write(str(tmp_path / "image.nrrd"), image.transpose(2, 1, 0), LPS | {"space directions": directions})
    layers = np.zeros((2, 6, 5, 4), np.uint8)
    layers[0, :3, :2], layers[0, 4:], layers[1, 2:5] = 1, 2, 1
    corner = np.array([2, 3, 1])
    slicer(tmp_path / "image.seg.nrrd", layers, directions, LPS["space origin"] + corner @ directions,
           [(0, 1, "liver", "10200004"), (0, 2, "spleen", "78961009"), (1, 1, "lesion", "52988006")])
    _, content, labels = labels_beside(tmp_path)
    assert content.grid.shape == (6, 9, 10) == labels.grid_shape
    for segment in labels.of(Segment):
        layer, value = {"liver": (0, 1), "spleen": (0, 2), "lesion": (1, 1)}[segment.name]
        mask = labels.groups[segment.group].values == segment.value
        assert np.array_equal(mask[1:5, 3:8, 2:8], layers[layer].transpose(2, 1, 0) == value)
        assert int(mask.sum()) == int((layers[layer] == value).sum())
        assert segment.colour == "#00ff00" and segment.category.code == "123037004"


def test_slicers_older_layers_without_numbers(tmp_path):
    nrrd.write(str(tmp_path / "image.nrrd"), asymmetric((4, 5, 6)).transpose(2, 1, 0), LPS)
    layers = np.zeros((2, 6, 5, 4), np.uint8)
    layers[0, :3], layers[1, 2:] = 1, 1
    header = {"space": "left-posterior-superior", "kinds": ["list", *["domain"] * 3], "space origin": LPS["space origin"],
              "space directions": np.array([np.full(3, np.nan), *LPS["space directions"]]),
              "Segment0_ID": "a", "Segment0_Name": "one", "Segment1_ID": "b", "Segment1_Name": "two"}
    nrrd.write(str(tmp_path / "old.seg.nrrd"), layers, header)
    _, _, labels = labels_beside(tmp_path)
    assert {segment.name: labels.voxels_of(segment) for segment in labels.of(Segment)} == {"one": 60, "two": 80}
