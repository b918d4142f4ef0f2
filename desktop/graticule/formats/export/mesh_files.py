"""Surfaces as STL, OBJ and binary glTF, written and read: points in LPS millimetres, as the files say themselves."""

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.imaging.mesh import Mesh

_STL = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_GLTF, _JSON_CHUNK, _BINARY_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_FLOAT, _UINT, _ARRAY, _ELEMENTS = 5126, 5125, 34962, 34963


@dataclass(frozen=True, eq=False, slots=True)
class NamedMesh:
    """colour: (red, green, blue) 0…1."""

    name: str
    colour: tuple[float, float, float]
    mesh: Mesh


def write_stl(path: Path, parts: Sequence[NamedMesh]) -> None:
    """Binary STL of all parts together. Slicer takes the space from the header."""
    corners = np.concatenate([part.mesh.points[part.mesh.triangles] for part in parts])
    facets = np.zeros(len(corners), _STL)
    facets["corners"] = corners
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facets["normal"] = across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-30)
    path.write_bytes(b"Graticule surface SPACE=LPS UNITS=mm".ljust(80) + struct.pack("<I", len(facets)) + facets.tobytes())


def read_stl(path: Path) -> list[Mesh]:
    data = path.read_bytes()
    corners = np.frombuffer(data, _STL, offset=84)["corners"].reshape(-1, 3)
    points, which = np.unique(corners, axis=0, return_inverse=True)
    return [Mesh(points.astype(np.float64), which.reshape(-1, 3))]


def write_obj(path: Path, parts: Sequence[NamedMesh]) -> None:
    """Wavefront OBJ, one object for each part."""
    lines, base = ["# Graticule surfaces", "# SPACE=LPS", "# UNITS=mm"], 1
    for part in parts:
        lines.append("o " + "_".join(part.name.split()))
        lines += [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in part.mesh.points.tolist()]
        lines += [f"f {a} {b} {c}" for a, b, c in (part.mesh.triangles + base).tolist()]
        base += len(part.mesh.points)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_obj(path: Path) -> list[Mesh]:
    found: list[Mesh] = []
    points: list[list[float]] = []
    faces: list[list[int]] = []
    base = 0

    def finish() -> None:
        nonlocal points, faces, base
        if faces:
            found.append(Mesh(np.array(points), np.array(faces) - 1 - base))
            base += len(points)
        points, faces = [], []

    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "o":
            finish()
        elif kind == "v":
            points.append([float(word) for word in rest.split()])
        elif kind == "f":
            faces.append([int(word) for word in rest.split()])
    finish()
    return found


def write_gltf(path: Path, parts: Sequence[NamedMesh]) -> None:
    """Binary glTF 2.0. Its own unit would be the metre: `extras` says that these are millimetres in the patient's LPS."""
    buffer = bytearray()
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []

    def add(array: Array, component: int, target: int, shape: str, **limits: list[float]) -> int:
        views.append({"buffer": 0, "byteOffset": len(buffer), "byteLength": array.nbytes, "target": target})
        buffer.extend(array.tobytes())
        accessors.append({"bufferView": len(views) - 1, "componentType": component, "count": len(array), "type": shape} | limits)
        return len(accessors) - 1

    meshes = []
    for number, part in enumerate(parts):
        points = part.mesh.points.astype("<f4")
        position = add(points, _FLOAT, _ARRAY, "VEC3", min=points.min(axis=0).tolist(), max=points.max(axis=0).tolist())
        indices = add(part.mesh.triangles.astype("<u4").reshape(-1), _UINT, _ELEMENTS, "SCALAR")
        meshes.append({"name": part.name, "primitives": [{"attributes": {"POSITION": position}, "indices": indices,
                                                          "material": number}]})
    document = {
        "asset": {"version": "2.0", "generator": "Graticule", "extras": {"space": "LPS", "unit": "mm"}}, "scene": 0,
        "scenes": [{"nodes": list(range(len(parts)))}],
        "nodes": [{"name": part.name, "mesh": number} for number, part in enumerate(parts)], "meshes": meshes,
        "materials": [{"name": part.name, "pbrMetallicRoughness": {"baseColorFactor": [*part.colour, 1.0], "metallicFactor": 0.0}}
                      for part in parts],
        "buffers": [{"byteLength": len(buffer)}], "bufferViews": views, "accessors": accessors}
    text = json.dumps(document, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<III", _GLTF, 2, 28 + len(text) + len(buffer))
    path.write_bytes(head + struct.pack("<II", len(text), _JSON_CHUNK) + text
                     + struct.pack("<II", len(buffer), _BINARY_CHUNK) + bytes(buffer))


def read_gltf(path: Path) -> list[Mesh]:
    data = path.read_bytes()
    size, = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20:20 + size])
    binary = data[28 + size:]

    def array(number: int, kind: str, width: int) -> Array:
        accessor = document["accessors"][number]
        start = document["bufferViews"][accessor["bufferView"]]["byteOffset"]
        return np.frombuffer(binary, kind, accessor["count"] * width, start)

    found = []
    for mesh in document["meshes"]:
        primitive = mesh["primitives"][0]
        points: Floats = array(primitive["attributes"]["POSITION"], "<f4", 3).reshape(-1, 3).astype(np.float64)
        found.append(Mesh(points, array(primitive["indices"], "<u4", 1).reshape(-1, 3).astype(np.int64)))
    return found


Writer = Callable[[Path, Sequence[NamedMesh]], None]
Reader = Callable[[Path], list[Mesh]]
