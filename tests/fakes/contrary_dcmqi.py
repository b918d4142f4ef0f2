"""A reader of DICOM segmentations that disagrees: dcmqi's own answer, with the columns in the other order."""

import subprocess
import sys
from pathlib import Path

import SimpleITK as sitk

PROGRAM = "segimage2itkimage"


def install(folder: Path, real: str) -> Path:
    """Put it into a folder under dcmqi's name; returns the folder, for the path. real: the true program."""
    folder.mkdir()
    windows = sys.platform == "win32"
    place = folder / (f"{PROGRAM}.bat" if windows else PROGRAM)
    call = f'"{sys.executable}" "{Path(__file__).resolve()}" "{real}"'
    place.write_text(f"@{call} %*\r\n" if windows else f'#!/bin/sh\nexec {call} "$@"\n')
    place.chmod(0o755)
    return folder


def main(real: str, *arguments: str) -> int:
    done = subprocess.run([real, *arguments], check=False)
    for path in Path(arguments[arguments.index("--outputDirectory") + 1]).glob("*.nrrd"):
        right = sitk.ReadImage(str(path))
        wrong = sitk.GetImageFromArray(sitk.GetArrayFromImage(right)[..., ::-1])
        wrong.CopyInformation(right)
        sitk.WriteImage(wrong, str(path))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
