"""A header whose voxels lie in another file: found only beside it, since a header from outside must not point anywhere else."""

from pathlib import Path, PurePosixPath

from graticule.domain.errors import GraticuleError


def beside(header: Path, name: str) -> Path:
    """The file `name` in the header's folder or below it. GraticuleError when the name leads elsewhere or nothing is there.

    A copy of the case may hold header and voxels in one folder, so the last part of the name is tried there, too.
    """
    parts = PurePosixPath(name.strip().replace("\\", "/"))
    if not parts.name or parts.is_absolute() or ".." in parts.parts or ":" in name or "\0" in name:
        raise GraticuleError("The header's voxels would lie outside its folder; such a file is not opened.",
                             "Put header and voxels into one folder.")
    for place in (header.parent.joinpath(*parts.parts), header.parent / parts.name):
        try:
            if place.is_file() and place.resolve().is_relative_to(header.parent.resolve()):
                return place
        except (OSError, ValueError):  # a name that no file can have
            continue
    raise GraticuleError("The file with this header's voxels is not beside it.", "Import header and voxels together.")
